"""TAP 14, drawn from the record: a deviation that somebody answers for is a TODO, as TAP means it.

The story behind a point stands in its YAML block. Numbers count up; identities hold no host, port or time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from hybridjoin.model.record import RunRecord
from hybridjoin.model.verdict import Outcome
from hybridjoin.report.formats.cases import ReportedCase, State, cases

# YAML 1.2 (5.1): what a double-quoted scalar may not hold as it is.
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_SEVERITIES = {Outcome.FAILED: "fail", Outcome.INTERRUPTED: "error"}


def render_tap(record: RunRecord) -> str:
    """Draw TAP 14 of a record; a run that was interrupted ends in `Bail out!`."""
    made = cases(record)
    lines = ["TAP version 14", f"1..{len(made)}" if made else "1..0 # SKIP nothing was run"]
    for number, case in enumerate(made, start=1):
        lines.extend(_point(number, case))
    if record.interrupted:
        lines.append(f"Bail out! {_words(record.interrupted)}")
    return "\n".join(lines) + "\n"


def _point(number: int, case: ReportedCase) -> Iterator[str]:
    good = case.state in {State.PASSED, State.SKIPPED}
    directive = {State.SKIPPED: "SKIP", State.FORGIVEN: "TODO"}.get(case.state)
    title = "" if case.title == case.name else f" {case.title}"
    tail = f" # {directive} {_words(case.message)}".rstrip() if directive else ""
    yield f"{'ok' if good else 'not ok'} {number} - {_words(case.name + title)}{tail}"
    if case.outcome in {Outcome.PASSED, Outcome.SKIPPED}:
        return
    yield "  ---"
    yield f"  severity: {_SEVERITIES.get(case.outcome, case.outcome.value)}"
    yield f"  suite: {_scalar(case.suite)}"
    if case.message:
        yield f"  message: {_scalar(case.message)}"
    if case.text:
        yield f"  story: {_scalar(case.text)}"
    yield "  ..."


def _words(text: str) -> str:
    """Write a description: one line, `#` and the backslash escaped (TAP 14, Escaping)."""
    line = _UNPRINTABLE.sub("\ufffd", " ".join(text.split()))
    line = "".join(letter if letter >= " " else "\ufffd" for letter in line)
    return line.replace("\\", "\\\\").replace("#", "\\#")


def _scalar(text: str) -> str:
    """Write a double-quoted YAML scalar; JSON's escapes are YAML's too."""
    return _UNPRINTABLE.sub(_escape, json.dumps(text, ensure_ascii=False))


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return "\\uFFFD" if 0xD800 <= code <= 0xDFFF else f"\\u{code:04X}"
