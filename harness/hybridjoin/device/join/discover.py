"""Finding out where to go: the computer's own object, the SCP, the Discover document, the user realm."""

from __future__ import annotations

from urllib.parse import urlencode

from hybridjoin.device.join.context import JoinBuilder, JoinContext
from hybridjoin.device.needs import Flow, Search, Send, ask
from hybridjoin.device.steps.evidence_builder import StepFailed
from hybridjoin.device.steps.failures import demand, failure
from hybridjoin.device.steps.registration import discover_service
from hybridjoin.errors import KerberosError, LabError, PeerError
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.exchange import HttpRequest, SearchRequest
from hybridjoin.model.flows import HYBRID_JOIN
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import WindowsCode
from hybridjoin.protocol import computer, realm, scp, windows
from hybridjoin.protocol.discovery import DrsDiscovery
from hybridjoin.protocol.scp import Scp

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


def discover(context: JoinContext, builder: JoinBuilder, tenant: Scp) -> Flow[DrsDiscovery]:
    """Ask the registration service where the tenant's services are.

    Raises:
        StepFailed: it does not answer, or names no service.
    """
    return (
        yield from discover_service(
            builder,
            _DISCOVER,
            context.site.entra.registration_url,
            tenant.tenant_name,
            headers=context.drs_headers(builder.evidence.client_request_id),
            look_at="look at the tenant's name in the SCP",
        )
    )


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
