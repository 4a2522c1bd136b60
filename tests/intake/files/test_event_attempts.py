"""Events of one attempt are one attempt, whichever way round the log is, and whichever channels are in it."""

from __future__ import annotations

import re

import pytest

from hybridjoin.intake.files import event_attempts
from hybridjoin.report.formats.catalogue import find_format
from tests.device.events import run_record
from tests.intake.files.field_cases import event_xml
from tests.intake.files.reading import answers, case_from

REQUEST = "aaaabbbb-cccc-4ddd-8eee-000000000001"
# What the Admin log alone says of a join: its road, its phase, and whether it names the attempt.
ADMIN = {
    "success": (["undecided"], [], False),
    "refused-no-fallback": (["not joined"], ["auth"], True),
    "refused-fallback-refused": (["not joined"], ["join"], True),
    "no-scp": (["not joined"], ["discover"], False),
    "discover-silent": (["not joined"], ["discover"], False),
    "join-refused": (["not joined"], ["join"], True),
}
# With the lines of the hidden log it is what the screen says.
BOTH = ADMIN | {
    "success": (["by federation"], [], True),
    "refused-fallback-succeeds": (["by fallback"], ["auth"], True),
    "no-scp": (["not joined"], ["discover"], True),
    "discover-silent": (["not joined"], ["discover"], True),
}


def events_of(*cases: str, debug: bool) -> list[str]:
    """The events of joins, a second apart, so that the order of a log can be told."""
    text = find_format("windows-events").draw(run_record(*cases)).decode()
    found = re.findall(r"<Event .*</Event>", text)
    kept = [event for event in found if debug or "Registration/Debug" not in event]
    return [
        re.sub(r"SystemTime=\"[^\"]*\"", f'SystemTime="2026-03-04T12:{at // 60:02}:{at % 60:02}.0000000Z"', event)
        for at, event in enumerate(kept)
    ]


@pytest.mark.parametrize("backwards", [False, True], ids=["oldest first", "newest first"])
@pytest.mark.parametrize(
    ("name", "debug", "wanted"),
    [*((name, False, row) for name, row in ADMIN.items()), *((name, True, row) for name, row in BOTH.items())],
)
def test_a_log_of_one_join_tells_one_attempt(
    name: str, debug: bool, wanted: tuple[list[str], list[str], bool], backwards: bool
) -> None:
    events = events_of(name, debug=debug)
    road, phase, named = wanted

    case = case_from(events_xml="\n".join(reversed(events) if backwards else events))

    assert answers(case, "road") == road
    assert answers(case, "phase") == phase
    assert ({item.of for item in case.conclusions} == {REQUEST}) is named
    assert case.contradictions == ()


@pytest.mark.parametrize("backwards", [False, True], ids=["oldest first", "newest first"])
def test_two_joins_after_one_another_are_two(backwards: bool) -> None:
    events = events_of("no-scp", "discover-silent", debug=False)

    case = case_from(events_xml="\n".join(reversed(events) if backwards else events))

    told = {frozenset(codes.split(", ")) for codes in answers(case, "codes")}
    assert told == {frozenset({"0x801c001d"}), frozenset({"0x801c0021", "0x80072ee2"})}


def test_an_attempt_that_its_pre_checks_end_is_one_of_its_own() -> None:
    log = "\n".join((*events_of("no-scp", debug=False), event_xml(334), event_xml(334)))

    case = case_from(events_xml=log)

    assert answers(case, "phase") == ["discover", "pre-check"]
    assert [item.times for item in case.conclusions if item.question == "phase"] == [1, 2]


def test_where_two_attempts_are_named_nobody_elses_event_is_put_to_either() -> None:
    other = event_xml(305, ("ServerErrorMessage", "AdalCorrelationId: {11111111-2222-4333-8444-555555555555}"))
    mine = event_xml(305, ("ServerErrorMessage", f"AdalCorrelationId: {{{REQUEST}}}"))

    case = case_from(events_xml=event_xml(331, ("DebugOutput", "preCheckResult: Join")) + other + mine + event_xml(306))

    of_306 = {fact.of for fact in case.facts if fact.name == "succeeded"}
    assert len(of_306) == 1
    assert of_306.isdisjoint({REQUEST, "11111111-2222-4333-8444-555555555555"})


def test_a_log_without_end_is_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_attempts, "LIMIT_STRETCH", 3)

    case = case_from(events_xml="\n".join(event_xml(307, ("ExitCode", "-2145648611")) for _ in range(10)))

    assert {item.times for item in case.conclusions} == {10}
