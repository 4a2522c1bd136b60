"""Whom each requirement breaks: the clients that are known to fail without it, each with the text or code that says so.

A client stands here where its documentation names the failure, or its published source shows it; what would merely be
odd breaks nobody that is known. Windows is the computer that joins, and whoever signs in on it later; what Entra
refuses, Windows loses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from hybridjoin.checks.sources import SOURCES
from hybridjoin.model.loss import Client, Loss

_CLIENTS: Final = {
    "windows": Client.WINDOWS,
    "net": Client.MSAL_NET,
    "java": Client.MSAL_JAVA,
    "python": Client.MSAL_PYTHON,
    "go": Client.MSAL_GO,
    "adal": Client.ADAL,
    "bridge": Client.RELYING_PARTY,
    "application": Client.APPLICATION,
    "road": Client.ROADLIB,
}
_DISCOVER, _NETWORK, _JOIN = "MS-TROUBLE Discover phase", "MS-TROUBLE Network errors", "MS-TROUBLE Join phase"
_CLAIMS, _SCP = "MS-HYBRID Set up issuance of claims", "MS-HYBRID Configure a service connection point"
_RENEW, _ISSUER, _FEDERATED = "MS-RENEW Overview", "MS-ERRORS AADSTS50107", "PINGONE Federated IdP settings"
_AES = "PINGONE Kerberos service account and AES encryption"
_ANCHOR = "MS-HYBRID Issue ImmutableID for the computer when one for users exists"
_ISSUER_ID = "MS-HYBRID Issue issuerID for the computer when multiple verified domain names are in Microsoft Entra ID"
_NO_USER = "MS-ERRORS AADSTS51004"
_NET_MEX, _NET_RSTR, _NET_HTTP = "MSAL MexDocument", "MSAL WsTrustResponse", "MSAL WsTrustWebRequestManager"
_JAVA_MEX, _JAVA_RST, _JAVA_RSTR = "MSAL4J MexParser", "MSAL4J WSTrustRequest", "MSAL4J WSTrustResponse"
_PY_MEX, _PY_RSTR = "MSAL-PY mex", "MSAL-PY wstrust_response"
_GO_MEX, _GO_RST, _GO_RSTR = (
    "MSAL-GO wstrust_mex_document",
    "MSAL-GO wstrust_endpoint",
    "MSAL-GO saml_assertion_definitions",
)
_ROAD, _ROAD_TRUST = "ROADTOOLS auth.py", "ROADTOOLS wstrust.py"
_ADAL_MEX, _ADAL_RST, _ADAL_RSTR = "ADAL-PY mex", "ADAL-PY wstrust_request", "ADAL-PY wstrust_response"

Row = tuple[str, tuple[Loss, ...]]


def _loss(client: str, source: str) -> Loss:
    specification, _, section = source.partition(" ")
    return Loss(client=_CLIENTS[client], source=source, url=SOURCES[specification].address(section))


def _row(ids: str, **clients: str) -> Iterator[Row]:
    """Say of some requirements which clients break without them, each client with its source."""
    losses = tuple(_loss(client, source) for client, source in clients.items())
    yield from ((requirement, losses) for requirement in ids.split())


def _nobody(ids: str) -> Iterator[Row]:
    """Say of some requirements that no client is known to break without them."""
    yield from ((requirement, ()) for requirement in ids.split())


_MANAGED: Final = "MS-DEVREG Microsoft Entra hybrid joined in Managed environments"

_ROWS: Final = (
    _row("BRIDGE-01 BRIDGE-18", bridge="OIDC 3.1.3.7"),
    _row("BRIDGE-02", bridge="OIDC-DISC 4.3"),
    _row("BRIDGE-03 BRIDGE-05 BRIDGE-07 BRIDGE-09", bridge="OIDC-DISC 3"),
    _row("BRIDGE-11", bridge="MS-ERRORS AADSTS50011"),
    _row("BRIDGE-12 BRIDGE-13", bridge="RFC6749 4.1.2"),
    _row("BRIDGE-14", bridge="MS-ERRORS AADSTS7000215"),
    _row("BRIDGE-15 BRIDGE-22", bridge="OIDC 3.1.3.3"),
    _row("BRIDGE-16 BRIDGE-17 BRIDGE-19 BRIDGE-20 BRIDGE-21", bridge="OIDC 3.1.3.7"),
    _row("BRIDGE-24", bridge="OIDC 5.3.2"),
    _row("BRIDGE-04 BRIDGE-06 BRIDGE-26 BRIDGE-27 BRIDGE-28 BRIDGE-29 BRIDGE-30", bridge="P14E Steps"),
    _row("BRIDGE-31", bridge="GO-JOSE JSONWebKey.UnmarshalJSON"),
    _nobody("BRIDGE-10 BRIDGE-08 BRIDGE-23 BRIDGE-25"),
    _row("AD-01", windows="MS-TROUBLE Pre-check phase"),
    _row("SCP-01 DISC-01", windows=_DISCOVER),
    _row("DISC-02 REALM-01", windows=_SCP),
    _row("REALM-02 FED-04", windows="MS-ADAL 0xCAA90020"),
    _row("REALM-03 FED-14", windows="MS-ADAL 0xCAA90017"),
    _row("MEX-01", windows="MS-ADAL 0xCAA9002B", net=_NET_HTTP, adal=_ADAL_MEX),
    _row(
        "MEX-02",
        windows="MS-ADAL 0xCAA9002C",
        net=_NET_MEX,
        java=_JAVA_MEX,
        python=_PY_MEX,
        adal=_ADAL_MEX,
        road=_ROAD_TRUST,
    ),
    _row("MEX-03", windows="MS-ADAL 0xCAA90022", net=_NET_MEX, java=_JAVA_MEX),
    _row("MEX-04", windows="MS-ADAL 0xCAA90022"),
    _row("MEX-05", java=_JAVA_MEX),
    _row("MEX-07 MEX-08 MEX-11 MEX-15", net=_NET_MEX),
    _row("MEX-12", net=_NET_MEX, java=_JAVA_MEX, go=_GO_MEX),
    _row("MEX-14", go=_GO_MEX),
    _row(
        "MEX-16 USER-01",
        windows="MS-ADAL 0xCAA90023",
        net=_NET_MEX,
        java=_JAVA_MEX,
        python=_PY_MEX,
        go=_GO_MEX,
        adal=_ADAL_MEX,
        road=_ROAD,
    ),
    _row("MEX-17", python=_PY_MEX, road=_ROAD_TRUST),
    _row("MEX-18", net=_NET_MEX, go=_GO_MEX),
    _row("MEX-31 FED-05 FED-06", windows=_FEDERATED),
    _row("MEX-32 RSTR-18", windows=_NETWORK),
    _row("MEX-33", java=_JAVA_MEX, go=_GO_MEX, adal=_ADAL_MEX),
    _row("MEX-34 RST-13", windows="OKTA-RULES Okta Identity Engine (OIE) Steps"),
    _row("MEX-35", windows="MS-TROUBLE Authentication phase"),
    _row("MEX-36", net=_NET_HTTP),
    _row("MEX-37", java=_JAVA_MEX),
    _row("KRB-01 KRB-04", windows="RFC4559 4.1"),
    _row("KRB-02 KRB-03", windows=_AES),
    _row("HTTP-01 HTTP-02", windows="MS-N2HT 2.2.1"),
    _row("HTTP-08", windows="MS-SPNG 6"),
    _row("HTTP-11", windows="MS-MAXTOKEN Cause"),
    _row("RST-02", net=_NET_HTTP, python="MSAL-PY wstrust_request", go="MSAL-GO wstrust_endpoint", road=_ROAD),
    _row("RST-04", net="MSAL WsTrustEndpoint"),
    _row("RST-05", java=_JAVA_RST, go=_GO_RST, adal=_ADAL_RST),
    _row("RST-07", net=_NET_RSTR, java="MSAL4J WSTrustVersion"),
    _row("RST-08 RSTR-04", net=_NET_RSTR, java="MSAL4J WSTrustVersion"),
    _row(
        "RSTR-01",
        windows="MS-ADAL 0xCAA90014",
        net=_NET_HTTP,
        java=_JAVA_RSTR,
        python=_PY_RSTR,
        adal=_ADAL_RSTR,
        road=_ROAD,
    ),
    _row("RSTR-02", windows="MS-ADAL 0xCAA90013", net=_NET_RSTR, java=_JAVA_RSTR),
    _row("RSTR-03 RSTR-19", java="MSAL4J WSTrustVersion"),
    _row("RSTR-05", net=_NET_RSTR, java="MSAL4J WSTrustVersion", go=_GO_RSTR),
    _row("RSTR-08 RSTR-17", windows="MS-ADAL 0xCAA90002"),
    _row("RSTR-09", python=_PY_RSTR, road=_ROAD_TRUST),
    _row("RSTR-10", net=_NET_RSTR, java=_JAVA_RSTR, python=_PY_RSTR, adal=_ADAL_RSTR, road=_ROAD),
    _row("RSTR-21", java=_JAVA_RSTR),
    _row("RSTR-20", windows="MS-ERRORS AADSTS7500514", net=_NET_RSTR, java=_JAVA_RSTR),
    _row("RSTR-15", python=_PY_RSTR, go=_GO_RSTR, road=_ROAD_TRUST),
    _row("FAULT-01 FAULT-06", python=_PY_RSTR, road=_ROAD_TRUST),
    _row("FAULT-03 FAULT-08", net=_NET_HTTP),
    _row("SAML-01", windows="MS-ERRORS AADSTS7500514"),
    _row("SAML-02 FED-01 FED-16", windows=_ISSUER),
    _row("SAML-05", windows="MS-ERRORS AADSTS500133"),
    _row("SAML-10 SAML-14 CLAIM-01 CLAIM-03 CLAIM-05", windows=_CLAIMS),
    _row("SIG-02", windows="MS-ERRORS AADSTS50006"),
    _row("SIG-03 FED-09 FED-17", windows=_RENEW),
    _row("SIG-11", windows="PINGFED org.apache.xml.security.ignoreLineBreaks"),
    _row("CLAIM-02", windows="PINGONE Attribute mappings issue"),
    _row("CLAIM-04", windows="MS-HYBRID Issue objectGUID of the computer account on-premises"),
    _row("CLAIM-06", windows="MS-HYBRID Issue objectSid of the computer account on-premises"),
    _row("CLAIM-07 CLAIM-08", windows=_ANCHOR),
    _row("CLAIM-10", windows="MS-HYBRID Remarks"),
    _row("CLAIM-12", windows=_ISSUER_ID),
    _row("TOKEN-01", windows="PINGONE Attribute mappings issue"),
    _row("TOKEN-02", windows="MS-TROUBLE Authentication phase"),
    _row("USER-02", windows=_NO_USER),
    _row("USER-04", net=_NET_RSTR, java=_JAVA_RSTR),
    _row("USER-16 USER-27", go=_GO_MEX),
    _row("USER-17 USER-18", go="MSAL-GO-HTTP comm"),
    _row("USER-19", python="MSAL-PY wstrust_request", java=_JAVA_RST),
    _row("USER-20", python="MSAL-PY application"),
    _row("USER-21", go=_GO_RSTR),
    _row("USER-23", python=_PY_RSTR, java=_JAVA_RSTR),
    _row("JOIN-01", windows=_JOIN),
    _row("MANAGED-01 MANAGED-02 MANAGED-09 MANAGED-10 MANAGED-11 MANAGED-12", windows=_MANAGED),
    _row("MANAGED-13 MANAGED-14", windows="MS-TARGETED Configure client-side registry setting for SCP"),
    _row("MANAGED-15", windows="MS-TARGETED Targeted deployment of Microsoft Entra hybrid join on Windows devices"),
    _row("PRT-01 PRT-02 PRT-03 PRT-06", windows="MS-PRT How is a PRT issued?"),
    _row("SEAMLESS-01", windows="MS-SSO How does sign-in on a native client with Seamless SSO work?"),
    _row("PRT-04", windows="MS-ERRORS AADSTS140000"),
    _row("PRT-05", windows="MS-ERRORS AADSTS5000611"),
    _row("JOIN-04", windows="PINGONE Fallback sync issue"),
    _row("FED-02", windows="MS-FEDERATION metadataExchangeUri"),
    _nobody("MEX-06 MEX-09 MEX-10 MEX-13 MEX-19 MEX-20 MEX-21 MEX-22 MEX-23 MEX-24 MEX-25 MEX-26 MEX-27 MEX-28 MEX-29"),
    _nobody("MEX-30 HTTP-03 HTTP-04 HTTP-05 HTTP-06 HTTP-07 HTTP-09 HTTP-10 HTTP-12 HTTP-13 HTTP-14"),
    _nobody("RST-01 RST-03 RST-06 RST-09 RST-10 RST-11 RST-12 RSTR-06 RSTR-07 RSTR-11 RSTR-12 RSTR-13 RSTR-14 RSTR-16"),
    _nobody("NEG-01 NEG-02 NEG-03 NEG-04 NEG-05 NEG-06 NEG-07 NEG-08 NEG-09 NEG-10 NEG-11 NEG-12 NEG-13 NEG-14 NEG-15"),
    _nobody("NEG-16 NEG-17 NEG-18 NEG-19 NEG-20 NEG-21 NEG-22 NEG-23"),
    _nobody("FAULT-02 FAULT-04 FAULT-05 FAULT-07 FAULT-09 FAULT-10 FAULT-11 FAULT-12 FAULT-13"),
    _nobody("FAULT-14 FAULT-15 FAULT-16 SAML-03 SAML-04 SAML-06 SAML-07 SAML-08 SAML-09 SAML-11 SAML-12 SAML-13"),
    _nobody("SAML-15 SAML-16 SAML-17 SAML-18 SIG-01 SIG-04 SIG-05 SIG-06 SIG-07 SIG-08 SIG-09 SIG-10 SIG-12 SIG-13"),
    _nobody(
        "SIG-14 CLAIM-09 CLAIM-11 CLAIM-13 TOKEN-03 TOKEN-04 USER-03 USER-05 USER-06 JOIN-02 JOIN-03 FED-03 FED-07"
    ),
    _nobody("USER-07 USER-08 USER-09 USER-10 USER-11 USER-12 USER-13 USER-14 USER-15 USER-22 USER-24 USER-25 USER-26"),
    _nobody("PRT-07 PRT-08 PRT-09 PRT-10"),
    _row("WORK-02", windows="MS-DEVREG Microsoft Entra joined in Federated environments"),
    _row("WORK-03", windows="MS-PRT How is a PRT issued?"),
    _nobody("WORK-01 WORK-04 WORK-05 WORK-06"),
    _nobody("MANAGED-03 MANAGED-04 MANAGED-05 MANAGED-06 MANAGED-07 MANAGED-08 MANAGED-16 MANAGED-17"),
    _row(
        "GATEWAY-02 GATEWAY-03 GATEWAY-05 GATEWAY-06 GATEWAY-09 GATEWAY-10 GATEWAY-11 GATEWAY-12 GATEWAY-13 GATEWAY-14",
        windows="PINGONE Attribute mappings issue",
    ),
    _nobody("GATEWAY-01 GATEWAY-04 GATEWAY-07 GATEWAY-08"),
    _row("FED-19", windows="MS-FEDERATION passiveSignInUri"),
    _row("FED-21", windows=_ISSUER),
    _row("FED-24", windows="MS-ADAL 0xCAA90017"),
    _row("FED-28", windows=_RENEW),
    _nobody("FED-08 FED-10 FED-11 FED-12 FED-13 FED-15 FED-18 LEAVE-01"),
    _nobody("FED-20 FED-22 FED-23 FED-25 FED-26 FED-27 FED-29"),
    _nobody("PASSIVE-01 PASSIVE-02 PASSIVE-03 PASSIVE-04 PASSIVE-05 PASSIVE-06 PASSIVE-07 PASSIVE-08 PASSIVE-09"),
    _nobody("PASSIVE-10 PASSIVE-11 PASSIVE-12 PASSIVE-13 PASSIVE-14 PASSIVE-15 PASSIVE-16 PASSIVE-17 PASSIVE-18"),
    _nobody("PASSIVE-19 PASSIVE-20 PASSIVE-21"),
    _row(
        "FEDMETA-02 FEDMETA-03 FEDMETA-05 FEDMETA-08 FEDMETA-09",
        application="IDENTITYMODEL WsFederationMetadataSerializer",
    ),
    _row("FEDMETA-04 FEDMETA-10", application="DJADFS config"),
    _nobody("FEDMETA-01 FEDMETA-06 FEDMETA-07 FEDMETA-11 FEDMETA-12 FEDMETA-13 FEDMETA-14 FEDMETA-15"),
    _nobody("FEDMETA-16 FEDMETA-17 FEDMETA-18"),
)


def table(rows: Iterable[Iterable[Row]]) -> Mapping[str, tuple[Loss, ...]]:
    """Return rows as one table; of each requirement it is said once.

    Raises:
        ValueError: an id stands there twice, a programming error.
    """
    found: dict[str, tuple[Loss, ...]] = {}
    for requirement, losses in (pair for row in rows for pair in row):
        if requirement in found:
            raise ValueError(f"{requirement} stands in the table of losses twice")
        found[requirement] = losses
    return MappingProxyType(found)


BREAKS: Final = table(_ROWS)
"""The clients that break without each requirement, by its id; an empty row says that nobody is known to."""


def breaks_of(requirement: str) -> tuple[Loss, ...]:
    """Return the clients that are known to break without a requirement."""
    return BREAKS.get(requirement, ())
