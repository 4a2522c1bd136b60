"""What the Entra double must know of its tenant, read from a plain mapping (a scenario's or a container's file)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from hybridjoin.doubles.entra.applications import Application, read_application
from hybridjoin.doubles.entra.device_policy import DevicePolicy, read_policy
from hybridjoin.doubles.entra.directory_data import (
    DeviceData,
    GroupData,
    UserData,
    read_certificate,
    read_device,
    read_group,
    read_user,
)
from hybridjoin.doubles.entra.faults import FAULTS
from hybridjoin.doubles.fault import Misbehaviour, read_faults
from hybridjoin.doubles.settings import ConfigError, Reader, read_settings

__all__ = ["ConfigError", "ConnectConfig", "DeviceData", "Domain", "EntraConfig", "GroupData", "UserData"]

LOGIN_URL = "https://login.microsoftonline.com"
REGISTRATION_URL = "https://enterpriseregistration.windows.net"
GRAPH_URL = "https://graph.microsoft.com"
ANCHORS = ("auto", "mS-DS-ConsistencyGuid", "objectGUID")
PROMPTS = ("translateToFreshPasswordAuthentication", "nativeSupport", "disabled")
FACTORS = ("acceptIfMfaDoneByFederatedIdp", "enforceMfaByFederatedIdp", "rejectMfaByFederatedIdp")
_AUTHENTICATION = ("Federated", "Managed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """One verified domain with the settings of Microsoft Graph's internalDomainFederation; certificates are DER.

    `default` is there where somebody said so. `out_of_hand` domains were federated without a certificate: Graph shows
    them as federated, and their configuration to nobody. `seamless`: people show their tickets to Entra itself.
    """

    name: str
    federated: bool
    issuer_uri: str = ""
    metadata_exchange_uri: str = ""
    active_sign_in_uri: str = ""
    passive_sign_in_uri: str = ""
    brand: str = ""
    signing_certificate: bytes | None = None
    next_signing_certificate: bytes | None = None
    sign_out_uri: str = ""
    password_reset_uri: str = ""
    preferred_protocol: str = ""
    signed_requests: str = ""
    configuration_id: str = ""
    default: bool = False
    out_of_hand: bool = False
    prompt_login_behavior: str = PROMPTS[0]
    mfa_behavior: str = FACTORS[0]
    seamless: bool = False

    @property
    def sends_browsers_on(self) -> bool:
        """Whether people come by an identity provider's pages: of a federated domain, whose address is known."""
        return self.federated and bool(self.passive_sign_in_uri)

    @property
    def signing_certificates(self) -> tuple[bytes, ...]:
        """The certificates an assertion may be signed with."""
        return tuple(item for item in (self.signing_certificate, self.next_signing_certificate) if item)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectConfig:
    """Where Entra Connect reads the directory: LDAP with a simple bind, over verified TLS.

    `exclude` is out of its scope; `late` are those whom the first cycle passes over, as it ran before they were ready.
    `deleted` are computers whose device object an administrator deletes in the tenant after the first cycle.
    """

    url: str
    ca_file: str
    bind_dn: str
    password_file: str
    base_dn: str
    exclude: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EntraConfig:
    """One tenant; `staged` are people, by the part before the @, `seamless_keytab` has the keys of AZUREADSSOACC."""

    tenant_id: uuid.UUID
    tenant_name: str
    display_name: str
    domains: tuple[Domain, ...]
    connect: ConnectConfig | None = None
    devices: tuple[DeviceData, ...] = ()
    users: tuple[UserData, ...] = ()
    groups: tuple[GroupData, ...] = ()
    applications: tuple[Application, ...] = ()
    source_anchor: str = "auto"
    staged: tuple[str, ...] = ()
    require_mfa: bool = False
    seamless_keytab: str = ""
    clock_offset_s: float = 0.0
    device_policy: DevicePolicy = field(default_factory=DevicePolicy)
    faults: tuple[Misbehaviour, ...] = ()
    login_url: str = LOGIN_URL
    registration_url: str = REGISTRATION_URL
    graph_url: str = GRAPH_URL

    @classmethod
    def from_mapping(cls, data: Mapping[str, object]) -> EntraConfig:
        """Read a configuration.

        Raises:
            ConfigError: with every mistake of the mapping, each with its place.
        """
        return read_settings(data, cls.read)

    @classmethod
    def read(cls, reader: Reader) -> EntraConfig:
        """Read a configuration; its mistakes are noted by the reader."""
        tenant_name = reader.text("tenant_name").lower()
        first = reader.optional("domain", _domain)  # a lab has one, which its scenarios change in single entries
        bridge = reader.optional("application", read_application)  # and likewise one application
        config = cls(
            tenant_id=reader.uuid("tenant_id"),
            tenant_name=tenant_name,
            display_name=reader.text("display_name", default="") or tenant_name,
            domains=((first,) if first else ()) + reader.each("domains", _domain),
            connect=reader.optional("connect", _connect),
            devices=reader.each("devices", read_device),
            users=reader.each("users", read_user),
            groups=reader.each("groups", read_group),
            applications=((bridge,) if bridge else ()) + reader.each("applications", read_application),
            source_anchor=reader.choice("source_anchor", ANCHORS, default="auto"),
            staged=reader.texts("staged", default=()),
            require_mfa=reader.flag("require_mfa", default=False),
            seamless_keytab=reader.text("seamless_keytab", default=""),
            clock_offset_s=reader.number("clock_offset_s", default=0.0),
            device_policy=reader.optional("device_policy", read_policy) or DevicePolicy(),
            faults=read_faults(reader, FAULTS),
            login_url=reader.text("login_url", default=LOGIN_URL).rstrip("/"),
            registration_url=reader.text("registration_url", default=REGISTRATION_URL).rstrip("/"),
            graph_url=reader.text("graph_url", default=GRAPH_URL).rstrip("/"),
        )
        _agree(config, reader)
        return config

    def domain(self, name: str) -> Domain | None:
        """Return a verified domain by its name, whatever the case."""
        return next((domain for domain in self.domains if domain.name == name.lower()), None)

    def is_tenant(self, name: str) -> bool:
        """Whether a path segment addresses this tenant: by id, by name or by one of its domains."""
        wanted = name.lower()
        return wanted in {str(self.tenant_id), self.tenant_name} or self.domain(wanted) is not None

    def application(self, client_id: str) -> Application | None:
        """Return the application of a client id, whatever its case."""
        return next((item for item in self.applications if item.client_id == client_id.lower()), None)

    def fault(self, name: str) -> Misbehaviour | None:
        """Return a fault if it is switched on."""
        return next((choice for choice in self.faults if choice.name == name), None)


