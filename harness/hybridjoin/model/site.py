"""A place under test: a directory, an identity provider, a tenant, and the computers we may be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from hybridjoin.model.dialled import HeardLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Connect:
    """Dial `address:to_port` when `host:port` is meant: names need no DNS (as curl's --connect-to)."""

    host: str
    port: int
    address: str
    to_port: int


# Whose services these are: nobody but Microsoft answers below these domains, in any of its clouds.
_MICROSOFTS = (
    "microsoftonline.com",
    "microsoftonline.us",
    "microsoftonline.cn",
    "microsoftazuread-sso.com",
    "windows.net",
)
_HTTPS = 443


def is_microsofts(host: str) -> bool:
    """Tell whether a host belongs to Microsoft's own services of sign-in and registration."""
    name = host.lower().rstrip(".")
    return any(name == domain or name.endswith(f".{domain}") for domain in _MICROSOFTS)


USER_ROLE = "user"
DISABLED_ROLE = "disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceAccount:
    """An account whose secrets we hold: a computer's, unless `role` says otherwise.

    `keytab` holds the account's Kerberos keys, where it does not log on by a password; `user_certificate_key` is the
    PEM private key whose certificate stands in the account's `userCertificate` (needed for the synchronized join only).
    `role` is empty for a computer that may join; the accounts of probes are of a `user` or a `disabled` computer.
    `user_agent` is what its token client calls itself; None leaves it Windows' own name.

    `stands_for` is the name of the computer in whose place it comes. `logs_on_as` is an account whose tickets it shows
    instead of its own, or the user principal name by which a person logs on; `ticket_for` a service whose ticket it
    shows to every web server. `outlives_its_ticket` says that its ticket-granting ticket is over before a web server's
    ticket is asked for. `tickets` names a ticket cache in this process' memory that was there before it and stays after
    it, as Windows' is while nobody signs off; without a name the account begins with none, and leaves none.

    `kept_in` is the folder in which the key and certificate of its registration are kept, as Windows keeps them in its
    store; without it they are gone with the flow.
    """

    name: str
    keytab: Path | None = None
    user_certificate_key: Path | None = None
    role: str = ""
    user_agent: str | None = None
    stands_for: str = ""
    logs_on_as: str = ""
    ticket_for: str = ""
    outlives_its_ticket: bool = False
    tickets: str = ""
    kept_in: Path | None = None

    @property
    def sam_account_name(self) -> str:
        """The account's sAMAccountName: of a computer `NAME$`, of a user the name itself."""
        return self.name if self.role == USER_ROLE else f"{self.name}$"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAccount:
    """A person who may sign in by name and password; the file holds the password, and a line break at most.

    `stands_for` is the name of the person in whose place this one comes.
    """

    name: str
    user_principal_name: str
    password_file: Path
    stands_for: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """The Active Directory domain the computers belong to.

    `may_be_away` says that a directory or KDC that does not answer is what is tried there: an answer to the device, and
    no trouble of the surroundings.
    """

    realm: str
    domain: str
    netbios: str
    forest: str
    domain_controller: str
    krb5_config: Path
    ldap_url: str
    base_dn: str
    ca_file: Path | None = None
    may_be_away: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPractice:
    """What the IdP does for people, as whoever knows the site said; None where nobody did.

    `immutable_id` says that their assertions carry an ImmutableID, which computers then need too; `smart_cards` that
    they sign in by certificate as well.
    """

    immutable_id: bool | None = None
    smart_cards: bool | None = None


UNTOLD = UserPractice()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage:
    """What whoever knows the IdP said of its sign-in page: the names of its fields, empty where nobody did.

    `hosts` are others than the one of the passive address that the password may be sent to, in lower case.
    """

    user_field: str = ""
    password_field: str = ""
    hosts: tuple[str, ...] = ()


PLAIN_PAGE = SignInPage()


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityProvider:
    """What is known of the IdP beforehand.

    `mex_url` overrides what user realm discovery says; `signing_certificates` are DER, the domain's
    signingCertificate and nextSigningCertificate. `product` is the name of the adapter that knows its vendor, where the
    site file says so. `federation_metadata_url` is empty where nobody named one.
    """

    issuer: str
    signing_certificates: tuple[bytes, ...]
    mex_url: str | None = None
    ca_file: Path | None = None
    users: UserPractice = UNTOLD
    product: str = ""
    sign_in_page: SignInPage = PLAIN_PAGE
    federation_metadata_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantDouble:
    """What a double that answers in a tenant's stead was told in a site file, and where it stands there.

    `domains` are the names that it knows, the federated one first; `domain_place` and `tenant_id_place` are
    `file:line:column`.
    """

    domains: tuple[str, ...]
    domain_place: str
    tenant_id_place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entra:
    """The tenant the computers join; the URLs are bases without a trailing slash.

    `source_anchor` is the attribute that Entra Connect is set to: mS-DS-ConsistencyGuid, objectGUID, or auto for the
    first where it is filled, else the second. `double` is there where a site file has a double answer for the tenant.
    """

    tenant_id: str
    tenant_name: str
    login_url: str = "https://login.microsoftonline.com"
    registration_url: str = "https://enterpriseregistration.windows.net"
    ca_file: Path | None = None
    source_anchor: str = "auto"
    double: TenantDouble | None = None


def _nothing() -> None:
    """Do nothing: nobody's own Entra Connect is ours to run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeClient:
    """An application registration that a bridge signs people in with; the file holds the secret's value.

    `discovery_url` is the OpenID Connect metadata document, empty for the tenant's own of v2.0. `secret_id` is what the
    portal shows beside the secret for ever, empty where nobody said. `scopes` are none where nobody chose any.
    `cloud_password_validation` says that a policy of the tenant lets Entra check the passwords of federated people.
    """

    client_id: str
    redirect_uri: str
    secret_file: Path
    secret_id: str = ""
    discovery_url: str = ""
    scopes: tuple[str, ...] = ()
    cloud_password_validation: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One place under test, complete.

    `accounts` are for probes alone, at most one of each role; `people` are whom a sign-in by name can be tried as.
    `live` says that somebody allowed what is sent to Microsoft's own services: without it nothing is.
    `bridge` is the application that a bridge signs people in with. `overheard` returns what the place's own servers
    have noted of whoever came, masked; `synchronize` runs a cycle of Entra Connect, where the place is a lab.
    """

    name: str
    directory: Directory
    idp: IdentityProvider
    entra: Entra
    devices: tuple[DeviceAccount, ...]
    connect: tuple[Connect, ...] = ()
    accounts: tuple[DeviceAccount, ...] = ()
    people: tuple[PersonAccount, ...] = ()
    live: bool = False
    bridge: BridgeClient | None = None
    overheard: Callable[[], tuple[HeardLine, ...]] = tuple
    synchronize: Callable[[], None] = _nothing

    @property
    def live_hosts(self) -> tuple[str, ...]:
        """The hosts of the tenant's addresses that are Microsoft's own, and that no `connect` leads elsewhere."""
        bridged = (self.bridge.discovery_url,) if self.bridge is not None else ()
        urls = (self.entra.login_url, self.entra.registration_url, *bridged)
        found = {name: port for url in urls for name, port in _place(url)}
        led = {(item.host.lower(), item.port) for item in self.connect}
        return tuple(name for name, port in found.items() if is_microsofts(name) and (name, port) not in led)

    def device(self, name: str) -> DeviceAccount | None:
        """Return the account of that name, whatever its case, with or without the `$`."""
        wanted = name.removesuffix("$").lower()
        return next((item for item in self.devices if wanted in (item.name.lower(), item.stands_for.lower())), None)

    def person(self, name: str) -> PersonAccount | None:
        """Return the person of that account or user principal name, whatever its case."""
        wanted = name.lower()
        return next(
            (
                item
                for item in self.people
                if wanted in (item.name.lower(), item.user_principal_name.lower(), item.stands_for.lower())
            ),
            None,
        )

    def account(self, role: str) -> DeviceAccount | None:
        """Return the account that probes may use in a role."""
        return next((item for item in self.accounts if item.role == role), None)


def _place(url: str) -> Iterator[tuple[str, int]]:
    """Yield the host and port of an address, or nothing where it is none."""
    try:
        parts = urlsplit(url)
        yield (parts.hostname or "").lower(), parts.port or _HTTPS
    except ValueError:
        return
