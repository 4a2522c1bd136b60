"""How a service asks to be left alone: by header, by date, in words; and what is no such thing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.model.exchange import HttpReply
from hybridjoin.protocol.throttle import Wait, asked_to_wait

DATE = ("Date", "Sat, 28 Nov 2026 18:30:00 GMT")
WORDS = b'{"ErrorType":"DirectoryError","Message":"Your request is throttled. Please try after 300 seconds."}'


def reply(status: int, *headers: tuple[str, str], body: bytes = b"") -> HttpReply:
    return HttpReply(status=status, reason="", headers=headers, body=body)


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        (reply(429, ("Retry-After", "17")), 17),
        (reply(503, ("retry-after", " 0 ")), 0),
        (reply(429, ("Retry-After", "Sat, 28 Nov 2026 18:31:30 GMT"), DATE), 90),
        (reply(429, ("Retry-After", "Sat, 28 Nov 2026 18:29:00 GMT"), DATE), 0),
        (reply(400, body=WORDS), 300),
        (reply(429, body=WORDS.replace(b"try after", b"try again after")), 300),
        (reply(429, ("Retry-After", "17"), body=WORDS), 17),
        (reply(429, ("Retry-After", "999999999999"), DATE), 24 * 3600),
    ],
)
def test_a_service_that_asks_for_rest_is_understood(told: HttpReply, seconds: int) -> None:
    wait = asked_to_wait(told)
    assert wait is not None
    assert wait.seconds == seconds


@pytest.mark.parametrize(
    "told",
    [
        reply(200, ("Retry-After", "17"), body=WORDS),
        reply(400, ("Retry-After", "17")),
        reply(429),
        reply(429, ("Retry-After", "soon")),
        reply(429, ("Retry-After", "Sat, 28 Nov 2026 18:31:30 GMT")),
        reply(400, body=b"try after some seconds"),
    ],
)
def test_what_asks_for_none_is_not_read_into(told: HttpReply) -> None:
    assert asked_to_wait(told) is None


def test_the_end_is_told_by_the_services_own_clock() -> None:
    wait = asked_to_wait(reply(400, DATE, body=WORDS))
    assert wait == Wait(seconds=300, until=datetime(2026, 11, 28, 18, 35, tzinfo=UTC))
    assert str(wait) == "300 s, until 18:35:00 UTC"
    assert str(Wait(seconds=5)) == "5 s"


@given(st.text(max_size=40), st.text(max_size=40), st.binary(max_size=80))
def test_no_header_or_body_breaks_the_reader(date: str, after: str, body: bytes) -> None:
    wait = asked_to_wait(reply(429, ("Date", date), ("Retry-After", after), body=body))
    assert wait is None or 0 <= wait.seconds <= 24 * 3600
