"""Every vector before the device and the Entra double: neither lets a forged one by, or refuses a good one."""

from __future__ import annotations

import time
from functools import cache

import pytest

from hybridjoin.vectors.files import read_files
from hybridjoin.vectors.judges import read
from hybridjoin.vectors.trials import (
    DEVICE,
    ENTRA,
    WRONG,
    Said,
    VectorMark,
    VectorRow,
    before_our_own,
    mark_of,
    tallies,
)
from hybridjoin.vectors.vector import MustSay

IN_TIME_S = 2


@cache
def rows() -> tuple[VectorRow, ...]:
    return tuple(before_our_own(read_files()))


@pytest.mark.parametrize("reader", [DEVICE, ENTRA])
def test_a_reader_says_of_every_vector_what_it_must(reader: str) -> None:
    wrong = {row.trial.name: f"{row.mark}: {row.why}" for row in rows() if row.reader == reader and row.mark in WRONG}

    assert wrong == {}


def test_what_is_signed_is_read_whole_by_both_wherever_it_is_accepted() -> None:
    accepted = [row for row in rows() if row.said is Said.ACCEPTED and row.trial.claims]

    assert len(accepted) > 150
    assert [row.trial.name for row in accepted if row.why.startswith("read ")] == []


def test_no_vector_takes_long() -> None:
    costly = [trial for trial in read_files() if "Cost" in trial.flags or "ExternalReference" in trial.flags]
    taken = {}
    for trial in costly:
        begun = time.process_time()
        read(trial)
        taken[trial.name] = time.process_time() - begun

    assert len(taken) > 20
    assert {name: spent for name, spent in taken.items() if spent > IN_TIME_S} == {}


@pytest.mark.parametrize(
    ("expected", "said", "mark"),
    [
        (MustSay.REFUSED, Said.REFUSED, VectorMark.CAUGHT),
        (MustSay.REFUSED, Said.NOT_ASKED, VectorMark.CAUGHT),
        (MustSay.REFUSED, Said.ACCEPTED, VectorMark.MISSED),
        (MustSay.ACCEPTED, Said.ACCEPTED, VectorMark.ADMITTED),
        (MustSay.ACCEPTED, Said.REFUSED, VectorMark.FALSE_REFUSAL),
        (MustSay.ACCEPTED, Said.NOT_ASKED, VectorMark.FALSE_REFUSAL),
        (MustSay.EITHER, Said.ACCEPTED, VectorMark.EITHER),
        (MustSay.EITHER, Said.REFUSED, VectorMark.EITHER),
        (MustSay.EITHER, Said.NOTHING, VectorMark.NO_ANSWER),
        (MustSay.REFUSED, Said.NOTHING, VectorMark.NO_ANSWER),
    ],
)
def test_an_answer_is_worth_what_was_expected(expected: MustSay, said: Said, mark: VectorMark) -> None:
    assert mark_of(expected, said) is mark


@pytest.mark.parametrize("expected", MustSay)
def test_whoever_accepts_and_reads_otherwise_has_missed_the_attack(expected: MustSay) -> None:
    assert mark_of(expected, Said.ACCEPTED, misread=True) is VectorMark.MISSED
    assert mark_of(expected, Said.REFUSED, misread=True) is mark_of(expected, Said.REFUSED)


def test_a_vector_counts_for_each_of_its_flags() -> None:
    some = [row for row in rows() if row.trial.name == "xsw-signature-object-same-id" and row.reader == "device"]

    counted = {tally.flag: tally.count(VectorMark.CAUGHT) for tally in tallies(some)}

    assert counted == {"SignatureWrapping": 1, "DuplicateId": 1}
