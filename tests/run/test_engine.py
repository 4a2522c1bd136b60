"""The engine: jobs in their order, each told, until one may have no successor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from hybridjoin.errors import UsageError
from hybridjoin.model.events import Event, JobFinished, JobKind, JobStarted
from hybridjoin.model.verdict import Outcome
from hybridjoin.run.engine import INTERRUPTED_BY_HAND, JobDone, carry_out


@dataclass
class Errand:
    """A job that comes to what it was told to, and writes down that it was done."""

    name: str
    diary: list[str]
    done: JobDone = field(default_factory=lambda: JobDone(outcome=Outcome.PASSED))
    raises: type[BaseException] | None = None
    kind: JobKind = JobKind.PROBE

    def carry_out(self) -> JobDone:
        self.diary.append(self.name)
        if self.raises is not None:
            raise self.raises
        return self.done

    def broken_off(self) -> JobDone:
        self.diary.append(f"{self.name} broken off")
        return JobDone(outcome=Outcome.INTERRUPTED, stop=INTERRUPTED_BY_HAND)


def test_jobs_are_carried_out_in_order_and_each_is_told() -> None:
    diary: list[str] = []
    heard: list[Event] = []

    stopped = carry_out([Errand("a", diary), Errand("b", diary)], lambda: 2, heard.append)

    assert (stopped, diary) == ("", ["a", "b"])
    assert [(type(event), event.name, event.number, event.total) for event in heard] == [
        (JobStarted, "a", 1, 2),
        (JobFinished, "a", 1, 2),
        (JobStarted, "b", 2, 2),
        (JobFinished, "b", 2, 2),
    ]


def test_a_job_that_stops_the_run_is_told_and_has_no_successor() -> None:
    diary: list[str] = []
    heard: list[Event] = []
    lost = JobDone(outcome=Outcome.INTERRUPTED, note="the KDC", stop="the KDC died")

    stopped = carry_out([Errand("a", diary, lost), Errand("b", diary)], lambda: 2, heard.append)

    assert (stopped, diary) == ("the KDC died", ["a"])
    last = heard[-1]
    assert isinstance(last, JobFinished)
    assert (last.outcome, last.note, last.kind) == (Outcome.INTERRUPTED, "the KDC", JobKind.PROBE)


def test_an_interrupted_job_that_stops_nothing_is_followed_by_the_next() -> None:
    diary: list[str] = []

    spoilt = Errand("a", diary, JobDone(outcome=Outcome.INTERRUPTED))

    assert carry_out([spoilt, Errand("b", diary)], lambda: 2, lambda _: None) == ""
    assert diary == ["a", "b"]


def test_what_a_person_stops_is_broken_off_kept_and_told() -> None:
    diary: list[str] = []
    heard: list[Event] = []

    stopped = carry_out([Errand("a", diary, raises=KeyboardInterrupt), Errand("b", diary)], lambda: 2, heard.append)

    assert (stopped, diary) == (INTERRUPTED_BY_HAND, ["a", "a broken off"])
    assert isinstance(heard[-1], JobFinished)


@pytest.mark.parametrize(("at", "did"), [(JobStarted, []), (JobFinished, ["a"])])
def test_a_person_may_stop_the_run_while_somebody_is_told(at: type[Event], did: list[str]) -> None:
    diary: list[str] = []

    def listen(event: Event) -> None:
        if isinstance(event, at):
            raise KeyboardInterrupt

    assert carry_out([Errand("a", diary), Errand("b", diary)], lambda: 2, listen) == INTERRUPTED_BY_HAND
    assert diary == did


def test_what_is_known_of_the_number_of_jobs_may_grow() -> None:
    diary: list[str] = []
    heard: list[Event] = []
    known = [1]

    def jobs() -> Iterator[Errand]:
        yield Errand("a", diary)
        known.append(2)
        yield Errand("b", diary)

    carry_out(jobs(), lambda: known[-1], heard.append)

    assert [event.total for event in heard if isinstance(event, JobStarted)] == [1, 2]


def test_a_mistake_of_the_users_is_no_outcome() -> None:
    with pytest.raises(UsageError):
        carry_out([Errand("a", [], raises=UsageError)], lambda: 1, lambda _: None)
