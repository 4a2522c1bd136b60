"""The record as one HTML file: no network, no build step, readable for as long as there are browsers.

Replies under test are hostile text. Every value passes autoescaping, and a content security policy
allows nothing but the page's own style and script, named by their digests.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from hybridjoin.model.record import RunRecord
from hybridjoin.model.shown import visible
from hybridjoin.model.verdict import LOUDEST_FIRST
from hybridjoin.report.compare.difference import mark
from hybridjoin.report.loudest import area
from hybridjoin.report.page.ladder import sentence
from hybridjoin.report.page.page import build_page
from hybridjoin.report.page.rows import verdict_rows
from hybridjoin.report.reason_text import explanation_text, reason_text
from hybridjoin.report.where_text import where_text

_TEMPLATES = Path(__file__).parent / "templates"
_SHEET_ROWS = 250
_AT_ONCE = 65536
"""How many characters of a template's pieces are put together: most of them are a few letters."""
_LONGEST_VALUE = 200
_NOTHING_ELSE = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">'
"""What a page of somebody else's begins with where it is shown: it may fetch and run nothing."""


def render_html(record: RunRecord) -> str:
    """Draw the page of a record."""
    return "".join(html_in_parts(record))


def html_in_parts(record: RunRecord) -> Iterator[str]:
    """Draw the page of a record piece by piece, for who needs no more than one of them at a time."""
    return _pieces("page.html.j2", "page.js", page=build_page(record))


def draw_page(template: str, script_file: str, **what: object) -> str:
    """Draw a template as a page of its own, with the style of all our pages and one script in it."""
    return "".join(_pieces(template, script_file, **what))


def _pieces(template: str, script_file: str, **what: object) -> Iterator[str]:
    style, script = (_TEMPLATES / "page.css").read_text("utf-8"), (_TEMPLATES / script_file).read_text("utf-8")
    policy = f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; img-src data:"
    drawn = _environment().get_template(template).generate(style=style, script=script, policy=policy, **what)
    # What a message holds in escapes of its own is undone while it is laid out.
    yield from map(visible, _put_together(drawn))


def _put_together(pieces: Iterator[str]) -> Iterator[str]:
    held: list[str] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= _AT_ONCE:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)


@cache
def _environment() -> Environment:
    """Return the templates, read and compiled once: that takes longer than to draw a page from them."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"mark": mark, "area": area, "within": _within}
    environment.filters |= {"sentence": sentence, "verdict_rows": verdict_rows}
    environment.filters |= {
        "where": where_text,
        "reason": reason_text,
        "explanation": explanation_text,
        "clipped": _clipped,
    }
    environment.globals |= {"order": LOUDEST_FIRST, "sheet_rows": _SHEET_ROWS, "nothing_else": _NOTHING_ELSE}
    return environment


def _within(place: str, file: str) -> str:
    """Leave out the file's name where the chapter already says it: `file:12:3` becomes `line 12:3`."""
    return f"line {place[len(file) + 1 :]}" if place.startswith(f"{file}:") else place


def _clipped(value: str) -> str:
    """Cut a certificate short; the record has all of it."""
    return value if len(value) <= _LONGEST_VALUE else f"{value[:_LONGEST_VALUE]}… ({len(value)} characters)"


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
