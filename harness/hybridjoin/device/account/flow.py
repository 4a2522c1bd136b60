"""A registration by a person, told once: from the tenant's own document to the certificate, and to the first logon.

Windows has a web view go the way of every browser, with a client of its own ("Microsoft Device Registration Client")
that asks for a token of the registration service (device-registration-how-it-works, phases A to I). That token names a
person, and the device is registered for whom it names: as joined, with its own logon screen, or as registered beside
the account that somebody has already. In the out-of-box experience what was typed into the page is kept until the
device is registered, and logs its owner on: by the token service, and no more by the page.

Not played: terms of use and enrolment of a device management, for which the token would name addresses.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from hybridjoin.device.account.context import AccountBuilder, AccountContext
from hybridjoin.device.browser.context import BrowserContext
from hybridjoin.device.browser.flow import begin as begin_browsing
from hybridjoin.device.browser.flow import go_through
from hybridjoin.device.needs import Flow, NewId, NewKey, Now, Send, ask
from hybridjoin.device.signin.active import SignInContext
from hybridjoin.device.signin.logon import JoinedDevice, at_logon, log_on
from hybridjoin.device.steps.evidence_builder import StepFailed
from hybridjoin.device.steps.failures import demand, failure, keep_failure, keep_refusal
from hybridjoin.device.steps.registration import (
    JOIN_API_VERSION,
    discover_service,
    drs_headers,
    keep_registration,
    read_registration,
)
from hybridjoin.evidence.work_account import SignInEndpoints, WorkAccountEvidence
from hybridjoin.model.exchange import HttpRequest
from hybridjoin.model.flows import WORK_ACCOUNT
from hybridjoin.model.record import RegistrationResult
from hybridjoin.model.steps import Step
from hybridjoin.protocol import enrolment, names, openid, windows
from hybridjoin.protocol.discovery import DrsDiscovery
from hybridjoin.protocol.enrolment import DeviceFacts, JoinType
from hybridjoin.protocol.oauth import Token
from hybridjoin.protocol.openid import WELL_KNOWN

BROKER = f"ms-appx-web://Microsoft.AAD.BrokerPlugin/{names.DRS_CLIENT_ID}"
_OPENID = WORK_ACCOUNT.row(Step.OPENID)
_DISCOVER = WORK_ACCOUNT.row(Step.DISCOVER)
_JOIN = WORK_ACCOUNT.row(Step.JOIN)
_LATER = "wait {wait}, then let the person try again"
_RIGHTS = "look at the device settings of the tenant: who may join or register devices, and how many each may have"
_NAME = "look at the name after the @, and for a proxy"


def register(context: AccountContext, builder: AccountBuilder) -> Flow[WorkAccountEvidence]:
    """Have the device registered, and its owner logged on where that follows; or find out why that cannot be."""
    yield from _begin(context, builder)
    try:
        token = yield from _sign_in(context, builder)
        device = yield from _register(context, builder, token)
        builder.own.keep(result=RegistrationResult.REGISTERED)
    except StepFailed as end:
        keep_failure(builder.own, end.failure)
        return builder.evidence
    if context.asked.first_logon and context.password is not None:
        yield from _log_on(context, builder, context.password, device)
    return builder.evidence


def _begin(context: AccountContext, builder: AccountBuilder) -> Flow[None]:
    """Start the evidence with what is known before anybody was asked."""
    request_id = yield from ask(NewId())
    builder.own.begin(
        WorkAccountEvidence(
            result=RegistrationResult.NOT_REGISTERED,
            asked=context.asked,
            client_request_id=str(request_id),
            started_at=(yield from ask(Now())),
        )
    )


def _sign_in(context: AccountContext, builder: AccountBuilder) -> Flow[Token]:
    """From the name that was typed to a token of the registration service.

    Raises:
        StepFailed: one of the steps ends it.
    """
    found = yield from _find_tenant(context, builder)
    browser = BrowserContext(
        name=context.name,
        site=context.site,
        habits=context.habits,
        password=context.password,
        client_id=names.DRS_CLIENT_ID,
        redirect_uri=BROKER,
        scope="",
        resource=names.DRS_RESOURCE,
        authorization_endpoint=found.authorization,
        token_endpoint=found.token,
    )
    yield from begin_browsing(browser, builder.browser)
    return (yield from go_through(browser, builder.browser))


def _find_tenant(context: AccountContext, builder: AccountBuilder) -> Flow[SignInEndpoints]:
    """Read where the endpoints are.

    Raises:
        StepFailed: the document does not come, is none, or lacks one of the two addresses that are needed.
    """
    request = HttpRequest(
        method="GET",
        url=f"{context.site.entra.login_url}/common{WELL_KNOWN}",
        headers=(("Accept", "application/json"), ("client-request-id", builder.own.evidence.client_request_id)),
    )
    reply = yield from demand(Send(request=request, at=_OPENID))
    if reply.status != 200:
        reason = f"the OpenID Connect metadata document answered HTTP {reply.status}"
        raise StepFailed(failure(_OPENID, reason, windows.UNKNOWN, remedy=_NAME))
    found = builder.own.read(
        _OPENID,
        lambda: openid.parse_configuration(reply.body),
        lambda error: failure(
            _OPENID,
            f"the OpenID Connect metadata document cannot be read: {error.problem}",
            windows.UNKNOWN,
            remedy="look for a proxy that answers in Entra's place",
        ),
    )
    endpoints = SignInEndpoints(authorization=found.authorization_endpoint, token=found.token_endpoint)
    builder.own.keep(endpoints=endpoints)
    if not (endpoints.authorization.startswith("https://") and endpoints.token.startswith("https://")):
        reason = "the OpenID Connect metadata document names no https address to sign in at"
        raise StepFailed(failure(_OPENID, reason, windows.UNKNOWN, remedy=_NAME))
    return endpoints


def _register(context: AccountContext, builder: AccountBuilder, token: Token) -> Flow[JoinedDevice]:
    """Find the registration service, make the keys, and register.

    Raises:
        StepFailed: the service does not answer, or refuses the person or the request.
    """
    headers = drs_headers(context.habits, builder.own.evidence.client_request_id)
    base = context.site.entra.registration_url
    drs = yield from discover_service(
        builder.own, _DISCOVER, base, context.domain, headers=headers, look_at="look at the name after the @"
    )
    key = yield from ask(NewKey())
    transport_key = yield from ask(NewKey())
    told = DeviceFacts(
        display_name=context.asked.computer, os_version=context.habits.os_version, target_domain=context.domain
    )
    body = enrolment.build_join(key=key, transport_key=transport_key, device=told, join_type=context.asked.join_type)
    request = HttpRequest(
        method="POST",
        url=f"{drs.join.endpoint}?{urlencode({'api-version': JOIN_API_VERSION})}",
        headers=(*headers, ("Content-Type", "application/json"), ("Authorization", f"Bearer {token.access_token}")),
        body=body,
    )
    reply = yield from demand(Send(request=request, at=_JOIN))
    found = read_registration(builder.own, _JOIN, reply, habits=context.habits, remedy=_mends(context), wait=_LATER)
    tenant = _tenant_id(context, drs)
    yield from keep_registration(builder.own, found, key, device_id=found.device_id, tenant=tenant)
    return JoinedDevice(device_id=found.device_id, certificate=found.certificate, key=key, transport_key=transport_key)


def _log_on(context: AccountContext, builder: AccountBuilder, password: str, device: JoinedDevice) -> Flow[None]:
    """Log the owner on by what was typed, as the logon of every joined device does; it may fail, and then stays out."""
    who = SignInContext(name=context.name, site=context.site, habits=context.at_logon, mistyped=context.mistyped)
    way = replace(at_logon(password), table=WORK_ACCOUNT, realm=Step.LOGON_REALM)
    found = yield from log_on(who, builder.logon, way, device)
    if found.failure is not None:
        builder.own.keep(result=RegistrationResult.NO_FIRST_LOGON, failure=found.failure)
        keep_refusal(builder.own, found.failure)


def _mends(context: AccountContext) -> str:
    if context.asked.join_type is JoinType.HYBRID:
        return "let the computer itself join: a person's token registers devices as joined (0) or registered (4)"
    return _RIGHTS


def _tenant_id(context: AccountContext, drs: DrsDiscovery) -> str:
    return drs.tenant_id or context.site.entra.tenant_id
