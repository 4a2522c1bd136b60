"""The `expect:` section: from the model to single expectations, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hybridjoin.errors import Mistake
from hybridjoin.model.flows import FLOWS
from hybridjoin.model.steps import FlowTable
from hybridjoin.scenario.expect_schema import ClaimExpectationModel, ExpectModel
from hybridjoin.scenario.scenario import Expectation, Expected
from hybridjoin.scenario.scenario_schema import ScenarioModel
from hybridjoin.scenario.variables import mistakes_in
from hybridjoin.scenario.vocabulary import EXPECTED_CLAIMS
from hybridjoin.scenario.yaml.source import DataPath, Positions
from hybridjoin.scenario.yaml.validate import nearest

_REQUIREMENT: Final = re.compile(r"[A-Z][A-Z0-9]*-[0-9]{2,3}\Z")
_PLAIN: Final = (
    ("join", Expected.JOIN),
    ("sign_in", Expected.SIGN_IN),
    ("leave", Expected.LEAVE),
    ("registration", Expected.REGISTRATION),
    ("phase", Expected.PHASE),
    ("step", Expected.STEP),
    ("reason", Expected.REASON),
    ("code", Expected.CODE),
    ("aadsts", Expected.AADSTS),
    ("fault", Expected.FAULT),
    ("kerberos", Expected.KERBEROS),
    ("http_status", Expected.HTTP_STATUS),
    ("server_message", Expected.SERVER_MESSAGE),
    ("heard", Expected.HEARD),
    ("attempts", Expected.ATTEMPTS),
    ("trust", Expected.TRUST),
    ("ticket_etype", Expected.TICKET_ETYPE),
    ("ticket_kvno", Expected.TICKET_KVNO),
)
_FALLBACK: Final = (
    ("step", Expected.FALLBACK_STEP),
    ("code", Expected.FALLBACK_CODE),
    ("reason", Expected.FALLBACK_REASON),
)
_FAILURE_ONLY: Final = ("phase", "step", "reason", "code", "aadsts", "fault", "kerberos", "server_message", "fallback")


def read_expectations(
    scenario: ScenarioModel, positions: Positions
) -> tuple[tuple[Expectation, ...], tuple[Mistake, ...]]:
    """Return the expectations, and what is wrong with them; a scenario without any is `asserts_nothing`'s to refuse."""
    model = scenario.expect
    expectations = (*_plain(model, positions), *_claims(model, positions), *_verdicts(scenario, positions))
    expectations += tuple(_screen(model, positions))
    mistakes = (*_mistakes(scenario, expectations, positions), *_of_another_flow(scenario, positions))
    return expectations, mistakes


def asserts_nothing(positions: Positions) -> Mistake:
    """Refuse a scenario that could never fail."""
    problem = "the scenario asserts nothing"
    return Mistake(place=positions.value(("expect",)), problem=problem, hint="say at least 'join: federated'")


def _plain(model: ExpectModel, positions: Positions) -> Iterator[Expectation]:
    for key, about in _PLAIN:
        value = getattr(model, key)
        if value is not None:
            yield Expectation(about=about, wanted=(str(value),), place=positions.key(("expect", key)))
    for key, about in _FALLBACK:
        value = getattr(model.fallback, key) if model.fallback else None
        if value is not None:
            place = positions.key(("expect", "fallback", key))
            yield Expectation(about=about, wanted=(str(value),), place=place)


def _claims(model: ExpectModel, positions: Positions) -> Iterator[Expectation]:
    for claim, expected in model.claims.items():
        path: DataPath = ("expect", "claims", claim)
        for key, about, wanted in _facets(expected):
            place = positions.key((*path, key))
            yield Expectation(about=about, wanted=wanted, place=place, target=claim)


def _facets(expected: ClaimExpectationModel) -> Iterator[tuple[str, Expected, tuple[str, ...]]]:
    if expected.is_ is not None:
        yield "is", Expected.CLAIM_STATE, (expected.is_,)
    if expected.namespace is not None:
        yield "namespace", Expected.CLAIM_NAMESPACE, (expected.namespace,)
    if expected.equals is not None:
        values = [expected.equals] if isinstance(expected.equals, str) else expected.equals
        yield "equals", Expected.CLAIM_VALUES, tuple(values)
    if expected.mistake is not None:
        yield "mistake", Expected.CLAIM_MISTAKE, (expected.mistake,)


