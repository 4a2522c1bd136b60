"""Sentences that a practised eye would say over the evidence: what misleads in it, and whom it does not accuse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hybridjoin.intake.case.code_remarks import CODE_REMARKS, saved_page
from hybridjoin.intake.case.conclusions import Conclusion, Road
from hybridjoin.intake.case.configuration_remarks import CONFIGURATION_REMARKS
from hybridjoin.intake.case.remark_row import (
    Found,
    RemarkRow,
    either,
    every,
    joined_outside_a_domain,
    key,
    unless,
    value,
    without,
)
from hybridjoin.intake.case.view import FactView
from hybridjoin.intake.files import bases
from hybridjoin.intake.files.fact import Basis, Fact, assumed, documented, observed


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A sentence that holds of this case, by its id, and the facts that it rests on."""

    id: str
    sentence: str
    because: Found
    basis: Basis


def _onmicrosoft(view: FactView) -> Found:
    """Find a managed name in the service connection point; the mail routing domain is never federated."""
    return tuple(fact for fact in view.of("tenant.name") if fact.value.lower().endswith(".onmicrosoft.com"))


def _nothing_configured(view: FactView) -> Found:
    """Find discovery's failure without any sign that somebody wanted a join here."""
    wanted = view.has("scp.name", "scp.id", "scp.client_name", "scp.client_id", "federation.issuer_uri", "tenant.id")
    codes = view.matching("attempt.exit_code", "0x801c001d") + view.matching("attempt.discover_code", "0x801c001d")
    unreadable = view.has("attempt.scp_code") or view.matching("status.ad_configuration", "FAIL")
    return () if wanted or unreadable else codes


def _unreadable(view: FactView) -> Found:
    """Find a service connection point that could not be read, where nothing proves that there is none or why."""
    proven = view.has("scp.missing", "kerberos.error")
    return () if proven else view.of("attempt.scp_code") + view.matching("status.ad_configuration", "FAIL")


def _without_a_token(view: FactView) -> Found:
    """Find the screen of a user who has no token; one that SYSTEM printed is no user's."""
    machines = {fact.of for fact in view.matching("status.context", "^SYSTEM")}
    machines |= {fact.of for fact in view.matching("status.account", r"\$(?:,|$)")}
    return tuple(fact for fact in view.matching("user.prt", "^NO$") if fact.of not in machines)


def _blind(view: FactView) -> Found:
    """Find DSRegTool where the token service's address kept it from its test of claims."""
    tested = view.has("idp.claim_present", "idp.claim_absent")
    asked = view.of("federation.metadata_exchange_uri")
    return () if tested or any("/adfs/" in fact.value for fact in asked) or not asked else view.of("tool.version")


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


