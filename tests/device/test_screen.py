"""The screens, against files written in the true format with masked ids."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from hybridjoin.device.habits import Habits, WindowsBuild
from hybridjoin.device.join.run import JoinRun
from hybridjoin.errors import Breakage, KerberosError, PeerUnreachable
from hybridjoin.model.exchange import SearchReply
from hybridjoin.model.steps import Step
from tests.device import documents
from tests.device.script import Answers, play, refused

SCREENS = Path(__file__).parent / "screens"
NO_FALLBACK = Habits(fallback_to_sync_join=False)
WINDOWS_11 = Habits(build=WindowsBuild.WINDOWS_11_24H2, os_version=WindowsBuild.WINDOWS_11_24H2.os_version)
GONE = documents.directory_error(ErrorSubCode="error_missing_device", Operation="DeviceRenew")
MUTE = PeerUnreachable("the server did not answer in time", where="GET", breakage=Breakage.TIMEOUT)
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
    "managed-not-synced": (
        {Step.REALM: documents.realm("Managed"), Step.SYNC_JOIN: documents.directory_error()},
        NO_FALLBACK,
    ),
    "scp-without-tenant": ({Step.SCP: SearchReply(entries=(documents.scp_entry("nothing:here"),))}, Habits()),
    "discover-silent": ({Step.DISCOVER: MUTE}, Habits()),
    "discover-unknown-tenant": ({Step.DISCOVER: documents.answer({}, 400)}, Habits()),
    "discover-busy": ({Step.DISCOVER: documents.answer({}, 503)}, Habits()),
    "discover-proxy-page": ({Step.DISCOVER: documents.answer("<html>", kind="text/html")}, Habits()),
    "realm-unknown": ({Step.REALM: documents.realm("Unknown")}, Habits()),
    "realm-unreachable": ({Step.REALM: DOWN}, Habits()),
    "metadata-over-http": ({Step.REALM: documents.realm(metadata="http://sts.contoso.example/mex")}, NO_FALLBACK),
    "metadata-not-xml": ({Step.MEX: documents.answer("<!doctype html><p>hi")}, Habits()),
    "throttled": ({Step.JOIN: documents.throttled()}, Habits()),
    "windows-11-success": ({}, WINDOWS_11),
    "windows-11-no-scp": ({Step.SCP: SearchReply(entries=())}, WINDOWS_11),
    "windows-11-fallback-refused": ({Step.TOKEN: refused, Step.SYNC_JOIN: GONE}, WINDOWS_11),
    "windows-11-managed": ({Step.REALM: documents.realm("Managed"), Step.SYNC_JOIN: GONE}, WINDOWS_11),
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


@pytest.mark.parametrize("name", CASES)
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


def test_there_is_a_file_for_each_screen_and_no_other() -> None:
    wanted = {f"{name}.{kind}.txt" for name in CASES for kind in ("debug", "status")}
    assert wanted ^ {path.name for path in SCREENS.iterdir()} == set()


# What a public capture of a Windows Server 2022 shows in a forest without SCP, from its own box to the next.
WITHOUT_SCP = """\
      AD Connectivity Test : PASS
     AD Configuration Test : FAIL [0x80070002]
        DRS Discovery Test : SKIPPED
     DRS Connectivity Test : SKIPPED
    Token acquisition Test : SKIPPED
     Fallback to Sync-Join : ENABLED

     Previous Registration : 2026-03-04 12:00:00.000 UTC
               Error Phase : discover
          Client ErrorCode : 0x801c001d
"""
# The same of a Windows 11 of 2026, which has three rows more.
WITHOUT_SCP_11 = """\
      AD Connectivity Test : PASS
     AD Configuration Test : FAIL [0x80070002]
        DRS Discovery Test : SKIPPED
     DRS Connectivity Test : SKIPPED
      Kerberos Ticket Test : SKIPPED
    Token acquisition Test : SKIPPED
     Fallback to Sync-Join : ENABLED
      Fallback to Fed-Join : ENABLED

     Previous Registration : 2026-03-04 12:00:00.000 UTC
               Error Phase : discover
          Client ErrorCode : 0x801c001d
    Executing Account Name : CORP\\PC7$, PC7$@corp.contoso.example
"""


@pytest.mark.parametrize(("name", "rows"), [("no-scp", WITHOUT_SCP), ("windows-11-no-scp", WITHOUT_SCP_11)])
def test_a_forest_without_scp_looks_as_it_does_in_public_captures(name: str, rows: str) -> None:
    answers, habits = CASES[name]
    run, _ = play(answers, habits)
    assert rows in "\n".join(run.status_screen) + "\n"


# Microsoft's own sample of a discovery that nobody answered.
SILENT = """\
        DRS Discovery Test : FAIL [0x801c0021/0x80072ee2]
     DRS Connectivity Test : SKIPPED
    Token acquisition Test : SKIPPED
"""


def test_a_discovery_that_nobody_answers_looks_as_microsoft_shows_it() -> None:
    run, _ = play({Step.DISCOVER: MUTE})
    screen = "\n".join(run.status_screen)
    assert SILENT in screen
    assert "          Client ErrorCode : 0x801c0021\n" in screen
    assert "Registration Type" not in screen


@pytest.mark.parametrize("step", [Step.SCP, Step.DISCOVER, Step.REALM])
def test_what_fails_before_the_tenant_is_known_is_never_followed_by_a_fallback(step: Step) -> None:
    broken: Answers = {Step.SCP: SearchReply(entries=()), Step.DISCOVER: DOWN, Step.REALM: DOWN}
    run, script = play({step: broken[step]})
    assert Step.SYNC_JOIN not in script.steps
    assert "synchronized" not in "\n".join(run.debug_screen)


@pytest.mark.parametrize(
    ("build", "code", "subcode", "kind"),
    [
        (WindowsBuild.WINDOWS_10_22H2, "0x801c03f2", False, "sync"),
        (WindowsBuild.WINDOWS_11_24H2, "0x801c03f3", True, "fallback_sync"),
    ],
)
def test_a_newer_windows_says_more_of_a_refused_fallback(
    build: WindowsBuild, code: str, subcode: bool, kind: str
) -> None:
    run, _ = play({Step.TOKEN: refused, Step.SYNC_JOIN: GONE}, Habits(build=build))
    debug, status = "\n".join(run.debug_screen), "\n".join(run.status_screen)
    assert f"DsrDeviceAutoJoin failed {code}." in debug
    assert ("Join error subcode: error_missing_device" in debug) is subcode
    assert ("Server ErrorSubCode : error_missing_device" in status) is subcode
    assert ("Server Operation : DeviceRenew" in status) is subcode
    assert f"Registration Type : {kind}\n" in status


def test_a_row_without_a_value_is_not_printed_of_the_last_attempt() -> None:
    for answers, habits in CASES.values():
        run, _ = play(answers, habits)
        lines = [line for line in run.status_screen if line.lstrip().startswith(("Server", "Https", "Request Id"))]
        assert [line for line in lines if line.endswith(":")] == []
