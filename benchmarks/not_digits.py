"""Pictures on the canvas that are not digits: random scribbles, and printed capital letters.

Every picture depends on its seed alone. The detector's parameters are chosen on some seeds and
fonts, and judged on others (benchmarks/ood.py).
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from scipy.interpolate import CubicSpline

from benchmarks.pen_strokes import PEN_WIDTHS, PenDrawing, render_anywhere
from data.strokes import CANVAS_SIZE

LETTERS = "ACDEFGHJKLMNPQRTUVWXY"  # the others, O I S Z B, look like digits
LETTER_SIDE = (0.45, 0.80)  # a letter's longer side, as a share of the canvas, as for pen strokes

Pixels = NDArray[np.uint8]
Strokes = list[NDArray[np.float64]]
Font = ImageFont.FreeTypeFont


def scribbles(count: int, *, seed: int) -> Iterator[Pixels]:
    """RGBA pictures of scribbles, the kinds of SCRIBBLES in turn."""
    rng = np.random.default_rng(seed)
    kinds = list(SCRIBBLES.values())
    for i in range(count):
        strokes = kinds[i % len(kinds)](rng)
        pen = PEN_WIDTHS[int(rng.integers(len(PEN_WIDTHS)))]
        yield render_anywhere(PenDrawing(-1, -1, tuple(strokes)), pen=pen, rng=rng)


def _polyline(rng: np.random.Generator) -> Strokes:
    """Straight lines between random points."""
    return [rng.random((int(rng.integers(7, 16)), 2))]


def _curve(rng: np.random.Generator) -> Strokes:
    """A smooth line through random points."""
    return [_smooth(rng.random((int(rng.integers(7, 16)), 2)))]


def _walk(rng: np.random.Generator) -> Strokes:
    """A random walk whose direction changes a little at each step."""
    turn = np.cumsum(rng.normal(0, 0.6, size=120))
    return [np.cumsum(np.column_stack((np.cos(turn), np.sin(turn))), axis=0)]


def _hatching(rng: np.random.Generator) -> Strokes:
    """Back and forth, like crossing something out."""
    n = int(rng.integers(7, 16))
    line = np.column_stack((np.arange(n) % 2.0, np.linspace(0, rng.uniform(0.5, 1), n)))
    return [_turned(line + rng.normal(0, 0.08, size=line.shape), rng)]


def _loops(rng: np.random.Generator) -> Strokes:
    """Loops along a line, like trying a pen."""
    t = np.linspace(0, 2 * np.pi * rng.uniform(3, 6), 240)
    x = np.cos(t) + t * rng.uniform(0.05, 0.25)
    return [_turned(np.column_stack((x, np.sin(t))) + _drift(len(t), rng), rng)]


def _crossing(rng: np.random.Generator) -> Strokes:
    """Several random straight strokes."""
    return [rng.random((2, 2)) for _ in range(int(rng.integers(4, 9)))]


def _curls(rng: np.random.Generator) -> Strokes:
    """Several short random curves."""
    return [_smooth(rng.random((4, 2))) for _ in range(int(rng.integers(3, 6)))]


def _grid(rng: np.random.Generator) -> Strokes:
    """Lines across and down."""
    places = np.linspace(0, 1, int(rng.integers(3, 6)))
    across = [np.array([[0, y], [1, y]]) for y in places]
    down = [np.array([[x, 0], [x, 1]]) for x in places]
    return [line + rng.normal(0, 0.03, size=(2, 2)) for line in (*across, *down)]


SCRIBBLES: dict[str, Callable[[np.random.Generator], Strokes]] = {
    "polyline": _polyline,
    "curve": _curve,
    "walk": _walk,
    "hatching": _hatching,
    "loops": _loops,
    "crossing strokes": _crossing,
    "curls": _curls,
    "grid": _grid,
}


def _smooth(points: NDArray[np.float64]) -> NDArray[np.float64]:
    t = np.arange(len(points))
    curve: NDArray[np.float64] = CubicSpline(t, points)(np.linspace(0, t[-1], 12 * len(points)))
    return curve


def _turned(line: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    angle = rng.uniform(0, 2 * np.pi)
    cos, sin = np.cos(angle), np.sin(angle)
    return line @ np.array([[cos, sin], [-sin, cos]])


def _drift(n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    return np.cumsum(rng.normal(0, 0.01, size=(n, 2)), axis=0)


def letters(fonts: list[Font], *, seed: int, copies: int = 10) -> Iterator[Pixels]:
    """RGBA pictures of every letter in every font, each at `copies` random sizes and positions."""
    rng = np.random.default_rng(seed)
    for font in fonts:
        for letter in LETTERS:
            for _ in range(copies):
                yield _letter(letter, font, rng)


def _letter(letter: str, font: Font, rng: np.random.Generator) -> Pixels:
    left, top, right, bottom = font.getbbox(letter)
    shape = Image.new("L", (round(right - left), round(bottom - top)))
    ImageDraw.Draw(shape).text((-left, -top), letter, fill=255, font=font)
    scale = rng.uniform(*LETTER_SIDE) * CANVAS_SIZE / max(shape.size)
    width, height = (max(1, round(scale * side)) for side in shape.size)
    shape = shape.resize((width, height))
    room = [CANVAS_SIZE - side for side in shape.size]
    gray = Image.new("L", (CANVAS_SIZE, CANVAS_SIZE))
    gray.paste(shape, (int(rng.integers(room[0])), int(rng.integers(room[1]))))
    opaque = Image.new("L", gray.size, 255)
    return np.asarray(Image.merge("RGBA", (gray, gray, gray, opaque)))


def fonts() -> dict[str, Font]:
    """The font that comes with Pillow, and the DejaVu and Liberation fonts that are installed."""
    found: dict[str, Font] = {}
    default = ImageFont.load_default(size=200)
    assert isinstance(default, ImageFont.FreeTypeFont)  # Pillow without FreeType has no font
    found[" ".join(filter(None, default.getname()))] = default
    for name in SYSTEM_FONTS:
        try:
            found[Path(name).stem] = ImageFont.truetype(name, size=200)
        except OSError:
            continue
    return found


SYSTEM_FONTS = (
    "DejaVuSans.ttf",
    "DejaVuSans-Bold.ttf",
    "DejaVuSerif.ttf",
    "DejaVuSansMono.ttf",
    "DejaVuSans-ExtraLight.ttf",
    "DejaVuSans-Oblique.ttf",
    "LiberationSans-Regular.ttf",
    "LiberationSerif-Regular.ttf",
    "LiberationMono-Regular.ttf",
)
