"""The metadata document and the keys: what a bridge's Verify reads."""

from __future__ import annotations

from hybridjoin.checks.places import in_answer
from hybridjoin.checks.requirement import Finding, expect, not_applicable, requirement
from hybridjoin.model.relying_party import RelyingParty
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level
from hybridjoin.protocol.address import split_address
from hybridjoin.protocol.id_token import ALGORITHM
from hybridjoin.protocol.openid import WELL_KNOWN, KeySet, OpenIdConfiguration

_OWN = (
    "In the tenant, open Endpoints, copy the OpenID Connect metadata document's URL whole, with the tenant's id in it."
)
_VERSION = "Copy the v2.0 document's URL: that of v1 lies at login.microsoftonline.com and speaks for sts.windows.net."
_METHODS = {"post": "client_secret_post", "basic": "client_secret_basic"}


def _member(name: str, found: object) -> str:
    """Return the member that is judged; the document where it is missing."""
    return name if found else ""


@requirement("BRIDGE-01", Level.MUST, "OIDC-DISC 3", remedy=_OWN, verified=True)
def issuer_is_one_that_tokens_can_have(found: OpenIdConfiguration) -> Finding:
    """The metadata document names its issuer, and no template that stands for every tenant's."""
    parts = split_address(found.issuer)
    whole = "{" not in found.issuer and parts.scheme == "https" and bool(parts.hostname)
    expected = "an https address without a placeholder"
    return expect(whole, expected=expected, found=found.issuer, where=in_answer(Step.OPENID, "issuer"))


@requirement("BRIDGE-02", Level.SHOULD, "OIDC-DISC 4.3", remedy=f"{_OWN} {_VERSION}", verified=True)
def issuer_is_where_the_document_lies(found: OpenIdConfiguration, party: RelyingParty) -> Finding:
    """The issuer is the address that the metadata document was fetched from, without the well-known path."""
    if "{" in found.issuer:
        return not_applicable("the issuer is a template, which BRIDGE-01 judges")
    wanted = party.discovery_url.partition("?")[0].removesuffix(WELL_KNOWN)
    return expect(found.issuer == wanted, expected=wanted, found=found.issuer, where=in_answer(Step.OPENID, "issuer"))


@requirement(
    "BRIDGE-03",
    Level.MUST,
    "OIDC-DISC 3",
    remedy="Look what really answers at that address: Entra's document names every endpoint.",
    verified=True,
)
def the_endpoints_are_named(found: OpenIdConfiguration) -> Finding:
    """The metadata document names the authorization and token endpoints and the key set, each by https."""
    odd = [f"{name} {address or 'missing'}" for name, address in found.endpoints if _scheme(address) != "https"]
    where = in_answer(Step.OPENID, "issuer" if odd else "token_endpoint")
    return expect(not odd, expected="three https addresses", found=", ".join(odd) or found.token_endpoint, where=where)


def _scheme(address: str) -> str:
    return split_address(address).scheme


@requirement("BRIDGE-04", Level.SHOULD, "P14E Steps", remedy=_OWN, verified=True)
def userinfo_is_named(found: OpenIdConfiguration) -> Finding:
    """The metadata document names the userinfo endpoint, which a bridge asks for further claims."""
    named = found.userinfo_endpoint
    where = in_answer(Step.OPENID, _member("userinfo_endpoint", named))
    return expect(named, expected="userinfo_endpoint", found=named or "none", where=where)


@requirement(
    "BRIDGE-05",
    Level.MUST,
    "OIDC-DISC 3",
    remedy="Use a provider that knows the authorization code flow.",
    verified=True,
)
def a_code_can_be_asked_for(found: OpenIdConfiguration) -> Finding:
    """The provider says that it answers with a code."""
    told = ", ".join(found.response_types)
    where = in_answer(Step.OPENID, _member("response_types_supported", told))
    return expect("code" in found.response_types, expected="code", found=told or "nothing", where=where)


