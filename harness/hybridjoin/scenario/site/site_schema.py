"""The site file as pydantic models: a place that is already there, and the secrets' files, never the secrets."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from hybridjoin.scenario.yaml.fields import Line, Strict, UserAgent, written


def _one_or_many(value: object) -> object:
    return [value] if isinstance(value, str) else value


Lines = Annotated[
    list[Line], BeforeValidator(_one_or_many, json_schema_input_type=Line | list[Line]), Field(min_length=1)
]
Guid = Annotated[
    str,
    *written(
        r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", "a GUID like 6f1d2c8e-3b5a-4c7d-9e0f-1a2b3c4d5e6f"
    ),
]
Https = Annotated[str, *written(r"^https://[^/\s]+", "an address that begins with https://")]
LdapUrl = Annotated[str, *written(r"^ldaps?://[^/\s]+", "an address that begins with ldap:// or ldaps://")]
Ldaps = Annotated[str, *written(r"^ldaps://[^/\s]+", "an address that begins with ldaps://")]
DnsName = Annotated[str, *written(r"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$", "a DNS name")]
UserPrincipalName = Annotated[str, *written(r"^[^@\s]+@[^@\s]+$", "a user principal name like carol@contoso.example")]
HostAndPort = Annotated[str, *written(r"^[^:\s]+:\d{1,5}$", "name:port")]


class UsersSite(Strict):
    """What the identity provider does for people, where computers depend on it."""

    immutable_id: bool | None = Field(
        default=None,
        description="Whether people's assertions carry an ImmutableID: computers need one then (CLAIM-07).",
    )
    smart_cards: bool | None = Field(
        default=None, description="Whether people sign in by certificate: a port for that is asked for then (MEX-35)."
    )


class SignInPageSite(Strict):
    """The identity provider's page for name and password, where its fields do not tell what they are for."""

    user_field: Line = Field(description="The name of the field for the user's name.")
    password_field: Line = Field(description="The name of the field for the password.")
    hosts: list[DnsName] = Field(
        default_factory=list,
        description="Hosts that the password may be sent to, besides the one of the passive address.",
    )


class IdpSite(Strict):
    """The identity provider under test; `users` says what it does for people."""

    issuer: Line = Field(
        description="The Issuer of its assertions: the domain's issuerUri in Entra, character by character."
    )
    signing_certificate: Lines = Field(
        description="File of the certificate that it signs with, in PEM, DER or Microsoft Graph's base64; a list where "
        "there is a next one."
    )
    mex_url: Https | None = Field(
        default=None, description="Its WS-Trust metadata; wins over what user realm discovery says."
    )
    ca_file: Line | None = Field(
        default=None, description="PEM file of the CA that issued its TLS certificate, where that is a private one."
    )
    product: Line | None = Field(
        default=None,
        description="Whose product it is, where its addresses do not tell: the name of an adapter, as okta, which "
        "knows the vendor's peculiarities.",
    )
    users: UsersSite = Field(
        default_factory=UsersSite, description="What it does for people, where computers depend on it."
    )
    sign_in_page: SignInPageSite | None = Field(
        default=None, description="The fields of its page for name and password, where a browser does not find them."
    )
    federation_metadata_url: Https | None = Field(
        default=None,
        description="Its FederationMetadata.xml; else the document at the usual address below the passive host "
        "(/FederationMetadata/2007-06/FederationMetadata.xml), where it may be missing.",
    )


