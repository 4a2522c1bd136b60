"""The geometry of the ladder."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from hybridjoin.device.bridge.run import BridgeRun
from hybridjoin.model.record import JoinRecord
from hybridjoin.model.steps import Party, Step
from hybridjoin.report.page.ladder import NARROW, WIDE, Ladder, Shape, draw, sentence
from hybridjoin.run.attempt import judged
from hybridjoin.run.flows import BRIDGING
from tests.device import test_bridge, test_bridge_federated
from tests.report.sample import bad_join, good_join


def drawn(join: JoinRecord, shape: Shape = WIDE) -> Ladder:
    return draw(join, [f"x{number}" for number in range(len(join.exchanges))], shape)


def test_each_arrow_runs_from_the_device_to_its_party_and_opens_its_exchange() -> None:
    join = good_join()

    ladder = drawn(join)

    lines = {Party.DEVICE: 96, Party.DIRECTORY: 284, Party.IDP: 472, Party.ENTRA: 660}
    assert [arrow.x_to for arrow in ladder.arrows] == [lines[item.party] for item in join.exchanges]
    assert {arrow.x_from for arrow in ladder.arrows} == {lines[Party.DEVICE]}
    assert [arrow.anchor for arrow in ladder.arrows] == [f"x{number}" for number in range(9)]


@pytest.mark.parametrize("shape", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("join", [good_join(), bad_join()], ids=["good", "bad"])
def test_nothing_overlaps_and_nothing_leaves_the_drawing(join: JoinRecord, shape: Shape) -> None:
    ladder = drawn(join, shape)

    tops = [arrow.top for arrow in ladder.arrows]
    assert all(later - earlier >= 54 for earlier, later in pairwise(tops))
    assert tops[-1] + ladder.arrows[-1].height <= ladder.height
    assert all(0 < x < shape.width for _, x in ladder.heads)
    assert all(len(arrow.title) + len(arrow.detail) <= shape.letters for arrow in ladder.arrows)


def test_the_fallback_comes_after_the_line_where_the_federated_join_ended() -> None:
    ladder = drawn(bad_join())

    assert ladder.rule is not None
    assert ladder.rule.text == "federated join ended here: AADSTS51004 · 0xcaa20003 · 0xcaa1000e"
    assert ladder.rule.then == "fallback: synchronized join"
    assert [arrow.fallback for arrow in ladder.arrows] == [False] * 8 + [True]
    assert ladder.arrows[7].y_back < ladder.rule.y < ladder.arrows[8].top == ladder.fallback_top


def test_whom_only_some_are_sent_to_has_a_line_where_somebody_was() -> None:
    (at_entra, _), (federated, _) = test_bridge.play(), test_bridge_federated.play()

    def heads(run: BridgeRun) -> list[str]:
        record = judged(BRIDGING, "carol", run)
        assert record is not None
        return [name for name, _ in drawn(record).heads]

    assert heads(at_entra) == ["Device", "Entra"]
    assert heads(federated) == ["Device", "IdP", "Entra"]


def test_a_failure_without_fallback_ends_the_ladder() -> None:
    join = replace(bad_join(), exchanges=bad_join().exchanges[:-1])

    ladder = drawn(join)

    assert ladder.rule is not None
    assert ladder.rule.then == ""
    assert ladder.fallback_top is None
    assert ladder.arrows[-1].y_back < ladder.rule.y < ladder.height


def test_a_good_join_has_no_such_line() -> None:
    assert drawn(good_join()).rule is None


def test_an_arrow_can_be_heard() -> None:
    refused = next(arrow for arrow in drawn(bad_join()).arrows if not arrow.ok)

    assert refused.spoken == "8. Trade the assertion for an access token, device to Entra: 400 Bad Request · 7.4 ms"
    assert bad_join().exchanges[7].step is Step.TOKEN


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("look the account up", "Look the account up"),
        ("it has no owner", "It has no owner"),
        ("hybridjoin explain AADSTS51004", "hybridjoin explain AADSTS51004"),
        ("setspn -S HTTP/sts WS01", "setspn -S HTTP/sts WS01"),
        ("accounttype: 'dj' in the wrong case", "accounttype: 'dj' in the wrong case"),
        ("accounttype is missing", "accounttype is missing"),
        ("objectGUID is big-endian", "objectGUID is big-endian"),
        ("saml:Audience is missing", "saml:Audience is missing"),
        ("", ""),
    ],
)
def test_a_sentence_begins_with_a_capital_and_a_name_as_it_is_written(title: str, shown: str) -> None:
    assert sentence(title) == shown