@requirement(
    "BRIDGE-06",
    Level.SHOULD,
    "P14E Steps",
    remedy=f"Choose among the scopes that the metadata document offers. {_VERSION}",
    verified=True,
)
def the_scopes_are_offered(found: OpenIdConfiguration, party: RelyingParty) -> Finding:
    """Each of OpenID Connect's scopes that the bridge asks for is among those that the metadata document offers."""
    own = [item for item in party.scopes if item in {"openid", "profile", "email", "offline_access"}]
    odd = [item for item in own if item not in found.scopes]
    where = in_answer(Step.OPENID, _member("scopes_supported", found.scopes))
    expected = ", ".join(found.scopes) or "scopes_supported"
    return expect(not odd, expected=expected, found=", ".join(odd or own), where=where)


@requirement(
    "BRIDGE-07", Level.MUST, "OIDC-DISC 3", remedy="Let the provider sign id_tokens with RS256.", verified=True
)
def tokens_may_be_signed_with_rs256(found: OpenIdConfiguration) -> Finding:
    """The algorithms that id_tokens are signed with include RS256."""
    told = ", ".join(found.algorithms)
    where = in_answer(Step.OPENID, _member("id_token_signing_alg_values_supported", told))
    return expect(ALGORITHM in found.algorithms, expected=ALGORITHM, found=told or "nothing", where=where)


@requirement(
    "BRIDGE-08",
    Level.SHOULD,
    "OIDC-DISC 3",
    remedy="Let the bridge show its secret in a way that the provider says it takes.",
    verified=True,
)
def the_secret_is_shown_in_a_known_way(found: OpenIdConfiguration, party: RelyingParty) -> Finding:
    """The bridge shows its client secret in one of the ways that the provider names."""
    wanted = _METHODS[party.secret_by]
    told = found.auth_methods or ("client_secret_basic",)  # what is meant where the member is left out
    where = in_answer(Step.OPENID, _member("token_endpoint_auth_methods_supported", found.auth_methods))
    return expect(wanted in told, expected=wanted, found=", ".join(told), where=where)


@requirement(
    "BRIDGE-09",
    Level.MUST,
    "OIDC 10.1",
    remedy="Look what really answers at jwks_uri; a firewall's page is no key set.",
    verified=True,
)
def there_is_a_key_to_verify_with(keys: KeySet) -> Finding:
    """The key set holds an RSA key that signs, with an id that tokens can name."""
    told = ", ".join(f"{item.kind} {item.key_id or 'without an id'}" for item in keys.keys)
    return expect(
        keys.signing, expected="an RSA key with kid", found=told or "no key", where=in_answer(Step.KEYS, "keys")
    )


@requirement(
    "BRIDGE-10",
    Level.MAY,
    "DJADFS config",
    remedy="Serve each key with its certificate (x5c), as Entra does; some libraries read nothing else.",
    verified=True,
)
def keys_come_with_certificates(keys: KeySet) -> Finding:
    """Each signing key comes with its certificate, which some libraries read in the key's place."""
    odd = [item.key_id for item in keys.signing if not item.certificate]
    found = ", ".join(odd or [item.key_id for item in keys.signing])
    if not keys.signing:
        return not_applicable("there is no signing key, which BRIDGE-09 judges")
    return expect(not odd, expected="x5c", found=found, where=in_answer(Step.KEYS, "keys"))


@requirement(
    "BRIDGE-31",
    Level.MUST,
    "RFC7517 4.8",
    remedy="Make x5t the base64url of the SHA-1 of the certificate's DER that stands first in x5c, or leave it out.",
    verified=True,
)
def thumbprint_is_of_the_certificate(keys: KeySet) -> Finding:
    """What a key's x5t says is the thumbprint of the certificate that comes with the key."""
    told = [item for item in keys.signing if item.thumbprint and item.certificate_thumbprint]
    if not told:
        return not_applicable("no signing key comes with both a thumbprint and a certificate")
    odd = [item for item in told if item.thumbprint.rstrip("=") != item.certificate_thumbprint]
    shown = odd or told
    expected, found = (
        ", ".join(getattr(item, name) for item in shown) for name in ("certificate_thumbprint", "thumbprint")
    )
    return expect(not odd, expected=expected, found=found, where=in_answer(Step.KEYS, "keys"))
