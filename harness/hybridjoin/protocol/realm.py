"""User realm discovery: is the domain federated, and where is its metadata?"""

from __future__ import annotations

from dataclasses import dataclass

from hybridjoin.errors import PeerError
from hybridjoin.protocol import json_text


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRealm:
    """The v1.0 answer; absent members are empty strings."""

    account_type: str
    domain_name: str
    federation_protocol: str
    metadata_url: str
    active_auth_url: str
    cloud_audience_urn: str
    cloud_instance_name: str

    @property
    def federated(self) -> bool:
        """Whether the domain signs in at an IdP of its own."""
        return self.account_type.lower() == "federated"


def parse_realm(body: bytes) -> UserRealm:
    """Read the answer.

    Raises:
        PeerError: it does not say how the domain signs in.
    """
    answer = json_text.read_object(body, where="user realm discovery")
    realm = UserRealm(
        account_type=json_text.text(answer, "account_type"),
        domain_name=json_text.text(answer, "domain_name"),
        federation_protocol=json_text.text(answer, "federation_protocol"),
        metadata_url=json_text.text(answer, "federation_metadata_url"),
        active_auth_url=json_text.text(answer, "federation_active_auth_url"),
        cloud_audience_urn=json_text.text(answer, "cloud_audience_urn"),
        cloud_instance_name=json_text.text(answer, "cloud_instance_name"),
    )
    if not realm.account_type:
        found = json_text.member_names(answer)
        raise PeerError(f"expected account_type, found {found}", where="user realm discovery")
    return realm


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRealm:
    """The v2 answer, which sign-in pages ask for; absent members are empty strings.

    `auth_url` is where a browser signs in: the domain's passiveSignInUri, with or without parameters.
    """

    kind: str
    login: str
    domain_name: str
    federation_protocol: str
    auth_url: str

    @property
    def federated(self) -> bool:
        """Whether the domain signs in at an IdP of its own."""
        return self.kind.lower() == "federated"


def parse_sign_in_realm(body: bytes) -> SignInRealm:
    """Read the answer of version 2.

    Raises:
        PeerError: it does not say how the domain signs in.
    """
    answer = json_text.read_object(body, where="user realm discovery")
    realm = SignInRealm(
        kind=json_text.text(answer, "NameSpaceType"),
        login=json_text.text(answer, "Login"),
        domain_name=json_text.text(answer, "DomainName"),
        federation_protocol=json_text.text(answer, "federation_protocol"),
        auth_url=json_text.text(answer, "AuthURL"),
    )
    if not realm.kind:
        found = json_text.member_names(answer)
        raise PeerError(f"expected NameSpaceType, found {found}", where="user realm discovery")
    return realm
