"""Trading the assertion for a token, and registering the device with it or, failing that, without it."""

from __future__ import annotations

from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from hybridjoin.device.join.context import JoinBuilder, JoinContext
from hybridjoin.device.needs import Flow, NewId, NewKey, Now, Send, ask
from hybridjoin.device.steps.failures import demand
from hybridjoin.device.steps.grant import trade
from hybridjoin.device.steps.registration import JOIN_API_VERSION, keep_registration, read_registration
from hybridjoin.model.exchange import HttpReply, HttpRequest
from hybridjoin.model.flows import HYBRID_JOIN
from hybridjoin.model.steps import Step, StepRow
from hybridjoin.protocol import enrolment, oauth
from hybridjoin.protocol.computer import Computer
from hybridjoin.protocol.discovery import DrsDiscovery
from hybridjoin.protocol.enrolment import DeviceFacts, Registration
from hybridjoin.protocol.oauth import Token

_TOKEN = HYBRID_JOIN.row(Step.TOKEN)
_JOIN = HYBRID_JOIN.row(Step.JOIN)
_SYNC_JOIN = HYBRID_JOIN.row(Step.SYNC_JOIN)


def trade_assertion(context: JoinContext, builder: JoinBuilder, assertion_xml: bytes) -> Flow[Token]:
    """Trade the assertion for an access token to the registration service."""
    request = HttpRequest(
        method="POST",
        url=f"{context.site.entra.login_url}/common/oauth2/token",
        headers=(
            *context.habits.agent_header,
            ("Accept", "application/json"),
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("client-request-id", builder.evidence.client_request_id),
            ("return-client-request-id", "true"),
        ),
        body=oauth.build_grant(assertion_xml),
    )
    token = yield from trade(builder, _TOKEN, request)
    builder.keep(token=token)
    return token


def join(context: JoinContext, builder: JoinBuilder, drs: DrsDiscovery, token: Token) -> Flow[None]:
    """Make the device and transport keys and register with the token."""
    key = yield from ask(NewKey())
    transport_key = yield from ask(NewKey())
    body = enrolment.build_join(
        key=key, transport_key=transport_key, device=_facts(context, _tenant_name(context, builder))
    )
    headers = (
        *_headers(context, builder.evidence.client_request_id),
        ("Authorization", f"Bearer {token.access_token}"),
    )
    url = f"{drs.join.endpoint}?{urlencode({'api-version': JOIN_API_VERSION})}"
    request = HttpRequest(method="POST", url=url, headers=headers, body=body)
    reply = yield from demand(Send(request=request, at=_JOIN))
    yield from _keep(context, builder, _read(context, builder, reply, _JOIN), key)


def synchronize(
    context: JoinContext, builder: JoinBuilder, drs: DrsDiscovery, own: Computer, *, signing_key: RSAPrivateKey
) -> Flow[None]:
    """Register as the computer that Entra Connect synced, vouched for by the userCertificate's key."""
    key = yield from ask(NewKey())
    transport_key = yield from ask(NewKey())
    tenant_id = _tenant_id(context, builder)
    body = enrolment.build_sync_join(
        key=key,
        transport_key=transport_key,
        signing_key=signing_key,
        device=_facts(context, tenant_id),
        sid=own.object_sid,
        now=(yield from ask(Now())),
        tenant_id=tenant_id,
        domain_controller=context.site.directory.domain_controller,
    )
    url = f"{drs.join.endpoint}{own.object_guid}?{urlencode({'api-version': JOIN_API_VERSION})}"
    request_id = yield from ask(NewId())  # Windows does not use the ClientRequestId a second time here
    request = HttpRequest(method="PUT", url=url, headers=_headers(context, str(request_id)), body=body)
    reply = yield from demand(Send(request=request, at=_SYNC_JOIN))
    yield from _keep(context, builder, _read(context, builder, reply, _SYNC_JOIN), key)


def _keep(context: JoinContext, builder: JoinBuilder, registration: Registration, key: RSAPrivateKey) -> Flow[None]:
    """Keep the device certificate; the device's id has to be its object's GUID, where that was read."""
    own = builder.evidence.computer
    device_id = str(own.object_guid) if own else registration.device_id
    tenant = _tenant_id(context, builder)
    yield from keep_registration(builder, registration, key, device_id=device_id, tenant=tenant)


def _read(context: JoinContext, builder: JoinBuilder, reply: HttpReply, at: StepRow) -> Registration:
    """Read the certificate, or end the step with the service's refusal."""
    remedy = "compare the token's claims with what the registration service asks for"
    if at is _SYNC_JOIN:
        remedy = "let Entra Connect sync the computer (it needs a userCertificate), then join again"
    return read_registration(builder, at, reply, habits=context.habits, remedy=remedy)


def _headers(context: JoinContext, request_id: str) -> tuple[tuple[str, str], ...]:
    """The headers of both joins."""
    return (*context.drs_headers(request_id), ("Content-Type", "application/json"))


def _facts(context: JoinContext, target_domain: str) -> DeviceFacts:
    """What the device says of itself."""
    return DeviceFacts(
        display_name=context.identity.name, os_version=context.habits.os_version, target_domain=target_domain
    )


def _tenant_name(context: JoinContext, builder: JoinBuilder) -> str:
    """The tenant's name as the SCP gave it."""
    scp = builder.evidence.scp
    return scp.tenant_name if scp else context.site.entra.tenant_name


def _tenant_id(context: JoinContext, builder: JoinBuilder) -> str:
    """The tenant's id as Discover gave it, else the SCP, else the site."""
    found, scp = builder.evidence.discovery, builder.evidence.scp
    return (found.tenant_id if found else "") or (scp.tenant_id if scp else "") or context.site.entra.tenant_id