class DirectorySite(Strict):
    """The Active Directory domain; what is left out is derived from the domain's name."""

    domain: DnsName = Field(description="The domain's DNS name.")
    realm: Line | None = Field(default=None, description="The Kerberos realm; else the domain's name in capitals.")
    netbios: Line | None = Field(
        default=None, description="The NetBIOS name; else the first label of the domain's name."
    )
    forest: DnsName | None = Field(default=None, description="The forest's root domain; else the domain itself.")
    domain_controller: DnsName | None = Field(
        default=None,
        description="The domain controller's own name (its dNSHostName); needed where ldap_url has an address.",
    )
    base_dn: Line | None = Field(default=None, description="The domain's distinguished name; else made from its name.")
    ldap_url: LdapUrl | None = Field(
        default=None,
        description="Where LDAP is asked: by the domain controller's name, or by an address beside domain_controller, "
        "for a Kerberos ticket is for ldap/<name>. ldap://<the first kdc> where it is left out.",
    )
    ca_file: Line | None = Field(default=None, description="PEM file of the CA of the directory's TLS certificate.")
    krb5_config: Line | None = Field(default=None, description="A krb5.conf that knows the realm; instead of `kdc`.")
    kdc: Lines | None = Field(
        default=None,
        description="The KDCs, each a name or an address, with :port where not 88; instead of `krb5_config`.",
    )

    @model_validator(mode="after")
    def _one_kerberos(self) -> DirectorySite:
        if (self.krb5_config is None) == (self.kdc is None):
            raise ValueError("expected either 'kdc' (a krb5.conf is made from it) or 'krb5_config', one of the two")
        return self


class DeviceSite(Strict):
    """A computer account whose keys or password we hold."""

    name: Line = Field(description="The computer's name, with or without the dollar at its end.")
    keytab: Line | None = Field(default=None, description="File of its Kerberos keys; or a password_file.")
    password_file: Line | None = Field(default=None, description="File with its password on one line; or a keytab.")
    user_certificate_key: Line | None = Field(
        default=None,
        description="PEM file of the private key of its userCertificate, which the synchronized join signs with.",
    )
    user_agent: UserAgent | None = Field(
        default=None, description="What its token client calls itself; Windows' own name where left out, none for ''."
    )

    @model_validator(mode="after")
    def _one_secret(self) -> DeviceSite:
        if (self.keytab is None) == (self.password_file is None):
            raise ValueError("expected either 'keytab' or 'password_file', one of the two")
        return self


class ProbeAccountSite(Strict):
    """An account that certification knocks with, to see that it gets no device's token; its keytab is needed."""

    name: Line = Field(description="The account's name.")
    role: Literal["user", "disabled"] = Field(description="What it is: a person's account, or a disabled computer's.")
    keytab: Line = Field(description="File of its Kerberos keys.")


class PersonSite(Strict):
    """A person who may be signed in by name and password; the file holds the password on one line."""

    name: UserPrincipalName = Field(description="The user principal name.")
    password_file: Line = Field(description="File with the password on one line.")


class ConnectAccount(Strict):
    """How the Entra Connect double reads the directory: a simple bind over verified TLS."""

    url: Ldaps = Field(description="The directory's address, ldaps://host.")
    bind_dn: Line = Field(description="The distinguished name that it binds with.")
    password_file: Line = Field(description="File with that account's password on one line.")
    ca_file: Line | None = Field(default=None, description="PEM file of the CA; else the directory's.")
    exclude: list[Line] = Field(default_factory=list, description="Accounts that are not synchronized, by name.")


class DoubleSite(Strict):
    """The tenant's federation settings, for an Entra double that answers in its stead."""

    domain: DnsName | None = Field(
        default=None,
        description="The verified, federated domain: azureADName of the forest's service connection point. tenant_name "
        "where it is left out, or AD's own domain where tenant_name is an initial one (*.onmicrosoft.com).",
    )
    metadata_exchange_uri: Https | None = Field(
        default=None, description="The metadataExchangeUri that user realm discovery tells; else the idp's mex_url."
    )
    active_sign_in_uri: Https | None = Field(default=None, description="The domain's activeSignInUri.")
    passive_sign_in_uri: Https | None = Field(default=None, description="The domain's passiveSignInUri.")
    next_signing_certificate: Line | None = Field(
        default=None, description="File of the certificate that signs next; else the idp's second one."
    )
    source_anchor: Literal["mS-DS-ConsistencyGuid", "objectGUID", "auto"] = Field(
        default="auto",
        description="What Entra Connect takes as source anchor; auto: mS-DS-ConsistencyGuid where it is set.",
    )
    connect: ConnectAccount | None = Field(
        default=None,
        description="How Entra Connect reads the directory; without it the tenant knows no account of it.",
    )


