"""What each key for itself cannot know: two that cannot both be meant, so that the scenario could never be met."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from hybridjoin.errors import Mistake
from hybridjoin.model.dial.table import DIAL
from hybridjoin.model.flows import find_flow
from hybridjoin.model.steps import Step
from hybridjoin.scenario.scenario_schema import ScenarioModel
from hybridjoin.scenario.yaml.source import DataPath, Positions

_NOT_THERE: Final = ("missing", "absent")
_ONLY_WITH_A_PERSON: Final = ("the person",)
_ASKED_BY_TICKET: Final = "the identity provider's account"
_ONLY_WITH_A_COMPUTER: Final = ("the computer", _ASKED_BY_TICKET, "the service connection point")
_ONLY_OF_A_CLAIM_THAT_CAME: Final = ("namespace", "equals", "mistake")


def contradictions(model: ScenarioModel, positions: Positions) -> Iterator[Mistake]:
    """Name the keys that contradict another one."""
    yield from _dropped_and_changed(model, positions)
    yield from _fallback(model, positions)
    yield from _claims(model, positions)
    yield from _dial(model, positions)
    yield from _retries(model, positions)


def _dropped_and_changed(model: ScenarioModel, positions: Positions) -> Iterator[Mistake]:
    for claim, change in model.idp.claims.items():
        written = ("duplicate", "name", "namespace", "value", "values")
        for key in (key for key in written if change.drop and getattr(change, key) not in (None, False)):
            problem = f"'{key}' says how {claim} is issued, but 'drop' leaves it out"
            path: DataPath = ("idp", "claims", claim, key)
            yield Mistake(place=positions.key(path), problem=problem, hint="keep one of the two")


def _fallback(model: ScenarioModel, positions: Positions) -> Iterator[Mistake]:
    off = model.device.fallback is False
    synchronized = model.expect.join == "synchronized"
    where = positions.value(("device", "fallback"))
    if off and synchronized:
        problem = f"'synchronized' is how the fallback ends, but 'fallback: false' ({where}) leaves it out"
        hint = "say 'join: failed', or let the device fall back"
        yield Mistake(place=positions.value(("expect", "join")), problem=problem, hint=hint)
    if model.expect.fallback is None:
        return
    place = positions.key(("expect", "fallback"))
    if off:
        problem = f"'fallback' says how the synchronized join fails, but 'fallback: false' ({where}) leaves it out"
        yield Mistake(place=place, problem=problem, hint="keep one of the two")
    elif synchronized:
        problem = "'fallback' says how the synchronized join fails, but the join is expected to be synchronized"
        yield Mistake(place=place, problem=problem, hint="say 'join: failed', or leave 'fallback' out")


def _claims(model: ScenarioModel, positions: Positions) -> Iterator[Mistake]:
    for claim, expected in model.expect.claims.items():
        for key in _ONLY_OF_A_CLAIM_THAT_CAME:
            place = positions.key(("expect", "claims", claim, key))
            if getattr(expected, key) is not None and expected.is_ in _NOT_THERE:
                problem = f"'{key}' speaks of a claim that came, but '{claim}' is expected to be {expected.is_}"
                yield Mistake(place=place, problem=problem, hint="keep one of the two")
        if expected.mistake is not None and expected.is_ == "ok":
            place = positions.key(("expect", "claims", claim, "mistake"))
            problem = f"'mistake' names what is wrong with a claim, but '{claim}' is expected to be ok"
            yield Mistake(place=place, problem=problem, hint="keep one of the two")


def _dial(model: ScenarioModel, positions: Positions) -> Iterator[Mistake]:
    if model.dial and model.clock is not None:
        problem = "a device with a clock of its own stands in a directory of its own, which the dial does not reach"
        yield Mistake(place=positions.key(("dial",)), problem=problem, hint="keep one of 'dial' and 'clock'")
    if model.dial and model.site:
        problem = "the dial bends a lab's directory, and 'site' names a place of somebody's"
        yield Mistake(place=positions.key(("dial",)), problem=problem, hint="keep one of 'dial' and 'site'")
    taken: dict[str, str] = {}
    for index, bend in enumerate(model.dial):
        takes = DIAL[bend.name].takes if bend.name in DIAL else ()
        place = positions.value(("dial", index))
        other = next((each for each in takes if each in taken), "")
        if other:
            problem = f"'{bend.name}' and '{taken[other]}' both take the place of {other}"
            yield Mistake(place=place, problem=problem, hint="keep one of the two")
        taken = {**dict.fromkeys(takes, bend.name), **taken}
        yield from _of_nobody(model, bend.name, takes, place)


def _of_nobody(model: ScenarioModel, name: str, takes: Sequence[str], place: str) -> Iterator[Mistake]:
    """Name a bend of somebody who does not come; who shows a ticket needs the identity provider's account too."""
    somebody_signs_in = model.user is not None
    flow = find_flow(model.flow)
    shows_ticket = flow is not None and Step.TICKET in flow.steps
    elsewhere = [item for item in _ONLY_WITH_A_COMPUTER if not (shows_ticket and item == _ASKED_BY_TICKET)]
    if not somebody_signs_in and any(each in _ONLY_WITH_A_PERSON for each in takes):
        problem = f"'{name}' bends a person's account, and nobody signs in"
        yield Mistake(place=place, problem=problem, hint="flow: sign-in-username, and user: {name: …}")
    elif somebody_signs_in and any(each in elsewhere for each in takes):
        problem = f"'{name}' bends a computer's account, and a person signs in"
        yield Mistake(place=place, problem=problem, hint="let a computer join")


def _retries(model: ScenarioModel, positions: Positions) -> Iterator[Mistake]:
    if model.expect.attempts is not None and model.retries is None:
        problem = "'attempts' says how many there were, and without 'retries' there is one"
        yield Mistake(
            place=positions.key(("expect", "attempts")), problem=problem, hint="say how it tries again: retries"
        )
