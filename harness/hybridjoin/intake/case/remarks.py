"""Sentences that a practised eye would say over the evidence: what misleads in it, and whom it does not accuse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from hybridjoin.intake.case.conclusions import Conclusion, Road
from hybridjoin.intake.case.view import FactView
from hybridjoin.intake.files import bases
from hybridjoin.intake.files.fact import Basis, Fact, assumed, documented, observed

Found = tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A sentence that holds of this case, by its id, and the facts that it rests on."""

    id: str
    sentence: str
    because: Found
    basis: Basis


@dataclass(frozen=True, slots=True)
class _Row:
    id: str
    sentence: str
    basis: Basis
    finds: Callable[[FactView], Found]


def _key(*keys: str) -> Callable[[FactView], Found]:
    return lambda view: view.of(*keys)


def _value(key: str, pattern: str) -> Callable[[FactView], Found]:
    return lambda view: view.matching(key, pattern)


def _all(*parts: Callable[[FactView], Found]) -> Callable[[FactView], Found]:
    """Find where each part finds something."""

    def found(view: FactView) -> Found:
        each = [part(view) for part in parts]
        return tuple(item[0] for item in each) if all(each) else ()

    return found


def _any(*parts: Callable[[FactView], Found]) -> Callable[[FactView], Found]:
    return lambda view: tuple(fact for part in parts for fact in part(view))


def _without(part: Callable[[FactView], Found], *keys: str) -> Callable[[FactView], Found]:
    return lambda view: () if view.has(*keys) else part(view)


def _onmicrosoft(view: FactView) -> Found:
    """Find a managed name in the service connection point; the mail routing domain is never federated."""
    return tuple(fact for fact in view.of("tenant.name") if fact.value.lower().endswith(".onmicrosoft.com"))


def _nothing_configured(view: FactView) -> Found:
    """Find discovery's failure without any sign that somebody wanted a join here."""
    wanted = view.has("scp.name", "scp.id", "scp.client_name", "scp.client_id", "federation.issuer_uri", "tenant.id")
    codes = view.matching("attempt.exit_code", "0x801c001d") + view.matching("attempt.discover_code", "0x801c001d")
    unreadable = view.has("attempt.scp_code") or view.matching("status.ad_configuration", "FAIL")
    return () if wanted or unreadable else codes


def _twice(view: FactView) -> Found:
    """Find an SPN that two accounts have."""
    owners: dict[str, dict[str, Fact]] = {}
    for fact in view.of("spn.owner"):
        owners.setdefault(fact.of.lower(), {}).setdefault(fact.value.lower(), fact)
    for fact in view.of("object.spn"):
        owners.setdefault(fact.value.lower(), {}).setdefault(fact.of.lower(), fact)
    return next((tuple(found.values()) for found in owners.values() if len(found) > 1), ())


def _rc4(view: FactView) -> Found:
    """Find a ticket of RC4 for a keytab that has no such key."""
    tickets = tuple(fact for fact in view.matching("ticket.etype", "^rc4$") if fact.of.upper().startswith("HTTP/"))
    keys = view.of("keytab.entry")
    return (*tickets, keys[0]) if tickets and keys and not any("rc4" in fact.value for fact in keys) else ()


def _signed_in_elsewhere(view: FactView) -> Found:
    return tuple(fact for fact in view.of("user.event") if not view.has("attempt.screen"))


