"""Every picture that can be drawn of a record, by the name of its format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pkgutil import resolve_name
from typing import cast

from hybridjoin.model.record import RunRecord
from hybridjoin.report.json_report import encode_record

# Name of a format -> who draws it; imported when it is asked for.
_DRAWERS: Mapping[str, str] = {
    "html": "hybridjoin.report.page.html:render_html",
    "junit": "hybridjoin.report.formats.junit:render_junit",
    "tap": "hybridjoin.report.formats.tap:render_tap",
    "markdown": "hybridjoin.report.formats.markdown:render_markdown",
    "sarif": "hybridjoin.report.formats.sarif:render_sarif",
}
JSON = "json"


def draw_record(record: RunRecord, name: str) -> bytes:
    """Draw a record in a format: `html`, `junit`, `tap`, `markdown`, `sarif` or `json`, as UTF-8."""
    if name == JSON:
        return encode_record(record)
    drawer = cast("Callable[[RunRecord], str]", resolve_name(_DRAWERS[name]))
    return drawer(record).encode("utf-8", "replace")
