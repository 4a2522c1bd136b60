"""Cases from the field: everything in their evidence is found, and what practice makes of it is said."""

from __future__ import annotations

import re
from typing import Final

import pytest

from hybridjoin.intake.case.remarks import REMARKS
from hybridjoin.knowledge.lookup import find
from tests.intake.customers import CUSTOMERS
from tests.intake.files.configuration_cases import CONFIGURATION_CASES, NO_EVIDENCE
from tests.intake.files.field_cases import FIELD_CASES, FieldCase
from tests.intake.files.reading import answers, case_from, remark_ids, values

ALL_CASES: Final = FIELD_CASES | CONFIGURATION_CASES


@pytest.mark.parametrize("field_case", ALL_CASES.values(), ids=ALL_CASES)
def test_a_field_case_is_told(field_case: FieldCase) -> None:
    case = case_from(**field_case.files)

    assert {key: values(case, key) for key in field_case.found} == field_case.found
    for question, wanted in (("road", field_case.road), ("phase", field_case.phase), ("codes", field_case.codes)):
        assert wanted is None or answers(case, question) == wanted, question
    assert field_case.remarks - remark_ids(case) == set()
    assert field_case.silent & remark_ids(case) == set()
    assert not field_case.asked or {item.id for item in case.wanted} == field_case.asked
    assert [item.name for item in case.files if not item.formats] == []
    assert case.mistakes == ()


def test_every_remark_is_made_by_some_case() -> None:
    made = {name for item in ALL_CASES.values() for name in item.remarks}
    made |= {name for customer in CUSTOMERS.values() for name in customer.remarks}
    assert {row.id for row in REMARKS} - made == set()


def test_every_case_of_the_list_is_rebuilt_or_cannot_be() -> None:
    rebuilt = {int(found[0]) for name in ALL_CASES if (found := re.match(r"\d+", name)) is not None}

    assert set(range(1, 40)) - rebuilt - NO_EVIDENCE.keys() == set()
    assert rebuilt & NO_EVIDENCE.keys() == set()
    assert (len(rebuilt), len(NO_EVIDENCE)) == (37, 2)


def test_a_wrong_number_in_a_document_is_answered_by_its_symbol() -> None:
    article = find("DSREG_AUTOJOIN_USERREALM_DISCOVERY_FAILED")

    assert article is not None
    assert "0x801c003d" in repr(article).lower()