def _verdicts(scenario: ScenarioModel, positions: Positions) -> Iterator[Expectation]:
    model = scenario.expect
    for requirement, outcome in model.verdicts.items():
        place = positions.key(("expect", "verdicts", requirement))
        yield Expectation(about=Expected.VERDICT, wanted=(outcome,), place=place, target=requirement)
    good = _good_end(scenario)
    others = model.other_verdicts or ("passed" if good else "any")
    if others == "passed":
        key = "other_verdicts" if model.other_verdicts else good
        place = positions.key(("expect", key))
        yield Expectation(about=Expected.OTHER_VERDICTS, wanted=tuple(model.verdicts), place=place)


def _screen(model: ExpectModel, positions: Positions) -> Iterator[Expectation]:
    for index, line in enumerate(model.screen):
        yield Expectation(about=Expected.SCREEN, wanted=(line,), place=positions.value(("expect", "screen", index)))


def _mistakes(
    scenario: ScenarioModel, expectations: tuple[Expectation, ...], positions: Positions
) -> Iterator[Mistake]:
    model, good = scenario.expect, _good_end(scenario)
    if good:
        for key in (key for key in _FAILURE_ONLY if getattr(model, key) is not None):
            problem = f"'{key}' speaks of a failure, but the join is expected to be {model.join}"
            if good != "join":
                problem = f"'{key}' speaks of a failure, but '{good}' expects none"
            yield Mistake(place=positions.key(("expect", key)), problem=problem)
    yield from _unknown_names(model, positions)
    for expectation in expectations:
        if expectation.about is not Expected.OTHER_VERDICTS:
            for text in expectation.wanted:
                yield from mistakes_in(text, expectation.place)


def _good_end(scenario: ScenarioModel) -> str:
    """Return the key that expects the flow to come to its wanted end; empty where none does."""
    flow = _flow_of(scenario)
    key = flow.expects[0]
    return key if getattr(scenario.expect, key) == flow.results[0][0] else ""


def _flow_of(scenario: ScenarioModel) -> FlowTable:
    return next(item for item in FLOWS if item.name == scenario.flow)


def _of_another_flow(scenario: ScenarioModel, positions: Positions) -> Iterator[Mistake]:
    """Name what only another flow could answer: its expectations, its steps, and who goes through it."""
    flow = _flow_of(scenario)
    elsewhere = {key: None for other in FLOWS for key in other.expects if key not in flow.expects}
    for key in (key for key in elsewhere if getattr(scenario.expect, key)):
        problem = f"the flow {flow.name} says nothing about '{key}'"
        yield Mistake(place=positions.key(("expect", key)), problem=problem, hint=f"its result is '{flow.expects[0]}'")
    key, result = flow.expects[0], getattr(scenario.expect, flow.expects[0])
    if result is not None and result not in dict(flow.results):
        problem = f"the flow {flow.name} never ends '{result}'"
        words = ", ".join(dict(flow.results))
        yield Mistake(place=positions.value(("expect", key)), problem=problem, hint=f"it ends {words}")
    step = scenario.expect.step
    if step is not None and step not in flow.steps:
        problem = f"the flow {flow.name} has no step '{step}'"
        yield Mistake(place=positions.value(("expect", "step")), problem=problem, hint=nearest(step, flow.steps))
    if flow.persons and scenario.user is None:
        problem = f"the flow {flow.name} needs to know who signs in"
        yield Mistake(place=positions.value(("flow",)), problem=problem, hint="say 'user: {name: …}'")
    if scenario.user is not None and not flow.persons:
        problem = f"nobody signs in by name in the flow {flow.name}"
        yield Mistake(place=positions.key(("user",)), problem=problem, hint=f"flow: {_with_persons()}")


def _with_persons() -> str:
    """Return the flows that a person goes through."""
    return ", ".join(flow.name for flow in FLOWS if flow.persons)


def _unknown_names(model: ExpectModel, positions: Positions) -> Iterator[Mistake]:
    for claim in model.claims:
        if claim not in EXPECTED_CLAIMS:
            place = positions.key(("expect", "claims", claim))
            yield Mistake(place=place, problem=f"unknown claim '{claim}'", hint=nearest(claim, EXPECTED_CLAIMS))
    for requirement in model.verdicts:
        if not _REQUIREMENT.match(requirement):
            place = positions.key(("expect", "verdicts", requirement))
            yield Mistake(place=place, problem=f"expected a requirement's id such as MEX-07, found '{requirement}'")
