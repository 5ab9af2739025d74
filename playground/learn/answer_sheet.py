"""The answer sheet of a learner: one HTML file that works offline, and that can be read back.

It shows what was predicted, run and reached; the same is in it as JSON. Checksums tell a teacher
whether settings and numbers still belong together. They are no signature: whoever knows how they
are made can make others.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from html import escape
from typing import Any

from playground.config import RunConfig
from playground.learn.from_outside import DAMAGED, bounded_text
from playground.learn.lesson import Lesson
from playground.learn.progress import Progress, Result, Stage, read_result
from playground.learn.quantities import Quantity
from playground.measure import measure_of

MAX_BYTES = 500_000  # of a file
MAX_CHARACTERS = 1000  # of a text in it
_JSON = re.compile(rb'<script type="application/json" id="answer-sheet">(.*?)</script>', re.DOTALL)
_FORM = "netcore-playground answer sheet 1"


class SheetError(ValueError):
    """A file is no answer sheet. The message is the end of a sentence that names the file."""


@dataclass(frozen=True)
class Run:
    """A run on a sheet: its name, what it gave, and the checksum of its settings.

    numbers  what it gave as people read it: the name of each quantity, and its value with its unit
    """

    label: str
    result: Result
    numbers: Mapping[str, str]
    checksum: str


@dataclass(frozen=True)
class Sheet:
    """An answer sheet.

    agrees   whether the prediction was close; None if nobody but a teacher can tell
    reached  the run that met the goal
    intact   whether the checksums fit: nothing was changed by hand
    """

    learner: str
    created: str
    key: str
    title: str
    ask: str
    predicted: str
    result: str
    agrees: bool | None
    goal: str
    conditions: tuple[str, ...]
    runs: tuple[Run, ...]
    reached: Run | None
    intact: bool = True


def sheet_of(lesson: Lesson, progress: Progress, learner: str, created: str) -> Sheet:
    """The sheet of this progress.

    created  the time, as text
    """
    question = lesson.question
    results = progress.numbers if progress.complete else None
    truth = None if results is None else question.truth(results)
    said = progress.prediction
    wanted = tuple(dict.fromkeys(each.quantity for each in lesson.goal.conditions))
    return Sheet(
        learner=" ".join(learner.split())[:MAX_CHARACTERS],
        created=created,
        key=lesson.key,
        title=lesson.title,
        ask=question.ask,
        predicted="" if said is None else question.text(said),
        result="" if truth is None else question.text(truth),
        agrees=(
            None
            if said is None or truth is None or results is None
            else question.agrees(said, results)
        ),
        goal=lesson.goal.ask,
        conditions=tuple(each.text for each in lesson.goal.conditions),
        runs=tuple(
            _run(trial.label, result, lesson.measures)
            for trial, result in zip(lesson.trials, progress.results, strict=False)
            if result is not None
        ),
        reached=(
            _run("goal", progress.reached, wanted)
            if progress.reached is not None and progress.stage is Stage.DONE
            else None
        ),
    )


def _run(label: str, result: Result, quantities: Sequence[Quantity]) -> Run:
    numbers = {each.title: each.text(result.numbers[each.name]) for each in quantities}
    return Run(label, result, numbers, checksum(result.settings))


def checksum(said: object) -> str:
    """A checksum of anything that JSON can hold, such as the settings of a run."""
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return blake2b(text.encode(), digest_size=8).hexdigest()


# Writing


def as_html(sheet: Sheet) -> bytes:
    """The file: no script runs in it, and it loads nothing."""
    said = _plain(sheet)
    said["checksum"] = checksum(said)
    inside = json.dumps(said, ensure_ascii=True).replace("<", "\\u003c")
    runs = [*sheet.runs, *([sheet.reached] if sheet.reached else [])]
    verdict = _verdict(sheet, "for the teacher to judge")
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(sheet.title)}: {escape(sheet.learner)}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto;
  padding: 0 1rem; }}
table {{ border-collapse: collapse; }} td, th {{ padding: 0.2rem 0.8rem 0.2rem 0;
  text-align: left; vertical-align: top; overflow-wrap: anywhere; }}
svg {{ width: 100%; max-width: 30rem; height: auto; }} code {{ overflow-wrap: anywhere; }}
</style></head><body>
<h1>{escape(sheet.title)}</h1>
<p>{escape(sheet.learner) or "No name"} · {escape(sheet.created)}</p>
<h2>Prediction</h2>
<p>{escape(sheet.ask)}</p>
<table>
<tr><th>Predicted</th><td>{escape(sheet.predicted) or "nothing"}</td></tr>
<tr><th>Result</th><td>{escape(sheet.result) or ("see the runs" if runs else "–")}</td></tr>
<tr><th>The prediction was</th><td>{verdict}</td></tr>
</table>
<h2>Goal</h2>
<p>{escape(sheet.goal)}</p>
<ul>{"".join(f"<li>{escape(each)}</li>" for each in sheet.conditions)}</ul>
<p><b>{"Reached" if sheet.reached else "Not reached"}</b></p>
<h2>Runs</h2>
{"".join(map(_run_as_html, runs)) or "<p>None.</p>"}
<script type="application/json" id="answer-sheet">{inside}</script>
</body></html>
""".encode()


def _run_as_html(run: Run) -> str:
    numbers = "".join(
        f"<tr><th>{escape(title)}</th><td>{escape(text)}</td></tr>"
        for title, text in run.numbers.items()
    )
    settings = ", ".join(f"{name}={value}" for name, value in run.result.settings.items())
    return (
        f"<h3>{escape(run.label)}</h3><table>{numbers}</table>{_curve_as_svg(run.result)}"
        f"<p>Settings <code>{escape(settings)}</code><br>checksum <code>{run.checksum}</code></p>"
    )


