"""The attribute mappings of PingOne's Microsoft 365 application: what of a profile goes into the token, and how."""

from __future__ import annotations

from hybridjoin.checks.requirement import Finding, broken, expect, holds, requirement
from hybridjoin.checks.rules.gateway.places import at_member, some
from hybridjoin.checks.silence import inapplicable, judged_elsewhere
from hybridjoin.intake.gateway import GatewaySetup, IssuedAttribute, plain
from hybridjoin.intake.gateway_expression import (
    BASE64_GUID,
    Called,
    NotAnExpression,
    OfProfile,
    Quoted,
    Term,
    attributes_of,
    read_expression,
)
from hybridjoin.model.verdict import Level

_ISSUED = "PINGONE Attribute mappings reference"
_APPLICATION = "Applications > the Microsoft 365 application > Attribute Mappings tab"
_ANCHORED = "#string.uuidAsBase64Guid(user.externalId,null)"
_FORMATS = {
    "accounttype": "http://schemas.microsoft.com/ws/2012/01",
    "onpremobjectguid": "http://schemas.microsoft.com/identity/claims",
    "primarysid": "http://schemas.microsoft.com/ws/2008/06/identity/claims",
}


def _issue(setup: GatewaySetup, *names: str) -> IssuedAttribute | None:
    if not setup.issued:
        raise inapplicable("the application's attribute mappings were not given")
    return setup.issue_of(*names)


def _term(issued: IssuedAttribute) -> Term:
    try:
        return read_expression(issued.value)
    except NotAnExpression as error:
        raise judged_elsewhere("GATEWAY-13", f"the expression of {issued.name} cannot be read") from error


def _is_anchored(term: Term) -> bool:
    if not isinstance(term, Called) or term.function.lower() != BASE64_GUID or not term.arguments:
        return False
    first = term.arguments[0]
    return isinstance(first, OfProfile) and plain(first.name) == "externalid"


@requirement(
    "GATEWAY-09",
    Level.MUST,
    _ISSUED,
    remedy=f"{_APPLICATION}: ImmutableID and onpremobjectguid are {_ANCHORED}.",
    verified=True,
)
def anchor_is_issued_as_base64(setup: GatewaySetup) -> Finding:
    """ImmutableID and onpremobjectguid are the External ID, its GUID written as base64."""
    for name in ("ImmutableID", "onpremobjectguid"):
        issued = _issue(setup, name)
        if issued is None or not _is_anchored(_term(issued)):
            where = at_member(setup, issued.name if issued else "Attribute Mappings")
            found = issued.value if issued else f"no {name}"
            return broken(expected=_ANCHORED, found=found, where=where)
    return holds(_ANCHORED, where=at_member(setup, "Attribute Mappings"))


@requirement(
    "GATEWAY-10",
    Level.MUST,
    _ISSUED,
    remedy=f'{_APPLICATION}: accounttype is "DJ", quotation marks included.',
    verified=True,
)
def account_type_is_dj(setup: GatewaySetup) -> Finding:
    """The expression of accounttype is "DJ", with its quotation marks: without them it is no text."""
    issued = _issue(setup, "accounttype")
    if issued is None:
        where = at_member(setup, "Attribute Mappings")
        return broken(expected='"DJ"', found="no accounttype", where=where)
    bare = issued.value.strip() == "DJ"
    kept = not bare and _term(issued) == Quoted(text="DJ")
    return expect(kept, expected='"DJ"', found=issued.value, where=at_member(setup, issued.name))


@requirement(
    "GATEWAY-11",
    Level.MUST,
    _ISSUED,
    remedy=f"{_APPLICATION}, More Options, Update NameFormat: select the format.",
    verified=True,
)
def formats_are_entras(setup: GatewaySetup) -> Finding:
    """The claims accounttype, onpremobjectguid and primarysid have the format by which Entra finds them."""
    for name, wanted in _FORMATS.items():
        issued = _issue(setup, name)
        if issued is not None and issued.name_format.rstrip("/") != wanted:
            found = issued.name_format or "the default"
            return broken(expected=f"{name}: {wanted}", found=found, where=at_member(setup, issued.name))
    return holds("the formats of the guide", where=at_member(setup, "Attribute Mappings"))


@requirement(
    "GATEWAY-12",
    Level.MUST,
    _ISSUED,
    remedy=f"{_APPLICATION}: primarysid is the custom attribute that the devices' user type maps to objectSid.",
)
def sid_is_issued_of_the_devices_attribute(setup: GatewaySetup) -> Finding:
    """The claim primarysid is the attribute that the devices' user type maps to objectSid."""
    issued = _issue(setup, "primarysid")
    names = {name for kind in some(setup.devices, "devices") for name in kind.from_source("objectSid")}
    if not names:
        raise judged_elsewhere("GATEWAY-05", "no attribute of devices comes from objectSid")
    expected = " or ".join(f"user.{name}" for name in sorted(names))
    if issued is None:
        where = at_member(setup, "Attribute Mappings")
        return broken(expected=expected, found="no primarysid", where=where)
    term = _term(issued)
    kept = isinstance(term, OfProfile) and plain(term.name) in {plain(name) for name in names}
    return expect(kept, expected=expected, found=issued.value, where=at_member(setup, issued.name))


def _told_elsewhere(setup: GatewaySetup, issued: IssuedAttribute) -> bool:
    """Tell whether a fault is that of GATEWAY-10, a DJ without its marks, or of GATEWAY-05, no SID to be issued."""
    name = issued.name.lower()
    bare = name == "accounttype" and issued.value.strip() == "DJ"
    return bare or (name == "primarysid" and not any(kind.from_source("objectSid") for kind in setup.devices))


@requirement(
    "GATEWAY-13",
    Level.MUST,
    _ISSUED,
    remedy=f"{_APPLICATION}: correct the expression; a text stands in quotation marks, an attribute is user.<name>.",
)
def expressions_name_what_is_mapped(setup: GatewaySetup) -> Finding:
    """Each expression can be read, and every attribute in it is one that a user type maps: another one is no value."""
    mapped = {plain(item.name) for kind in setup.user_types for item in kind.attributes}
    _issue(setup, "")
    for issued in setup.issued:
        if _told_elsewhere(setup, issued):
            continue
        try:
            asked = [item for item in attributes_of(read_expression(issued.value)) if item.scope.lower() == "user"]
        except NotAnExpression as error:
            return broken(expected="an expression", found=str(error), where=at_member(setup, issued.name))
        unknown = next((item.name for item in asked if plain(item.name) not in mapped), None)
        if unknown is not None:
            expected, found = "an attribute that a user type maps", f"user.{unknown}"
            return broken(expected=expected, found=found, where=at_member(setup, issued.name))
    return holds(f"{len(setup.issued)} expressions", where=at_member(setup, "Attribute Mappings"))
