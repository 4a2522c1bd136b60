"""The guide's order is the order of the scenarios, and each error says where in it somebody may stand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hybridjoin.knowledge.aes_guide import GUIDE, GuideState, TicketSeen, next_steps, steps_about
from hybridjoin.knowledge.diagnosis import diagnose
from hybridjoin.knowledge.lookup import find
from hybridjoin.model.dialled import HeardLine
from hybridjoin.model.exchange import Breakdown, TicketReply
from hybridjoin.model.record import CodeRecord, JoinRecord
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Certainty
from hybridjoin.report.documents.explanation import article_of
from hybridjoin.scenario.load import load_scenarios
from hybridjoin.scenario.scenario import Expected, Scenario
from tests.report.sample import bad_join, bad_scenario, good_join, sample_record

FOLDER = Path(__file__).parents[2] / "scenarios" / "guides" / "kerberos"
SCENARIOS = load_scenarios([FOLDER])


def number_of(scenario: Scenario) -> int:
    return int(Path(scenario.file).name.partition("-")[0])


def wanted(scenario: Scenario, about: Expected) -> str:
    return next((item.wanted[0] for item in scenario.expectations if item.about is about), "")


def test_the_scenarios_stand_in_the_guides_order() -> None:
    shown: dict[int, set[str]] = {}
    for scenario in SCENARIOS:
        shown.setdefault(number_of(scenario), set()).update(bend.name for bend in scenario.dial)

    assert [shown[number] for number in sorted(shown)] == [set(state.bends) for state in GUIDE]
    assert [int(item.id.split("-")[1]) for item in SCENARIOS] == [number_of(item) for item in SCENARIOS]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda item: item.id)
def test_a_scenario_ends_with_the_ticket_that_its_state_speaks_of(scenario: Scenario) -> None:
    state = GUIDE[number_of(scenario) - 1]
    etype, error = wanted(scenario, Expected.TICKET_ETYPE), wanted(scenario, Expected.KERBEROS)
    seen = TicketSeen.NONE if error else TicketSeen.RC4 if etype == "arcfour-hmac" else TicketSeen.AES

    assert (wanted(scenario, Expected.JOIN) == "federated") is not bool(state.does)
    assert not state.does or seen in state.tickets
    assert not state.does or (error or wanted(scenario, Expected.HEARD)) in state.names


NAMED = list(dict.fromkeys(name for state in GUIDE for name in state.names))


@pytest.mark.parametrize("name", NAMED)
def test_an_error_is_explained_with_the_whole_order_and_its_own_places_in_it(name: str) -> None:
    article = article_of(name)

    assert article is not None
    assert [step.number for step in article.order] == [
        number for number, state in enumerate(GUIDE, start=1) if state.does
    ]
    assert [step.number for step in article.order if step.here] == places(name)


def places(name: str) -> list[int]:
    return [number for number, state in enumerate(GUIDE, start=1) if name in state.names]


def test_no_ticket_at_all_leads_to_the_box_and_to_the_password() -> None:
    assert places("KDC_ERR_ETYPE_NOSUPP") == [1, 4]


def test_an_error_of_something_else_has_no_order() -> None:
    article = find("KDC_ERR_S_PRINCIPAL_UNKNOWN")

    assert article is not None
    assert article.order == ()
    assert steps_about("KDC_ERR_S_PRINCIPAL_UNKNOWN") == ()


@pytest.mark.parametrize("state", [state for state in GUIDE if state.does], ids=lambda state: state.bends[0])
def test_a_state_says_how_one_knows_it_and_by_what_it_shows(state: GuideState) -> None:
    assert state.tickets
    assert state.names
    assert not state.sees.endswith(".")
    assert not state.does.endswith(".")


def refused(reply: TicketReply | Breakdown, *codes: str) -> JoinRecord:
    join = bad_join()
    assert join.failure is not None
    ticket = next(item for item in good_join().exchanges if item.step is Step.TICKET)
    said = tuple(CodeRecord(code=code, symbol="", meaning="", certainty=Certainty.ASSUMED, source="") for code in codes)
    return replace(
        join, exchanges=(replace(ticket, reply=reply),), failure=replace(join.failure, step=Step.RST, codes=said)
    )


def ticket(etype: str) -> TicketReply:
    found = next(item.reply for item in good_join().exchanges if isinstance(item.reply, TicketReply))
    return replace(found, ticket_etype=etype)


@pytest.mark.parametrize(
    ("reply", "numbers"),
    [
        (ticket("arcfour-hmac"), [1, 2, 4]),
        (ticket("aes256-cts-hmac-sha1-96"), [5, 6]),
        (Breakdown(kind="KDC_ERR_ETYPE_NOSUPP", message="no"), [1, 4]),
        (Breakdown(kind="KDC_ERR_S_PRINCIPAL_UNKNOWN", message="no"), []),
    ],
)
def test_the_ticket_says_which_step_may_be_next(reply: TicketReply | Breakdown, numbers: list[int]) -> None:
    assert [step.number for step in next_steps(refused(reply, "0xcaa30191"))] == numbers


@pytest.mark.parametrize(
    ("line", "numbers"),
    [
        ("kvno 2 not found in keytab; keytab is likely out of date", [5]),
        ("kvno 1 not found in keytab; ticket is likely out of date", [6]),
        ("KRB_AP_ERR_BADKEYVER: kvno 1 found in keytab but not with enctype aes256-cts", [5, 6]),
        ("the service said no", [5, 6]),
        ("KRB_AP_ERR_BAD_INTEGRITY: kvno 1 found in keytab but cannot decrypt ticket", []),
        ("KRB_AP_ERR_NOT_US: not found in keytab (ticket kvno 1)", []),
    ],
)
def test_what_the_identity_provider_noted_decides(line: str, numbers: list[int]) -> None:
    join, heard = refused(ticket("aes256-cts-hmac-sha1-96"), "0xcaa30191"), (HeardLine(who="IdP", line=line),)
    scenario = replace(bad_scenario(), join=join, heard=heard)
    (found,) = diagnose(replace(sample_record(), scenarios=(scenario,)))

    assert [step.number for step in next_steps(join, heard)] == numbers
    assert [step.number for step in found.order] == numbers


def test_a_join_that_was_refused_for_something_else_is_not_sent_there() -> None:
    assert next_steps(refused(ticket("arcfour-hmac"), "0xcaa20003")) == ()
    assert next_steps(good_join()) == ()