def _curve_as_svg(result: Result) -> str:
    """The score on validation examples over iterations, from 0 to that of a perfect network."""
    curve = result.curve
    if len(curve) < 2:
        return ""
    measure = measure_of(RunConfig.from_text(result.settings))
    last = max(curve[-1][0], 1)
    points = " ".join(
        f"{30 + 265 * at / last:.1f},{110 - 100 * min(max(value / measure.unit, 0), 1):.1f}"
        for at, value in curve
    )
    name = f"{measure.name} on validation examples over iterations"
    return (
        f'<svg viewBox="0 0 300 128" role="img" aria-label="{name}"><title>{name}</title>'
        '<g fill="none" stroke="currentColor" stroke-width="0.5" opacity="0.4">'
        '<path d="M30 10H295M30 60H295M30 110H295"/></g>'
        f'<polyline points="{points}" fill="none" stroke="#D55E00" stroke-width="1.5"/>'
        '<g font-size="8" fill="currentColor">'
        f'<text x="2" y="13">{measure.text(1)}</text><text x="2" y="113">{measure.text(0)}</text>'
        f'<text x="30" y="123">{measure.name}</text>'
        f'<text x="295" y="123" text-anchor="end">iteration {last:,}</text></g></svg>'
    )


def _plain(sheet: Sheet) -> dict[str, Any]:
    return {
        "form": _FORM,
        "learner": sheet.learner,
        "created": sheet.created,
        "lesson": sheet.key,
        "title": sheet.title,
        "ask": sheet.ask,
        "predicted": sheet.predicted,
        "result": sheet.result,
        "agrees": sheet.agrees,
        "goal": sheet.goal,
        "conditions": list(sheet.conditions),
        "runs": [_plain_run(run) for run in sheet.runs],
        "reached": None if sheet.reached is None else _plain_run(sheet.reached),
    }


def _plain_run(run: Run) -> dict[str, Any]:
    return {
        "label": run.label,
        "numbers": dict(run.result.numbers),
        "texts": dict(run.numbers),
        "settings": dict(run.result.settings),
        "curve": [list(point) for point in run.result.curve],
        "checksum": run.checksum,
    }


# Reading


def read_sheet(content: bytes) -> Sheet:
    """The sheet in a file. Raises SheetError; trusts nothing of it."""
    if len(content) > MAX_BYTES:
        raise SheetError(f"is larger than {MAX_BYTES // 1000} kB, so it is no answer sheet.")
    found = _JSON.search(content)
    if found is None:
        raise SheetError("is no answer sheet of this app: it lacks the part to be read.")
    try:
        said = json.loads(found[1])
        given = said.pop("checksum")
        sheet = _read(said, intact=given == checksum(said))
    except DAMAGED as error:
        raise SheetError("is damaged: its part to be read is not complete.") from error
    return sheet


def _read(said: Mapping[str, Any], *, intact: bool) -> Sheet:
    if said["form"] != _FORM or said["agrees"] not in (True, False, None):
        raise ValueError("another form")
    runs = tuple(map(_read_run, said["runs"][:100]))
    reached = None if said["reached"] is None else _read_run(said["reached"])
    every = (*runs, *([reached] if reached else []))
    return Sheet(
        **{
            name: _text(said[name])
            for name in ("learner", "created", "title", "ask", "predicted", "result", "goal")
        },
        key=_text(said["lesson"]),
        agrees=said["agrees"],
        conditions=tuple(_text(each) for each in said["conditions"][:20]),
        runs=runs,
        reached=reached,
        intact=intact and all(run.checksum == checksum(run.result.settings) for run in every),
    )


def _read_run(said: Mapping[str, Any]) -> Run:
    result = read_result(dict(said))
    # Sheets of earlier versions lack the texts.
    texts = said.get("texts") or {
        name.replace("_", " "): f"{value:.4g}" for name, value in result.numbers.items()
    }
    numbers = {_text(title): _text(text) for title, text in texts.items()}
    return Run(_text(said["label"]), result, numbers, _text(said["checksum"]))


def _text(value: object) -> str:
    return bounded_text(value, MAX_CHARACTERS)


def _verdict(sheet: Sheet, unknown: str) -> str:
    """Whether the prediction came true, in words."""
    if not sheet.predicted or not sheet.runs:
        return "–"
    return {True: "right", False: "wrong", None: unknown}[sheet.agrees]


# A class


def as_table(sheets: Sequence[Sheet]) -> list[dict[str, str]]:
    """One row for each sheet."""
    return [
        {
            "learner": sheet.learner,
            "lesson": sheet.title,
            "predicted": sheet.predicted,
            "result": sheet.result,
            "prediction": _verdict(sheet, "?"),
            "goal": "reached" if sheet.reached else "not reached",
            "reached": _numbers(sheet.reached),
            "settings": _settings(sheet),
            "checksum": sheet.reached.checksum if sheet.reached else "",
            "unchanged": "yes" if sheet.intact else "no",
            "created": sheet.created,
        }
        for sheet in sheets
    ]


def _numbers(run: Run | None) -> str:
    return ", ".join(f"{title} {text}" for title, text in run.numbers.items()) if run else ""


def _settings(sheet: Sheet) -> str:
    runs = [sheet.reached] if sheet.reached else list(sheet.runs)[-1:]
    return ", ".join(f"{k}={v}" for run in runs for k, v in run.result.settings.items())
