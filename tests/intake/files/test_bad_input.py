"""Input that is broken, hostile or none at all: words, never a crash, and never more memory than is said."""

# ruff: noqa: E501 - evidence is as wide as it is

from __future__ import annotations

import gzip
import io
import stat
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.intake.files.fact import LIMIT_VALUE, FactStore
from hybridjoin.intake.files.reading import EvidenceReading
from hybridjoin.intake.files.streams import CountedStream
from hybridjoin.intake.files.text_lines import LIMIT_LINE, lines_of
from tests.intake.files import transcripts as t
from tests.intake.files.field_cases import COMPUTER
from tests.intake.files.reading import answers, case_from, values
from tests.intake.files.test_wire import saz
from tests.peak import forget_peak, peak_mib


def archive(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in members:
            made.writestr(name, body)
    return target.getvalue()


def link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("join.txt")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def locked() -> bytes:
    body = bytearray(archive(("join.txt", t.FEDERATED.encode())))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        body[body.find(mark) + at] |= 1
    return bytes(body)


def gapped() -> bytes:
    """An archive that lost some octets on its way: its members are counted from its end, and begin before it."""
    body = archive(("join.txt", t.FEDERATED.encode()))
    return body[:60] + body[68:]


REFUSED = {
    "a path that leads out": (archive(("../../etc/cron.d/x", b"y")), "found one that leads out of it"),
    "a path that leads out of a trace": (saz(("raw/../../x", b"y")), "found one that leads out of it"),
    "an absolute path": (archive(("/x/y", b"y")), "found one that leads out of it"),
    "a drive": (archive(("C:\\x", b"y")), "found one that leads out of it"),
    "a link": (archive((link(), b"/x")), "expected a file, found a link"),
    "a password": (locked(), "save the archive without a password"),
    "a gap": (gapped(), "expected a member inside the archive, found one that begins before it"),
    "a bomb": (archive(("big.txt", bytes(64 * 1024 * 1024))), "expected at most 200 octets for each packed one"),
    "a bomb in gzip": (gzip.compress(bytes(64 * 1024 * 1024)), "octets when it is unpacked, found more"),
}


@pytest.mark.parametrize(("body", "words"), REFUSED.values(), ids=REFUSED)
def test_what_an_archive_may_not_hold_is_refused_in_words(body: bytes, words: str) -> None:
    case = case_from(sent_zip=body)

    (mistake,) = case.mistakes
    assert words in mistake.problem
    assert mistake.place.startswith("sent.zip")


def test_the_rest_of_an_archive_is_read_all_the_same() -> None:
    case = case_from(sent_zip=archive(("../x", b"y"), ("join.txt", t.FALLBACK.encode())))

    assert answers(case, "road") == ["by fallback"]
    assert len(case.mistakes) == 1


def test_archives_in_archives_end_somewhere() -> None:
    body = t.FALLBACK.encode()
    for _ in range(4):
        body = archive(("inner.zip", body))

    case = case_from(sent_zip=body)

    assert case.facts == ()
    assert "nested at most 2 deep" in case.files[0].note


NOTHING = {
    "an empty file": (b"", "an empty file"),
    "garbage": (bytes(range(256)) * 40, "binary data of no format that is known"),
    "prose": (b"Dear support,\nit does not work.\n", "no format that is known: 'Dear support,'"),
    "another language": ("Gerätestatus: verbunden\n".encode(), "screens are read in English alone"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(60), "send the text itself"),
    "a packet capture": (b"\xd4\xc3\xb2\xa1" + bytes(60), "TLS hides every message of the join"),
    "a cabinet": (b"MSCF" + bytes(60), "expand it"),
    "an event log without a chunk": (b"ElfFile\0" + bytes(4096), "in which nothing speaks of a join"),
    "a broken archive": (archive(("join.txt", b"x"))[:40], "a broken archive"),
    "broken gzip": (gzip.compress(b"x" * 100)[:20], "a broken archive"),
    "JSON of something else": (b'{"hello": [1, 2]}', "no format that is known"),
    "XML of something else": (b"<report><title>Sign in</title></report>", "no format that is known"),
    "a page of something else": (
        b"<html><body>Group Policy Results</body></html>",
        "HTML page, in which nothing speaks",
    ),
    "a program": (b"MZ\x90\x00" + bytes(range(256)) * 20, "binary data"),
}


@pytest.mark.parametrize(("body", "words"), NOTHING.values(), ids=NOTHING)
def test_a_file_that_tells_nothing_says_what_it_is(body: bytes, words: str) -> None:
    case = case_from(sent_bin=body)

    assert case.facts == ()
    assert words in case.files[0].note


@given(st.binary(max_size=4000))
def test_arbitrary_octets_are_read_or_passed_over(body: bytes) -> None:
    case_from(sent_bin=body)


LINES = st.sampled_from(
    [line for text in (t.FALLBACK, t.STATUS, "Event[0]:\n  Log Name: x\n<Event>\ndn: x\n#TYPE System.Diagnostics.Eventing")
     for line in text.splitlines()]
)  # fmt: skip


@given(st.lists(st.one_of(LINES, st.text(max_size=60)), max_size=60), st.integers(20, 130))
def test_lines_in_any_order_and_cut_anywhere_crash_no_reader(lines: list[str], width: int) -> None:
    case_from(sent_txt="\n".join(line[:width] for line in lines).encode("utf-8", "replace"))


class Endless(io.RawIOBase):
    """A log that is larger than anybody holds, made while it is read."""

    def __init__(self, line: bytes, times: int) -> None:
        super().__init__()
        self._line, self._left = line, len(line) * times
        self._at = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        size = min(len(buffer), self._left)
        start = self._at % len(self._line)
        whole = self._line[start:] + self._line * (size // len(self._line) + 1)
        buffer[:size] = whole[:size]
        self._at += size
        self._left -= size
        return size


@pytest.mark.thorough
@pytest.mark.parametrize(
    "line",
    [
        b"2026-01-16 09:16:30,609 tid:Qx1 DEBUG [org.sourceid.X] a line of a log that says nothing of any join\n",
        b"x" * 997,
    ],
    ids=["a log", "one line"],
)
def test_a_log_of_any_size_is_read_in_little_memory(line: bytes) -> None:
    forget_peak()
    before = peak_mib()
    reading = EvidenceReading()

    sent = reading.read("server.log", io.BufferedReader(Endless(line, 40 * 1024 * 1024 // len(line))))

    assert sent.size > 40_000_000
    assert peak_mib() - before < 80


def test_a_line_that_never_ends_is_read_up_to_a_limit_and_the_next_one_has_its_number() -> None:
    body = b"AzureAdJoined : YES\n" + b"x" * (3 * LIMIT_LINE) + b"\nDeviceId : 1\n"

    lines = list(lines_of(CountedStream(io.BytesIO(body)).lines()))

    assert [(line.number, len(line.text)) for line in lines] == [(1, 19), (2, LIMIT_LINE), (3, 12)]


def test_more_facts_than_a_case_keeps_are_counted() -> None:
    case = case_from(join_txt=t.FALLBACK)
    few = FactStore(limit=10)

    few.add(case.facts)

    assert (len(few), few.left_out) == (10, len(case.facts) - 10)


def test_a_value_that_is_too_long_is_cut_and_says_so() -> None:
    case = case_from(status_txt=f"AzureAdJoined : YES\nKeyProvider : {'x' * 10_000}\n")

    (value,) = values(case, "field.KeyProvider")
    assert len(value) < LIMIT_VALUE + 40
    assert value.endswith("(10000 characters)")


def test_two_customers_in_one_folder_are_told_side_by_side() -> None:
    other = t.FEDERATED.replace(t.TENANT, "99999999-7a3e-4d0c-9a5e-2f6d1c8b4e70").replace("fabrikam", "contoso")

    case = case_from(a_txt=t.FALLBACK, b_txt=other)

    mixed = {item.key: [fact.file for fact in item.facts] for item in case.contradictions if item.mixed}
    assert mixed == {"tenant.id": ["a.txt", "b.txt"], "directory.domain": ["a.txt", "b.txt"],
                     "directory.forest": ["a.txt", "b.txt"]}  # fmt: skip


def test_masked_ids_are_joined_with_none() -> None:
    masked = t.FEDERATED.replace(t.TENANT, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")

    assert case_from(a_txt=t.FALLBACK, b_txt=masked).contradictions == ()


def test_a_device_id_that_is_not_the_objects_is_a_contradiction() -> None:
    case = case_from(join_txt=t.FEDERATED.replace(t.DEVICE, "00000000-6b21-4f58-8e0d-93b5a1e27c46"), ws_ldf=COMPUTER)

    assert [item.key for item in case.contradictions] == ["device.id = object.object_guid"]
    assert case_from(join_txt=t.FEDERATED, ws_ldf=COMPUTER).contradictions == ()