def _agree(config: EntraConfig, reader: Reader) -> None:
    """Name what is wrong between fields rather than in one."""
    if not config.domains:
        reader.mistake("domains", "expected at least one domain, found none")
    names = [domain.name for domain in config.domains]
    for name in sorted({name for name in names if names.count(name) > 1}):
        reader.mistake("domains", f"the domain {name!r} stands there more than once")
    if config.connect and (config.devices or config.users or config.groups):
        problem = "expected either a directory to sync from, or devices, users and groups as data; found both"
        reader.mistake("connect", problem)
    clients = [item.client_id for item in config.applications]
    for client in sorted({client for client in clients if clients.count(client) > 1}):
        reader.mistake("applications", f"the client id {client} stands there more than once")


def _domain(reader: Reader) -> Domain:
    federated = reader.choice("authentication", _AUTHENTICATION, default="Federated") == "Federated"
    passive = reader.text("passive_sign_in_uri", default="")
    domain = Domain(
        name=reader.text("name").lower(),
        federated=federated,
        issuer_uri=reader.text("issuer_uri", default=None if federated else ""),
        metadata_exchange_uri=reader.text("metadata_exchange_uri", default=None if federated and not passive else ""),
        active_sign_in_uri=reader.text("active_sign_in_uri", default=""),
        passive_sign_in_uri=passive,
        brand=reader.text("brand", default=""),
        signing_certificate=read_certificate(reader, "signing_certificate"),
        next_signing_certificate=read_certificate(reader, "next_signing_certificate"),
        preferred_protocol="wsFed" if federated else "",
        default=reader.flag("default", default=False),
        prompt_login_behavior=reader.choice("prompt_login_behavior", PROMPTS, default=PROMPTS[0]),
        mfa_behavior=reader.choice("federated_idp_mfa_behavior", FACTORS, default=FACTORS[0]),
        seamless=reader.flag("seamless", default=False),
    )
    if federated and not reader.has("signing_certificate"):
        reader.mistake("signing_certificate", "a federated domain needs the certificate its assertions are signed with")
    return domain


def _connect(reader: Reader) -> ConnectConfig:
    config = ConnectConfig(
        url=reader.text("url"),
        ca_file=reader.text("ca_file"),
        bind_dn=reader.text("bind_dn"),
        password_file=reader.text("password_file"),
        base_dn=reader.text("base_dn"),
        exclude=reader.texts("exclude", default=()),
        late=reader.texts("late", default=()),
        deleted=reader.texts("deleted", default=()),
    )
    if config.url and not config.url.lower().startswith("ldaps://"):
        reader.mistake("url", f"expected ldaps://…, for a password must not cross in the clear; found {config.url!r}")
    return config
