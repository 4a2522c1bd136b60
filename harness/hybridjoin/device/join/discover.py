"""Finding out where to go: the computer's own object, the SCP, the Discover document, the user realm."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from hybridjoin.device.habits import Habits
from hybridjoin.device.identity import Identity
from hybridjoin.device.join.evidence_builder import EvidenceBuilder, StepFailed
from hybridjoin.device.join.failures import demand, unreachable
from hybridjoin.device.needs import Flow, Search, Send, ask
from hybridjoin.errors import KerberosError, LabError, PeerError, PeerUnreachable
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.exchange import HttpReply, HttpRequest, SearchRequest
from hybridjoin.model.site import Site
from hybridjoin.model.steps import Party, Phase, Step
from hybridjoin.model.verdict import WindowsCode
from hybridjoin.protocol import computer, discovery, realm, scp, windows
from hybridjoin.protocol.scp import Scp

DISCOVER_API_VERSION = "1.7"


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinContext:
    """What the device was told before it starts: who it is, where it is, how it behaves."""

    identity: Identity
    site: Site
    habits: Habits

    def drs_headers(self, request_id: str) -> tuple[tuple[str, str], ...]:
        """The headers of every request to the registration service."""
        return (
            ("Accept", "application/json"),
            ("User-Agent", f"Dsreg/10.0 (Windows {self.habits.os_version})"),
            ("ocp-adrs-client-name", "dsreg"),
            ("ocp-adrs-client-version", "10"),
            ("client-request-id", request_id),
        )


def read_own_object(context: JoinContext, builder: EvidenceBuilder) -> Flow[None]:
    """Read the computer's own object; with a client-side SCP a refused ticket is left for later steps to meet."""
    name = context.identity.sam_account_name
    request = SearchRequest(
        base=context.site.directory.base_dn,
        filter=f"(&(objectClass=computer)(sAMAccountName={_escape(name)}))",
        attributes=computer.ATTRIBUTES,
    )
    search = Search(request=request, step=Step.COMPUTER)
    if context.habits.client_side_scp is None:
        reply = yield from demand(search, phase=Phase.DISCOVER, step=Step.COMPUTER)
    else:
        try:
            reply = yield from ask(search)
        except KerberosError as error:
            builder.unreadable(Step.COMPUTER, str(error))
            return
    try:
        builder.note(computer=computer.read_computer(reply.entries[0]))
    except IndexError:
        raise LabError(
            f"the directory holds no computer {name} below {request.base}",
            remedy="look at directory.base_dn and the device's name in the site file",
        ) from None
    except ValueError as error:
        raise LabError(
            f"the computer's own object is incomplete: {error}",
            remedy="let the computer account read its own object (Authenticated Users: Read)",
        ) from error


def read_scp(context: JoinContext, builder: EvidenceBuilder) -> Flow[Scp]:
    """Learn the tenant: from the registry where it is set there, else from the forest's SCP."""
    client_side = context.habits.client_side_scp
    if client_side is not None:
        tenant_name, tenant_id = client_side
        found = Scp(tenant_name=tenant_name, tenant_id=tenant_id, client_side=True)
        builder.note(scp=found)
        return found
    forest = ",".join(f"DC={part}" for part in context.site.directory.forest.split("."))
    request = SearchRequest(
        base=f"{scp.SCP_RDN},{forest}",
        filter="(objectClass=serviceConnectionPoint)",
        attributes=("keywords",),
        scope="base",
    )
    reply = yield from demand(Search(request=request, step=Step.SCP), phase=Phase.DISCOVER, step=Step.SCP)
    if not reply.entries:
        raise StepFailed(_no_scp(f"the forest has no service connection point at {request.base}"))
    keywords = [value.decode("utf-8", "replace") for value in reply.entries[0].values("keywords")]
    found = builder.read(Step.SCP, lambda: scp.parse_scp(keywords), lambda error: _no_scp(error.problem))
    builder.note(scp=found)
    return found


