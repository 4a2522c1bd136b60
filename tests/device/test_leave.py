"""The leave, told against a script: what is asked, how it ends, and that a record of it can be gone through again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NoReturn
from uuid import UUID

import pytest

from hybridjoin.device.driver import Sent
from hybridjoin.device.habits import Habits
from hybridjoin.device.leave.run import LeaveInterrupted, LeaveRun, leave_with
from hybridjoin.device.needs import Manner
from hybridjoin.device.recorded_hands import RecordedHands
from hybridjoin.errors import Breakage, HarnessError, LabError, PeerUnreachable
from hybridjoin.model.exchange import HttpReply, HttpRequest
from hybridjoin.model.record import LeaveResult
from hybridjoin.model.steps import Phase, Step
from tests.device import documents
from tests.device.script import SITE

DEVICE = "3f0817b9-0b5a-4c7d-9e0f-1a2b3c4d5e6f"
REFUSED = '{"ErrorType":"AuthenticationError","Message":"The device certificate belongs to no device.","TraceId":"t"}'
THROTTLED = '{"ErrorType":"DirectoryError","Message":"Please try after 300 seconds."}'


def nobody(*_: object, **__: object) -> NoReturn:
    raise AssertionError("a device that leaves asks for nothing but its removal")


@dataclass
class Script:
    """Answers a device that leaves; keeps what was asked."""

    answer: HttpReply | HarnessError
    requests: list[HttpRequest] = field(default_factory=list)
    new_key: Callable[..., NoReturn] = nobody
    ticket: Callable[..., NoReturn] = nobody
    search: Callable[..., NoReturn] = nobody
    machine_key: Callable[..., NoReturn] = nobody
    modify: Callable[..., NoReturn] = nobody
    read: Callable[..., NoReturn] = nobody

    def now(self) -> datetime:
        return documents.NOON

    def begin(self, step: Step) -> datetime:
        return documents.NOON

    def new_id(self) -> UUID:
        return UUID(int=0xAAAABBBBCCCC4DDD8EEE000000000001)

    def send(self, request: HttpRequest, *, as_computer: bool, manner: Manner = Manner.WHEN_ASKED) -> Sent:
        assert not as_computer
        self.requests.append(request)
        if isinstance(self.answer, HarnessError):
            raise self.answer
        return Sent(request=request, reply=self.answer)


def reply(status: int, body: str = "", *headers: tuple[str, str]) -> HttpReply:
    return HttpReply(status=status, reason="", headers=headers, body=body.encode())


def play(answer: HttpReply | HarnessError) -> tuple[LeaveRun, Script]:
    script = Script(answer)
    return leave_with(script, SITE, DEVICE, Habits()), script


@pytest.mark.parametrize("body", ["", '{"AttestationResult":{"KeyId":"x"}}'])
def test_a_device_asks_for_its_own_removal_and_says_nothing_else(body: str) -> None:
    run, script = play(reply(200, body))

    assert run.evidence is not None
    assert run.evidence.result is LeaveResult.LEFT
    assert run.evidence.failure is None
    assert run.evidence.removal is not None
    assert run.evidence.removal.empty is (not body)
    (request,) = script.requests
    assert request.method == "DELETE"
    assert request.url == f"{SITE.entra.registration_url}/EnrollmentServer/device/{DEVICE}?api-version=1.0"
    assert request.body == b""
    headers = dict(request.headers)
    assert headers["ocp-adrs-client-name"] == "dsreg"
    assert headers["client-request-id"] == run.evidence.client_request_id
    assert "Authorization" not in headers, "nobody signs in for it"


@pytest.mark.parametrize(
    ("answer", "reason", "remedy"),
    [
        (reply(401, REFUSED), "AuthenticationError: The device certificate belongs", "it has left already"),
        (reply(400, THROTTLED), "DirectoryError: Please try after", "wait 300 s, then leave again"),
        (
            reply(429, THROTTLED, ("Retry-After", "60"), ("Date", "Sat, 28 Nov 2026 18:30:00 GMT")),
            "DirectoryError",
            "wait 60 s, until 18:31:00 UTC, then leave again",
        ),
        (reply(400, '{"ErrorType":"DirectoryError","Message":"No."}'), "DirectoryError: No.", "an administrator"),
        (reply(200, "<html>"), "expected no body, or a JSON object", "a proxy"),
        (reply(500, "<html>"), "cannot be read", "a proxy"),
        (
            PeerUnreachable("no answer", breakage=Breakage.TLS, where="there"),
            "no answer",
            "renew or replace the server's certificate",
        ),
    ],
)
def test_a_refusal_is_told_with_what_to_do(answer: HttpReply | HarnessError, reason: str, remedy: str) -> None:
    run, script = play(answer)

    assert run.evidence is not None
    assert run.evidence.result is LeaveResult.NOT_LEFT
    failure = run.evidence.failure
    assert failure is not None
    assert (failure.step, failure.phase) == (Step.LEAVE, Phase.JOIN)
    assert reason in failure.reason
    assert remedy in failure.remedy
    assert len(script.requests) == 1, "it was tried again"


def test_surroundings_that_fail_are_nobodys_verdict() -> None:
    with pytest.raises(LeaveInterrupted) as interrupted:
        play(LabError("the machine sleeps"))
    assert interrupted.value.run.evidence is not None
    assert interrupted.value.run.evidence.result is LeaveResult.NOT_LEFT


def test_a_record_of_it_can_be_gone_through_again() -> None:
    run, _ = play(reply(401, REFUSED))
    told = run.transcript.circumstances
    assert told is not None
    again = leave_with(RecordedHands(run.transcript), SITE, told.device, Habits.of(told.habits))
    assert again.evidence == run.evidence
