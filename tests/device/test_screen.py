"""The screens, against files written in the true format with masked ids."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from hybridjoin.device.habits import Habits
from hybridjoin.device.join.run import JoinRun
from hybridjoin.errors import Breakage, KerberosError, PeerUnreachable
from hybridjoin.model.exchange import SearchReply
from hybridjoin.model.steps import Step
from tests.device import documents
from tests.device.script import Answers, play, refused

SCREENS = Path(__file__).parent / "screens"
NO_FALLBACK = Habits(fallback_to_sync_join=False)
NO_SPN = KerberosError("KDC_ERR_S_PRINCIPAL_UNKNOWN", "no account has this name", remedy="setspn")
DOWN = PeerUnreachable("the server refuses connections", where="GET", breakage=Breakage.REFUSED)

CASES: dict[str, tuple[Answers, Habits]] = {
    "success": ({}, Habits()),
    "refused-no-fallback": ({Step.TOKEN: refused}, NO_FALLBACK),
    "refused-fallback-succeeds": ({Step.TOKEN: refused}, Habits()),
    "refused-fallback-refused": ({Step.TOKEN: refused, Step.SYNC_JOIN: documents.directory_error()}, Habits()),
    "metadata-without-endpoint": ({Step.MEX: documents.mex(negotiate=False)}, NO_FALLBACK),
    "metadata-unreachable": ({Step.MEX: DOWN}, NO_FALLBACK),
    "no-ticket": ({Step.TICKET: NO_SPN}, NO_FALLBACK),
    "soap-fault": ({Step.RST: documents.fault()}, NO_FALLBACK),
    "no-scp": ({Step.SCP: SearchReply(entries=())}, Habits()),
    "join-refused": ({Step.JOIN: documents.directory_error()}, Habits()),
    "managed": ({Step.REALM: documents.realm("Managed")}, NO_FALLBACK),
}


def masked(run: JoinRun, lines: tuple[str, ...]) -> list[str]:
    """The lines with what a fresh key makes different in each run written as a placeholder."""
    assert run.evidence is not None
    registration = run.evidence.registration
    if registration is None:
        return list(lines)
    container = str(uuid.uuid5(uuid.NAMESPACE_OID, registration.thumbprint))
    return [line.replace(registration.thumbprint, "<thumbprint>").replace(container, "<container>") for line in lines]


@pytest.mark.parametrize("name", CASES)
def test_the_debug_screen_is_line_for_line_what_dsregcmd_prints(name: str) -> None:
    answers, habits = CASES[name]
    run, _ = play(answers, habits)
    expected = (SCREENS / f"{name}.debug.txt").read_text("utf-8").splitlines()
    assert masked(run, run.debug_screen) == expected


@pytest.mark.parametrize("name", ["success", "refused-no-fallback", "refused-fallback-refused", "no-scp"])
def test_the_status_screen_is_line_for_line_what_dsregcmd_prints(name: str) -> None:
    answers, habits = CASES[name]
    run, _ = play(answers, habits)
    expected = (SCREENS / f"{name}.status.txt").read_text("utf-8").splitlines()
    assert masked(run, run.status_screen) == expected


def test_a_join_by_fallback_cannot_be_told_from_a_real_one_on_the_status_screen() -> None:
    real, _ = play()
    hidden, _ = play({Step.TOKEN: refused})
    assert masked(real, real.status_screen) == masked(hidden, hidden.status_screen)


def test_the_second_half_of_a_refusal_is_the_first_half_reversed() -> None:
    run, _ = play({Step.TOKEN: refused}, NO_FALLBACK)
    log = [line for line in run.debug_screen if line.startswith(("AdalLog", "GetStatus"))]
    half = len(log) // 2
    assert log[half:] == log[:half][::-1]


def test_a_code_that_nobody_knows_is_not_printed() -> None:
    silent = PeerUnreachable("no proof", where="POST", breakage=Breakage.MUTUAL_AUTHENTICATION)
    run, _ = play({Step.RST: silent}, NO_FALLBACK)
    screen = "\n".join(run.debug_screen)
    assert "0x00000000" not in screen
    assert "failed with error 0xcaa1000e." in screen