REMARKS: Final[tuple[RemarkRow, ...]] = (
    RemarkRow("fallback-hides",
        "The device is joined, but by the fallback: AzureAdJoined : YES hides that the federated join failed.",
        bases.PING, every(key("attempt.federated_failed"), key("attempt.sync_done"))),
    RemarkRow("claims-suspect",
        "AADSTS51004 speaks of a user, and none is meant: Entra saw no device in the claims. accounttype, "
        "onpremobjectguid and primarysid are missing, in another namespace, or ImmutableID is not the anchor.",
        bases.PING, either(value("attempt.aadsts", "AADSTS51004"), value("last_attempt.aadsts", "AADSTS51004"))),
    RemarkRow("joined-proves-neither",
        "AzureAdJoined : YES says that the device is joined, not whether by federation or by synchronization.",
        bases.DSREGCMD,
        unless(
            without(value("device.joined", "^YES$"), "attempt.federated_done", "attempt.sync_done"),
            joined_outside_a_domain,
        )),
    RemarkRow("joined-outside-a-domain",
        "AzureAdJoined : YES beside DomainJoined : NO is a device that a person had joined, or one that has left its "
        "domain since: no hybrid join. Its people come by the IdP's page, and at each logon by usernamemixed.",
        bases.DSREGCMD, joined_outside_a_domain),
    RemarkRow("succeeded-proves-neither", "Event 306 has no field that tells a federated join from a synchronized one.",
        bases.MANIFEST, key("attempt.succeeded")),
    RemarkRow("no-domain-controller",
        "No domain controller could be located, so nothing was asked of the IdP or of Entra: it is not to blame.",
        bases.SCREENS, either(key("attempt.dc_code"), value("attempt.dc_available", "^NO$"))),
    RemarkRow("scp-unreadable",
        "The service connection point could not be read. That is not the same as absent: the computer account may "
        "lack the right to read it (Authenticated Users need Read).",
        bases.NOTES, _unreadable),
    RemarkRow("nothing-configured",
        "Nothing here says that this forest was ever meant to join: without a service connection point this event "
        "is noise.",
        documented("Microsoft: KB 4480781"), _nothing_configured),
    RemarkRow("managed-name",
        "The service connection point names an onmicrosoft.com domain, which is never federated: computers take "
        "the managed road, even where another domain of the tenant is federated.",
        observed("MicrosoftDocs/azure-docs issue 35203"), _onmicrosoft),
    RemarkRow("enterprise-drs",
        "The attempt was for the AD FS device registration on the premises (enterprise DRS), not for Entra.",
        bases.SCREENS, either(value("attempt.token_for", "enterprise"), value("attempt.drs_instance", "^ent$"))),
    RemarkRow("wininet-code",
        "A code below 0x10000 is a plain WinINet number: 0x2ee6 is 12006, a URL that names no usable scheme, as "
        "where the registration service's name does not resolve.",
        bases.SCREENS, value("attempt.adal_code", r"^0x[0-9a-f]{1,4}$")),
    RemarkRow("device-missing",
        "Entra has no device object of this id: it is not synchronized, was deleted, or sync leaves it out.",
        bases.LAB_SCREENS,
        either(value("attempt.join_error_subcode", "error_missing_device"),
             value("last_attempt.server_subcode", "error_missing_device"),
             value("last_attempt.client_code", "0x801c03f[23]"), value("attempt.join_code", "0x801c03f[23]"),
             value("last_attempt.server_code", "DirectoryError"), value("attempt.join_error", "DirectoryError"),
             value("entra.device_exists", "^NO$"))),
    RemarkRow("lost-device-renewed",
        "The client renews a registration that Entra no longer has (DeviceRenew): dsregcmd /leave, then join again.",
        bases.LAB_SCREENS,
        either(value("last_attempt.server_operation", "DeviceRenew"),
             value("attempt.server_operation", "DeviceRenew"))),
    RemarkRow("kerberos-join",
        "The client tried the third road, a join by Entra Kerberos; that it failed says nothing of the IdP.",
        bases.KERBEROS_JOIN,
        either(key("attempt.kerberos_join"), value("status.kerberos_ticket", "FAIL"),
             value("ticket.server", "adrs/enterpriseregistration"),
             value("attempt.hresult", "0x(801c0095|80090311|80090303|8009030c)"))),
    RemarkRow("device-disabled",
        "The device believes it is joined, and Entra says that it is disabled or deleted: two objects over time.",
        bases.DSREGCMD, value("device.auth_status", "disabled or deleted")),
    RemarkRow("auth-status-name",
        "The cloud could not be asked about the device: a name did not resolve (0xd000023c); a cached token misleads.",
        observed("a public troubleshooting diary on Windows 11"),
        either(value("device.auth_status", "0xd000023c"), value("user.http_error", "0x80072ee7"))),
    RemarkRow("user-flow",
        "These are events of a user's sign-in on the device, not of the device's join.",
        bases.EVENT_TEXTS, _signed_in_elsewhere),
    RemarkRow("user-prt",
        "The user has no primary refresh token; the device's join is another thing, and may be sound.",
        bases.DSREGCMD, _without_a_token),
    RemarkRow("user-realm",
        "The suffix of the user's name is no verified domain of the tenant (AADSTS90002): a user's trouble.",
        bases.LAB_SCREENS, value("user.aadsts", "AADSTS90002")),
    RemarkRow("run-elevated",
        "WamDefaultSet : ERROR comes of running the command elevated or as SYSTEM, and is no failure.",
        observed("MicrosoftDocs/azure-docs issues 51830 and 100645"), value("user.wam_default_set", "ERROR")),
    RemarkRow("mex-without-certificate",
        "The metadata lacks a certificate endpoint, which a sign-in on the device asks for; the join does not.",
        observed("MicrosoftDocs/azure-docs issue 83805"),
        either(value("user.hresult", "0xc004848c"), value("user.attempt_status", "0xc004848c"))),
    RemarkRow("mfa-demanded",
        "Registration demands a second factor, and no computer can give one: exempt device registration.",
        observed("MicrosoftDocs/azure-docs issue 85350"),
        value("attempt.aadsts", "AADSTS(50076|50079)$")),
    RemarkRow("conditional-access",
        "A Conditional Access policy blocks the device registration service: no device can be joined through it.",
        documented("Microsoft: Microsoft Entra authentication and authorization error codes"),
        value("attempt.aadsts", "AADSTS5300[0-5]$")),
    RemarkRow("denied-by-agent",
        "The IdP denies Windows' own client by its user agent: allow it in the sign-on rule for legacy clients.",
        observed("public Okta handbooks and log scripts"), value("idp.windows_agent", "DENY|FAILURE")),
    RemarkRow("saml-domain",
        "The domain is federated by SAML, which has no WS-Trust: a federated join cannot be.",
        bases.MSONLINE,
        either(value("federation.preferred_authentication_protocol", "^saml"), value("realm.protocol", "^saml"))),
    RemarkRow("mex-not-13",
        "The domain names PingOne's older /wsf/mex/ instead of /wsf/mex13/, which offers a computer nothing.",
        bases.PING, value("federation.metadata_exchange_uri", r"/wsf/mex/")),
    RemarkRow("html-instead",
        "A page for people answered where a message was expected: a login page or proxy.",
        bases.WIRE, either(key("network.html_instead"), saved_page)),
    RemarkRow("other-join",
        "This log is of another kind of join (the AADLoginForWindows extension), not of a hybrid join.",
        bases.SCREENS, key("attempt.other_join")),
    RemarkRow("spn-twice", "Two accounts have the same service principal name, and the KDC gives no ticket for it.",
        bases.LDIF, _twice),
    RemarkRow("rc4-ticket", "The ticket for the IdP is of RC4, and the keytab has no key of that type.",
        bases.KEYTABS, _rc4),
    RemarkRow("keytab-stale",
        "The IdP's keytab is not the account's any more: another password, or another key version.",
        bases.PINGFEDERATE_SERVER, value("idp.kerberos_error", "Checksum failed|Specified version")),
    RemarkRow("clock",
        "Two clocks differ by more than Kerberos allows: the computer's, and that of the domain controller or the "
        "IdP, whichever refused.",
        bases.PINGFEDERATE_SERVER, either(value("idp.kerberos_error", "Clock skew"),
                                          value("kerberos.error", "KRB_AP_ERR_SKEW|^0x25$"))),
    RemarkRow("idp-refused-ticket",
        "The IdP refused the computer's ticket (401): the SPN's account, its key, or the ticket's encryption type.",
        assumed("inferred: a code of the token client for an HTTP status is 0xcaa30000 plus the status"),
        either(value("attempt.inner_code", "0xcaa30191"), value("attempt.hresult", "0xcaa30191"))),
    RemarkRow("tickets-of-a-user", "These tickets are not the computer's: klist -li 0x3e7 shows those.",
        bases.KLIST, lambda view: tuple(
            fact for fact in view.of("tickets.logon") if fact.value != "0x3e7" and not view.matching(
                "tickets.logon", "^0x3e7$"))),
    RemarkRow("claims-tool-blind",
        "DSRegTool tests claims only where the address holds /adfs/: that it says nothing of them is no evidence.",
        bases.DSREGTOOL, _blind),
    RemarkRow("stale-diagnostics",
        "The failed attempt that /status shows is older than the screen: compare both times before believing it.",
        bases.DSREGCMD, lambda view: tuple(
            fact for fact in view.of("last_attempt.at") for now in view.of("status.client_time")
            if fact.of == now.of and fact.value[:10] != now.value[:10])),
    RemarkRow("screen-cut-short", "The transcript stops early; what came after its last line is not known.",
        assumed("the end mark is missing"), key("attempt.cut_short")),
    RemarkRow("upn-suffix-innocent",
        "A computer's name with the suffix of the directory (HOST$@domain.local) is no cause: no claim depends on it.",
        observed("MicrosoftDocs/azure-docs issue 24377"),
        value("object.user_principal_name", r"\$@.*\.(local|lan|internal)$")),
    *CODE_REMARKS,
    *CONFIGURATION_REMARKS,
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