def discover(context: JoinContext, builder: EvidenceBuilder, tenant: Scp) -> Flow[discovery.DrsDiscovery]:
    """Ask the registration service where the tenant's services are."""
    query = urlencode({"api-version": DISCOVER_API_VERSION})
    request = HttpRequest(
        method="GET",
        url=f"{context.site.entra.registration_url}/{quote(tenant.tenant_name)}/discover?{query}",
        headers=context.drs_headers(builder.evidence.client_request_id),
    )
    send = Send(request=request, step=Step.DISCOVER, party=Party.ENTRA)
    reply = yield from demand(send, phase=Phase.DISCOVER, step=Step.DISCOVER)
    if reply.status != 200:
        raise StepFailed(_discovery_status(reply))
    found = builder.read(
        Step.DISCOVER,
        lambda: discovery.parse_discovery(reply.body),
        lambda error: Failure(
            phase=Phase.DISCOVER,
            step=Step.DISCOVER,
            reason=f"the discovery document cannot be read: {error.problem}",
            cause=windows.code(0x8007000D),
            remedy="look for a proxy that answers in the service's place",
        ),
    )
    builder.note(discovery=found)
    return found


def ask_realm(context: JoinContext, builder: EvidenceBuilder, tenant: Scp) -> Flow[realm.UserRealm]:
    """Ask Entra whether the SCP's domain is federated, and where its metadata is."""
    query = urlencode(
        {
            "user": tenant.tenant_name,
            "api-version": "1.0",
            "checkForMicrosoftAccount": "false",
            "fallback_domain": tenant.tenant_name,
        }
    )
    request = HttpRequest(
        method="GET",
        url=f"{context.site.entra.login_url}/common/UserRealm/?{query}",
        headers=(("Accept", "application/json"), ("client-request-id", builder.evidence.client_request_id)),
    )
    try:
        reply = yield from ask(Send(request=request, step=Step.REALM, party=Party.ENTRA))
    except PeerUnreachable as error:
        raise StepFailed(unreachable(error, phase=Phase.DISCOVER, step=Step.REALM)) from error
    if reply.status != 200:
        raise StepFailed(_no_realm(f"user realm discovery answered HTTP {reply.status}"))
    found = builder.read(Step.REALM, lambda: realm.parse_realm(reply.body), _unreadable_realm)
    builder.note(realm=found)
    if found.account_type.lower() not in {"federated", "managed"}:
        raise StepFailed(
            _no_realm(f"Entra calls the domain {tenant.tenant_name} {found.account_type or '(nothing)'!r}")
        )
    return found


def _escape(value: str) -> str:
    """Escape a value for an LDAP filter (RFC 4515, 3)."""
    return "".join(f"\\{ord(char):02x}" if char in "\\*()\0" else char for char in value)


def _no_scp(reason: str) -> Failure:
    """The SCP cannot be had."""
    return Failure(
        phase=Phase.DISCOVER,
        step=Step.SCP,
        reason=reason,
        cause=windows.code(0x801C001D),
        remedy="create the service connection point with azureADName and azureADId, readable to the computers",
    )


def _no_realm(reason: str) -> Failure:
    """Entra does not know the domain."""
    return Failure(
        phase=Phase.DISCOVER,
        step=Step.REALM,
        reason=reason,
        cause=windows.code(0x801C003D),
        remedy="let the SCP's azureADName name a verified, federated domain of the tenant",
    )


def _unreadable_realm(error: PeerError) -> Failure:
    """The realm document cannot be read."""
    return _no_realm(f"the user realm document cannot be read: {error.problem}")


def _discovery_status(reply: HttpReply) -> Failure:
    """Discover answered, but not with a document."""
    return Failure(
        phase=Phase.DISCOVER,
        step=Step.DISCOVER,
        reason=f"discovery answered HTTP {reply.status}",
        cause=_discovery_code(reply.status),
        remedy="look at the tenant's name in the SCP",
    )


def _discovery_code(status: int) -> WindowsCode:
    """Return the code nearest to an HTTP status of the Discover request."""
    if status in {429, 503}:
        return windows.code(0x801C0025)
    if status in {400, 404}:
        return windows.assumed(0x801C003A, "inferred: the service refuses a tenant that it does not know")
    return windows.code(0x801C0021)
