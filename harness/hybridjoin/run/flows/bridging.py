"""The flow of a person who signs in through a bridge."""

from __future__ import annotations

from typing import Final

from hybridjoin import checks
from hybridjoin.device.bridge.console import Console
from hybridjoin.device.bridge.run import cross_bridge_at, cross_bridge_with
from hybridjoin.device.driver import Hands
from hybridjoin.device.flow_run import FlowRun
from hybridjoin.device.habits import Habits
from hybridjoin.device.password_file import read_password
from hybridjoin.device.signin.run import find_credentials
from hybridjoin.device.signin.username import NOT_KEPT, Credentials
from hybridjoin.errors import Mistake, UsageError
from hybridjoin.evidence.bridge import BridgeEvidence
from hybridjoin.model.circumstances import Circumstances, site_of
from hybridjoin.model.flows import BRIDGE
from hybridjoin.model.relying_party import GroupsFrom, RelyingParty
from hybridjoin.model.site import BridgeClient, Site
from hybridjoin.protocol.openid import WELL_KNOWN
from hybridjoin.run.collect import collect_flow
from hybridjoin.run.flows.flow import Flow
from hybridjoin.run.flows.signing_in import the_person
from hybridjoin.run.habits import habits_of
from hybridjoin.scenario.scenario import BridgeSettings, Scenario, UserSettings


def _cross(site: Site, scenario: Scenario) -> FlowRun[BridgeEvidence]:
    client = _client(site, scenario)
    console = Console(
        relying_party=relying_party(site, client, scenario.bridge),
        secret=_secret(client, scenario),
        credentials=_credentials(site, the_person(scenario)),
    )
    return cross_bridge_at(site, console, habits_of(scenario.device))


def _cross_again(hands: Hands, told: Circumstances) -> FlowRun[BridgeEvidence]:
    """Raise ValueError where the circumstances speak of what this version does not know."""
    if told.relying_party is None:
        raise ValueError("the record does not say how the bridge was set up")
    credentials = Credentials(name=told.device, password=NOT_KEPT)
    console = Console(relying_party=told.relying_party, secret=NOT_KEPT, credentials=credentials)
    return cross_bridge_with(hands, site_of(told.site, told.device), console, Habits.of(told.habits))


def _client(site: Site, scenario: Scenario) -> BridgeClient:
    if site.bridge is None:
        problem = f"the site {site.name} has no application that a bridge could sign people in with"
        hint = "name it in the site file: bridge: {client_id: …, client_secret_file: …, redirect_uri: …}"
        raise UsageError(Mistake(place=scenario.place_of("bridge"), problem=problem, hint=hint))
    return site.bridge


def _credentials(site: Site, user: UserSettings) -> Credentials:
    if user.password is not None:
        return Credentials(name=user.name, password=user.password)
    return find_credentials(site, user.name, wrong=user.wrong)


def _secret(client: BridgeClient, scenario: Scenario) -> str:
    """Return what was pasted into the field for the client secret.

    Raises:
        UsageError: the secret's id is asked for, and nobody said it.
    """
    kind = scenario.bridge.secret
    if kind == "secret-id" and not client.secret_id:
        problem = "the Secret ID is not known here"
        raise UsageError(Mistake(place=scenario.place_of("bridge"), problem=problem, hint="bridge: secret_id"))
    value = read_password(client.secret_file) if kind in {"right", "wrong"} else ""
    return {
        "right": value,
        "wrong": f"{value}-wrong",
        "client-id": client.client_id,
        "secret-id": client.secret_id,
        "none": "",
    }[kind]


def relying_party(site: Site, client: BridgeClient, settings: BridgeSettings) -> RelyingParty:
    """Return the bridge's console as the place has set it up, and the scenario bends it."""
    scopes = settings.scopes or client.scopes or ("openid", "profile", "email")
    return RelyingParty(
        client_id=settings.client_id or client.client_id,
        discovery_url=_discovery(site, client, settings.discovery),
        redirect_uri=settings.redirect_uri or client.redirect_uri,
        scopes=scopes,
        response_mode=settings.response_mode,
        secret_by=settings.secret_by,
        pkce=settings.pkce,
        groups_from=GroupsFrom(settings.groups_from),
    )


def _discovery(site: Site, client: BridgeClient, chosen: str | None) -> str:
    """Return the metadata document's address."""
    if chosen in {None, "v2"} and client.discovery_url:
        return client.discovery_url
    if chosen is not None and chosen.startswith("https:"):
        return chosen
    entra, version = site.entra, "" if chosen == "v1" else "/v2.0"
    tenant = entra.tenant_id if chosen in {None, "v1", "v2"} else chosen
    return f"{entra.login_url}/{tenant}{version}{WELL_KNOWN}"


BRIDGING: Final = Flow(
    table=BRIDGE,
    called=lambda scenario: the_person(scenario).name,
    perform=_cross,
    judge=checks.judge_flow,
    claims=lambda _: (),  # what a token says of a person no computer's object is held against
    collect=collect_flow,
    again=_cross_again,
)
