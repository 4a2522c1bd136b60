"""The record as one HTML file: no network, no build step, readable for as long as there are browsers.

Replies under test are hostile text. Every value passes autoescaping, and a content security policy
allows nothing but the page's own style and script, named by their digests.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from harness.model.record import RunRecord
from harness.report.coverage import probe_anchor
from harness.report.difference import mark
from harness.report.ladder import sentence
from harness.report.loudest import LOUDEST_FIRST, area
from harness.report.page import ScenarioView, build_page
from harness.report.rows import verdict_rows

_TEMPLATES = Path(__file__).parent / "templates"


def render_html(record: RunRecord) -> str:
    """Draw the page of a record."""
    style, script = (_TEMPLATES / "page.css").read_text("utf-8"), (_TEMPLATES / "page.js").read_text("utf-8")
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            page=build_page(record),
            style=style,
            script=script,
            policy=f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; img-src data:",
        )
    )


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"mark": mark, "area": area, "within": _within, "sentence": sentence}
    environment.filters |= {"probe_anchor": probe_anchor, "verdict_rows": _verdict_rows}
    environment.globals["order"] = LOUDEST_FIRST
    return environment


def _verdict_rows(view: ScenarioView) -> Markup:
    return verdict_rows(view.verdicts, view.links)


def _within(place: str, file: str) -> str:
    """Leave out the file's name where the chapter already says it: `file:12:3` becomes `line 12:3`."""
    return f"line {place[len(file) + 1 :]}" if place.startswith(f"{file}:") else place


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
