"""Every picture that can be drawn of a record, by the name of its format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pkgutil import resolve_name
from typing import cast

from harness.model.record import RunRecord
from harness.report.json_report import encode_record

# Name of a format -> who draws it; imported when it is asked for.
_DRAWERS: Mapping[str, str] = {
    "html": "harness.report.html:render_html",
    "junit": "harness.report.junit:render_junit",
    "tap": "harness.report.tap:render_tap",
    "markdown": "harness.report.markdown:render_markdown",
    "sarif": "harness.report.sarif:render_sarif",
}
JSON = "json"


def draw_record(record: RunRecord, name: str) -> bytes:
    """Draw a record in a format: `html`, `junit`, `tap`, `markdown`, `sarif` or `json`, as UTF-8."""
    if name == JSON:
        return encode_record(record)
    drawer = cast("Callable[[RunRecord], str]", resolve_name(_DRAWERS[name]))
    return drawer(record).encode("utf-8", "replace")
