"""What anybody may ask of a tenant before a sign-in: whose a name is, and what OpenID Connect clients read."""

from __future__ import annotations

import re

from starlette.requests import Request

from hybridjoin.doubles.entra import openid, seamless
from hybridjoin.doubles.entra.answer import Answer, Row, unknown_tenant
from hybridjoin.doubles.entra.authority import Authority
from hybridjoin.doubles.entra.config import EntraConfig
from hybridjoin.doubles.entra.documents import Document, user_realm, user_realm_srf
from hybridjoin.doubles.entra.errors import Exchange, compact
from hybridjoin.doubles.entra.tenant import Tenant


class PublicDocuments:
    """The tenant's documents that are shown to everybody."""

    def __init__(self, tenant: Tenant, authority: Authority) -> None:
        self._tenant = tenant
        self._authority = authority

    @property
    def rows(self) -> tuple[Row, ...]:
        """Each endpoint."""
        configuration = r"/(?P<tenant>[^/]+)/(?P<v2>v2\.0/)?\.well-known/openid-configuration"
        return (
            ("realm", "GET", r"/[^/]+/userrealm(?:/(?P<user>.*))?", self._realm),
            ("realm", "GET", r"/getuserrealm\.srf", self._realm_srf),
            ("seamless", "GET", r"/[^/]+/winauth/trust/mex", self._seamless_metadata),
            ("instance", "GET", r"/common/discovery/instance", self._instance),
            ("openid", "GET", configuration, self._openid),
            ("keys", "GET", r"/[^/]+/discovery/(?P<v2>v2\.0/)?keys", self._keys),
        )

    @property
    def _config(self) -> EntraConfig:
        return self._tenant.config

    async def _realm(self, request: Request, match: re.Match[str], _: Exchange) -> Answer:
        user = match["user"] or request.query_params.get("user", "")
        version = request.query_params.get("api-version", "1.0")
        document = user_realm(
            self._config,
            user,
            version=version,
            hidden=self._switched_on("realm-unknown"),
            domain_hint="domain_hint" in request.query_params,
        )
        domain = self._config.domain(user.rpartition("@")[2])
        if seamless.shown_as_federated(domain, request.headers.get("x-client-sku", "")):
            document |= seamless.realm_members(self._config)
        if self._switched_on("realm-without-metadata-url"):
            document.pop("federation_metadata_url", None)
        return Answer(status=200, body=compact(document))

    async def _realm_srf(self, request: Request, _match: re.Match[str], _: Exchange) -> Answer:
        login = request.query_params.get("login", "")
        document = user_realm_srf(self._config, login, hidden=self._switched_on("realm-unknown"))
        return Answer(status=200, body=compact(document))

    async def _seamless_metadata(self, _request: Request, _match: re.Match[str], _: Exchange) -> Answer:
        return seamless.metadata(self._config)

    async def _instance(self, request: Request, _match: re.Match[str], _: Exchange) -> Answer:
        endpoint = request.query_params.get("authorization_endpoint", "")
        return Answer(status=200, body=compact(openid.instance(self._config, endpoint)))

    async def _openid(self, _request: Request, match: re.Match[str], exchange: Exchange) -> Answer:
        addressed = match["tenant"]
        if addressed.lower() not in openid.COMMON and not self._config.is_tenant(addressed):
            return unknown_tenant(addressed, exchange)
        document = openid.configuration(self._config, addressed, v2=match["v2"] is not None)
        headers = {"Cache-Control": "max-age=86400, private"}
        return Answer(status=200, body=compact(document), headers=headers)

    async def _keys(self, _request: Request, match: re.Match[str], _: Exchange) -> Answer:
        tenant_issuer = openid.issuer(self._config, v2=True) if match["v2"] else ""
        return Answer(status=200, body=compact(self._key_set(tenant_issuer)))

    def _key_set(self, tenant_issuer: str) -> Document:
        certificates = not self._switched_on("keys-without-certificates")
        own = self._authority.token_key_id
        thumbprint = own[::-1] if self._switched_on("keys-of-another-thumbprint") else own
        return openid.keys(
            self._authority, tenant_issuer=tenant_issuer, certificates=certificates, thumbprint=thumbprint
        )

    def _switched_on(self, fault: str) -> bool:
        return self._config.fault(fault) is not None
