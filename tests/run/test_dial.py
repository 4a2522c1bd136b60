"""The dial is whole: each row can be carried out, is shown by a scenario, and predicts what that scenario expects."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hybridjoin.device.adapters.krb5_errors import KERBEROS_NAMES
from hybridjoin.knowledge.dial import MENDING
from hybridjoin.knowledge.lookup import find
from hybridjoin.lab.dial.bends import BENDS
from hybridjoin.model.dial.row import UNDONE, BendPlace, DialRow
from hybridjoin.model.dial.table import DIAL
from hybridjoin.model.steps import Phase
from hybridjoin.model.verdict import Certainty
from hybridjoin.run.dialled import dialled
from hybridjoin.run.retries import at_first, attempt_record, tries
from hybridjoin.scenario.load import load_scenarios
from hybridjoin.scenario.scenario import Bend, Expected, Retries, Scenario
from tests.run.dial_page import COLLECTIONS, PAGE, page

SCENARIOS = load_scenarios(COLLECTIONS)
BY_ROW = {bend.name: scenario for scenario in reversed(SCENARIOS) for bend in scenario.dial}


def wanted(scenario: Scenario, about: Expected) -> str:
    return next((item.wanted[0] for item in scenario.expectations if item.about is about), "")


def test_every_row_is_carried_out_mended_and_shown_by_a_scenario() -> None:
    assert (set(DIAL) - set(BENDS), set(BENDS) - set(DIAL)) == (set(), set())
    assert (set(DIAL) - set(MENDING), set(MENDING) - set(DIAL)) == (set(), set())
    assert set(DIAL) - set(BY_ROW) == set(), "each row has a scenario in scenarios/dial/ or guides/"


def test_the_page_is_the_table() -> None:
    assert PAGE.read_text("utf-8") == page(), ".venv/bin/python -m tests.run.dial_page > docs/dial.md"


def test_every_place_says_what_undoes_it() -> None:
    assert set(UNDONE) == set(BendPlace)


@pytest.mark.parametrize("row", DIAL.values(), ids=lambda row: row.name)
def test_a_row_speaks_of_what_can_be_explained(row: DialRow) -> None:
    names = [name for name in (row.error, row.shown.code, row.shown.event) if name]

    assert row.sentence.endswith(".")
    assert [name for name in names if find(name) is None] == []
    assert not row.error or row.error in KERBEROS_NAMES
    assert row.shown.source
    assert row.shown.certainty is not Certainty.ASSUMED or row.shown.source.startswith("inferred")


@pytest.mark.parametrize("row", DIAL.values(), ids=lambda row: row.name)
def test_a_scenario_ends_as_its_row_predicts_of_windows(row: DialRow) -> None:
    scenario, shown = BY_ROW[row.name], row.shown

    if shown.phase is Phase.PRE_CHECK:  # this device makes none, and ends one phase later
        assert wanted(scenario, Expected.PHASE) == Phase.DISCOVER.value
        return
    goes_on = wanted(scenario, Expected.JOIN) == "federated"
    if not shown.event:  # Windows notices nothing, for it does not do what this device does
        return
    assert goes_on is (shown.phase is None)
    assert wanted(scenario, Expected.PHASE) == (shown.phase.value if shown.phase else "")
    assert wanted(scenario, Expected.CODE) == shown.code


@pytest.mark.parametrize("row", [row for row in DIAL.values() if row.error], ids=lambda row: row.name)
def test_a_scenario_expects_its_rows_error_of_the_device_or_of_the_acceptor(row: DialRow) -> None:
    scenario = BY_ROW[row.name]

    assert row.error in {wanted(scenario, Expected.KERBEROS), wanted(scenario, Expected.HEARD)}


def test_the_record_tells_the_error_its_meaning_and_the_remedy_in_the_vendors_words() -> None:
    (record,) = dialled([Bend(name="service-rc4-only")])

    assert (record.error, record.phase, record.code, record.event) == (
        "KRB_AP_ERR_BADKEYVER", "auth", "0xcaa30191", "event 305",
    )  # fmt: skip
    assert record.meaning == "The service has no key of the ticket's version or encryption type."
    assert any("This account supports Kerberos AES 256 bit encryption" in words for words in record.mending.remedies)
    assert any(words.startswith("PingOne: Then restart the gateway instance") for words in record.mending.remedies)


def retrying() -> Scenario:
    return next(scenario for scenario in SCENARIOS if scenario.retries is not None)


def test_attempts_are_an_hour_apart_and_one_cycle_of_entra_connect_runs_when_it_is_time() -> None:
    made = list(tries(retrying()))

    assert [each.after_s for each in made] == [0, 3600, 7200, 10800, 14400]
    assert [each.cycle for each in made] == [False, False, True, False, False]
    assert [each.last for each in made] == [False, False, False, False, True]


def test_a_computer_is_passed_over_by_the_first_cycle_where_a_later_one_is_waited_for() -> None:
    scenario = retrying()
    at_once = replace(scenario, retries=Retries(every_s=60, synced_after_s=0, most=3))

    assert at_first(scenario).entra["connect"] == {"late": ["WS01"]}
    assert at_first(at_once) is at_once
    assert [each.cycle for each in tries(at_once)] == [False, False, False]
    dialled_one = replace(scenario, dial=(Bend(name="computer-without-certificate"),))
    assert at_first(dialled_one) is dialled_one


def test_a_scenario_that_does_not_try_again_makes_one_attempt_as_it_stands() -> None:
    scenario = BY_ROW["kdc-down"]

    assert [(each.after_s, each.cycle, each.last) for each in tries(scenario)] == [(0.0, False, True)]
    assert at_first(scenario) is scenario


def test_an_attempt_that_could_not_be_made_says_why() -> None:
    record = attempt_record(3600.0, None, "the lab is down")

    assert (record.after_s, record.result, record.reason) == (3600.0, "", "the lab is down")
