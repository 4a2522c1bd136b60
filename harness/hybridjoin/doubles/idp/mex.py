"""The IdP's WS-Trust metadata: which endpoints it describes, and the WSDL 1.1 document that does so."""

from __future__ import annotations

from dataclasses import dataclass

from hybridjoin.doubles.idp import mex_faults
from hybridjoin.doubles.idp.config import IdpConfig
from hybridjoin.doubles.idp.rendering import render, render_element, shape_of
from hybridjoin.doubles.idp.rst import SOAP_12, TRUST_NAMESPACES

WINDOWS = "windowstransport"
USERNAME = "usernamemixed"
CERTIFICATE = "certificatemixed"

TRANSFER_GET = "http://schemas.xmlsoap.org/ws/2004/09/transfer/Get"
TRANSFER_GET_RESPONSE = TRANSFER_GET + "Response"
GET_METADATA = "http://schemas.xmlsoap.org/ws/2004/09/mex/GetMetadata/Request"
GET_METADATA_RESPONSE = "http://schemas.xmlsoap.org/ws/2004/09/mex/GetMetadata/Response"
MEX_ACTIONS = {"": TRANSFER_GET_RESPONSE, TRANSFER_GET: TRANSFER_GET_RESPONSE, GET_METADATA: GET_METADATA_RESPONSE}

_TARGET_NAMESPACES = {
    "adfs": "http://schemas.microsoft.com/ws/2008/06/identity/securitytokenservice",
    "pingone": "urn:hybridjoin:reference-idp:sts",
    "jumpcloud": "urn:hybridjoin:reference-idp:sts",
}
_SP_2005 = "http://schemas.xmlsoap.org/ws/2005/07/securitypolicy"
_SP_12 = "http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702"
_DOCUMENT = "<document/>"
_ADFS_BINDINGS = {
    WINDOWS: "CustomBinding",
    USERNAME: "UserNameWSTrustBinding",
    CERTIFICATE: "CertificateWSTrustBinding",
}
_PINGONE_BINDINGS = {WINDOWS: "KerberosTransport", USERNAME: "UsernameMixed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One port of the service with its binding, policy and port type."""

    kind: str
    trust: str
    path: str
    binding: str
    port_type: str
    operation: str

    @property
    def policy_id(self) -> str:
        """The wsu:Id of the policy; unique because the binding's name is."""
        return f"{self.binding}_policy"

    @property
    def action(self) -> str:
        """The SOAP action of an Issue request."""
        return f"{TRUST_NAMESPACES[self.trust]}/RST/Issue"


def described_endpoints(config: IdpConfig, document: str) -> tuple[Endpoint, ...]:
    """Return what a document describes: PingOne's `mex` or `mex13`, or AD FS' one and only."""
    trusts = config.trust_versions
    kinds: tuple[str, ...] = (WINDOWS, USERNAME)
    if config.profile == "adfs":
        kinds = (WINDOWS, USERNAME, CERTIFICATE)
    elif config.profile == "jumpcloud":
        kinds = (USERNAME,)
    elif document == "mex":
        # assumed: PingOne's older document (it calls it 1.2) is for password clients of WS-Trust 2005/02. It leads
        # Windows to no integrated endpoint: a domain that still names /wsf/mex/ fails before any ticket is asked.
        kinds, trusts = (USERNAME,), ("2005",)
    for fault in config.faults:
        kinds, trusts = mex_faults.OFFER.get(fault.name, mex_faults.keep)((kinds, trusts), fault)
    return tuple(_endpoint(config, kind, trust) for kind in kinds for trust in sorted(trusts, reverse=True))


def mex_document(config: IdpConfig, *, document: str, base_url: str, spn_host: str) -> str:
    """Return the WSDL, its addresses under `base_url`, bent by the faults of the area `mex`."""
    endpoints = described_endpoints(config, document)
    root = render_element(
        f"{shape_of(config.profile)}/mex.xml",
        endpoints=endpoints,
        trusts=sorted({endpoint.trust for endpoint in endpoints}),
        trust_namespaces=TRUST_NAMESPACES,
        target_namespace=_TARGET_NAMESPACES[config.profile],
        base_url=base_url,
        spn_host=spn_host,
        sp2005=_SP_2005,
        sp12=_SP_12,
    )
    for fault in config.faults:
        mex_faults.TREE.get(fault.name, mex_faults.keep)(root, fault)
    return mex_faults.as_text(root)


def wrapped(config: IdpConfig, document: str, *, wrapper: str) -> str:
    """Return the document bare, in mex:Metadata, or in a SOAP envelope as if it had been asked for by POST."""
    if wrapper == "bare":
        return document
    metadata = render("metadata.xml", target_namespace=_TARGET_NAMESPACES[config.profile])
    metadata = metadata.replace(_DOCUMENT, document)
    return metadata if wrapper == "metadata" else enveloped(metadata)


def enveloped(metadata: str, *, soap: str = SOAP_12, action: str = TRANSFER_GET_RESPONSE, relates_to: str = "") -> str:
    """Return metadata in the answer to a SOAP request."""
    envelope = render("mex_envelope.xml", soap=soap, action=action, relates_to=relates_to)
    return envelope.replace(_DOCUMENT, metadata)


def finished(config: IdpConfig, document: str) -> bytes:
    """Return the document's bytes, bent by the faults that reach below the XML."""
    body = b'<?xml version="1.0" encoding="utf-8"?>\n' + document.encode()
    for fault in config.faults:
        body = mex_faults.BYTES.get(fault.name, mex_faults.keep)(body, fault)
    return body


def schema(trust: str) -> str:
    """Return the XML schema of one WS-Trust version that the WSDL imports."""
    return render("trust.xsd", namespace=TRUST_NAMESPACES[trust])


def _endpoint(config: IdpConfig, kind: str, trust: str) -> Endpoint:
    short = "13" if trust == "1.3" else "2005"
    if config.profile != "adfs":
        application, jumpcloud = config.application_id, config.profile == "jumpcloud"
        return Endpoint(
            kind=kind,
            trust=trust,
            path=f"/wsfed/{application}/sts" if jumpcloud else f"/wsf/sts/{application}",
            binding=f"{_PINGONE_BINDINGS[kind]}{short}",
            port_type=f"SecurityTokenService{short}",
            operation="Issue",
        )
    port_type = "IWSTrust13Async" if trust == "1.3" else "IWSTrustFeb2005Async"
    return Endpoint(
        kind=kind,
        trust=trust,
        path=f"/adfs/services/trust/{short}/{kind}",
        binding=f"{_ADFS_BINDINGS[kind]}_{port_type}",
        port_type=port_type,
        operation="Trust13IssueAsync" if trust == "1.3" else "TrustFeb2005IssueAsync",
    )