class EntraSite(Strict):
    """The tenant: a double of it, or its real addresses.

    `federation` is a file of what Get-MgDomainFederationConfiguration printed; `certify` holds it against the IdP.
    """

    tenant_id: Guid = Field(description="The tenant's id: azureADId of the forest's service connection point.")
    tenant_name: DnsName = Field(
        description="A verified domain of the tenant: azureADName of the forest's service connection point, which need "
        "not be AD's own name."
    )
    federation: Line | None = Field(
        default=None,
        description="File of what Get-MgDomainFederationConfiguration printed; `certify` holds it against the IdP.",
    )
    double: DoubleSite | None = Field(
        default=None, description="A double answers in the tenant's stead, and nothing leaves this machine for Entra."
    )
    login_url: Https | None = Field(default=None, description="The tenant's sign-in service; else Microsoft's own.")
    registration_url: Https | None = Field(default=None, description="The registration service; else Microsoft's own.")
    ca_file: Line | None = Field(default=None, description="PEM file of the CA of those addresses.")

    @model_validator(mode="after")
    def _double_or_addresses(self) -> EntraSite:
        if self.double and (self.login_url or self.registration_url or self.ca_file):
            raise ValueError("expected either 'double' or addresses of the tenant, found both")
        return self


class DialSite(Strict):
    """Dial `to` when `host` is meant, for names that no DNS knows: of HTTPS, of ldap_url (ldap://), of a KDC."""

    host: HostAndPort = Field(description="What is meant: NAME:PORT.")
    to: HostAndPort = Field(description="What is dialled: NAME-OR-ADDRESS:PORT.")


# How many wrong passwords a certification may send where nobody has said otherwise: one locks nobody out.
WRONG_PASSWORDS = 1


class BridgeSite(Strict):
    """An application registration that a bridge signs people in with; the secret stands in a file of its own."""

    client_id: Guid = Field(description="The Application (client) ID.")
    client_secret_file: Line = Field(description="File with the client secret's Value on one line.")
    redirect_uri: Line = Field(description="The redirect URI that is registered, whole.")
    secret_id: Guid | None = Field(default=None, description="The Secret ID, which the portal shows beside the Value.")
    discovery_url: Https | None = Field(
        default=None, description="The OpenID Connect metadata document; else the tenant's own of v2.0."
    )
    scopes: list[Line] = Field(
        default_factory=list, description="The scopes to ask for; else openid, profile and email."
    )
    cloud_password_validation: bool = Field(
        default=True,
        description="Whether a home realm discovery policy lets Entra check the passwords of federated people itself; "
        "else they are sent on to the identity provider. The double goes by it.",
    )


class SiteModel(Strict):
    """A place under test that is already there."""

    name: Line = Field(description="What reports call the place.")
    idp: IdpSite = Field(description="The identity provider that is tested.")
    directory: DirectorySite = Field(description="The Active Directory domain.")
    entra: EntraSite = Field(description="The tenant: a double of it, or its real addresses.")
    devices: list[DeviceSite] = Field(
        min_length=1, description="Computer accounts made for this purpose; the first one joins where none is named."
    )
    connect: list[DialSite] = Field(default_factory=list, description="Addresses for names that no DNS knows.")
    allow_hostile: list[DnsName] = Field(
        default_factory=list,
        description="The hosts that `certify --hostile` may send malformed and replayed requests to.",
    )
    accounts: list[ProbeAccountSite] = Field(
        default_factory=list,
        description="Accounts that certification knocks with, and that must get no device's token.",
    )
    bridge: BridgeSite | None = Field(
        default=None, description="The application that a bridge signs people in with, where there is one."
    )
    people: list[PersonSite] = Field(
        default_factory=list, description="People who may be signed in, by name and password or by their ticket."
    )
    wrong_passwords: int = Field(
        default=WRONG_PASSWORDS,
        ge=0,
        le=10,
        description="How many wrong passwords `certify` may send in the name of one of the people: too many lock an "
        "account out, 0 sends none.",
    )
