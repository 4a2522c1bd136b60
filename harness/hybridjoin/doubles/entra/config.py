"""What the Entra double must know of its tenant, read from a plain mapping (a scenario's or a container's file)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from hybridjoin.doubles.entra.faults import FAULTS, FaultChoice
from hybridjoin.doubles.entra.fields import ConfigError, Fields, near

__all__ = ["ConfigError", "ConnectConfig", "DeviceData", "Domain", "EntraConfig", "UserData"]

LOGIN_URL = "https://login.microsoftonline.com"
REGISTRATION_URL = "https://enterpriseregistration.windows.net"
ANCHORS = ("auto", "mS-DS-ConsistencyGuid", "objectGUID")
_AUTHENTICATION = ("Federated", "Managed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """One verified domain with the settings of Microsoft Graph's internalDomainFederation; certificates are DER."""

    name: str
    federated: bool
    issuer_uri: str = ""
    metadata_exchange_uri: str = ""
    active_sign_in_uri: str = ""
    passive_sign_in_uri: str = ""
    brand: str = ""
    signing_certificate: bytes | None = None
    next_signing_certificate: bytes | None = None

    @property
    def signing_certificates(self) -> tuple[bytes, ...]:
        """The certificates an assertion may be signed with."""
        return tuple(item for item in (self.signing_certificate, self.next_signing_certificate) if item)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectConfig:
    """Where Entra Connect reads the directory: LDAP with a simple bind, over verified TLS."""

    url: str
    ca_file: str
    bind_dn: str
    password_file: str
    base_dn: str
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceData:
    """A computer given as data where there is no directory to sync from."""

    name: str
    object_guid: uuid.UUID
    sid: str
    consistency_guid: uuid.UUID | None = None
    user_certificates: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UserData:
    """A user given as data where there is no directory to sync from."""

    name: str
    upn: str
    object_guid: uuid.UUID
    sid: str
    consistency_guid: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntraConfig:
    """One tenant and how its double behaves."""

    tenant_id: uuid.UUID
    tenant_name: str
    display_name: str
    domains: tuple[Domain, ...]
    connect: ConnectConfig | None = None
    devices: tuple[DeviceData, ...] = ()
    users: tuple[UserData, ...] = ()
    source_anchor: str = "auto"
    clock_offset_s: float = 0.0
    faults: tuple[FaultChoice, ...] = ()
    login_url: str = LOGIN_URL
    registration_url: str = REGISTRATION_URL

    @classmethod
    def from_mapping(cls, data: Mapping[str, object]) -> EntraConfig:
        """Read a configuration.

        Raises:
            ConfigError: with every mistake of the mapping, each with its place.
        """
        mistakes: list[str] = []
        fields = Fields(data, path="", mistakes=mistakes)
        tenant_name = fields.text("tenant_name").lower()
        config = cls(
            tenant_id=fields.uuid("tenant_id"),
            tenant_name=tenant_name,
            display_name=fields.text("display_name", default="") or tenant_name,
            domains=fields.each("domains", _domain),
            connect=fields.optional("connect", _connect),
            devices=fields.each("devices", _device),
            users=fields.each("users", _user),
            source_anchor=fields.choice("source_anchor", ANCHORS, default="auto"),
            clock_offset_s=fields.number("clock_offset_s", default=0.0),
            faults=tuple(choice for choice in fields.each("faults", _fault) if choice),
            login_url=fields.text("login_url", default=LOGIN_URL).rstrip("/"),
            registration_url=fields.text("registration_url", default=REGISTRATION_URL).rstrip("/"),
        )
        _whole(config, fields)
        fields.finish()
        if mistakes:
            raise ConfigError(mistakes)
        return config

    def domain(self, name: str) -> Domain | None:
        """Return a verified domain by its name, whatever the case."""
        return next((domain for domain in self.domains if domain.name == name.lower()), None)

    def is_tenant(self, name: str) -> bool:
        """Whether a path segment addresses this tenant: by id, by name or by one of its domains."""
        wanted = name.lower()
        return wanted in {str(self.tenant_id), self.tenant_name} or self.domain(wanted) is not None

    def fault(self, name: str) -> FaultChoice | None:
        """Return a fault if it is switched on."""
        return next((choice for choice in self.faults if choice.name == name), None)


def _whole(config: EntraConfig, fields: Fields) -> None:
    """Name what is wrong between fields rather than in one."""
    if not config.domains:
        fields.mistake("domains", "expected at least one domain, found none")
    names = [domain.name for domain in config.domains]
    for name in sorted({name for name in names if names.count(name) > 1}):
        fields.mistake("domains", f"the domain {name!r} stands there more than once")
    if config.connect and (config.devices or config.users):
        fields.mistake("connect", "expected either a directory to sync from or devices and users as data, found both")


def _domain(fields: Fields) -> Domain:
    federated = fields.choice("authentication", _AUTHENTICATION, default="Federated") == "Federated"
    domain = Domain(
        name=fields.text("name").lower(),
        federated=federated,
        issuer_uri=fields.text("issuer_uri", default=None if federated else ""),
        metadata_exchange_uri=fields.text("metadata_exchange_uri", default=None if federated else ""),
        active_sign_in_uri=fields.text("active_sign_in_uri", default=""),
        passive_sign_in_uri=fields.text("passive_sign_in_uri", default=""),
        brand=fields.text("brand", default=""),
        signing_certificate=fields.certificate("signing_certificate"),
        next_signing_certificate=fields.certificate("next_signing_certificate"),
    )
    if federated and not fields.text("signing_certificate", default=""):
        fields.mistake("signing_certificate", "a federated domain needs the certificate its assertions are signed with")
    return domain


def _connect(fields: Fields) -> ConnectConfig:
    config = ConnectConfig(
        url=fields.text("url"),
        ca_file=fields.text("ca_file"),
        bind_dn=fields.text("bind_dn"),
        password_file=fields.text("password_file"),
        base_dn=fields.text("base_dn"),
        exclude=fields.texts("exclude"),
    )
    if config.url and not config.url.lower().startswith("ldaps://"):
        fields.mistake("url", f"expected ldaps://…, for a password must not cross in the clear; found {config.url!r}")
    return config


def _device(fields: Fields) -> DeviceData:
    return DeviceData(
        name=fields.text("name"),
        object_guid=fields.uuid("object_guid"),
        sid=fields.text("sid"),
        consistency_guid=_optional_guid(fields),
        user_certificates=fields.certificates("user_certificates"),
    )


def _user(fields: Fields) -> UserData:
    return UserData(
        name=fields.text("name"),
        upn=fields.text("upn"),
        object_guid=fields.uuid("object_guid"),
        sid=fields.text("sid"),
        consistency_guid=_optional_guid(fields),
    )


def _optional_guid(fields: Fields) -> uuid.UUID | None:
    return fields.uuid("consistency_guid") if fields.text("consistency_guid", default="") else None


def _fault(fields: Fields) -> FaultChoice | None:
    name = fields.text("name")
    given = fields.mapping("options")
    fault = FAULTS.get(name)
    if fault is None:
        if name:
            fields.mistake("name", f"unknown fault {name!r}{near(name, FAULTS)}")
        return None
    for option, value in given.items():
        problem = fault.problem(option, value)
        if problem:
            hint = near(option, fault.options) if option not in fault.options else ""
            fields.mistake(f"options.{option}", problem + hint)
    return FaultChoice(fault=fault, options={**fault.options, **given})
