"""A Kerberos client for a reference IdP in a real domain: plain GSSAPI, so that every token can be seen and bent."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gssapi
import requests
from lxml import etree

from hybridjoin.doubles.idp.rst import SOAP_12, TRUST_NAMESPACES
from hybridjoin.lab.domain import Domain

APPLICATION_ID = "0d9c1f3e-5b7a-4c62-9e84-a1b2c3d4e5f6"
PINGONE = f"/wsf/sts/{APPLICATION_ID}"
ADFS = "/adfs/services/trust"
STS = "HTTP@sts.hybridjoin.test"
SPNEGO_MECHANISM = gssapi.OID.from_int_seq("1.3.6.1.5.5.2")


def rst(trust: str, *, header: str = "") -> bytes:
    """Return an RST as Windows writes it, without SOAPAction or ReplyTo."""
    namespace = TRUST_NAMESPACES[trust]
    return (
        f'<s:Envelope xmlns:s="{SOAP_12}" xmlns:a="http://www.w3.org/2005/08/addressing"><s:Header>'
        f"<a:Action>{namespace}/RST/Issue</a:Action><a:MessageID>urn:uuid:42</a:MessageID>{header}</s:Header><s:Body>"
        f'<t:RequestSecurityToken xmlns:t="{namespace}"><t:RequestType>{namespace}/Issue</t:RequestType>'
        '<p:AppliesTo xmlns:p="http://schemas.xmlsoap.org/ws/2004/09/policy"><a:EndpointReference>'
        "<a:Address>urn:federation:MicrosoftOnline</a:Address></a:EndpointReference></p:AppliesTo>"
        "</t:RequestSecurityToken></s:Body></s:Envelope>"
    ).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """An account of the domain with its keytab, and where it posts."""

    principal: str
    keytab: Path
    client: requests.Session

    def context(
        self, service: str, mechanism: gssapi.OID = SPNEGO_MECHANISM, *, channel: bytes | None = None
    ) -> gssapi.SecurityContext:
        """Begin a mutual authentication with `HTTP@host`, bound to a TLS channel or to none.

        The ticket is fetched at the first step.
        """
        name = gssapi.Name(self.principal, gssapi.NameType.kerberos_principal)
        store: dict[str | bytes, str | bytes] = {
            "client_keytab": f"FILE:{self.keytab}",
            "ccache": f"MEMORY:{self.principal}",
        }
        return gssapi.SecurityContext(
            name=gssapi.Name(service, gssapi.NameType.hostbased_service),
            creds=gssapi.Credentials(usage="initiate", name=name, store=store),
            mech=mechanism,
            flags=gssapi.RequirementFlag.mutual_authentication,
            usage="initiate",
            channel_bindings=gssapi.raw.ChannelBindings(application_data=channel) if channel is not None else None,
        )

    def post(self, url: str, token: bytes, *, trust: str = "1.3", body: bytes | None = None) -> requests.Response:
        """Post a request with one Negotiate token."""
        headers = {
            "Authorization": "Negotiate " + base64.b64encode(token).decode("ascii"),
            "Content-Type": "application/soap+xml; charset=utf-8",
        }
        return self.client.post(url, data=rst(trust) if body is None else body, headers=headers, timeout=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An IdP in the domain, and the callers it may meet."""

    domain: Domain
    serve: Callable[..., Any]
    plain: dict[str, Any]

    def idp(self, service: str = "svc-idp", **changes: object) -> Any:  # noqa: ANN401 - a fixture's type
        ldap = {
            "url": self.domain.ldaps_url,
            "ca_file": str(self.domain.ca_file),
            "bind_dn": self.domain.lookup.dn,
            "password_file": str(self.domain.lookup.password_file),
            "base_dn": self.domain.directory.base_dn,
        }
        return self.serve(**{"ldap": ldap, "keytab": str(self.domain.keytabs[service]), **changes})

    def caller(self, idp: Any, account: str = "WS01$") -> Caller:  # noqa: ANN401 - a fixture's type
        principal = f"{account}@{self.domain.directory.realm}"
        return Caller(principal=principal, keytab=self.domain.keytabs[account], client=idp.client)

    def answer(
        self,
        idp: Any,  # noqa: ANN401 - a fixture's type
        path: str = PINGONE,
        *,
        account: str = "WS01$",
        trust: str = "1.3",
        **options: Any,  # noqa: ANN401
    ) -> requests.Response:
        caller = self.caller(idp, account)
        return caller.post(idp.url + path, caller.context(STS).step() or b"", trust=trust, **options)


def token_of(reply: requests.Response) -> bytes:
    """Return the token of an answer's WWW-Authenticate, empty where there is none."""
    return base64.b64decode(reply.headers.get("www-authenticate", "").removeprefix("Negotiate").strip())


def claims_of(reply: requests.Response) -> dict[str, tuple[str, ...]]:
    """Return the attributes of the assertion by their name."""
    assertion = next(etree.fromstring(reply.content).iter("{urn:oasis:names:tc:SAML:1.0:assertion}Assertion"))
    return {
        str(attribute.get("AttributeName")): tuple(value.text or "" for value in attribute)
        for attribute in assertion.iter("{*}Attribute")
    }


def fault_of(reply: requests.Response) -> str:
    """Return the local name of the SOAP fault's subcode."""
    return (etree.fromstring(reply.content).findtext(".//{*}Subcode/{*}Value") or "").partition(":")[2]
