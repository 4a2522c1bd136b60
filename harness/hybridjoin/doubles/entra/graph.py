"""Microsoft Graph of the double's tenant, as far as a domain's federation goes; what it changes, every door obeys."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from dataclasses import replace

from starlette.requests import Request

from hybridjoin.doubles.entra import federation
from hybridjoin.doubles.entra.answer import Answer, Handler, Row
from hybridjoin.doubles.entra.authority import Authority
from hybridjoin.doubles.entra.config import Domain
from hybridjoin.doubles.entra.errors import Exchange, compact
from hybridjoin.doubles.entra.graph_rules import GraphRefused, refuse_if
from hybridjoin.doubles.entra.incoming import body_of
from hybridjoin.doubles.entra.rule import Certainty
from hybridjoin.doubles.entra.tenant import Tenant
from hybridjoin.doubles.entra.tokens import BadToken, check_times, sign, verify

AUDIENCE = "00000003-0000-0000-c000-000000000000"
AUDIENCES = frozenset({AUDIENCE, "https://graph.microsoft.com", "https://graph.microsoft.com/"})
READ = frozenset({"Domain.Read.All", "Domain.ReadWrite.All"})
READ_FEDERATION = READ | {"Domain-InternalFederation.Read.All", "Domain-InternalFederation.ReadWrite.All"}
WRITE = frozenset({"Domain.ReadWrite.All"})
WRITE_FEDERATION = WRITE | {"Domain-InternalFederation.ReadWrite.All"}
BODY_LIMIT = 64 * 1024
# Entra has no such header. Whoever judges a refusal has to know that nobody has published it.
ASSUMED_RULE = "x-hybridjoin-assumed-rule"
LIFETIME_S = 3600
_ONE = r"/v1\.0/domains/(?P<domain>[^/]+)"
_CONFIGURATION = rf"{_ONE}/federationConfiguration"


class Graph:
    """The requests of one tenant that `New-`, `Get-`, `Update-` and `Remove-MgDomainFederationConfiguration` make."""

    def __init__(self, tenant: Tenant, authority: Authority) -> None:
        self._tenant = tenant
        self._authority = authority

    @property
    def rows(self) -> tuple[Row, ...]:
        """Endpoint, method, path and handler of each request."""
        table = (
            ("GET", r"/v1\.0/domains", READ, self._domains),
            ("GET", _ONE, READ, self._domain),
            ("PATCH", _ONE, WRITE, self._change_domain),
            ("DELETE", _ONE, WRITE, self._remove_domain),
            ("GET", _CONFIGURATION, READ_FEDERATION, self._configurations),
            ("POST", _CONFIGURATION, WRITE_FEDERATION, self._create),
            ("GET", rf"{_CONFIGURATION}/(?P<id>[^/]+)", READ_FEDERATION, self._read),
            ("PATCH", rf"{_CONFIGURATION}/(?P<id>[^/]+)", WRITE_FEDERATION, self._update),
            ("DELETE", rf"{_CONFIGURATION}/(?P<id>[^/]+)", WRITE_FEDERATION, self._delete),
        )
        return tuple(("graph", method, path, self._guarded(scopes, work)) for method, path, scopes, work in table)

    def administrator_token(self, *scopes: str, now: float) -> str:
        """Return an access token for Graph, as a cloud administrator who consented to these scopes would have it."""
        claims = {
            "aud": AUDIENCE, "tid": str(self._tenant.config.tenant_id), "scp": " ".join(scopes),
            "iat": int(now), "nbf": int(now) - 60, "exp": int(now) + LIFETIME_S,
        }  # fmt: skip
        return sign(claims, self._authority.token_key, key_id=self._authority.token_key_id)

    def _guarded(self, scopes: frozenset[str], work: Callable[[re.Match[str], dict[str, object]], Answer]) -> Handler:
        """Return a handler that lets the work be done where the token permits it, and writes refusals down."""

        async def handle(request: Request, match: re.Match[str], exchange: Exchange) -> Answer:
            try:
                self._permit(request.headers.get("authorization", ""), scopes, exchange)
                body = await _body(request) if request.method in {"POST", "PATCH"} else {}
                return work(match, body)
            except GraphRefused as refused:
                return _refusal(refused, exchange)

        return handle

    def _permit(self, authorization: str, scopes: frozenset[str], exchange: Exchange) -> None:
        scheme, _, token = authorization.partition(" ")
        refuse_if(scheme.lower() != "bearer" or not token.strip(), "token-empty")
        try:
            claims = verify(token.strip(), self._authority.token_key.public_key())
            check_times(claims, now=exchange.now)
        except BadToken:
            claims = {}
        ours = claims.get("aud") in AUDIENCES and claims.get("tid") == str(self._tenant.config.tenant_id)
        refuse_if(not ours, "token-refused")
        granted = {item.rpartition("/")[2].lower() for item in str(claims.get("scp", "")).split()}
        refuse_if(not granted & {item.lower() for item in scopes}, "scope-missing")

    def _find(self, match: re.Match[str]) -> Domain:
        domain = self._tenant.config.domain(match["domain"])
        refuse_if(domain is None, "domain-unknown", name=match["domain"])
        assert domain is not None  # noqa: S101 - the rule has not fired
        return domain

    def _configured(self, match: re.Match[str]) -> Domain:
        """Return a domain whose configuration has the id that is asked for, and can be handled."""
        domain = self._find(match)
        known = federation.configuration_id(self._tenant.config, domain)
        there = domain.federated and not domain.out_of_hand and match["id"].lower() == known
        refuse_if(not there, "configuration-unknown", name=match["id"])
        return domain

    def _domains(self, _match: re.Match[str], _body: dict[str, object]) -> Answer:
        config = self._tenant.config
        rows = [federation.domain_document(config, item) for item in config.domains]
        return _answer({"@odata.context": federation.METADATA, "value": rows})

    def _domain(self, match: re.Match[str], _body: dict[str, object]) -> Answer:
        document = federation.domain_document(self._tenant.config, self._find(match))
        return _answer({"@odata.context": f"{federation.METADATA}/$entity", **document})

    def _change_domain(self, match: re.Match[str], body: dict[str, object]) -> Answer:
        """Make a federated domain managed; nothing else of a domain is changed here."""
        domain, wanted = self._find(match), body.get("authenticationType", "Managed")
        refuse_if(str(wanted).lower() != "managed", "value-unknown", name="authenticationType")
        refuse_if(domain.out_of_hand and "authenticationType" in body, "out-of-hand")
        if "authenticationType" in body:
            self._tenant.put_domain(federation.managed(domain))
        return Answer(status=204, body=b"")

    def _remove_domain(self, match: re.Match[str], _body: dict[str, object]) -> Answer:
        self._tenant.remove_domain(self._find(match).name)
        return Answer(status=204, body=b"")

    def _configurations(self, match: re.Match[str], _body: dict[str, object]) -> Answer:
        domain, config = self._find(match), self._tenant.config
        shown = domain.federated and not domain.out_of_hand
        rows = [federation.configuration_document(config, domain)] if shown else []
        return _answer({"@odata.context": _context(domain), "value": rows})

    def _read(self, match: re.Match[str], _body: dict[str, object]) -> Answer:
        return self._shown(self._configured(match), status=200)

    def _create(self, match: re.Match[str], body: dict[str, object]) -> Answer:
        domain, config = self._find(match), self._tenant.config
        refuse_if(
            federation.is_default(config, domain) or federation.is_initial(domain), "default-domain", name=domain.name
        )
        refuse_if(domain.federated, "already-federated")
        made = federation.changed(domain, body)
        refuse_if(not made.issuer_uri, "issuer-missing")
        self._alone(made)
        made = replace(made, federated=True, configuration_id=str(uuid.uuid4()))
        self._tenant.put_domain(replace(made, out_of_hand=made.signing_certificate is None))
        refuse_if(made.signing_certificate is None, "certificate-missing")
        return self._shown(made, status=201)

    def _update(self, match: re.Match[str], body: dict[str, object]) -> Answer:
        made = federation.changed(self._configured(match), body)
        refuse_if(not made.issuer_uri, "issuer-missing")
        self._alone(made)
        self._tenant.put_domain(made)
        return self._shown(made, status=200)

    def _delete(self, match: re.Match[str], _body: dict[str, object]) -> Answer:
        self._tenant.put_domain(federation.managed(self._configured(match)))
        return Answer(status=204, body=b"")

    def _alone(self, domain: Domain) -> None:
        others = (item for item in self._tenant.config.domains if item.federated and item.name != domain.name)
        refuse_if(any(item.issuer_uri == domain.issuer_uri for item in others), "issuer-taken")

    def _shown(self, domain: Domain, *, status: int) -> Answer:
        document = federation.configuration_document(self._tenant.config, domain)
        return _answer({"@odata.context": f"{_context(domain)}/$entity", **document}, status=status)


def _context(domain: Domain) -> str:
    return f"{federation.METADATA}('{domain.name}')/federationConfiguration"


def _answer(document: dict[str, object], *, status: int = 200) -> Answer:
    return Answer(status=status, body=compact(document))


def _refusal(refused: GraphRefused, exchange: Exchange) -> Answer:
    rule = refused.rule
    inner = {
        "date": f"{exchange.now:%Y-%m-%dT%H:%M:%S}",
        "request-id": exchange.trace_id,
        "client-request-id": exchange.correlation_id,
    }
    body = compact({"error": {"code": rule.code, "message": refused.message, "innerError": inner}})
    headers = {ASSUMED_RULE: rule.id} if rule.certainty is Certainty.ASSUMED else {}
    return Answer(status=rule.status, body=body, rule=rule.id, code=rule.code, headers=headers)


async def _body(request: Request) -> dict[str, object]:
    read = await body_of(request, limit=BODY_LIMIT)
    refuse_if(len(read) > BODY_LIMIT, "body-unreadable")
    try:
        data = json.loads(read)
    except (ValueError, RecursionError):
        data = None
    refuse_if(not isinstance(data, dict), "body-unreadable")
    return dict(data) if isinstance(data, dict) else {}
