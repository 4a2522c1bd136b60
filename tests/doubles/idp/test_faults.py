"""The registry of faults is complete: each is carried out by one table, and each choice can be checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest

from hybridjoin.doubles.fault import Fault
from hybridjoin.doubles.idp import channel, leniency, mex_faults, token_faults, transport_faults
from hybridjoin.doubles.idp.faults import AREAS, FAULTS
from hybridjoin.doubles.idp.handed_over import NOTHING, read_handed_over
from hybridjoin.doubles.settings import Reader

HANDED_OVER = read_handed_over(Reader({"mutations": "hybridjoin.mutations.entry"}))
KNOWN = {**FAULTS, **HANDED_OVER.faults}


def only_once(carried_out: Iterable[str], area: str) -> None:
    """Every fault of an area is carried out once, and nothing else is; what is amiss is named."""
    names = Counter(carried_out)
    wanted = {fault.name for fault in FAULTS.values() if fault.area == area}

    assert {name for name, count in names.items() if count > 1} == set()
    assert sorted(wanted ^ names.keys()) == []


def test_every_fault_of_the_answer_has_one_table_that_carries_it_out() -> None:
    tables = (token_faults.CONTENT, token_faults.REPLY, token_faults.BYTES)
    only_once([name for table in tables for name in table] + list(token_faults.ELSEWHERE), "rstr")


def test_every_fault_of_the_transport_has_one_table_that_carries_it_out() -> None:
    tables = (transport_faults.WHOLE, transport_faults.HEADERS, transport_faults.SLOW, channel.FAULTS)
    carried_out = [name for table in tables for name in table]

    only_once([name for name in carried_out if name not in mex_faults.ELSEWHERE], "transport")
    assert set(mex_faults.ELSEWHERE) <= set(carried_out)


def test_every_leniency_is_carried_out() -> None:
    only_once(leniency.FAULTS, "request")


def test_every_fault_of_the_metadata_has_one_table_that_carries_it_out() -> None:
    tables = (mex_faults.OFFER, mex_faults.TREE, mex_faults.BYTES)
    only_once([name for table in tables for name in table] + list(mex_faults.ELSEWHERE), "mex")


def test_no_fault_of_its_own_has_the_name_of_one_that_is_handed_over() -> None:
    assert sorted(FAULTS.keys() & HANDED_OVER.faults.keys()) == []


@pytest.mark.parametrize("found", KNOWN.values(), ids=KNOWN)
def test_a_fault_has_an_area_a_sentence_and_options_that_explain_themselves(found: Fault) -> None:
    assert found.area in AREAS or found.name in HANDED_OVER.faults
    assert found.sentence.endswith(".")
    for option in found.options:
        assert option.sentence.endswith(".")
        assert option.problem(option.default) == ""


@pytest.mark.parametrize(
    ("name", "options", "problem"),
    [
        ("unsigned", {"why": 1}, ("why", "unsigned has no option 'why'; it has: none")),
        ("slow-answer", {"second": 1}, (
            "second", "slow-answer has no option 'second'; it has: where, seconds, manner; did you mean 'seconds'?"
        )),
        ("expired-window", {"by_s": "long"}, ("by_s", "expected an integer, found 'long'")),
        ("expired-window", {"by_s": True}, ("by_s", "expected an integer, found True")),
        ("expired-window", {"by_s": 1.5}, ("by_s", "expected an integer, found 1.5")),
        ("slow-answer", {"seconds": "5"}, ("seconds", "expected a number, found '5'")),
        ("slow-answer", {"where": "ldap"}, ("where", "expected one of mex, sts, found 'ldap'")),
        ("slow-answer", {"where": ["sts"]}, ("where", "expected one of mex, sts, found the list ['sts']")),
        ("wrong-audience", {"audience": 1}, ("audience", "expected a text, found 1")),
    ],
)  # fmt: skip
def test_a_wrong_choice_is_named(name: str, options: dict[str, object], problem: tuple[str, str]) -> None:
    assert list(KNOWN[name].problems(options)) == [problem]


def test_all_mistakes_of_a_choice_come_at_once() -> None:
    problems = list(FAULTS["slow-answer"].problems({"where": "ldap", "second": 1, "seconds": None}))

    assert [option for option, _ in problems] == ["where", "second", "seconds"]


@pytest.mark.parametrize("name", ["hybridjoin.nowhere", "json", "."])
def test_what_cannot_be_handed_over_is_a_mistake(name: str) -> None:
    reader = Reader({"mutations": name})

    assert read_handed_over(reader) is NOTHING
    (mistake,) = reader.mistakes
    assert mistake.startswith("mutations: expected a module with faults and carry_out, found none: ")
