"""JUnit XML, drawn from the record: only attributes that CI systems read as measurements carry times.

It keeps to the schema that Jenkins validates by (jenkinsci/xunit-plugin, junit-10.xsd): that one has no properties of
a test case, so what else is known of a case stands in its output.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from hybridjoin.model.record import RunRecord
from hybridjoin.report.formats.cases import State, cases

_TEMPLATES = Path(__file__).parent / "templates"
# XML 1.0 (2.2) has no way to write these, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# JUnit knows no failure that somebody answers for; a skipped test with the reason comes nearest.
_KINDS = {State.FAILED: "failure", State.ERROR: "error", State.SKIPPED: "skipped", State.FORGIVEN: "skipped"}


def render_junit(record: RunRecord) -> str:
    """Draw JUnit XML of a record."""
    made = [(case, _KINDS.get(case.state, "")) for case in cases(record)]
    kinds = [kind for _, kind in made]
    return (
        _environment()
        .get_template("junit.xml.j2")
        .render(
            cases=made,
            failures=kinds.count("failure"),
            errors=kinds.count("error"),
            skipped=kinds.count("skipped"),
            time_s=(record.finished_at - record.started_at).total_seconds(),
            timestamp=f"{record.started_at:%Y-%m-%dT%H:%M:%S}",
        )
    )


@cache
def _environment() -> Environment:
    """Return the template, read and compiled once."""
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_writable,
    )


def _writable(value: object) -> object:
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return _FORBIDDEN.sub("\ufffd", value)
