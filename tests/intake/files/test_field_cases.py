"""Cases from the field: everything in their evidence is found, and what practice makes of it is said."""

from __future__ import annotations

import pytest

from hybridjoin.intake.case.remarks import REMARKS
from tests.intake.customers import CUSTOMERS
from tests.intake.files.field_cases import FIELD_CASES, FieldCase
from tests.intake.files.reading import answers, case_from, remark_ids, values


@pytest.mark.parametrize("field_case", FIELD_CASES.values(), ids=FIELD_CASES)
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
    made = {name for item in FIELD_CASES.values() for name in item.remarks}
    made |= {name for customer in CUSTOMERS.values() for name in customer.remarks}
    assert len(FIELD_CASES) >= 25
    assert {row.id for row in REMARKS} - made == set()
