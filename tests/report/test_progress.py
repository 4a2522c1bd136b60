"""Progress: one listener for whatever the engine carries out."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from hybridjoin.model.events import Event, JobFinished, JobKind, JobStarted, to_all
from hybridjoin.model.verdict import Outcome
from hybridjoin.report.progress import RunProgress


def events(name: str, kind: JobKind, outcome: Outcome, note: str = "", *, number: int = 1) -> list[Event]:
    return [
        JobStarted(name=name, kind=kind, number=number, total=4),
        JobFinished(name=name, kind=kind, outcome=outcome, elapsed_s=0.614, number=number, total=4, note=note),
    ]


EVENTS = [
    *events("good", JobKind.SCENARIO, Outcome.PASSED),
    *events("bad", JobKind.SCENARIO, Outcome.FAILED, number=2),
    *events("WS01 joins as Windows would", JobKind.FLOW, Outcome.PASSED, number=3),
    *events("rst-plain", JobKind.PROBE, Outcome.PASSED, "HTTP 200", number=4),
    *events("rst-dtd", JobKind.PROBE, Outcome.INTERRUPTED, "the KDC died", number=4),
]


def shown(*, terminal: bool) -> str:
    out = io.StringIO()
    screen = Console(file=out, width=110, highlight=False, force_terminal=terminal, color_system=None)
    with RunProgress(screen, total=4) as progress:
        for event in EVENTS:
            progress.tell(event)
    return out.getvalue()


def test_a_pipe_gets_a_line_for_each_scenario_and_join_and_for_what_was_interrupted() -> None:
    assert shown(terminal=False).split("\n") == [
        "✓ passed good  0.61 s",
        "✕ failed bad  0.61 s",
        "✓ WS01 joins as Windows would  0.61 s",
        "‖ rst-dtd  the KDC died  0.61 s",
        "",
    ]


@pytest.mark.parametrize(
    ("line", "there"),
    [("✕ failed bad", True), ("✓ passed good", False), ("WS01 joins as Windows would", True), ("‖ rst-dtd", True)],
)
def test_a_terminal_with_a_bar_says_only_the_unexpected_of_scenarios(line: str, there: bool) -> None:
    assert (line in shown(terminal=True)) is there


def test_several_listeners_hear_every_event_in_turn() -> None:
    heard: list[tuple[str, Event]] = []
    both = to_all(lambda event: heard.append(("a", event)), lambda event: heard.append(("b", event)))

    both(EVENTS[0])

    assert heard == [("a", EVENTS[0]), ("b", EVENTS[0])]
