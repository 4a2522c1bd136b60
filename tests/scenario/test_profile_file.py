"""Profiles move levels; the check knows nothing of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hybridjoin.checks.rules import BOOK
from hybridjoin.errors import UsageError
from hybridjoin.model.record import JoinResult
from hybridjoin.model.verdict import Level
from hybridjoin.scenario.site.profile_file import load_profile, shipped_profiles

KNOWN = ("MEX-11", "MEX-12", "MEX-15", "RSTR-10")


def test_default_leaves_every_level_and_strict_makes_a_should_a_must() -> None:
    default, strict = load_profile("default", KNOWN), load_profile("strict", KNOWN)

    assert [default.level("MEX-11", level) for level in Level] == list(Level)
    assert [strict.level("MEX-11", level) for level in Level] == [Level.MUST, Level.MUST, Level.MAY]


def test_a_profile_says_by_which_road_computers_are_meant_to_be_joined() -> None:
    ids = [item.id for item in BOOK]
    synchronized = load_profile("synchronized", ids)

    assert {load_profile(name, ids).join for name in ("default", "strict", "windows")} == {JoinResult.FEDERATED}
    assert synchronized.join is JoinResult.SYNCHRONIZED
    assert synchronized.level("TOKEN-01", Level.MUST) is synchronized.level("CLAIM-03", Level.MUST) is Level.MAY
    assert synchronized.level("MEX-04", Level.MUST) is Level.MUST


def test_the_last_row_that_fits_wins_over_whole_levels(tmp_path: Path) -> None:
    path = tmp_path / "own.profile.yaml"
    path.write_text(
        "name: own\nsentence: Ours.\nlevels: {SHOULD: MUST}\nrequirements: {'mex-*': MAY, MEX-12: SHOULD}\n"
    )

    own = load_profile(str(path), KNOWN)

    assert [own.level(item, Level.SHOULD) for item in KNOWN] == [Level.MAY, Level.SHOULD, Level.MAY, Level.MUST]


def test_every_profile_that_is_shipped_can_be_read_against_the_book() -> None:
    ids = [item.id for item in BOOK]

    assert set(shipped_profiles()) >= {"default", "strict"}
    assert [load_profile(name, ids).name for name in shipped_profiles()] == list(shipped_profiles())


def test_unknown_names_are_told(tmp_path: Path) -> None:
    path = tmp_path / "own.profile.yaml"
    path.write_text("name: own\nsentence: Ours.\nrequirements: {MEX-99: MAY}\n")

    with pytest.raises(UsageError, match=r"own\.profile\.yaml:3:16: unknown requirement 'MEX-99'"):
        load_profile(str(path), KNOWN)
    with pytest.raises(UsageError, match="did you mean 'strict'"):
        load_profile("strikt", KNOWN)
