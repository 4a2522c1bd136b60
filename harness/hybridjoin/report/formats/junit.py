"""JUnit XML, drawn from the record: only attributes that CI systems read as measurements carry times.

It keeps to the schema that Jenkins validates by (jenkinsci/xunit-plugin, junit-10.xsd): that one has no properties of
a test case, so what else is known of a case stands in its output.
"""

from __future__ import annotations

from hybridjoin.model.record import RunRecord
from hybridjoin.report.formats.cases import State, cases
from hybridjoin.report.formats.xml_template import draw_xml

# JUnit knows no failure that somebody answers for; a skipped test with the reason comes nearest.
_KINDS = {State.FAILED: "failure", State.ERROR: "error", State.SKIPPED: "skipped", State.FORGIVEN: "skipped"}


def render_junit(record: RunRecord) -> str:
    """Draw JUnit XML of a record."""
    made = [(case, _KINDS.get(case.state, "")) for case in cases(record)]
    kinds = [kind for _, kind in made]
    return draw_xml(
        "junit.xml.j2",
        cases=made,
        failures=kinds.count("failure"),
        errors=kinds.count("error"),
        skipped=kinds.count("skipped"),
        time_s=(record.finished_at - record.started_at).total_seconds(),
        timestamp=f"{record.started_at:%Y-%m-%dT%H:%M:%S}",
    )
