from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.protocol.times import parse_instant, write_instant


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-07-09T02:14:21Z", datetime(2025, 7, 9, 2, 14, 21, tzinfo=UTC)),
        ("2025-07-09T02:14:21.1Z", datetime(2025, 7, 9, 2, 14, 21, 100000, tzinfo=UTC)),
        ("2025-07-09T02:14:21.003Z", datetime(2025, 7, 9, 2, 14, 21, 3000, tzinfo=UTC)),
        ("2025-07-09T02:14:21.1234567Z", datetime(2025, 7, 9, 2, 14, 21, 123456, tzinfo=UTC)),
        ("2025-07-09T02:14:21.999999999999Z", datetime(2025, 7, 9, 2, 14, 21, 999999, tzinfo=UTC)),
        ("2025-07-09T02:14:21+02:00", datetime(2025, 7, 9, 0, 14, 21, tzinfo=UTC)),
        ("2025-07-09T02:14:21-00:30", datetime(2025, 7, 9, 2, 44, 21, tzinfo=UTC)),
        ("2025-07-09T02:14:21", datetime(2025, 7, 9, 2, 14, 21, tzinfo=UTC)),
        ("2025-07-09T24:00:00Z", datetime(2025, 7, 10, tzinfo=UTC)),
        ("\n 2025-07-09T02:14:21Z ", datetime(2025, 7, 9, 2, 14, 21, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read(text: str, expected: datetime) -> None:
    assert parse_instant(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "2025-07-09",
        "20250709T021421Z",
        "2025-07-09 02:14:21Z",
        "2025-13-09T02:14:21Z",
        "2025-07-09T25:00:00Z",
        "2025-07-09T02:14:60Z",
        "2025-07-09T02:14:21.Z",
        "2025-07-09T02:14:21+99:99",
        "9999-12-31T24:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "0000-01-01T00:00:00Z",
        "٢٠٢٥-07-09T02:14:21Z",
    ],
)
def test_what_is_no_instant_is_none(text: str | None) -> None:
    assert parse_instant(text) is None


@given(st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 hypothesis adds the zone
def test_what_is_written_is_read_again(moment: datetime) -> None:
    found = parse_instant(write_instant(moment))

    assert found is not None
    assert abs(found - moment) < timedelta(milliseconds=1)


def test_instants_are_written_in_utc() -> None:
    moment = datetime(2025, 7, 9, 4, 14, 21, tzinfo=timezone(timedelta(hours=2)))

    assert write_instant(moment) == "2025-07-09T02:14:21.000Z"
