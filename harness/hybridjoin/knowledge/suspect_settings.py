"""Suspects among the IdP's addresses and answers, the domain's settings, Entra's policies, and synchronization."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from hybridjoin.intake.case.lab_names import lab_device
from hybridjoin.intake.case.view import FactView
from hybridjoin.knowledge import causes as c
from hybridjoin.knowledge import windows_causes as w
from hybridjoin.knowledge.article import Cause
from hybridjoin.knowledge.lookup import find
from hybridjoin.knowledge.suspect_row import (
    NO_SIGNS,
    Change,
    Finder,
    Found,
    Signs,
    SuspectRow,
    decided,
    either,
    explained,
    key,
    value,
)
from hybridjoin.knowledge.ws_trust import NOT_ALLOWED

_NOT_FOUND: Final = "attempt.join_error_subcode", "last_attempt.server_subcode"
_OFFERED: Final = value("mex.chosen", "^https://")
_PAGE: Final = value("network.html_instead", r"/mex|/wsf/|metadata")
_OLDER: Final = value("federation.metadata_exchange_uri", r"/wsf/mex/")
_FAULTS: Final = explained(
    "AuthenticationBadElements BadRequest ExpiredData FailedAuthentication InvalidRequest InvalidScope "
    "InvalidSecurityToken InvalidTimeRange RenewNeeded RequestFailed UnableToRenew"
)


def _fault(fault: str, /, **options: object) -> Change:
    return {"idp": {"faults": [{fault: options} if options else fault]}}


def _entra(fault: str, /, **options: object) -> Change:
    return {"entra": {"faults": [{fault: options} if options else fault]}}


Bent = Change | Callable[[FactView], Change]


def _row(
    name: str, kind: str, sentence: str, change: Bent, cause: Cause, explains: str, signs: Signs = NO_SIGNS
) -> SuspectRow:
    return SuspectRow(
        id=name, kind=kind, sentence=sentence, change=change, cause=cause, explains=explained(explains), signs=signs
    )


def _metadata() -> Iterator[SuspectRow]:
    yield _row("mex-instead-of-mex13", "metadata", "The domain names PingOne's older /wsf/mex/, not /wsf/mex13/.",
               {"idp": {"mex": "mex"}}, w.MEX13, "0xcaa90022 auth",
               Signs(proven=_OLDER, excluded=either(
                   _OFFERED, value("federation.metadata_exchange_uri", r"/wsf/mex13/|/adfs/"))))  # fmt: skip
    yield _row("mex-without-windowstransport", "metadata",
               "The metadata has no port for integrated Windows authentication.",
               {"idp": {"profile": "adfs", "faults": ["mex-without-windowstransport"]}}, w.NO_ENDPOINT,
               "0xcaa90022 auth", Signs(excluded=either(_OFFERED, _OLDER), proven=either(
                   value("idp.windowstransport", "^NO$"), value("mex.chosen", "^nothing$"))))  # fmt: skip
    yield _row("mex-over-http", "metadata", "Every address in the metadata begins with http://.",
               {"idp": {"profile": "adfs", "faults": ["mex-over-http"]}}, w.NO_ENDPOINT, "0xcaa90022",
               Signs(supported=value("mex.endpoint", " http://"), excluded=_OFFERED))  # fmt: skip
    yield _row("mex-is-a-page", "metadata",
               "A page for people answers at the metadata's address: a login page or a proxy.",
               _fault("html-with-200", where="mex"), w.BAD_MEX, "0xcaa9002c auth",
               Signs(proven=_PAGE, supported=key("network.page"), excluded=_OFFERED))  # fmt: skip
    yield _row("mex-not-xml", "metadata", "The metadata is not XML.", _fault("mex-not-xml"), w.BAD_MEX, "0xcaa9002c",
               Signs(excluded=either(_OFFERED, _PAGE)))  # fmt: skip
    yield _row("mex-truncated", "metadata", "The metadata ends in its middle.", _fault("mex-truncated"), w.BAD_MEX,
               "0xcaa9002c", Signs(excluded=either(_OFFERED, _PAGE)))  # fmt: skip
    yield _row("mex-error", "metadata", "The metadata's address answers with an error.",
               _fault("http-500-html", where="mex"), w.NO_MEX, "0xcaa9002b auth",
               Signs(supported=value("idp.mex_reachable", "^NO$"), excluded=_OFFERED))  # fmt: skip
    yield _row("mex-silent", "network", "The metadata's address takes the request and never answers.",
               {"device": {"timeout": "1s"}, **_fault("never-answers", where="mex")}, w.MUTE, "0xcaa82ee2",
               Signs(supported=value("idp.mex_reachable", "^NO$")))  # fmt: skip
    yield _row("realm-without-metadata-url", "metadata", "Entra tells devices no address of the metadata.",
               _entra("realm-without-metadata-url"), w.SAML_DOMAIN, "0xcaa9001a auth",
               Signs(proven=either(value("federation.preferred_authentication_protocol", "^saml"),
                             value("realm.protocol", "^saml")),
               excluded=key("federation.metadata_exchange_uri")))  # fmt: skip


def _token_service() -> Iterator[SuspectRow]:
    yield _row("no-negotiate", "ticket", "The token service answers 401 and offers no Kerberos.",
               _fault("401-without-negotiate"), w.NO_ENDPOINT, "0xcaa30191 auth",
               Signs(excluded=key("idp.kerberos_error")))  # fmt: skip
    yield _row("sts-is-a-page", "network", "A page for people answers in the token service's place.",
               _fault("html-with-200"), w.BAD_RSTR, "0xcaa90013",
               Signs(supported=key("network.html_instead")))  # fmt: skip
    yield _row("sts-silent", "network", "The token service takes the request and never answers.",
               {"device": {"timeout": "1s"}, **_fault("never-answers")}, w.MUTE, "0xcaa82ee2")  # fmt: skip
    yield _row("sts-redirects", "network", "The token service's address leads to another host.",
               _fault("redirect-to-other-host"), c.PROXY, "0xcaa82f7c")  # fmt: skip
    yield _row("windows-agent-refused", "policy", "A rule in front of the token service refuses Windows' own client.",
               _fault("refuses-windows-agent"), NOT_ALLOWED, "0xcaa30193 auth",
               Signs(supported=value("idp.windows_agent", "DENY|FAILURE")))  # fmt: skip
    for status in (403, 404, 500, 502, 503):
        yield _row(f"sts-answers-{status}", "network", f"The token service answers {status}.",
                   _fault("http-status", status=status), w.SERVER, f"0x{0xCAA30000 + status:08x}")  # fmt: skip
    yield _row("fault", "fault", "The token service takes the ticket and answers with a SOAP fault.",
               _named_fault, w.SOAP_FAULT, "0xcaa90014 auth", Signs(proven=key("idp.fault"),
               supported=value("user.fault", ".")))  # fmt: skip


def _named_fault(view: FactView) -> Change:
    """Return the fault that came, or the one that a refused caller gets."""
    names = (fact.value.rpartition(":")[2] for fact in view.of("idp.fault"))
    return _fault("soap-fault", name=next((name for name in names if name in _FAULTS), "FailedAuthentication"))


_DIFFERENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "issuer-slash": "by the slash at its end",
        "issuer-http-https": "in http and https",
        "issuer-upper-case": "in upper and lower case",
        "issuer-other": "altogether",
    }
)
_GRANT: Final = "0xcaa20003 auth"


def _assertion() -> Iterator[SuspectRow]:
    for name, what in _DIFFERENCES.items():
        yield _row(name, "issuer", f"The assertion's Issuer and the domain's IssuerUri differ {what}.",
                   _issuer_change(name), c.ISSUER, "AADSTS50107 0xcaa20002",
                   decided(_issuers(name), _both))  # fmt: skip
    yield _row("issuerid-twice", "issuer", "Two rules issue issuerid.", _fault("issuerid-two-values"), c.ISSUER_ID,
               "AADSTS50107 0xcaa20002", Signs(supported=value("federation.issuer_uri", "/adfs/")))  # fmt: skip
    yield _row("signing-key-unknown", "certificate", "The IdP signs with a certificate that Entra was not told of.",
               _fault("wrong-signing-key"), c.KEY, f"AADSTS5000811 AADSTS50012 {_GRANT}",
               Signs(supported=value("attempt.aadsts", "^AADSTS5000811$")))  # fmt: skip
    yield _row("changed-after-signing", "certificate", "The assertion is changed after it was signed.",
               _fault("tampered-after-signing"), c.TOUCHED, f"AADSTS50006 {_GRANT}")  # fmt: skip
    yield _row("signed-whole-document", "certificate", "The signature's reference does not name the assertion.",
               _fault("whole-document-reference"), c.SIGNED_OTHERWISE, "AADSTS50006")  # fmt: skip
    yield _row("unsigned", "certificate", "The assertion carries no signature of its own.",
               _fault("unsigned"), c.UNSIGNED, f"AADSTS50008 {_GRANT}")  # fmt: skip
    yield _row("wrong-audience", "mapping", "The assertion is meant for somebody else than Entra.",
               _fault("wrong-audience"), c.AUDIENCE, "AADSTS50008")  # fmt: skip
    yield _row("no-conditions", "clock", "The assertion has no window of time.", _fault("no-conditions"), c.LIFETIME,
               "AADSTS50008")  # fmt: skip
    yield _row("clock-of-the-idp-behind", "clock", "The IdP's clock is behind, so that the assertion has ended.",
               _fault("expired-window"), c.CLOCK, f"AADSTS500133 {_GRANT}",
               Signs(supported=value("idp.kerberos_error", "Clock skew")))  # fmt: skip
    yield _row("clock-of-the-idp-ahead", "clock", "The IdP's clock is ahead, so that the assertion has not begun.",
               _fault("future-window"), c.CLOCK, f"AADSTS500133 {_GRANT}",
               Signs(supported=value("idp.kerberos_error", "Clock skew")))  # fmt: skip


def _both(view: FactView) -> Found:
    issuer, setting = view.of("assertion.issuer")[-1:], view.of("federation.issuer_uri")[-1:]
    return (*issuer, *setting) if issuer and setting else ()


def _issuer_change(name: str) -> Bent:
    """Return both issuers as the evidence has them; where it has not both, the way in which they would differ."""

    def change(view: FactView) -> Change:
        pair = _both(view)
        if not pair or not all(re.fullmatch(r"[!#-~]{1,200}", fact.value) for fact in pair):
            return _fault(name)
        return {"idp": {"issuer": pair[0].value}, "entra": {"domain": {"issuer_uri": pair[1].value}}}

    return change


def _issuers(name: str) -> Finder:
    """Find an assertion's issuer and a domain's that differ in one way."""
    return lambda view: pair if (pair := _both(view)) and _difference(pair[0].value, pair[1].value) == name else ()


def _difference(one: str, other: str) -> str:
    """Name how two issuers differ; empty where they do not."""
    if one == other:
        return ""
    if one.rstrip("/") == other.rstrip("/"):
        return "issuer-slash"
    if one.partition(":")[2] == other.partition(":")[2]:
        return "issuer-http-https"
    return "issuer-upper-case" if one.lower() == other.lower() else "issuer-other"


def _policies() -> Iterator[SuspectRow]:
    for code, sentence in (
        (53003, "A Conditional Access policy blocks the registration."),
        (530032, "A security policy of the tenant blocks the request."),
        (90033, "Entra itself is not available for a moment."),
        (90055, "The tenant sends more requests than Entra takes."),
        (90024, "The tenant sends more requests than Entra takes."),
        (90072, "The account is no member of the tenant."),
        (50032, "The key that signed is too short for Entra."),
        (50017, "Entra cannot validate a certificate."),
        (50003, "Entra has no certificate to verify with."),
        (90020, "Entra finds neither ImmutableID nor a device in the assertion."),
    ):
        article = find(f"AADSTS{code}")
        if article is not None:
            yield _row(f"entra-says-{code}", "policy", sentence, _entra("refused-with", code=code), article.causes[0],
                       f"AADSTS{code}", Signs(supported=value("attempt.aadsts", f"^AADSTS{code}$")))  # fmt: skip


def _around() -> Iterator[SuspectRow]:
    yield _row("tenant-unknown", "SCP", "The registration service does not know the tenant that the computer names.",
               _entra("tenant-unknown"), w.WRONG_SCP, "0x801c003a discover")  # fmt: skip
    yield _row("realm-unknown", "SCP", "Entra does not know the domain that the service connection point names.",
               _entra("realm-unknown"), w.WRONG_SCP, "0x801c003d discover",
               Signs(supported=value("realm.type", "^Unknown$")))  # fmt: skip
    yield _row("discovery-through-a-proxy", "network", "A proxy answers the discovery with a page of its own.",
               _entra("proxy-page"), c.PROXY, "0x8007000d discover",
               Signs(supported=key("network.html_instead", "network.winhttp_proxy")))  # fmt: skip
    yield _row("managed-domain", "sync", "Entra takes the domain for managed, so that no federated join is tried.",
               {"entra": {"domain": {"authentication": "Managed"}}}, w.MANAGED_SCP, "synchronized 0xcaa9001f",
               Signs(proven=value("realm.type", "^Managed$"), excluded=value("realm.type", "^Federated$")))  # fmt: skip
    yield _row("clock-of-the-device", "clock", "The computer's clock is further off than Kerberos allows.",
               {"clock": {"device": "+6m"}}, c.CLOCK, "0x801c001d discover",
               Signs(proven=value("kerberos.error", "KRB_AP_ERR_SKEW"),
                     supported=value("idp.kerberos_error", "Clock skew"), excluded=key("realm.type")))  # fmt: skip
    yield _row("not-synchronized", "sync", "Entra Connect has not synchronized the computer.", _excluded, c.NOT_SYNCED,
               "0x801c03f2 0x801c03f3 join",
               Signs(proven=either(value("entra.device_exists", "^NO$"),
                             *(value(name, "error_missing_device") for name in _NOT_FOUND)),
               supported=either(value("object.certificates", "^0$"), key("attempt.join_message"))))  # fmt: skip
    yield _row("throttled", "network", "The registration service asks to come back later.", _entra("throttled"),
               w.THROTTLED, "0x801c03f2", Signs(supported=value("last_attempt.server_message", "throttl|try after"),
               excluded=either(*(value(name, "error_missing_device") for name in _NOT_FOUND))))  # fmt: skip


def _excluded(view: FactView) -> Change:
    """Leave the computer out of what Entra Connect synchronizes; where no federated road is told, it takes none."""
    left_out = {"connect": {"exclude": [lab_device(view)]}}
    managed = {} if view.matching("realm.type", "^Federated$") else {"domain": {"authentication": "Managed"}}
    return {"entra": {**left_out, **managed}}


SETTINGS_SUSPECTS: Final[tuple[SuspectRow, ...]] = (
    *_metadata(), *_token_service(), *_assertion(), *_policies(), *_around(),
)  # fmt: skip
