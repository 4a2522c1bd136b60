"""What of a caller's visit is told, and that what is wrong there is a failure."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from hybridjoin.doubles.entra.authority import process_authority
from hybridjoin.doubles.entra.tokens import sign
from tests.device.peer import site
from tests.peers import called, hall
from tests.peers.called import caller_columns, trials_of
from tests.peers.callers import Told, callers, doors
from tests.peers.catalogue import PeerMissing
from tests.peers.hall import Hall
from tests.peers.interop import Column
from tests.peers.page import markdown
from tests.peers.persons import faults_of_token
from tests.peers.roadlib.caller import STEPS, doors_of
from tests.peers.roadlib.guest import DONE, TOKENS
from tests.peers.trials import Came, Trial

ROADLIB = callers()["roadlib"]
SITE = site(None)
GOOD = {"upn": "carol@hybridjoin.test", "tid": SITE.entra.tenant_id, "amr": ["wia"], "exp": time.time() + 600}
NOWHERE = cast("Hall", None)


def rows(*said: tuple[str, list[str]]) -> list[dict[str, Any]]:
    return [{"caller": "roadlib", "door": door, "faults": faults, "wall_s": 1.0, "cpu_s": 0.5} for door, faults in said]


def test_a_door_without_a_fault_passed_and_one_that_nothing_was_said_of_failed() -> None:
    found = {item.name: item for item in trials_of(ROADLIB, rows(("join", []), ("leave", ["refused"])), "last words")}

    assert (found["door join"].came, found["door join"].words) == (Came.PASSED, ROADLIB.doors["join"])
    assert (found["door leave"].came, found["door leave"].words) == (Came.FAILED, "refused")
    assert found["door managed-join"].came is Came.FAILED
    assert found["door managed-join"].words == "the hall ended before: last words"


def test_a_refusal_that_is_foreseen_is_told_as_such() -> None:
    (found,) = trials_of(replace(ROADLIB, doors={"join": "-"}, refused_at={"join": "no such"}), rows(("join", [])), "")

    assert (found.came, found.words) == (Came.PASSED, "as foreseen: no such")


def test_what_a_caller_raises_is_a_fault_of_every_door_that_it_has_not_come_to() -> None:
    def visit(_brought: Path, _hall: Hall) -> Iterator[Told]:
        yield "join", []
        raise OSError("the line is cut")

    odd = replace(ROADLIB, doors={"join": "-", "leave": "-"}, visit=visit)

    said = {row["door"]: row["faults"] for row in hall.came(odd, Path(), NOWHERE)}

    assert said == {"join": [], "leave": ["OSError: the line is cut"]}


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        ({}, []),
        ({"upn": "dave@hybridjoin.test"}, ["the token's upn is dave@hybridjoin.test, expected carol@hybridjoin.test"]),
        ({"amr": ["pwd"]}, ["the token's amr is ['pwd'], expected ['wia']"]),
        ({"tid": "another"}, [f"the token's tid is another, expected {SITE.entra.tenant_id}"]),
    ],
)
def test_a_token_says_who_of_which_tenant_and_how(claims: dict[str, object], told: list[str]) -> None:
    token = sign({**GOOD, **claims}, process_authority().token_key, key_id="peers")

    assert list(faults_of_token(token, SITE, "carol@hybridjoin.test", methods=["wia"])) == told


def test_what_is_no_token_is_a_fault() -> None:
    (told,) = faults_of_token("", SITE, "carol@hybridjoin.test", methods=["wia"])

    assert told.startswith("no token of the tenant's: ")


def test_each_answer_of_roadlib_belongs_to_a_door() -> None:
    found = dict(doors_of(["token v1: a token of x", "removal: refused", "the double saw nothing"]))

    assert {door: faults for door, faults in found.items() if faults} == {
        "join": ["token v1: a token of x", "the double saw nothing"],
        "leave": ["removal: refused"],
    }
    assert STEPS.keys() ^ {*TOKENS, *DONE} == set()
    assert set(STEPS.values()) == found.keys() == ROADLIB.doors.keys()


@pytest.mark.parametrize(("demanded", "failed"), [("", False), ("roadlib", True)])
def test_a_caller_that_cannot_be_had_is_skipped_with_its_reason_and_a_failure_where_it_is_required(
    demanded: str, failed: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def nowhere(_folder: Path) -> None:
        raise PeerMissing("the registry does not answer")

    monkeypatch.setenv("HYBRIDJOIN_REQUIRE_PEERS", demanded)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("HYBRIDJOIN_CACHE", str(tmp_path))
    monkeypatch.setattr(called, "unshared", lambda: ["unshare"])

    (only,) = caller_columns({"roadlib": replace(ROADLIB, fetch=nowhere)})

    assert isinstance(only, Column)
    assert (only.missing, only.failed) == ("the registry does not answer", failed)


def test_what_was_said_before_the_hall_was_given_up_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: object) -> None:
        raise subprocess.TimeoutExpired(["unshare"], 240, output=b'DOOR {"caller": "curl"}\nDOOR {"caller": "adal"}\n')

    monkeypatch.setattr(called, "inside", late)

    rows, words = called.visited({"curl": Path()})

    assert [row["caller"] for row in rows] == ["curl", "adal"]
    assert words == "it was given up after 240 s"


def test_the_page_has_a_row_for_each_caller_and_a_column_for_each_door_in_the_order_of_the_flows() -> None:
    late = Trial(name="door bridge", came=Came.FAILED, words="no groups")
    early = Trial(name="door join", came=Came.PASSED, words="a token")
    seen = [Column(title="One", trials=(late,), caller=True), Column(title="Two", trials=(early,), caller=True)]

    text = markdown([*seen, Column(title="Three", missing="not here", caller=True)])

    assert "|  | join | bridge |" in text
    assert "| One | - | ✕ no groups |" in text
    assert "| Two | ✓ a token | - |" in text
    assert "| Three | - not here | - not here |" in text


def test_the_doors_are_those_of_the_flows_that_somebody_comes_through() -> None:
    assert set(doors()) == {door for caller in callers().values() for door in caller.doors}
    assert doors().index("join") < doors().index("sign-in-username") < doors().index("managed-join")
