"""What the IdP puts into a token by default, as data: attribute mappings, subject and user types of both profiles.

A scenario starts from these and changes, drops, renames, doubles or mis-encodes lines. Nothing heavy is imported.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from hybridjoin.doubles.idp.encodings import Facts
from hybridjoin.doubles.idp.expression import ExpressionError, evaluate, parse, references

ACCOUNT_TYPE_NAMESPACE = "http://schemas.microsoft.com/ws/2012/01"
OBJECT_GUID_NAMESPACE = "http://schemas.microsoft.com/identity/claims"
IDENTITY_NAMESPACE = "http://schemas.microsoft.com/ws/2008/06/identity/claims"
IMMUTABLE_ID_NAMESPACE = "http://schemas.microsoft.com/LiveID/Federation/2008/05"
XMLSOAP_NAMESPACE = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
UPN_NAMESPACE = "http://schemas.xmlsoap.org/claims"
CLAIMS_NAMESPACE = "http://schemas.microsoft.com/claims"
WINDOWS_AUTHENTICATION = "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/windows"
FORMAT_EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
FORMAT_UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
DEFAULT_EXTERNAL_ID = "mS-DS-ConsistencyGuid"
PROFILES = ("pingone", "adfs", "jumpcloud")

DEVICES = "devices"
USERS = "users"
LOOKUP_ATTRIBUTES = ("objectGUID", "objectSid", "dn", "sAMAccountName")


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeMapping:
    """One `saml:Attribute`: each of `values` is an expression; `namespace` is PingOne's name format.

    `only_for` restricts it to user types (AD FS' rules ask whether the caller is a computer); `original_issuer` is the
    extra attribute that AD FS writes on some claims.
    """

    name: str
    namespace: str
    values: tuple[str, ...]
    only_for: tuple[str, ...] = ()
    original_issuer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectMapping:
    """The NameIdentifier of the assertion's subject."""

    expression: str
    format: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserType:
    """How accounts of one kind are found and linked; `profile` pairs profile attributes with LDAP attributes."""

    name: str
    filter: str
    lookup: tuple[str, ...]
    profile: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An attribute as it will stand in the assertion."""

    name: str
    namespace: str
    values: tuple[str, ...]
    original_issuer: str = ""


def default_subject(profile: str) -> SubjectMapping:
    """Return the subject of a profile: the source anchor, PingOne in e-mail format, AD FS unspecified."""
    if profile == "adfs":
        return SubjectMapping(expression=_anchor("user.objectGUID"), format=FORMAT_UNSPECIFIED)
    own = FORMAT_UNSPECIFIED if profile == "jumpcloud" else FORMAT_EMAIL
    return SubjectMapping(expression=_anchor("user.externalId"), format=own)


def default_mappings(profile: str, *, issuer_id: str = "") -> tuple[AttributeMapping, ...]:
    """Return the attribute mappings of a profile; with an issuer id also the claim for several verified domains."""
    mappings = {"adfs": _ADFS, "jumpcloud": _JUMPCLOUD}.get(profile, _PINGONE)
    if issuer_id:
        mappings = (*mappings, _one("issuerid", IDENTITY_NAMESPACE, _quoted(issuer_id)))
    return mappings


def default_user_types(profile: str, *, external_id: str = DEFAULT_EXTERNAL_ID) -> tuple[UserType, ...]:
    """Return the user types of a profile, people first; `external_id` is where the devices' source anchor stands."""
    people = UserType(
        name=USERS,
        filter="(&(objectCategory=person)(objectClass=user)(sAMAccountName=${identifier}))",
        lookup=LOOKUP_ATTRIBUTES,
        profile=_ADFS_PROFILE if profile == "adfs" else _USER_PROFILE,
    )
    if profile == "jumpcloud":
        return (people,)  # it knows no computers, so that none is joined through it
    devices = UserType(
        name=DEVICES,
        filter=_DOMAIN_COMPUTERS if profile == "adfs" else "(&(objectClass=computer)(sAMAccountName=${identifier}))",
        lookup=LOOKUP_ATTRIBUTES,
        profile=_ADFS_PROFILE if profile == "adfs" else _device_profile(external_id),
    )
    return people, devices


def expression_problem(text: str) -> str | None:
    """Say what is wrong with an expression, or None."""
    try:
        parse(text)
    except ExpressionError as problem:
        return str(problem)
    return None


def references_of(expressions: Iterable[str]) -> frozenset[str]:
    """Return every attribute that expressions ask for, such as `user.externalId`; unreadable ones ask for none."""
    return frozenset(
        name for text in expressions if expression_problem(text) is None for name in references(parse(text))
    )


def resolve(mappings: Iterable[AttributeMapping], facts: Facts, user_type: str) -> tuple[Claim, ...]:
    """Evaluate the mappings for one account; a mapping whose values are all NULL is left out, as PingOne does."""
    claims = []
    for mapping in mappings:
        if mapping.only_for and user_type not in mapping.only_for:
            continue
        values = tuple(value for text in mapping.values if (value := evaluate(parse(text), facts)) is not None)
        if values:
            claim = Claim(name=mapping.name, namespace=mapping.namespace, values=values)
            claims.append(replace(claim, original_issuer=mapping.original_issuer))
    return tuple(claims)


def _anchor(reference: str) -> str:
    return f"#string.uuidAsBase64Guid({reference},null)"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _one(name: str, namespace: str, expression: str, *, only_for: tuple[str, ...] = ()) -> AttributeMapping:
    return AttributeMapping(name=name, namespace=namespace, values=(expression,), only_for=only_for)


def _device_profile(external_id: str) -> tuple[tuple[str, str], ...]:
    """PingOne: one LDAP attribute for Username and External ID, Nickname for people, one custom attribute."""
    return (
        ("username", external_id),
        ("nickname", "sAMAccountName"),
        ("externalId", external_id),
        ("objectSid", "objectSid"),
    )


_USER_PROFILE = (
    ("username", "sAMAccountName"),
    ("email", "mail"),
    ("name.family", "sn"),
    ("name.formatted", "displayName"),
    ("name.given", "givenName"),
    ("externalId", DEFAULT_EXTERNAL_ID),
    ("userPrincipalName", "userPrincipalName"),
)
_ADFS_PROFILE = (
    ("username", "sAMAccountName"),
    ("objectGUID", "objectGUID"),
    ("objectSid", "objectSid"),
)
# AD FS' rules ask for the group SID that ends in -515; Domain Computers is the primary group of a computer.
_DOMAIN_COMPUTERS = "(&(objectClass=computer)(primaryGroupID=515)(sAMAccountName=${identifier}))"

_PINGONE = (
    _one("ImmutableID", IMMUTABLE_ID_NAMESPACE, _anchor("user.externalId")),
    _one("UPN", UPN_NAMESPACE, "user.userPrincipalName"),
    _one("accounttype", ACCOUNT_TYPE_NAMESPACE, '"DJ"'),
    _one("onpremobjectguid", OBJECT_GUID_NAMESPACE, _anchor("user.externalId")),
    _one("primarysid", IDENTITY_NAMESPACE, "user.objectSid"),
)
# assumed: what JumpCloud's WS-Federation writes has not been published; a sign-in needs these two.
_JUMPCLOUD = (
    _one("ImmutableID", IMMUTABLE_ID_NAMESPACE, _anchor("user.externalId")),
    _one("UPN", UPN_NAMESPACE, "user.userPrincipalName"),
)
_ADFS = (
    _one("UPN", UPN_NAMESPACE, "kerberos.upn"),
    _one("ImmutableID", IMMUTABLE_ID_NAMESPACE, _anchor("user.objectGUID")),
    _one("accounttype", ACCOUNT_TYPE_NAMESPACE, '"DJ"', only_for=(DEVICES,)),
    _one("accounttype", ACCOUNT_TYPE_NAMESPACE, '"User"', only_for=(USERS,)),
    _one("onpremobjectguid", OBJECT_GUID_NAMESPACE, _anchor("user.objectGUID"), only_for=(DEVICES,)),
    _one("primarysid", IDENTITY_NAMESPACE, "user.objectSid", only_for=(DEVICES,)),
    AttributeMapping(
        name="insidecorporatenetwork",
        namespace=ACCOUNT_TYPE_NAMESPACE,
        values=('"true"',),
        original_issuer="CLIENT CONTEXT",
    ),
    AttributeMapping(
        name="authnmethodsreferences", namespace=CLAIMS_NAMESPACE, values=(_quoted(WINDOWS_AUTHENTICATION),)
    ),
)
