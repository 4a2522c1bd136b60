"""Remarks on what was configured, where there is no log at all: rules, endpoints, proxies, certificates of servers."""

from __future__ import annotations

import re
from typing import Final

from hybridjoin.intake.case.remark_row import Found, RemarkRow, joined_outside_a_domain, unless, value
from hybridjoin.intake.case.view import FactView
from hybridjoin.intake.files import bases
from hybridjoin.intake.files.fact import documented, observed

_MANUAL: Final = documented("Microsoft: Configure Microsoft Entra hybrid join manually")
_IMMUTABLE_ID: Final = "/immutableid$"
_OF_DEVICES: Final = "/(accounttype|onpremobjectguid|primarysid)$"
_MICROSOFTS: Final = re.compile(r"(?:microsoftonline|windows|microsoft)\.(?:com|net)\b", re.IGNORECASE)
_ISSUERS: Final = re.compile(r"microsoft|digicert", re.IGNORECASE)


def issuing(view: FactView, pattern: str, *audiences: str) -> Found:
    """Find the rules that issue a claim for some of: computers, users, everybody."""
    for_whom = {fact.of: fact.value for fact in view.of("rule.audience")}
    return tuple(fact for fact in view.matching("rule.issues", pattern) if for_whom.get(fact.of) in audiences)


def _issuer_twice(view: FactView) -> Found:
    """Find a rule that gives computers an issuerid beside one that gives everybody one."""
    special, general = issuing(view, "/issuerid$", "computers"), issuing(view, "/issuerid$", "everybody")
    return (*general, *special) if special and general else ()


def _for_users_alone(view: FactView) -> Found:
    """Find ImmutableID's rule where computers have rules of their own, and none of those issues it."""
    devices = issuing(view, _OF_DEVICES, "computers")
    users = issuing(view, _IMMUTABLE_ID, "users", "everybody")
    return users if devices and not issuing(view, _IMMUTABLE_ID, "computers") else ()


def without_immutable_id(view: FactView) -> Found:
    """Find rules for computers where no rule that was sent issues ImmutableID."""
    devices = issuing(view, _OF_DEVICES, "computers")
    return devices[:1] if not view.matching("rule.issues", _IMMUTABLE_ID) else ()


def _on_the_proxy(view: FactView) -> Found:
    return tuple(
        fact for fact in view.matching("adfs_endpoint.proxy", "^True$") if fact.of.endswith("/windowstransport")
    )


def _one_proxy_of_two(view: FactView) -> Found:
    """Find a WinHTTP proxy where SYSTEM's own setting names none."""
    proxies, own = view.of("network.winhttp_proxy"), view.matching("network.system_proxy", "^NO_PROXY")
    return (proxies[0], own[0]) if proxies and own else ()


def _inspected(view: FactView) -> Found:
    """Find a certificate for one of Microsoft's names that neither Microsoft nor its authority issued."""
    return tuple(
        fact
        for fact in view.of("tls.issuer")
        if _MICROSOFTS.search(fact.of) is not None and _ISSUERS.search(fact.value) is None
    )


CONFIGURATION_REMARKS: Final[tuple[RemarkRow, ...]] = (
    RemarkRow("issuerid-twice",
        "Two rules issue issuerid, one of them for everybody: a computer gets two values, and Entra takes one. Leave "
        "computers out of the general rule.",
        observed("MicrosoftDocs/azure-docs issue 13666"), _issuer_twice),
    RemarkRow("immutableid-for-users-alone",
        "ImmutableID is issued, and by no rule for computers: where users get it, computers need a rule of their own.",
        _MANUAL, _for_users_alone),
    RemarkRow("immutableid-undecided",
        "No rule that was sent issues ImmutableID. Whether users get it, a user's assertion or event 500 decides, or "
        "Entra Connect's source anchor; only then do computers need it.",
        _MANUAL, without_immutable_id),
    RemarkRow("windowstransport-on-the-proxy",
        "windowstransport is published on the proxy too, so that anybody outside may try passwords at it by NTLM: "
        "switch it off there (Set-AdfsEndpoint -Proxy $false). Entra Connect's wizard switches it on.",
        documented("Microsoft: Plan your Microsoft Entra hybrid join deployment"), _on_the_proxy),
    RemarkRow("one-proxy-of-two",
        "A proxy is set for WinHTTP, and none for the machine account's WinINET, by which it speaks to the IdP: "
        "bitsadmin /util /setieproxy localsystem, and the IdP's host in both lists of exceptions.",
        observed("Microsoft support Japan: first steps for federated joins"), _one_proxy_of_two),
    RemarkRow("tls-inspected",
        "The certificate of one of Microsoft's names was issued by somebody else: TLS is opened on the way, which "
        "device registration does not survive. Leave its names out of the inspection.",
        documented("Microsoft: Plan your Microsoft Entra hybrid join deployment"), _inspected),
    RemarkRow("legacy-client",
        "These are events of the client for Windows 7 and 8.1 (Microsoft-Workplace Join), which joins in another way: "
        "nothing here is judged by them.",
        documented("Microsoft: Troubleshoot Microsoft Entra hybrid joined down-level devices"),
        value("legacy.event", ".")),
    RemarkRow("not-in-a-domain",
        "The computer is no member of a domain yet, and a hybrid join begins after that: what failed before is not a "
        "matter of Entra or of the IdP.",
        bases.DSREGCMD, unless(value("device.domain_joined", "^NO$"), joined_outside_a_domain)),
)  # fmt: skip
