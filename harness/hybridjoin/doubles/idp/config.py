"""The reference IdP's configuration: plain data in, a frozen value or every mistake out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hybridjoin.doubles.fault import Misbehaviour, read_faults
from hybridjoin.doubles.idp.addresses import read_addresses
from hybridjoin.doubles.idp.faults import FAULTS
from hybridjoin.doubles.idp.handed_over import HandedOver, read_handed_over
from hybridjoin.doubles.idp.mapping import (
    DEFAULT_EXTERNAL_ID,
    LOOKUP_ATTRIBUTES,
    PROFILES,
    AttributeMapping,
    SubjectMapping,
    UserType,
    default_user_types,
    references_of,
)
from hybridjoin.doubles.idp.mapping_reader import Expressions, read_mappings, read_subject
from hybridjoin.doubles.idp.passive_settings import PassiveSettings, read_passive
from hybridjoin.doubles.settings import ConfigError, Reader, read_settings

__all__ = ["ConfigError", "IdpConfig", "LdapConfig"]

MICROSOFT_ONLINE = "urn:federation:MicrosoftOnline"
AES = (18, 17, 20, 19)
RC4 = 23
TRUST_VERSIONS = ("1.3", "2005")
MEX_WRAPPERS = ("bare", "metadata", "soap")
LDAP, KERBEROS = "ldap", "kerberos"
PASSWORD_CHECKS = (LDAP, KERBEROS)
WINDOWS_METHOD = "urn:federation:authentication:windows"


@dataclass(frozen=True, slots=True, kw_only=True)
class LdapConfig:
    """How the gateway reaches the directory: LDAPS, verified, a simple bind with a look-up account."""

    url: str
    ca_file: Path
    bind_dn: str
    password_file: Path
    base_dn: str

    @property
    def realm(self) -> str:
        """The Kerberos realm of the directory, by the names of its domain components."""
        parts = (part.partition("=") for part in self.base_dn.split(","))
        return ".".join(value for name, _, value in parts if name.strip().upper() == "DC").upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class IdpConfig:
    """One reference IdP, complete."""

    profile: str
    application_id: str
    service_host: str
    issuer: str
    audience: str
    keytab: Path
    signing_key: Path
    signing_certificate: Path
    ldap: LdapConfig
    subject: SubjectMapping
    mappings: tuple[AttributeMapping, ...]
    user_types: tuple[UserType, ...]
    trust_versions: tuple[str, ...]
    faults: tuple[Misbehaviour, ...]
    handed_over: HandedOver
    lifetime_s: float
    clock_offset_s: float
    issuer_id: str
    mex_wrapper: str
    accept_rc4: bool
    authentication_method: str
    passive: PassiveSettings
    password_check: str = LDAP
    krb5_config: Path | None = None

    @property
    def ldap_references(self) -> tuple[str, ...]:
        """The LDAP attributes that the mappings ask for by `ldap.<name>`."""
        names = references_of(self.expressions)
        return tuple(sorted(name.removeprefix("ldap.") for name in names if name.startswith("ldap.")))

    @property
    def expressions(self) -> tuple[str, ...]:
        """Every expression of the mappings and of the subject."""
        return (self.subject.expression, *(value for mapping in self.mappings for value in mapping.values))

    @property
    def ticket_etypes(self) -> frozenset[int]:
        """The encryption types of service tickets that are taken (RFC 3961 numbers)."""
        return frozenset((*AES, RC4) if self.accept_rc4 else AES)

    @classmethod
    def from_mapping(cls, data: Mapping[str, object]) -> IdpConfig:
        """Read a configuration.

        Raises:
            ConfigError: with every mistake of the mapping, each with its place.
        """
        return read_settings(data, cls.read)

    @classmethod
    def read(cls, reader: Reader) -> IdpConfig:
        """Read a configuration; its mistakes are noted by the reader."""
        profile = reader.choice("profile", PROFILES)
        adfs = profile == "adfs"
        user_types = _user_types(reader, profile)
        expressions = Expressions(user_types)
        issuer_id = reader.text("issuer_id", default="")
        handed_over = read_handed_over(reader)
        return cls(
            profile=profile,
            application_id=reader.text("application_id", default="" if adfs else None),
            service_host=reader.text("service_host"),
            issuer=read_addresses(reader).issuer,
            audience=reader.text("audience", default=MICROSOFT_ONLINE),
            keytab=reader.file("keytab"),
            signing_key=reader.file("signing_key"),
            signing_certificate=reader.file("signing_certificate"),
            ldap=reader.section("ldap", _ldap),
            mappings=read_mappings(reader, profile, issuer_id, expressions),
            subject=read_subject(reader, profile, expressions),
            user_types=user_types,
            trust_versions=reader.choices(
                "trust_versions", TRUST_VERSIONS, default=TRUST_VERSIONS if adfs else ("1.3",)
            ),
            faults=read_faults(reader, {**handed_over.faults, **FAULTS}),
            handed_over=handed_over,
            lifetime_s=reader.number("lifetime_s", default=3600),
            clock_offset_s=reader.number("clock_offset_s", default=0),
            issuer_id=issuer_id,
            mex_wrapper=reader.choice("mex_wrapper", MEX_WRAPPERS, default="bare"),
            accept_rc4=reader.flag("accept_rc4", default=adfs),
            authentication_method=reader.text("authentication_method", default=WINDOWS_METHOD),
            passive=read_passive(reader, profile),
            password_check=reader.choice("password_check", PASSWORD_CHECKS, default=LDAP),
            krb5_config=_krb5_config(reader),
        )


def _krb5_config(reader: Reader) -> Path | None:
    """Return where a KDC is found, which a check by Kerberos needs."""
    found = reader.text("krb5_config", default="")
    if not found and reader.text("password_check", default=LDAP) == KERBEROS:
        reader.mistake("krb5_config", "a password check by Kerberos needs the path of a krb5.conf, found none")
    return Path(found) if found else None


def _ldap(reader: Reader) -> LdapConfig:
    url = reader.text("url")
    if url and not url.startswith("ldaps://"):
        reader.mistake("url", f"a simple bind needs ldaps://, found {url!r}")
    return LdapConfig(
        url=url,
        ca_file=reader.file("ca_file"),
        bind_dn=reader.text("bind_dn"),
        password_file=reader.file("password_file"),
        base_dn=reader.text("base_dn"),
    )


def _user_types(reader: Reader, profile: str) -> tuple[UserType, ...]:
    external_id = reader.text("external_id", default=DEFAULT_EXTERNAL_ID)
    if not reader.has("user_types"):
        return default_user_types(profile, external_id=external_id)
    return reader.each("user_types", _user_type)


def _user_type(reader: Reader) -> UserType:
    query = reader.text("filter")
    if query and "${identifier}" not in query:
        reader.mistake("filter", f"the filter must hold ${{identifier}}, found {query!r}")
    return UserType(
        name=reader.text("name"),
        filter=query,
        lookup=reader.texts("lookup", default=LOOKUP_ATTRIBUTES),
        profile=reader.pairs("profile"),
    )
