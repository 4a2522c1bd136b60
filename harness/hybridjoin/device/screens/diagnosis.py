"""The Diagnostic Data of `dsregcmd /status`: the health of a joined device, the tests and the last attempt of another.

Documented are the rows of Windows 10 1809 and later; Windows 11 24H2 has more, seen in public captures of 2025 and
2026. docs/fidelity.md has a line for each row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from hybridjoin.device.screens.codes import client_error, inner, known, outer
from hybridjoin.device.screens.facts import Facts
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.flows import HYBRID_JOIN, MANAGED_JOIN
from hybridjoin.model.steps import Phase, Step, StepRow
from hybridjoin.protocol.enrolment import EnrolmentError
from hybridjoin.protocol.oauth import EntraError

Pairs = tuple[tuple[str, str], ...]

PASSED, SKIPPED = "PASS", "SKIPPED"
# A domain controller older than Windows Server 2025, as a lab's is, cannot vouch for a device at Entra's Kerberos.
_NO_ENTRA_KERBEROS = "FAIL [0x80090311]"
_BLANK = ("", "")


def healthy(facts: Facts) -> Pairs:
    """Diagnostic Data of a joined device, by whichever road it joined."""
    rows = (("AadRecoveryEnabled", "NO"), _account(facts), ("KeySignTest", "PASSED"))
    if not facts.newer:
        return rows
    updated = (("DisplayNameUpdated", "YES"), ("OsVersionUpdated", "YES"), ("HostNameUpdated", "YES"))
    return (*rows, _BLANK, *updated, _BLANK, ("Last HostName Update", "NONE"))


def diagnosis(evidence: JoinEvidence, facts: Facts) -> Pairs:
    """Diagnostic Data of a device that did not join."""
    last = evidence.fallback_failure or evidence.failure
    fed_join = (("Fallback to Fed-Join", "ENABLED"),) if facts.newer else ()
    return (
        ("Diagnostics Reference", "www.microsoft.com/aadjerrors"),
        ("User Context", "SYSTEM"),
        ("Client Time", moment(facts.at)),
        *_tests(evidence, newer=facts.newer),
        ("Fallback to Sync-Join", "ENABLED" if evidence.fallback_enabled else "DISABLED"),
        *fed_join,
        _BLANK,
        *(_previous(evidence, facts, last) if last is not None else ()),
        *((_account(facts),) if facts.newer else ()),
    )


def _tests(evidence: JoinEvidence, *, newer: bool) -> Pairs:
    """The tests in their order; a domain controller was found, or there would be no screen."""
    configuration, discovery, acquisition = (
        (name, _test(evidence, [row for row in HYBRID_JOIN if name in row.status_tests])) for name in _COVERED
    )
    reached = discovery[1] == PASSED
    kerberos = (("Kerberos Ticket Test", _NO_ENTRA_KERBEROS if reached else SKIPPED),) if newer else ()
    return (
        ("AD Connectivity Test", PASSED),
        configuration,
        discovery,
        ("DRS Connectivity Test", PASSED if reached else SKIPPED),
        *kerberos,
        acquisition,
    )


_COVERED = ("AD Configuration Test", "DRS Discovery Test", "Token acquisition Test")


def _test(evidence: JoinEvidence, rows: Sequence[StepRow]) -> str:
    """One of the tests: failed with its code, passed, or never reached."""
    failure = evidence.failure
    if failure is not None and failure.phase is rows[0].phase and failure.step in {row.step for row in rows}:
        return f"FAIL [{_codes(failure)}]"
    return PASSED if rows[-1].yields[0] in evidence.parts.names else SKIPPED


def _codes(failure: Failure) -> str:
    """The codes in the brackets: both of them where the registration service or the realm was looked for."""
    if failure.step in {Step.DISCOVER, Step.REALM} and len(known(failure)) > 1:
        return f"{outer(failure)}/{inner(failure)}"
    return inner(failure)


def _previous(evidence: JoinEvidence, facts: Facts, last: Failure) -> Pairs:
    """The last attempt and its error; a row that has nothing to say is not printed."""
    rows = (
        ("Previous Registration", moment(evidence.started_at)),
        ("Registration Type", _registration_type(evidence, last, newer=facts.newer)),
        ("Error Phase", last.phase.value),
        ("Client ErrorCode", client_error(last)),
        *_server(last, evidence, facts),
    )
    return tuple((label, value) for label, value in rows if value)


def _registration_type(evidence: JoinEvidence, last: Failure, *, newer: bool) -> str:
    """Which join was attempted; before the tenant is known there is none to name."""
    if last.phase is Phase.DISCOVER:
        return ""
    managed = evidence.realm is not None and not evidence.realm.federated
    if evidence.fallback_failure is None and evidence.flow != MANAGED_JOIN.name:
        return "fed"
    return "fallback_sync" if newer and not managed else "sync"


def _server(last: Failure, evidence: JoinEvidence, facts: Facts) -> Pairs:
    """What the server said, where one answered with an error of its own."""
    server = last.server
    if isinstance(server, EntraError):
        said = (server.error, "", "", server.description)
        return (*_said(*said), ("Https Status", str(server.http_status)), ("Request Id", evidence.client_request_id))
    if isinstance(server, EnrolmentError):
        reply = facts.sync_join if last.step is Step.SYNC_JOIN else facts.join
        more = (server.subcode, server.operation) if facts.newer else ("", "")
        said = (server.error_type, *more, server.message)
        request_id = reply.request_id if reply else ""
        return (*_said(*said), ("Https Status", str(server.http_status)), ("Request Id", request_id))
    return ()


def _said(error: str, subcode: str, operation: str, message: str) -> Pairs:
    return (
        ("Server ErrorCode", error),
        ("Server ErrorSubCode", subcode),
        ("Server Operation", operation),
        ("Server Message", message),
    )


def _account(facts: Facts) -> tuple[str, str]:
    return "Executing Account Name", f"{facts.netbios}\\{facts.computer}$, {facts.computer}$@{facts.domain}"


def moment(at: datetime) -> str:
    """Write a time as `2025-07-10 16:52:13.000 UTC`."""
    utc = at.astimezone(UTC)
    return f"{utc:%Y-%m-%d %H:%M:%S}.{utc.microsecond // 1000:03d} UTC"
