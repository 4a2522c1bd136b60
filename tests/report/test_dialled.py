"""What was bent is told where a scenario is: on the page always, on a terminal where it was not as expected."""

from __future__ import annotations

import html
import io
from dataclasses import replace

from rich.console import Console

from hybridjoin.model.dialled import AttemptRecord, BendRecord, HeardLine, MendingRecord
from hybridjoin.model.record import ScenarioRecord
from hybridjoin.model.verdict import Certainty
from hybridjoin.report.dialled import attempt_words, dial_rows, shown_words
from hybridjoin.report.json_report import decode_record, encode_record
from hybridjoin.report.page.html import render_html
from hybridjoin.report.terminal import run_screen
from tests.report.sample import bad_scenario, sample_record

BEND = BendRecord(
    name="keytab-stale",
    sentence="The password was changed after the keytab was exported.",
    place="a keytab of the scenario's own",
    undone="the file is deleted",
    error="KRB_AP_ERR_BADKEYVER",
    meaning="The service has no key of that version.",
    mending=MendingRecord(
        cause="The password was changed.", proof="Compare the versions.", remedies=("PingOne: Restart it.",)
    ),
    phase="auth",
    code="0xcaa30191",
    event="event 305",
    shows="the identity provider answers 401 <quietly>",
    certainty=Certainty.ASSUMED,
    source="inferred from the status",
)
HEARD = HeardLine(who="KDC", line="TGS-REQ SUCCESS <script>alert(1)</script> WS01$@HYBRIDJOIN.TEST")
ATTEMPT = AttemptRecord(after_s=5400.0, result="failed", step="sync-join", reason="is not found", codes=("0x801c03f2",))


def dialled() -> ScenarioRecord:
    return replace(bad_scenario(), dial=(BEND,), heard=(HEARD,), attempts=(ATTEMPT,))


WORDS = (
    BEND.sentence, BEND.error, BEND.meaning, BEND.shows, BEND.code, "event 305", "PingOne: Restart it.", HEARD.line,
    "is not found", "0x801c03f2",
)  # fmt: skip


def test_the_page_tells_all_of_it_and_lets_nothing_come_alive() -> None:
    page = render_html(sample_record(dialled()))

    wanted = (*WORDS, BEND.source, BEND.undone, BEND.mending.proof)
    assert [words for words in wanted if words not in html.unescape(page)] == []
    assert "1:30 h" in page
    assert HEARD.line not in page
    assert 'bent"' in page
    assert 'bent"' not in render_html(sample_record())


def test_a_terminal_tells_it_of_what_was_not_as_expected() -> None:
    screen = Console(file=io.StringIO(), width=400, highlight=False, markup=False, emoji=False, record=True)
    screen.print(run_screen(sample_record(dialled())))
    told = screen.export_text()

    assert [words for words in WORDS if words not in told] == []


def test_a_record_is_read_back_as_it_was_written() -> None:
    record = sample_record(dialled())

    assert decode_record(encode_record(record), place="record.json") == record


def test_what_has_nothing_to_tell_tells_nothing() -> None:
    assert dial_rows(bad_scenario()) == ()
    assert shown_words(replace(BEND, phase="", code="", event="", shows="nothing")) == "nothing (assumed)"
    assert attempt_words(AttemptRecord(after_s=0.0, result="")) == "after 0:00 h not finished"
