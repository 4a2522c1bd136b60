"""Finding out where to go: the computer's own object, the SCP, the Discover document, the user realm."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from hybridjoin.device.join.context import JoinBuilder, JoinContext
from hybridjoin.device.needs import Flow, Search, Send, ask
from hybridjoin.device.steps.evidence_builder import StepFailed
from hybridjoin.device.steps.failures import demand, failure
from hybridjoin.errors import KerberosError, LabError, PeerError
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.exchange import HttpReply, HttpRequest, SearchRequest
from hybridjoin.model.flows import HYBRID_JOIN
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import WindowsCode
from hybridjoin.protocol import computer, discovery, realm, scp, windows
from hybridjoin.protocol.scp import Scp

DISCOVER_API_VERSION = "1.7"


_COMPUTER = HYBRID_JOIN.row(Step.COMPUTER)
_SCP = HYBRID_JOIN.row(Step.SCP)
_DISCOVER = HYBRID_JOIN.row(Step.DISCOVER)
_REALM = HYBRID_JOIN.row(Step.REALM)


def read_own_object(context: JoinContext, builder: JoinBuilder) -> Flow[None]:
    """Read the computer's own object; with a client-side SCP a refused ticket is left for later steps to meet.

    Raises:
        LabError: the directory does not know the computer, or does not answer.
    """
    name = context.identity.sam_account_name
    request = SearchRequest(
        base=context.site.directory.base_dn,
        filter=f"(&(objectClass=computer)(sAMAccountName={_escape(name)}))",
        attributes=computer.ATTRIBUTES,
    )
    search = Search(request=request, at=_COMPUTER)
    if context.habits.client_side_scp is None:
        reply = yield from demand(search)
    else:
        try:
            reply = yield from ask(search)
        except KerberosError as error:
            builder.unreadable(Step.COMPUTER, str(error))
            return
    try:
        builder.keep(computer=computer.read_computer(reply.entries[0]))
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


def read_scp(context: JoinContext, builder: JoinBuilder) -> Flow[Scp]:
    """Learn the tenant: from the registry where it is set there, else from the forest's SCP.

    Raises:
        StepFailed: there is none, or it names no tenant.
    """
    client_side = context.habits.client_side_scp
    if client_side is not None:
        tenant_name, tenant_id = client_side
        found = Scp(tenant_name=tenant_name, tenant_id=tenant_id, client_side=True)
        builder.keep(scp=found)
        return found
    forest = ",".join(f"DC={part}" for part in context.site.directory.forest.split("."))
    request = SearchRequest(
        base=f"{scp.SCP_RDN},{forest}",
        filter="(objectClass=serviceConnectionPoint)",
        attributes=("keywords",),
        scope="base",
    )
    reply = yield from demand(Search(request=request, at=_SCP))
    if not reply.entries:
        reason = f"the forest has no service connection point at {request.base}"
        raise StepFailed(_no_scp(reason, windows.code(0x80070002)))
    keywords = [value.decode("utf-8", "replace") for value in reply.entries[0].values("keywords")]
    found = builder.read(_SCP, lambda: scp.parse_scp(keywords), lambda error: _no_scp(error.problem))
    builder.keep(scp=found)
    return found


def discover(context: JoinContext, builder: JoinBuilder, tenant: Scp) -> Flow[discovery.DrsDiscovery]:
    """Ask the registration service where the tenant's services are.

    Raises:
        StepFailed: it does not answer, or names no service.
    """
    query = urlencode({"api-version": DISCOVER_API_VERSION})
    request = HttpRequest(
        method="GET",
        url=f"{context.site.entra.registration_url}/{quote(tenant.tenant_name)}/discover?{query}",
        headers=context.drs_headers(builder.evidence.client_request_id),
    )
    reply = yield from demand(Send(request=request, at=_DISCOVER))
    if reply.status != 200:
        raise StepFailed(_discovery_status(reply))
    found = builder.read(
        _DISCOVER,
        lambda: discovery.parse_discovery(reply.body),
        lambda error: failure(
            _DISCOVER,
            f"the discovery document cannot be read: {error.problem}",
            windows.code(0x8007000D),
            remedy="look for a proxy that answers in the service's place",
        ),
    )
    builder.keep(discovery=found)
    return found


def ask_realm(context: JoinContext, builder: JoinBuilder, tenant: Scp) -> Flow[realm.UserRealm]:
    """Ask Entra whether the SCP's domain is federated, and where its metadata is.

    Raises:
        StepFailed: Entra does not answer, or does not know the domain.
    """
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
        headers=(
            *context.habits.agent_header,
            ("Accept", "application/json"),
            ("client-request-id", builder.evidence.client_request_id),
        ),
    )
    reply = yield from demand(Send(request=request, at=_REALM))
    if reply.status != 200:
        raise StepFailed(_no_realm(f"user realm discovery answered HTTP {reply.status}"))
    found = builder.read(_REALM, lambda: realm.parse_realm(reply.body), _unreadable_realm)
    builder.keep(realm=found)
    if found.account_type.lower() not in {"federated", "managed"}:
        raise StepFailed(
            _no_realm(f"Entra calls the domain {tenant.tenant_name} {found.account_type or '(nothing)'!r}")
        )
    return found


def _escape(value: str) -> str:
    """Escape a value for an LDAP filter (RFC 4515, 3)."""
    return "".join(f"\\{ord(char):02x}" if char in "\\*()\0" else char for char in value)


def _no_scp(reason: str, cause: WindowsCode | None = None) -> Failure:
    """The SCP cannot be had; `cause` is what reading it failed with, where that is known."""
    remedy = "create the service connection point with azureADName and azureADId, readable to the computers"
    return failure(_SCP, reason, cause or windows.code(0x801C001D), remedy=remedy)


def _no_realm(reason: str) -> Failure:
    """Entra does not know the domain."""
    remedy = "let the SCP's azureADName name a verified, federated domain of the tenant"
    return failure(_REALM, reason, windows.code(0x801C003D), remedy=remedy)


def _unreadable_realm(error: PeerError) -> Failure:
    """The realm document cannot be read."""
    return _no_realm(f"the user realm document cannot be read: {error.problem}")


def _discovery_status(reply: HttpReply) -> Failure:
    """Discover answered, but not with a document."""
    return failure(
        _DISCOVER,
        f"discovery answered HTTP {reply.status}",
        _discovery_code(reply.status),
        remedy="look at the tenant's name in the SCP",
    )


def _discovery_code(status: int) -> WindowsCode:
    """Return the code nearest to an HTTP status of the Discover request."""
    if status == 503:
        return windows.code(windows.SERVER_BUSY)
    if status == 429:
        return windows.assumed(windows.SERVER_BUSY, "inferred: the number is documented for HTTP 503")
    if status in {400, 404}:
        return windows.assumed(0x801C003A, "inferred: the service refuses a tenant that it does not know")
    return windows.code(0x801C0021)
