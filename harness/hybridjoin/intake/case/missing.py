"""What is still to be asked for: the shortest list of further evidence, each with the command that yields it.

A row is asked for only where something here makes it matter, and nothing here answers it already.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from hybridjoin.intake.case.conclusions import Conclusion, Road
from hybridjoin.intake.case.configuration_remarks import without_immutable_id
from hybridjoin.intake.case.view import FactView

LIMIT: Final = 6
"""How many things are asked for at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Something to ask the customer for, the command that yields it, and what it decides."""

    id: str
    what: str
    command: str
    decides: str


@dataclass(frozen=True, slots=True)
class _Row:
    wanted: Wanted
    when: Callable[[FactView, frozenset[str]], bool]
    answered_by: tuple[str, ...]


def _row(
    id_: str, what: str, command: str, decides: str, when: Callable[[FactView, frozenset[str]], bool], *by: str
) -> _Row:
    return _Row(Wanted(id=id_, what=what, command=command, decides=decides), when, by)


def _failed_at_idp(view: FactView, roads: frozenset[str]) -> bool:
    del roads
    inner = view.matching("attempt.inner_code", "0xcaa3|0xcaa9|0xcaa8")
    return bool(inner or view.matching("attempt.hresult", "0xcaa30191") or view.has("attempt.fatal"))


def _refused_by_entra(view: FactView, roads: frozenset[str]) -> bool:
    del roads
    return view.has("attempt.aadsts", "last_attempt.aadsts")


# Refusals that come before any claim is looked at, or in spite of good ones: issuer, signature, time, policy.
_NOT_OF_CLAIMS: Final = r"^AADSTS(50107|5000[68]\d*|500811|500133|5007[69]|5300\d)$"
_OF_POLICY: Final = r"^AADSTS(5007[69]|5300\d)$"


def _refused_but(pattern: str) -> Callable[[FactView, frozenset[str]], bool]:
    """Tell whether Entra refused, and by another code than these."""

    def found(view: FactView, roads: frozenset[str]) -> bool:
        del roads
        codes = view.of("attempt.aadsts", "last_attempt.aadsts")
        return any(re.search(pattern, fact.value) is None for fact in codes)

    return found


def _of_claims(view: FactView, roads: frozenset[str]) -> bool:
    return _refused_but(_OF_POLICY)(view, roads) or bool(without_immutable_id(view))


def _undecided(view: FactView, roads: frozenset[str]) -> bool:
    nothing = not roads and not view.has("attempt.screen", "user.event", "user.prt", "flow.person")
    return Road.UNDECIDED in roads or nothing


def _unfindable(view: FactView, roads: frozenset[str]) -> bool:
    del roads
    if view.has("kerberos.error"):
        return False  # the directory was not asked, and that is why
    return bool(view.has("attempt.discover_code", "attempt.scp_code", "scp.missing")
                or view.matching("attempt.exit_code", "0x801c001d")
                or view.matching("status.ad_configuration", "FAIL"))  # fmt: skip


def _ticket_refused(view: FactView, roads: frozenset[str]) -> bool:
    del roads
    return bool(view.matching("attempt.inner_code", "0xcaa30191") or view.matching("attempt.hresult", "0xcaa30191")
                or view.has("idp.kerberos_error", "tickets.error"))  # fmt: skip


def _device_lost(view: FactView, roads: frozenset[str]) -> bool:
    del roads
    signs = (
        ("attempt.join_error_subcode", "missing"),
        ("attempt.join_code", "0x801c03f"),
        ("last_attempt.server_subcode", "missing"),
        ("last_attempt.client_code", "0x801c03f"),
        ("device.auth_status", "deleted"),
    )
    return any(view.matching(key, pattern) for key, pattern in signs)


def _federated(view: FactView, roads: frozenset[str]) -> bool:
    del roads
    return bool(view.matching("realm.type", "Federated") or view.matching("domain.authentication", "Federated"))


def _fell_back(view: FactView, roads: frozenset[str]) -> bool:
    del view
    return Road.FALLBACK in roads


def _proxied(view: FactView, roads: frozenset[str]) -> bool:
    del roads
    return bool(view.has("network.html_instead", "network.winhttp_proxy", "network.unreachable")
                or view.matching("attempt.inner_code", "0x8007000d|0xcaa9002c|0xcaa82|0x80072e"))  # fmt: skip


def _user(view: FactView, roads: frozenset[str]) -> bool:
    del roads
    return bool(view.has("user.event", "user.aadsts") or view.matching("user.prt", "^NO$")) and not view.has(
        "attempt.screen"
    )


_ROWS: Final[tuple[_Row, ...]] = (
    _row("debug", "the join's own transcript, as SYSTEM", "psexec -s -i cmd, then: dsregcmd /join /debug > join.txt",
         "by which road the device is joined, and where the federated one fails", _undecided, "attempt.screen"),
    _row("assertion", "the assertion that the IdP issues to a computer",
         "AD FS: events 500 of the Security log (auditprofile verbose); PingFederate: server.log at DEBUG for "
         "org.sourceid.wstrust; else a trace of WS-Trust. Then: hybridjoin assertion FILE",
         "which claim is missing, in which namespace, or wrong",
         _of_claims, "assertion.issuer"),
    _row("computer", "the computer's object in the directory",
         "ldifde -f host.ldf -r \"(sAMAccountName=HOST$)\"  (or Get-ADComputer HOST -Properties *)",
         "what the claims should say: objectGUID, objectSid, mS-DS-ConsistencyGuid", _refused_but(_NOT_OF_CLAIMS),
         "object.object_guid"),
    _row("federation", "the domain's federation settings in Entra",
         "Get-MgDomainFederationConfiguration -DomainId DOMAIN | Format-List > federation.txt",
         "issuer, certificate and addresses that Entra and Windows use",
         lambda view, roads: (_refused_by_entra(view, roads) or _failed_at_idp(view, roads) or _fell_back(view, roads))
         or (_federated(view, roads) and Road.NOT_JOINED in roads), "federation.issuer_uri"),
    _row("mex", "the IdP's WS-Trust metadata, as a computer gets it", "curl -s MetadataExchangeUri > mex.xml",
         "whether a computer finds an endpoint in it", _failed_at_idp, "mex.chosen"),
    _row("spn", "who owns the IdP's service principal name", "setspn -Q HTTP/STS-HOST",
         "whether the ticket is for the right account", _ticket_refused, "spn.owner", "spn.missing"),
    _row("tickets", "the computer's own tickets", "klist -li 0x3e7 (elevated)",
         "the ticket's encryption type, and whether there is one", _ticket_refused, "ticket.etype", "tickets.error"),
    _row("keytab", "a listing of the IdP's keytab, without its keys", "klist -kte FILE.keytab, never the file itself",
         "whether key version and encryption types are the account's", _ticket_refused, "keytab.entry"),
    _row("scp", "the service connection point",
         'Get-ADObject "CN=62a0ff2e-97b9-4513-943f-0d221bd30080,CN=Device Registration Configuration,CN=Services,'
         '$((Get-ADRootDSE).configurationNamingContext)" -Properties keywords, nTSecurityDescriptor',
         "whether it is absent, or there and not readable", _unfindable, "scp.name", "scp.id", "scp.missing"),
    _row("cdj", "the client's side of it, and whether a fallback is allowed",
         r"reg query HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\CDJ /s",
         "whether the registry names another tenant, and whether the client may fall back",
         lambda view, roads: _unfindable(view, roads) or _fell_back(view, roads), "client.fallback", "scp.client_name"),
    _row("device", "the device object in Entra", "Get-MgDevice -Filter \"deviceId eq 'OBJECTGUID'\" | ConvertTo-Json",
         "whether it exists, is enabled, and is synchronized", _device_lost, "entra_device.id", "entra.device_exists"),
    _row("proxy", "both proxy settings of the machine account",
         "netsh winhttp show proxy; bitsadmin /util /getieproxy localsystem",
         "whether a proxy answers in the IdP's place", _proxied, "network.winhttp_access"),
    _row("user-status", "the join's state, as the user in a shell that is not elevated",
         "dsregcmd /status > status.txt",
         "whether the device is sound and only the user's sign-in fails", _user, "device.joined"),
    _row("user-mex", "the IdP's WS-Trust metadata", "curl -s MetadataExchangeUri > mex.xml",
         "which endpoints a sign-in on the device finds",
         lambda view, roads: _user(view, roads) and bool(view.of("user.hresult", "user.fault")), "mex.chosen"),
)  # fmt: skip


def wanted(view: FactView, concluded: tuple[Conclusion, ...]) -> Iterator[Wanted]:
    """Yield what to ask for, the most deciding first, and no more than a person reads."""
    roads = frozenset(item.answer for item in concluded if item.question == "road")
    number = 0
    for row in _ROWS:
        if number < LIMIT and row.when(view, roads) and not view.has(*row.answered_by):
            number += 1
            yield row.wanted
