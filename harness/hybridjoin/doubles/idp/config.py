"""The reference IdP's configuration: plain data in, a frozen value or every mistake out."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hybridjoin.doubles.idp.config_reader import ConfigError, Reader
from hybridjoin.doubles.idp.faults import Misbehaviour, settle
from hybridjoin.doubles.idp.mapping import (
    DEFAULT_EXTERNAL_ID,
    LOOKUP_ATTRIBUTES,
    PROFILES,
    AttributeMapping,
    SubjectMapping,
    UserType,
    default_mappings,
    default_subject,
    default_user_types,
    expression_problem,
    references_of,
)

__all__ = ["ConfigError", "IdpConfig", "LdapConfig"]

MICROSOFT_ONLINE = "urn:federation:MicrosoftOnline"
AES = (18, 17, 20, 19)
RC4 = 23
TRUST_VERSIONS = ("1.3", "2005")
MEX_WRAPPERS = ("bare", "metadata", "soap")
KERBEROS_REFERENCES = ("kerberos.principal", "kerberos.account", "kerberos.realm", "kerberos.upn")
_KEYS = (
    "profile", "application_id", "issuer", "service_host", "keytab", "signing_key", "signing_certificate", "ldap",
    "mappings", "subject", "user_types", "external_id", "faults", "audience", "lifetime_s", "clock_offset_s",
    "issuer_id", "trust_versions", "mex_wrapper", "accept_rc4", "authentication_method",
)  # fmt: skip


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
    lifetime_s: int
    clock_offset_s: int
    issuer_id: str
    mex_wrapper: str
    accept_rc4: bool
    authentication_method: str

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
        """Read plain data; raises ConfigError with every mistake in it."""
        reader = Reader(data)
        reader.refuse_unknown(_KEYS)
        profile = reader.choice("profile", PROFILES)
        host = reader.text("service_host")
        application_id = reader.text("application_id", default="" if profile == "adfs" else None)
        issuer_id = reader.text("issuer_id", default="")
        config = cls(
            profile=profile,
            application_id=application_id,
            service_host=host,
            issuer=reader.text("issuer", default=_issuer(profile, host, application_id)),
            audience=reader.text("audience", default=MICROSOFT_ONLINE),
            keytab=reader.file("keytab"),
            signing_key=reader.file("signing_key"),
            signing_certificate=reader.file("signing_certificate"),
            ldap=_ldap(reader.section("ldap")),
            subject=_subject(reader, profile),
            mappings=_mappings(reader, profile, issuer_id),
            user_types=_user_types(reader, profile),
            trust_versions=reader.choices(
                "trust_versions", TRUST_VERSIONS, default=TRUST_VERSIONS if profile == "adfs" else ("1.3",)
            ),
            faults=_faults(reader),
            lifetime_s=reader.integer("lifetime_s", default=3600),
            clock_offset_s=reader.integer("clock_offset_s", default=0),
            issuer_id=issuer_id,
            mex_wrapper=reader.choice("mex_wrapper", MEX_WRAPPERS, default="bare"),
            accept_rc4=reader.flag("accept_rc4", default=profile == "adfs"),
            authentication_method=reader.text("authentication_method", default="urn:federation:authentication:windows"),
        )
        _check_names(reader, config)
        reader.finish()
        return config


def _issuer(profile: str, host: str, application_id: str) -> str:
    if profile == "adfs":
        return f"http://{host}/adfs/services/trust"
    return f"https://{host}/applications/{application_id}"


def _ldap(reader: Reader) -> LdapConfig:
    reader.refuse_unknown(("url", "ca_file", "bind_dn", "password_file", "base_dn"))
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


def _expression(reader: Reader, key: str, text: str) -> str:
    problem = expression_problem(text) if text else None
    if problem:
        reader.mistake(key, problem)
    return text


def _subject(reader: Reader, profile: str) -> SubjectMapping:
    default = default_subject(profile)
    if not reader.has("subject"):
        return default
    section = reader.section("subject")
    section.refuse_unknown(("expression", "format"))
    expression = _expression(section, "expression", section.text("expression", default=default.expression))
    return SubjectMapping(expression=expression, format=section.text("format", default=default.format))


def _mappings(reader: Reader, profile: str, issuer_id: str) -> tuple[AttributeMapping, ...]:
    if not reader.has("mappings"):
        return default_mappings(profile, issuer_id=issuer_id)
    return tuple(_mapping(section) for section in reader.sections("mappings"))


def _mapping(reader: Reader) -> AttributeMapping:
    reader.refuse_unknown(("name", "namespace", "value", "values", "only_for", "original_issuer"))
    if reader.has("value") == reader.has("values"):
        reader.mistake("values", "give either value (one expression) or values (several)")
    values = reader.texts("values") if reader.has("values") else (reader.text("value", default=""),)
    return AttributeMapping(
        name=reader.text("name"),
        namespace=reader.text("namespace", empty=True),
        values=tuple(_expression(reader, "values", value) for value in values),
        only_for=reader.texts("only_for", default=()),
        original_issuer=reader.text("original_issuer", default=""),
    )


def _user_types(reader: Reader, profile: str) -> tuple[UserType, ...]:
    external_id = reader.text("external_id", default=DEFAULT_EXTERNAL_ID)
    if not reader.has("user_types"):
        return default_user_types(profile, external_id=external_id)
    return tuple(_user_type(section) for section in reader.sections("user_types"))


def _user_type(reader: Reader) -> UserType:
    reader.refuse_unknown(("name", "filter", "lookup", "profile"))
    query = reader.text("filter")
    if query and "${identifier}" not in query:
        reader.mistake("filter", f"the filter must hold ${{identifier}}, found {query!r}")
    return UserType(
        name=reader.text("name"),
        filter=query,
        lookup=reader.texts("lookup", default=LOOKUP_ATTRIBUTES),
        profile=reader.pairs("profile"),
    )


def _check_names(reader: Reader, config: IdpConfig) -> None:
    """Find misspelled names: at run time an unknown attribute is NULL, and the claim would silently be left out."""
    types = (*config.user_types, *(item for profile in PROFILES for item in default_user_types(profile)))
    known = {f"user.{name}" for item in types for name, _ in item.profile} | set(KERBEROS_REFERENCES)
    for index, mapping in enumerate(config.mappings if reader.has("mappings") else ()):
        for name in references_of(mapping.values):
            _check_name(reader, f"mappings[{index}].values", name, known)
        for name in mapping.only_for:
            _check_name(reader, f"mappings[{index}].only_for", name, {item.name for item in config.user_types})
    for name in references_of([config.subject.expression] if reader.has("subject") else ()):
        _check_name(reader, "subject.expression", name, known)


def _check_name(reader: Reader, key: str, name: str, known: set[str]) -> None:
    if name not in known and not name.startswith("ldap."):
        near = difflib.get_close_matches(name, known, n=1)
        reader.mistake(key, f"nothing is called {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))


def _faults(reader: Reader) -> tuple[Misbehaviour, ...]:
    chosen = []
    for section in reader.sections("faults", default=True):
        section.refuse_unknown(("name", "options"))
        misbehaviour, problems = settle(section.text("name"), section.plain("options"))
        for problem in problems:
            section.mistake("name", problem)
        if misbehaviour is not None:
            chosen.append(misbehaviour)
    return tuple(chosen)
