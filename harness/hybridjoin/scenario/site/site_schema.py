"""The site file as pydantic models: a place that is already there, and the secrets' files, never the secrets."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from hybridjoin.scenario.yaml.fields import Line, Strict, UserAgent


def _one_or_many(value: object) -> object:
    return [value] if isinstance(value, str) else value


Lines = Annotated[
    list[Line], BeforeValidator(_one_or_many, json_schema_input_type=Line | list[Line]), Field(min_length=1)
]
Guid = Annotated[str, Field(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")]
Https = Annotated[str, Field(pattern=r"^https://[^/\s]+")]
LdapUrl = Annotated[str, Field(pattern=r"^ldaps?://[^/\s]+")]
DnsName = Annotated[str, Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$")]


class UsersSite(Strict):
    """What the identity provider does for people, where computers depend on it."""

    immutable_id: bool | None = None
    smart_cards: bool | None = None


class IdpSite(Strict):
    """The identity provider under test; `users` says what it does for people."""

    issuer: Line
    signing_certificate: Lines
    mex_url: Https | None = None
    ca_file: Line | None = None
    users: UsersSite = Field(default_factory=UsersSite)


class DirectorySite(Strict):
    """The Active Directory domain; what is left out is derived from the domain's name."""

    domain: DnsName
    realm: Line | None = None
    netbios: Line | None = None
    forest: DnsName | None = None
    domain_controller: DnsName | None = Field(
        default=None,
        description="The domain controller's own name (its dNSHostName); needed where ldap_url has an address.",
    )
    base_dn: Line | None = None
    ldap_url: LdapUrl | None = Field(
        default=None,
        description="Where LDAP is asked: by the domain controller's name, or by an address beside domain_controller, "
        "for a Kerberos ticket is for ldap/<name>. ldap://<the first kdc> where it is left out.",
    )
    ca_file: Line | None = None
    krb5_config: Line | None = None
    kdc: Lines | None = Field(default=None, description="The KDCs, each a name or an address, with :port where not 88.")

    @model_validator(mode="after")
    def _one_kerberos(self) -> DirectorySite:
        if (self.krb5_config is None) == (self.kdc is None):
            raise ValueError("expected either 'kdc' (a krb5.conf is made from it) or 'krb5_config', one of the two")
        return self


class DeviceSite(Strict):
    """A computer account whose keys or password we hold."""

    name: Line
    keytab: Line | None = None
    password_file: Line | None = None
    user_certificate_key: Line | None = None
    user_agent: UserAgent | None = None

    @model_validator(mode="after")
    def _one_secret(self) -> DeviceSite:
        if (self.keytab is None) == (self.password_file is None):
            raise ValueError("expected either 'keytab' or 'password_file', one of the two")
        return self


class ProbeAccountSite(Strict):
    """An account that certification knocks with, to see that it gets no device's token; its keytab is needed."""

    name: Line
    role: Literal["user", "disabled"]
    keytab: Line


class PersonSite(Strict):
    """A person who may be signed in by name and password; the file holds the password on one line."""

    name: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]
    password_file: Line


class ConnectAccount(Strict):
    """How the Entra Connect double reads the directory: a simple bind over verified TLS."""

    url: Annotated[str, Field(pattern=r"^ldaps://[^/\s]+")]
    bind_dn: Line
    password_file: Line
    ca_file: Line | None = None
    exclude: list[Line] = Field(default_factory=list)


class DoubleSite(Strict):
    """The tenant's federation settings, for an Entra double that answers in its stead."""

    domain: DnsName | None = Field(
        default=None,
        description="The verified, federated domain: azureADName of the forest's service connection point. tenant_name "
        "where it is left out, or AD's own domain where tenant_name is an initial one (*.onmicrosoft.com).",
    )
    metadata_exchange_uri: Https | None = None
    active_sign_in_uri: Https | None = None
    passive_sign_in_uri: Https | None = None
    next_signing_certificate: Line | None = None
    source_anchor: Literal["mS-DS-ConsistencyGuid", "objectGUID", "auto"] = "auto"
    connect: ConnectAccount | None = None


class EntraSite(Strict):
    """The tenant: a double of it, or its real addresses.

    `federation` is a file of what Get-MgDomainFederationConfiguration printed; `certify` holds it against the IdP.
    """

    tenant_id: Guid = Field(description="The tenant's id: azureADId of the forest's service connection point.")
    tenant_name: DnsName = Field(
        description="A verified domain of the tenant: azureADName of the forest's service connection point, which need "
        "not be AD's own name."
    )
    federation: Line | None = None
    double: DoubleSite | None = None
    login_url: Https | None = None
    registration_url: Https | None = None
    ca_file: Line | None = None

    @model_validator(mode="after")
    def _double_or_addresses(self) -> EntraSite:
        if self.double and (self.login_url or self.registration_url or self.ca_file):
            raise ValueError("expected either 'double' or addresses of the tenant, found both")
        return self


class DialSite(Strict):
    """Dial `to` when `host` is meant, for names that no DNS knows: of HTTPS, of ldap_url (ldap://), of a KDC."""

    host: Annotated[str, Field(pattern=r"^[^:\s]+:\d{1,5}$", description="What is meant: NAME:PORT.")]
    to: Annotated[str, Field(pattern=r"^[^:\s]+:\d{1,5}$", description="What is dialled: NAME-OR-ADDRESS:PORT.")]


class SiteModel(Strict):
    """A place under test that is already there."""

    name: Line
    idp: IdpSite
    directory: DirectorySite
    entra: EntraSite
    devices: list[DeviceSite] = Field(min_length=1)
    connect: list[DialSite] = Field(default_factory=list)
    allow_hostile: list[DnsName] = Field(default_factory=list)
    accounts: list[ProbeAccountSite] = Field(default_factory=list)
    people: list[PersonSite] = Field(default_factory=list)
