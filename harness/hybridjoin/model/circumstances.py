"""What a device was told before its flow began: the facts of the site and its own habits, without any secret's place.

They are what a flow and its judges look at besides the exchanges. Where a key lies, how a name is dialled and which
authority signed a server's certificate matter to live hands alone, and are not among them.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

from hybridjoin.model.relying_party import RelyingParty
from hybridjoin.model.site import (
    PLAIN_PAGE,
    UNTOLD,
    DeviceAccount,
    Directory,
    Entra,
    IdentityProvider,
    SignInPage,
    Site,
    UserPractice,
)

_NOWHERE = Path("/nonexistent")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFacts:
    """A place under test as its flows see it.

    `signing_certificates` are base64 of DER, `mex_url` overrides what the user realm says, `roles` are those of the
    accounts that probes may use; the rest as in `Site`.
    """

    name: str
    issuer: str
    signing_certificates: tuple[str, ...]
    realm: str
    domain: str
    netbios: str
    forest: str
    domain_controller: str
    base_dn: str
    tenant_id: str
    tenant_name: str
    login_url: str
    registration_url: str
    source_anchor: str
    mex_url: str | None = None
    roles: tuple[str, ...] = ()
    users: UserPractice = UNTOLD
    sign_in_page: SignInPage = PLAIN_PAGE
    federation_metadata_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HabitFacts:
    """How the device behaved, in the words of scenario files; `trust` and `rst_shape` as they are written there.

    `user_agent` is empty where the device sent none, as all did whose records are older than this member.
    `client_sku` is what a library named itself to Entra, empty where it did not,
    `shape` whose requests a person sent.
    """

    fallback_to_sync_join: bool
    rst_shape: str
    clock_offset_s: int
    kerberos_time_sync: bool
    timeout_s: float
    os_version: str
    mutual_authentication: bool = False
    trust: str | None = None
    client_side_scp: tuple[str, str] | None = None
    windows: str = "10-22h2"
    user_agent: str = ""
    client_sku: str = ""
    shape: str = "msal-python"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserFacts:
    """What a browser could show, and what its program asked Entra to ask for (`prompt`)."""

    by_ticket: bool = False
    prompt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFacts:
    """What a person had a device registered as (the JoinType's number), its name, what was shown, and what follows."""

    join_type: int
    computer: str
    first_logon: bool = False
    by_ticket: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Which device went through which flow (by the name of its step table), where, and with which habits.

    `mistyped` says that a person came with a password that is wrong on purpose, `browser` is there where a browser
    went; `relying_party` is there where a bridge went, `account` where a person had a device registered.
    """

    flow: str
    device: str
    site: SiteFacts
    habits: HabitFacts
    mistyped: bool = False
    browser: BrowserFacts | None = None
    relying_party: RelyingParty | None = None
    account: AccountFacts | None = None


def facts_of(site: Site) -> SiteFacts:
    """Return what may be kept of a site."""
    directory, idp, entra = site.directory, site.idp, site.entra
    return SiteFacts(
        name=site.name,
        issuer=idp.issuer,
        signing_certificates=tuple(base64.b64encode(item).decode("ascii") for item in idp.signing_certificates),
        mex_url=idp.mex_url,
        realm=directory.realm,
        domain=directory.domain,
        netbios=directory.netbios,
        forest=directory.forest,
        domain_controller=directory.domain_controller,
        base_dn=directory.base_dn,
        tenant_id=entra.tenant_id,
        tenant_name=entra.tenant_name,
        login_url=entra.login_url,
        registration_url=entra.registration_url,
        source_anchor=entra.source_anchor,
        roles=tuple(item.role for item in site.accounts),
        users=idp.users,
        sign_in_page=idp.sign_in_page,
        federation_metadata_url=idp.federation_metadata_url,
    )


def site_of(facts: SiteFacts, device: str) -> Site:
    """Return a site that flows can be gone through at once more; it has no key, and nothing in it can be dialled.

    Raises:
        ValueError: a signing certificate is not base64.
    """
    certificates = tuple(base64.b64decode(item, validate=True) for item in facts.signing_certificates)
    return Site(
        name=facts.name,
        directory=Directory(
            realm=facts.realm,
            domain=facts.domain,
            netbios=facts.netbios,
            forest=facts.forest,
            domain_controller=facts.domain_controller,
            krb5_config=_NOWHERE,
            ldap_url="",
            base_dn=facts.base_dn,
        ),
        idp=IdentityProvider(
            issuer=facts.issuer,
            signing_certificates=certificates,
            mex_url=facts.mex_url,
            users=facts.users,
            sign_in_page=facts.sign_in_page,
            federation_metadata_url=facts.federation_metadata_url,
        ),
        entra=Entra(
            tenant_id=facts.tenant_id,
            tenant_name=facts.tenant_name,
            login_url=facts.login_url,
            registration_url=facts.registration_url,
            source_anchor=facts.source_anchor,
        ),
        devices=(DeviceAccount(name=device, keytab=_NOWHERE),),
        accounts=tuple(DeviceAccount(name=role, keytab=_NOWHERE, role=role) for role in facts.roles),
    )
