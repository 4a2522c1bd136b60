"""Gateways that are judged: one mistake breaks the sentence that it is about, and what nobody gave is not judged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hybridjoin.checks import judge
from hybridjoin.checks.rules import BOOK
from hybridjoin.evidence.parts import Parts
from hybridjoin.intake.gateway import GatewaySetup, plain
from hybridjoin.model.verdict import Outcome
from tests.checks.gateway_cases import DEVICES, GATEWAY_BREAKING, PEOPLE, SETUP, issuing, kinds, mapped


def outcomes(setup: GatewaySetup) -> dict[str, Outcome]:
    return {item.requirement: item.outcome for item in judge(Parts.of(setup), BOOK.select("GATEWAY-*"))}


def broken(setup: GatewaySetup) -> set[str]:
    return {name for name, outcome in outcomes(setup).items() if outcome not in {Outcome.PASSED, Outcome.SKIPPED}}


def test_a_gateway_as_the_guide_has_it_breaks_nothing() -> None:
    assert set(outcomes(SETUP).values()) == {Outcome.PASSED}


@pytest.mark.parametrize("requirement", sorted(set(GATEWAY_BREAKING) - {"GATEWAY-03"}))
def test_a_mistake_is_told_once(requirement: str) -> None:
    setup = GATEWAY_BREAKING[requirement]().parts.get(GatewaySetup)
    assert setup is not None

    assert broken(setup) == {requirement}


@pytest.mark.parametrize(
    ("anchor", "devices", "people", "told"),
    [
        ("", "objectGUID", "mS-DS-ConsistencyGuid", set()),
        ("", "mS-DS-ConsistencyGuid", "objectGUID", {"GATEWAY-06"}),
        ("objectGUID", "objectGUID", "objectGUID", set()),
        ("objectGUID", "mS-DS-ConsistencyGuid", "objectGUID", {"GATEWAY-03"}),
        ("employeeID", "employeeID", "employeeID", set()),
    ],
)
def test_the_anchor_is_the_one_that_entra_connect_takes(anchor: str, devices: str, people: str, told: set[str]) -> None:
    both = kinds(mapped(DEVICES, username=devices, externalId=devices), mapped(PEOPLE, externalId=people))

    assert broken(replace(both, source_anchor=anchor)) == told


def test_what_was_not_given_is_not_judged() -> None:
    alone = replace(SETUP, user_types=(PEOPLE,), issued=())

    assert broken(alone) == set()
    skipped = {name for name, outcome in outcomes(alone).items() if outcome is Outcome.SKIPPED}
    assert skipped == {f"GATEWAY-{number:02}" for number in (2, 3, 4, 5, 9, 10, 11, 12, 13)}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ('"DJ"', set()),
        ("'DJ'", set()),
        ('"dj"', {"GATEWAY-10"}),
        ("user.type", {"GATEWAY-10", "GATEWAY-13"}),
        ("DJ+", {"GATEWAY-13"}),
    ],
)
def test_the_account_type_is_a_text_in_its_marks(value: str, told: set[str]) -> None:
    assert broken(issuing("accounttype", value=value)) == told


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("", True),
        ("sAMAccountName=${identifier}", True),
        ("(a=${identifier}", True),
        ("(|(a=${identifier})(b=c))", False),
    ],
)
def test_a_filter_is_one_and_asks_for_the_account(pattern: str, told: bool) -> None:
    assert ("GATEWAY-14" in broken(kinds(replace(DEVICES, filter=pattern)))) is told


@pytest.mark.parametrize(
    ("console", "api"),
    [("External ID", "externalId"), ("Family Name", "name.family"), ("${ldapAttributes.objectSid}", "objectsid")],
)
def test_names_of_the_console_and_of_the_api_are_the_same(console: str, api: str) -> None:
    assert plain(console) == plain(api)