REMARKS: Final[tuple[_Row, ...]] = (
    _Row("fallback-hides",
         "The device is joined, but by the fallback: AzureAdJoined : YES hides that the federated join failed.",
         bases.PING, _all(_key("attempt.federated_failed"), _key("attempt.sync_done"))),
    _Row("claims-suspect",
         "AADSTS51004 speaks of a user, and none is meant: Entra saw no device in the claims. accounttype, "
         "onpremobjectguid and primarysid are missing, in another namespace, or ImmutableID is not the anchor.",
         bases.PING, _any(_value("attempt.aadsts", "AADSTS51004"), _value("last_attempt.aadsts", "AADSTS51004"))),
    _Row("joined-proves-neither",
         "AzureAdJoined : YES says that the device is joined, not whether by federation or by synchronization.",
         bases.DSREGCMD, _without(_value("device.joined", "^YES$"), "attempt.federated_done", "attempt.sync_done")),
    _Row("succeeded-proves-neither", "Event 306 has no field that tells a federated join from a synchronized one.",
         bases.MANIFEST, _key("attempt.succeeded")),
    _Row("no-domain-controller",
         "No domain controller could be located, so nothing was asked of the IdP or of Entra: it is not to blame.",
         bases.SCREENS, _any(_key("attempt.dc_code"), _value("attempt.dc_available", "^NO$"))),
    _Row("scp-unreadable",
         "The service connection point could not be read. That is not the same as absent: the computer account may "
         "lack the right to read it (Authenticated Users need Read).",
         bases.NOTES, _any(_key("attempt.scp_code"), _value("status.ad_configuration", "FAIL"))),
    _Row("nothing-configured",
         "Nothing here says that this forest was ever meant to join: without a service connection point this event "
         "is noise.",
         documented("Microsoft: KB 4480781"), _nothing_configured),
    _Row("managed-name",
         "The service connection point names an onmicrosoft.com domain, which is never federated: computers take "
         "the managed road, even where another domain of the tenant is federated.",
         observed("MicrosoftDocs/azure-docs issue 35203"), _onmicrosoft),
    _Row("enterprise-drs",
         "The attempt was for the AD FS device registration on the premises (enterprise DRS), not for Entra.",
         bases.SCREENS, _any(_value("attempt.token_for", "enterprise"), _value("attempt.drs_instance", "^ent$"))),
    _Row("wininet-code",
         "A code below 0x10000 is a plain WinINet number: 0x2ee6 is 12006, a URL that names no usable scheme, as "
         "where the registration service's name does not resolve.",
         bases.SCREENS, _value("attempt.adal_code", r"^0x[0-9a-f]{1,4}$")),
    _Row("device-missing",
         "Entra has no device object of this id: it is not synchronized, was deleted, or sync leaves it out.",
         bases.LAB_SCREENS,
         _any(_value("attempt.join_error_subcode", "error_missing_device"),
              _value("last_attempt.server_subcode", "error_missing_device"),
              _value("last_attempt.client_code", "0x801c03f[23]"), _value("attempt.join_code", "0x801c03f[23]"),
              _value("last_attempt.server_code", "DirectoryError"), _value("attempt.join_error", "DirectoryError"),
              _value("entra.device_exists", "^NO$"))),
    _Row("lost-device-renewed",
         "The client renews a registration that Entra no longer has (DeviceRenew): dsregcmd /leave, then join again.",
         bases.LAB_SCREENS,
         _any(_value("last_attempt.server_operation", "DeviceRenew"),
              _value("attempt.server_operation", "DeviceRenew"))),
    _Row("kerberos-join",
         "The client tried the third road, a join by Entra Kerberos; that it failed says nothing of the IdP.",
         bases.KERBEROS_JOIN,
         _any(_key("attempt.kerberos_join"), _value("status.kerberos_ticket", "FAIL"),
              _value("ticket.server", "adrs/enterpriseregistration"),
              _value("attempt.hresult", "0x(801c0095|80090311|80090303|8009030c)"))),
    _Row("device-disabled",
         "The device believes it is joined, and Entra says that it is disabled or deleted: two objects over time.",
         bases.DSREGCMD, _value("device.auth_status", "disabled or deleted")),
    _Row("auth-status-name",
         "The cloud could not be asked about the device: a name did not resolve (0xd000023c); a cached token misleads.",
         observed("a public troubleshooting diary on Windows 11"),
         _any(_value("device.auth_status", "0xd000023c"), _value("user.http_error", "0x80072ee7"))),
    _Row("user-flow",
         "These are events of a user's sign-in on the device, not of the device's join.",
         bases.EVENT_TEXTS, _signed_in_elsewhere),
    _Row("user-prt",
         "The user has no primary refresh token; the device's join is another thing, and may be sound.",
         bases.DSREGCMD, _value("user.prt", "^NO$")),
    _Row("user-realm",
         "The suffix of the user's name is no verified domain of the tenant (AADSTS90002): a user's trouble.",
         bases.LAB_SCREENS, _value("user.aadsts", "AADSTS90002")),
    _Row("run-elevated",
         "WamDefaultSet : ERROR comes of running the command elevated or as SYSTEM, and is no failure.",
         observed("MicrosoftDocs/azure-docs issues 51830 and 100645"), _value("user.wam_default_set", "ERROR")),
    _Row("mex-without-certificate",
         "The metadata lacks a certificate endpoint, which a sign-in on the device asks for; the join does not.",
         observed("MicrosoftDocs/azure-docs issue 83805"),
         _any(_value("user.hresult", "0xc004848c"), _value("user.attempt_status", "0xc004848c"))),
    _Row("mfa-demanded",
         "Registration demands a second factor, and no computer can give one: exempt device registration.",
         observed("MicrosoftDocs/azure-docs issue 85350"),
         _value("attempt.aadsts", "AADSTS(50076|50079)$")),
    _Row("conditional-access",
         "A Conditional Access policy blocks the device registration service: no device can be joined through it.",
         documented("Microsoft: Microsoft Entra authentication and authorization error codes"),
         _value("attempt.aadsts", "AADSTS5300[0-5]$")),
    _Row("denied-by-agent",
         "The IdP denies Windows' own client by its user agent: allow it in the sign-on rule for legacy clients.",
         observed("public Okta handbooks and log scripts"), _value("idp.windows_agent", "DENY|FAILURE")),
    _Row("saml-domain",
         "The domain is federated by SAML, which has no WS-Trust: a federated join cannot be.",
         bases.MSONLINE,
         _any(_value("federation.preferred_authentication_protocol", "^saml"), _value("realm.protocol", "^saml"))),
    _Row("mex-not-13",
         "The domain names PingOne's older /wsf/mex/ instead of /wsf/mex13/, which offers a computer nothing.",
         bases.PING, _value("federation.metadata_exchange_uri", r"/wsf/mex/")),
    _Row("html-instead",
         "A page for people answered where the token service's message was expected: a login page or proxy.",
         bases.WIRE, _key("network.html_instead")),
    _Row("other-join", "This log is of another kind of join (the AADLoginForWindows extension), not of a hybrid join.",
         bases.SCREENS, _key("attempt.other_join")),
    _Row("spn-twice", "Two accounts have the same service principal name, and the KDC gives no ticket for it.",
         bases.LDIF, _twice),
    _Row("rc4-ticket", "The ticket for the IdP is of RC4, and the keytab has no key of that type.",
         bases.KEYTABS, _rc4),
    _Row("keytab-stale", "The IdP's keytab is not the account's any more: another password, or another key version.",
         bases.PINGFEDERATE_SERVER, _value("idp.kerberos_error", "Checksum failed|Specified version")),
    _Row("clock", "The clocks of the client and the IdP differ by more than Kerberos allows.",
         bases.PINGFEDERATE_SERVER, _value("idp.kerberos_error", "Clock skew")),
    _Row("idp-refused-ticket",
         "The IdP refused the computer's ticket (401): the SPN's account, its key, or the ticket's encryption type.",
         assumed("inferred: a code of the token client for an HTTP status is 0xcaa30000 plus the status"),
         _any(_value("attempt.inner_code", "0xcaa30191"), _value("attempt.hresult", "0xcaa30191"))),
    _Row("tickets-of-a-user", "These tickets are not the computer's: klist -li 0x3e7 shows those.",
         bases.KLIST, lambda view: tuple(
             fact for fact in view.of("tickets.logon") if fact.value != "0x3e7" and not view.matching(
                 "tickets.logon", "^0x3e7$"))),
    _Row("claims-tool-blind",
         "DSRegTool tests claims only where the address holds /adfs/: that it says nothing of them is no evidence.",
         bases.DSREGTOOL,
         lambda view: () if view.has("idp.claim_present", "idp.claim_absent") or view.matching(
             "federation.metadata_exchange_uri", "/adfs/") else view.of("tool.version")),
    _Row("stale-diagnostics",
         "The failed attempt that /status shows is older than the screen: compare both times before believing it.",
         bases.DSREGCMD, lambda view: tuple(
             fact for fact in view.of("last_attempt.at") for now in view.of("status.client_time")
             if fact.of == now.of and fact.value[:10] != now.value[:10])),
    _Row("screen-cut-short", "The transcript stops early; what came after its last line is not known.",
         assumed("the end mark is missing"), _key("attempt.cut_short")),
    _Row("upn-suffix-innocent",
         "A computer's name with the suffix of the directory (HOST$@domain.local) is no cause: no claim depends on it.",
         observed("MicrosoftDocs/azure-docs issue 24377"),
         _value("object.user_principal_name", r"\$@.*\.(local|lan|internal)$")),
)  # fmt: skip


def remarks(view: FactView, concluded: tuple[Conclusion, ...]) -> Iterator[Remark]:
    """Yield the sentences that hold of these facts."""
    sound = any(item.answer == Road.FEDERATION for item in concluded)
    for row in REMARKS:
        found = row.finds(view)
        if found:
            yield Remark(id=row.id, sentence=row.sentence, because=found, basis=row.basis)
    if sound and view.has("user.event", "user.aadsts"):
        proof = tuple(fact for item in concluded if item.answer == Road.FEDERATION for fact in item.because)
        sentence = "The device's own join by federation is proven good: what fails is a user's sign-in."
        yield Remark(id="join-is-good", sentence=sentence, because=proof, basis=bases.PING)
