"""The table of what each fault breaks is whole; `test_certify_with_a_lab` holds it against the real IdP."""

from __future__ import annotations

from hybridjoin.doubles.idp.faults import FAULTS as OWN_FAULTS
from hybridjoin.mutations.chosen import NAMED
from hybridjoin.scenario.vocabulary import FAULTS
from tests.run.fault_table import ROWS

OF_A_JOIN = {item.name for item in OWN_FAULTS.values() if item.area not in {"passive", "fedmeta"}}
NAMED_FAULTS = {*OF_A_JOIN, *(item.name for item in NAMED), "signature-first"}
"""Those that are more than a mutation by its id, which the matrix looks after."""


def test_the_table_has_a_row_for_every_fault_and_for_every_choice_of_a_few() -> None:
    chosen = {(row.fault, name, value) for row in ROWS for name, value in row.options}
    few = {
        (fault.name, option.name, value)
        for fault in FAULTS["idp"].values()
        for option in fault.options
        if len(option.choices) <= 3
        for value in option.choices
    }

    assert NAMED_FAULTS - {row.fault for row in ROWS} == set(), "a row in tests/run/fault_table.py is missing"
    assert {row.fault for row in ROWS} - NAMED_FAULTS == set()
    assert few - chosen == set()
    assert {value for fault, name, value in chosen if (fault, name) == ("soap-fault", "name")} > {"InvalidScope"}
