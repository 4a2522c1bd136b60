"""A gateway that keeps every sentence, and for each sentence one that breaks it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hybridjoin.evidence.parts import Parts
from hybridjoin.intake.gateway import GatewaySetup, GatewayUserType, IssuedAttribute, ProfileAttribute
from tests.checks.messages import AnyEvidence, GivenEvidence

ANCHOR = "mS-DS-ConsistencyGuid"
BASE64 = "#string.uuidAsBase64Guid(user.externalId,null)"
LOOKUP = ("objectGUID", "objectSid", "dn", "sAMAccountName")


def profile(**sources: str) -> tuple[ProfileAttribute, ...]:
    return tuple(ProfileAttribute(name=name, source=source) for name, source in sources.items() if source)


DEVICES = GatewayUserType(
    name="Devices",
    place="gw.yaml:2:5",
    devices=True,
    lookup=LOOKUP,
    filter="(&(objectClass=computer)(sAMAccountName=${identifier}))",
    attributes=profile(username=ANCHOR, externalId=ANCHOR, nickname="sAMAccountName", objectSid="objectSid"),
)
PEOPLE = GatewayUserType(
    name="People",
    place="gw.yaml:9:5",
    devices=False,
    lookup=LOOKUP,
    filter="(sAMAccountName=${identifier})",
    attributes=profile(username="sAMAccountName", externalId=ANCHOR, upn="userPrincipalName"),
)
ISSUED = (
    IssuedAttribute(name="ImmutableID", value=BASE64),
    IssuedAttribute(name="UPN", value="user.upn"),
    IssuedAttribute(name="accounttype", value='"DJ"', name_format="http://schemas.microsoft.com/ws/2012/01"),
    IssuedAttribute(name="onpremobjectguid", value=BASE64, name_format="http://schemas.microsoft.com/identity/claims"),
    IssuedAttribute(
        name="primarysid",
        value="user.objectSid",
        name_format="http://schemas.microsoft.com/ws/2008/06/identity/claims",
    ),
)
SETUP = GatewaySetup(place="gw.yaml", user_types=(DEVICES, PEOPLE), issued=ISSUED)
Case = Callable[[], AnyEvidence]


def given(setup: GatewaySetup = SETUP) -> Case:
    return lambda: GivenEvidence(parts=Parts.of(setup))


def kinds(devices: GatewayUserType = DEVICES, people: GatewayUserType = PEOPLE) -> GatewaySetup:
    return replace(SETUP, user_types=(devices, people))


def mapped(kind: GatewayUserType, **sources: str) -> GatewayUserType:
    """A user type with some of its sources replaced; an empty one is taken away."""
    return replace(kind, attributes=profile(**{**{item.name: item.source for item in kind.attributes}, **sources}))


def issuing(name: str, **changes: str) -> GatewaySetup:
    """The setup with one of the application's mappings changed."""
    issued = tuple(replace(item, **changes) if item.name == name else item for item in ISSUED)
    return replace(SETUP, issued=issued)


GATEWAY_BREAKING: dict[str, Case] = {
    "GATEWAY-01": given(kinds(people=replace(PEOPLE, lookup=LOOKUP[::-1]))),
    "GATEWAY-02": given(kinds(mapped(DEVICES, username="sAMAccountName"))),
    "GATEWAY-03": given(kinds(mapped(DEVICES, externalId="cn"))),
    "GATEWAY-04": given(kinds(mapped(DEVICES, nickname="cn"))),
    "GATEWAY-05": given(kinds(mapped(DEVICES, objectSid=""))),
    "GATEWAY-06": given(kinds(people=mapped(PEOPLE, externalId="mail"))),
    "GATEWAY-07": given(kinds(people=mapped(PEOPLE, username="mail"))),
    "GATEWAY-08": given(kinds(people=mapped(PEOPLE, upn="mail"))),
    "GATEWAY-09": given(issuing("ImmutableID", value="user.externalId")),
    "GATEWAY-10": given(issuing("accounttype", value="DJ")),
    "GATEWAY-11": given(issuing("primarysid", name_format="")),
    "GATEWAY-12": given(issuing("primarysid", value="user.nickname")),
    "GATEWAY-13": given(issuing("UPN", value="user.userPrincipalName")),
    "GATEWAY-14": given(kinds(replace(DEVICES, filter="(sAMAccountName=WS01$)"))),
}
GATEWAY_PASSING: dict[str, Case] = dict.fromkeys(GATEWAY_BREAKING, given())
GATEWAY_PLACES = {
    "GATEWAY-01": "gw.yaml: member People: Lookup",
    "GATEWAY-02": "gw.yaml: member Devices: Lookup",
    "GATEWAY-03": "gw.yaml: member Devices: externalId",
    "GATEWAY-04": "gw.yaml: member Devices: nickname",
    "GATEWAY-05": "gw.yaml: member Devices: Lookup",
    "GATEWAY-06": "gw.yaml: member People: externalId",
    "GATEWAY-07": "gw.yaml: member People: username",
    "GATEWAY-08": "gw.yaml: member People: Lookup",
    "GATEWAY-09": "gw.yaml: member ImmutableID",
    "GATEWAY-10": "gw.yaml: member accounttype",
    "GATEWAY-11": "gw.yaml: member primarysid",
    "GATEWAY-12": "gw.yaml: member primarysid",
    "GATEWAY-13": "gw.yaml: member UPN",
    "GATEWAY-14": "gw.yaml: member Devices: Filter",
}
