"""Application registrations: what a tenant's administrator has set about a program that people sign in to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from hybridjoin.doubles.settings import Reader

GROUP_CLAIMS = ("None", "SecurityGroup", "DirectoryRole", "ApplicationGroup", "All")
"""The values of the manifest's `groupMembershipClaims`; `None`, or null, is what a new registration has."""
CONSENTS = ("admin", "user", "none")
OPTIONAL_CLAIMS = ("email", "upn", "family_name", "given_name")

# Delegated permissions of Microsoft Graph, and whether only an administrator may consent to them
# (Microsoft: Microsoft Graph permissions reference).
PERMISSIONS: Mapping[str, bool] = {
    "User.Read": False,
    "User.ReadBasic.All": False,
    "User.Read.All": True,
    "GroupMember.Read.All": True,
    "Group.Read.All": True,
    "Directory.Read.All": True,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSecret:
    """One client secret: its id, which the portal shows for ever, and its value, which it shows once."""

    secret_id: str
    value: str = field(repr=False)
    expired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One registration.

    `delegated` are the permissions of Graph that it has for a signed-in user, `application` those that it has by
    itself. `consent` says who has consented: the administrator for everybody, nobody though users may, or nobody and
    users may not. `assigned` are the people who may use it, None where it takes everybody. `cloud_password` is the
    home realm discovery policy that lets Entra check the password of a federated domain's person itself; `accelerated`
    is the federated domain whose identity provider another one sends everybody to at once, empty without it (Microsoft:
    Configure sign-in auto-acceleration using Home Realm Discovery; documented, as that policy's PreferredDomain is).
    """

    client_id: str
    display_name: str
    redirect_uris: tuple[str, ...]
    secrets: tuple[ClientSecret, ...] = ()
    group_claims: str = "None"
    delegated: tuple[str, ...] = ("User.Read",)
    application: tuple[str, ...] = ()
    consent: str = "admin"
    assigned: tuple[str, ...] | None = None
    assigned_groups: tuple[str, ...] = ()
    optional_claims: tuple[str, ...] = ()
    cloud_password: bool = True
    accelerated: str = ""


def read_application(reader: Reader) -> Application:
    """Read one registration; its mistakes are noted by the reader."""
    everybody = not reader.has("assigned")
    assigned = reader.texts("assigned", default=())
    return Application(
        client_id=str(reader.uuid("client_id")),
        display_name=reader.text("display_name", default="PingOne"),
        redirect_uris=reader.texts("redirect_uris"),
        secrets=_secrets(reader),
        group_claims=reader.choice("group_membership_claims", GROUP_CLAIMS, default="None"),
        delegated=_permissions(reader, "delegated_permissions", ("User.Read",)),
        application=_permissions(reader, "application_permissions", ()),
        consent=reader.choice("consent", CONSENTS, default="admin"),
        assigned=None if everybody else assigned,
        assigned_groups=reader.texts("assigned_groups", default=()),
        optional_claims=_selection(reader, "optional_claims", OPTIONAL_CLAIMS, ()),
        cloud_password=reader.flag("cloud_password_validation", default=True),
        accelerated=reader.text("accelerate_to_domain", default=""),
    )


def _secrets(reader: Reader) -> tuple[ClientSecret, ...]:
    """Return the secrets; a lab's have values that nobody writes down, and a scenario lets them all expire at once."""
    found, over = reader.each("secrets", _secret), reader.flag("secrets_expired", default=False)
    return tuple(replace(item, expired=item.expired or over) for item in found)


def _secret(reader: Reader) -> ClientSecret:
    return ClientSecret(
        secret_id=str(reader.uuid("id")), value=reader.text("value"), expired=reader.flag("expired", default=False)
    )


def _permissions(reader: Reader, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
    return _selection(reader, key, tuple(PERMISSIONS), default)


def _selection(reader: Reader, key: str, known: tuple[str, ...], default: tuple[str, ...]) -> tuple[str, ...]:
    """Return a list of known words, which may be empty."""
    values = reader.texts(key, default=default)
    if any(value not in known for value in values):
        reader.mistake(key, f"expected some of {', '.join(known)}, found {list(values)!r}")
    return values
