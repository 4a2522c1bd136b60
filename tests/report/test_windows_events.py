"""The events of a run as files: two readers find in the log what the XML says, and our import finds the facts."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree

from hybridjoin.bundle.anonymise import anonymised
from hybridjoin.bundle.names import names_in
from hybridjoin.device.events import windows_events
from hybridjoin.intake.case.case import CustomerCase
from hybridjoin.model.record import RunRecord
from hybridjoin.model.steps import Step
from hybridjoin.report.evtx.chunk import CHUNK_SIZE
from hybridjoin.report.formats.catalogue import find_format
from hybridjoin.report.json_report import decode_record, encode_record, write_record
from tests.device.events import run_record
from tests.device.script import refused
from tests.device.test_screen import CASES
from tests.intake.files.reading import case_from, values
from tests.report.evtx_readers import SPACE, by_python, by_rust, read_event
from tests.report.sample import large_record, sample_record
from tests.run.test_replay import record_of

XML, EVTX = find_format("windows-events"), find_format("evtx")
SEVERAL = ("success", "refused-no-fallback", "refused-fallback-refused", "no-scp", "discover-silent", "join-refused")
# What the log of a failed join says of it: phase, exit codes, and the tenant's type.
FOUND = {
    "refused-no-fallback": ("auth", {"0xcaa1000e", "0xcaa20003"}, ["Federated"]),
    "refused-fallback-refused": ("join", {"0xcaa20003", "0x801c03f2"}, ["Federated"]),
    "windows-11-fallback-refused": ("join", {"0xcaa20003", "0x801c03f3"}, ["Federated"]),
    "metadata-unreachable": ("auth", {"0xcaa1000e", "0xcaa82efd"}, ["Federated"]),
    "soap-fault": ("auth", {"0xcaa1000e", "0xcaa90014"}, ["Federated"]),
    "no-ticket": ("auth", {"0xcaa1000e", "0xcaa30191"}, ["Federated"]),
    "join-refused": ("join", {"0x801c03f2"}, ["Federated"]),
    "managed-not-synced": ("join", {"0x801c03f2"}, ["Managed"]),
    "no-scp": ("discover", {"0x801c001d"}, []),
    "discover-silent": ("discover", {"0x80072ee2", "0x801c0021"}, []),
    "discover-unknown-tenant": ("discover", {"0x801c003a", "0x801c0021"}, []),
}
REQUEST = "aaaabbbb-cccc-4ddd-8eee-000000000001"


def imported(record: RunRecord) -> dict[str, CustomerCase]:
    return {"xml": case_from(w_xml=XML.draw(record)), "evtx": case_from(w_evtx=EVTX.draw(record))}


@pytest.mark.parametrize("case", FOUND)
@pytest.mark.parametrize("kind", ["xml", "evtx"])
def test_our_import_finds_the_facts_back(case: str, kind: str) -> None:
    phase, codes, tenant = FOUND[case]

    found = imported(run_record(case))[kind]

    assert values(found, "attempt.phase") == [phase]
    assert set(values(found, "attempt.exit_code")) == codes
    assert values(found, "realm.type") == tenant
    assert {fact.of for fact in found.facts if fact.about in {"attempt", "realm"}} == {REQUEST}
    assert found.contradictions == ()
    assert found.mistakes == ()


def test_the_aadsts_number_and_the_answer_come_back_too() -> None:
    for found in imported(run_record("refused-no-fallback")).values():
        assert values(found, "attempt.aadsts") == ["AADSTS51004"]
        assert values(found, "attempt.registration_type") == ["fed"]
        assert "0xcaa20003" in values(found, "attempt.hresult")


@pytest.mark.thorough
def test_two_readers_and_the_xml_agree_on_every_event_and_every_field(tmp_path: Path) -> None:
    record = run_record(*CASES)
    body = EVTX.draw(record)
    root = etree.fromstring(XML.draw(record))

    told = [read_event(etree.tostring(item).decode()) for item in root.iter(f"{SPACE}Event")]

    assert len(told) == sum(len(windows_events(item)) for item in record.scenarios) > 1000
    assert len(body) > 4096 + 3 * CHUNK_SIZE, "several chunks"
    first, second = by_rust(body), by_python(body, tmp_path)
    assert first == second == told
    assert [item.at for item in first] == [item.at for item in told]
    assert max(abs(a.at - b.at) for a, b in zip(first, second, strict=True)) <= timedelta(microseconds=4)


def test_the_xml_has_the_texts_of_event_viewer_and_its_levels() -> None:
    root = etree.fromstring(XML.draw(run_record("refused-no-fallback")))

    (event,) = (item for item in root.iter(f"{SPACE}Event") if item.findtext(f"{SPACE}System/{SPACE}EventID") == "305")
    info = event.find(f"{SPACE}RenderingInfo")
    assert info is not None
    assert str(info.findtext(f"{SPACE}Message")).startswith("Automatic registration failed at authentication phase.")
    assert (info.findtext(f"{SPACE}Level"), info.findtext(f"{SPACE}Channel")) == ("Error", "Admin")


def test_each_event_of_the_xml_says_how_sure_it_is() -> None:
    root = etree.fromstring(XML.draw(run_record("refused-no-fallback")))

    for item in root.iter(f"{SPACE}Event"):
        beside = item.getprevious()
        assert isinstance(beside, etree._Comment)
        assert str(beside.text).strip().partition(":")[0] in {"documented", "observed", "assumed"}


def test_the_same_record_has_the_same_octets_wherever_it_is_drawn() -> None:
    record = run_record(*SEVERAL)
    again = decode_record(encode_record(record), place="record.json")

    assert XML.draw(again) == XML.draw(record)
    assert EVTX.draw(again) == EVTX.draw(record)


def test_under_other_names_no_real_one_is_in_the_log() -> None:
    record = record_of({Step.TOKEN: refused})
    names = names_in(record)
    hidden = {*names.domains, *map(str, names.guids), *(name for name in names.accounts if len(name) > 3)}

    other = anonymised(record)

    before = XML.draw(record).decode().lower()
    assert [name for name in names.domains if name in before]
    for told in (XML.draw(other).decode().lower(), repr(by_rust(EVTX.draw(other))).lower()):
        assert [name for name in hidden if name in told] == []
        assert "51004" in told


def test_what_hyphens_and_marks_a_title_has_no_comment_ends_before_its_end() -> None:
    first = sample_record().scenarios[0]
    record = replace(sample_record(), scenarios=(replace(first, title="a --> <Event> ---- b"),))

    root = etree.fromstring(XML.draw(record))

    assert len(list(root.iter(f"{SPACE}Event"))) == len(windows_events(first))


def test_a_large_run_is_a_log_of_many_chunks() -> None:
    body = EVTX.draw(large_record(requirements=1))

    assert len(body) > 4 * CHUNK_SIZE
    assert len(by_rust(body)) == 1160


def test_a_terminal_is_no_place_for_a_binary_log(tmp_path: Path) -> None:
    write_record(sample_record(), tmp_path)
    ours, theirs = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "hybridjoin", "render", str(tmp_path), "--format", "evtx"],
            stdout=theirs,
            stderr=subprocess.PIPE,
            check=False,
            text=True,
        )
    finally:
        os.close(theirs)
        os.close(ours)

    assert done.returncode == 2
    assert "expected a file for EVTX, which is no text, found a terminal" in done.stderr
    assert "-o windows-events.evtx" in done.stderr
