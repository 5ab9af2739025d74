"""The network as a drawing: SVG text, in the color of the text around it."""

from html import escape

from playground.config import RunConfig
from playground.output import activations_of

WIDTH, HEIGHT = 470, 190
MAX_UNITS = 7  # drawn of a layer; more are told by dots and a number
TOP, BOTTOM = 14, 136  # of the units; names and shapes stand below


def network_svg(config: RunConfig, input_name: str, output_name: str) -> str:
    """Layers as columns of units from left to right, with what each does and the shape of its
    W and b underneath.

    input_name, output_name  what goes in and comes out, e.g. "pixels" and "digits"
    """
    layers = config.layers
    names = [input_name, *(name.replace("_", " ") for name in activations_of(config))]
    xs = [(i + 0.5) * WIDTH / len(layers) for i in range(len(layers))]
    columns = [_heights(n) for n in layers]
    lines = [
        f'<line x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}"/>'
        for x0, x1, left, right in zip(xs, xs[1:], columns, columns[1:], strict=False)
        for y0 in left
        for y1 in right
    ]
    units = [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5.5"/>'
        for x, ys in zip(xs, columns, strict=True)
        for y in ys
    ]
    small = min(1.0, 6.5 / len(layers))
    texts = []
    for i, (x, n) in enumerate(zip(xs, layers, strict=True)):
        if n > MAX_UNITS:
            texts.append(_text(x, (TOP + BOTTOM) / 2 + 5, "⋮", 17))
        texts.append(
            _text(x, 156, f"{n:,} {names[i] if i else input_name}", 13.5 * small, bold=True)
        )
        if i:
            texts.append(_text(x, 172, f"W {n}×{layers[i - 1]}", 11.5 * small, pale=True))
            texts.append(_text(x, 186, f"b {n}×1", 11.5 * small, pale=True))
        else:
            texts.append(_text(x, 172, "the input X", 11.5 * small, pale=True))
    label = escape(f"Network {list(layers)}: {', '.join(names)}; out come {output_name}")
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}" '
        f'style="width:100%;height:{HEIGHT}px;display:block">'
        f'<g stroke="currentColor" stroke-opacity="0.13" stroke-width="0.8">{"".join(lines)}</g>'
        f'<g fill="var(--st-primary-color, currentColor)">{"".join(units)}</g>'
        f'<g fill="currentColor" text-anchor="middle">{"".join(texts)}</g></svg>'
    )


def _heights(n: int) -> list[float]:
    """Where the units of a layer stand: all of a few, else the first and last of many."""
    middle, pitch = (TOP + BOTTOM) / 2, (BOTTOM - TOP) / (MAX_UNITS - 1)
    if n <= MAX_UNITS:
        return [middle + (i - (n - 1) / 2) * pitch for i in range(n)]
    return [TOP + i * pitch for i in range(MAX_UNITS) if i != MAX_UNITS // 2]


def _text(
    x: float, y: float, text: str, size: float, *, bold: bool = False, pale: bool = False
) -> str:
    style = ' font-weight="600"' if bold else ' fill-opacity="0.7"' if pale else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:.1f}"{style}>{escape(text)}</text>'
