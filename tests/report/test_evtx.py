"""The writer of event logs: what it writes, two readers that are not ours find there."""

from __future__ import annotations

import struct
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.report.evtx.chunk import CHUNK_SIZE, hash_of
from hybridjoin.report.evtx.log_file import LogRecord, encode_log
from hybridjoin.report.evtx.tree import EventElement
from hybridjoin.report.evtx.values import EventValue, ValueType, filetime, system_time
from tests.report.evtx_readers import by_python, by_rust

NOON = datetime(2026, 7, 14, 12, 0, 0, 250_000, tzinfo=UTC)
SPACE = "http://schemas.microsoft.com/win/2004/08/events/event"
# What XML can hold, but for the line end that its readers make another one of.
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.just("\n"), max_size=200)


def value(text: str, kind: ValueType = ValueType.STRING) -> EventValue:
    return EventValue(text=text, type=kind)


def event(number: int, *data: tuple[str, str], at: datetime = NOON) -> EventElement:
    """An event with every type of value."""
    system = (
        EventElement(name="Provider", attributes=(("Name", "A & B"), ("Guid", value(f"{7:032x}", ValueType.GUID)))),
        EventElement(name="EventID", value=value("304", ValueType.UINT16)),
        EventElement(name="Level", value=value("2", ValueType.UINT8)),
        EventElement(name="Code", value=value("-895418354", ValueType.INT32)),
        EventElement(name="Keywords", value=value("0x8000000000000000", ValueType.HEX64)),
        EventElement(name="TimeCreated", attributes=(("SystemTime", value(system_time(at), ValueType.FILETIME)),)),
        EventElement(name="EventRecordID", value=value(str(number), ValueType.UINT64)),
        EventElement(name="Correlation"),
        EventElement(name="Execution", attributes=(("ProcessID", value("4294967295", ValueType.UINT32)),)),
        EventElement(name="Security", attributes=(("UserID", value("S-1-5-21-1-2-3-1260", ValueType.SID)),)),
    )
    rows = tuple(EventElement(name="Data", attributes=(("Name", name),), value=value(text)) for name, text in data)
    return EventElement(
        name="Event",
        attributes=(("xmlns", SPACE),),
        children=(EventElement(name="System", children=system), EventElement(name="EventData", children=rows)),
    )


def log(*events: EventElement) -> bytes:
    return encode_log(LogRecord(at=NOON, event=item) for item in events)


@pytest.mark.parametrize("count", [0, 1, 3, 400])
def test_two_readers_find_every_event_and_every_field(count: int, tmp_path: Path) -> None:
    rows = [(("ExitCode", "-1"), ("Empty", ""), ("Text", f"a & b <c> ü 日本 \U0001f600\nline {'x' * at}"))
            for at in range(count)]  # fmt: skip

    body = log(*(event(number, *data) for number, data in enumerate(rows, start=1)))

    found = by_rust(body)
    assert found == by_python(body, tmp_path)
    assert [item.data for item in found] == rows
    assert [item.system["EventRecordID"] for item in found] == [str(number) for number in range(1, count + 1)]
    assert len(body) == 4096 + CHUNK_SIZE * max(1, (len(body) - 4096) // CHUNK_SIZE)


def test_each_type_of_value_comes_back_as_what_it_was(tmp_path: Path) -> None:
    body = log(event(1))

    (found,), (other,) = by_rust(body), by_python(body, tmp_path)
    assert found == other
    assert found.at == other.at == NOON
    assert found.system == {
        "Provider/Name": "A & B",
        "Provider/Guid": "00000000-0000-0000-0000-000000000007",
        "EventID": "304",
        "Level": "2",
        "Code": "-895418354",
        "Keywords": "0x8000000000000000",
        "EventRecordID": "1",
        "Execution/ProcessID": "4294967295",
        "Security/UserID": "S-1-5-21-1-2-3-1260",
    }


@given(texts=st.lists(st.tuples(st.sampled_from(["A", "Message"]), TEXTS), max_size=4))
def test_whatever_a_text_holds_comes_back(
    texts: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    body = log(event(1, *texts), event(2))

    first, second = by_rust(body)
    assert [text.strip() for _, text in first.data] == [text.strip() for _, text in texts]
    assert second.data == ()


def test_events_of_one_shape_share_a_template_and_the_octets_are_the_same_twice() -> None:
    two, one = log(event(1, ("A", "b")), event(2, ("A", "c"))), log(event(1, ("A", "b")))

    assert two.count("TimeCreated".encode("utf-16-le")) == 1
    assert two == log(event(1, ("A", "b")), event(2, ("A", "c")))
    assert two != one


def test_a_payload_that_looks_like_a_record_is_a_payload(tmp_path: Path) -> None:
    magic = "\u2a2a\u0100 ElfChnk **"  # of which the octets begin as a record does, but for the last

    body = log(event(1, ("A", magic)), event(2, ("A", "b")))

    assert [item.data for item in by_python(body, tmp_path)] == [(("A", magic),), (("A", "b"),)]


def test_a_chunk_is_filled_and_each_can_be_read_without_the_others() -> None:
    body = log(*(event(number, ("A", "x" * 20_000)) for number in range(1, 5)))
    chunks = [body[at : at + CHUNK_SIZE] for at in range(4096, len(body), CHUNK_SIZE)]

    assert [struct.unpack_from("<QQ", chunk, 8) for chunk in chunks] == [(1, 1), (2, 2), (3, 3), (4, 4)]
    assert [struct.unpack_from("<I", chunk, 52)[0] for chunk in chunks] == [
        zlib.crc32(chunk[512 : struct.unpack_from("<I", chunk, 48)[0]]) for chunk in chunks
    ]
    assert struct.unpack_from("<QQQIHHHH", body, 8) == (0, 3, 5, 128, 1, 3, 4096, 4)
    alone = by_rust(body[:4096] + chunks[2])
    assert [item.system["EventRecordID"] for item in alone] == ["3"]


def test_an_event_that_no_chunk_holds_is_refused_by_its_number() -> None:
    with pytest.raises(ValueError, match=r"at most 65024 octets, found a larger one: record 2"):
        log(event(1), event(2, ("A", "x" * 32_000), ("B", "y" * 32_000)))


def test_the_figures_of_windows() -> None:
    assert filetime(datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=3)) == 30
    assert filetime(datetime(1970, 1, 1, tzinfo=UTC)) == 116_444_736_000_000_000
    assert hash_of("Event") == 0x0CBA  # as every log that a Windows wrote has it
    assert value("S-1-5-18", ValueType.SID).octets == bytes.fromhex("010100000000000512000000")
