"""Binary event logs, written by our own writer and read by the library: the facts are those of the XML."""

from __future__ import annotations

import io

import pytest

from hybridjoin.intake.files import reading as rooms
from hybridjoin.intake.files.reading import EvidenceReading
from tests.intake.files import transcripts as t
from tests.intake.files.evtx_writer import event_log
from tests.intake.files.field_cases import event_xml
from tests.intake.files.reading import answers, case_from, values
from tests.intake.files.test_events import NAMED

OTHER = event_xml(4624, ("SubjectUserName", "a"), provider="Microsoft-Windows-Security-Auditing")


@pytest.mark.parametrize("templates", [False, True], ids=["inline", "templates"])
@pytest.mark.parametrize("dirty", [False, True], ids=["closed", "copied live"])
def test_a_log_has_the_facts_of_its_xml(templates: bool, dirty: bool) -> None:
    case = case_from(a_evtx=event_log([OTHER, NAMED], templates=templates, dirty=dirty))
    plain = case_from(a_xml=NAMED)

    assert {(fact.key, fact.value) for fact in case.facts} == {(fact.key, fact.value) for fact in plain.facts}
    assert {fact.place for fact in case.facts} == {"a.evtx#2"}
    assert answers(case, "phase") == ["auth"]
    assert case.files[0].formats == ("binary event log",)


def test_one_of_many_events_that_is_broken_spoils_no_other() -> None:
    body = bytearray(event_log([NAMED, event_xml(306)]))
    at = body.find("Federated".encode("utf-16-le")) - 4
    body[at] = 0x7E

    case = case_from(a_evtx=bytes(body))

    assert "User Device Registration 306" in values(case, "event.id")


@pytest.mark.parametrize("cut", [200, 4096, 4096 + 40])
def test_a_log_that_was_cut_off_is_no_crash(cut: int) -> None:
    case = case_from(a_evtx=event_log([NAMED])[:cut])

    assert case.facts == ()
    assert "event log" in case.files[0].note


def test_a_log_of_other_things_says_so() -> None:
    case = case_from(a_evtx=event_log([OTHER]))

    assert case.files[0].note == "a binary event log, in which nothing speaks of a join"


def test_without_the_extra_the_line_that_brings_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "find_spec", lambda name: None)

    sent = EvidenceReading().read("a.evtx", io.BytesIO(event_log([NAMED])))

    assert "hybridjoin[events]" in sent.note
    assert "wevtutil qe FILE" in sent.note


def test_a_log_and_the_screen_of_one_attempt_are_one_attempt() -> None:
    case = case_from(a_evtx=event_log([NAMED], templates=True), join_txt=t.FALLBACK)

    assert answers(case, "road") == ["by fallback"]
