"""A domain's federation settings in Entra, as somebody handed them in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FederationSettings:
    """One domain's internalDomainFederation; what is not set is empty. `place` is `file:line` of its beginning.

    `domain` is empty where the input does not name it. Certificates are base64 without white space, as they came.
    """

    place: str
    domain: str = ""
    id: str = ""
    display_name: str = ""
    issuer_uri: str = ""
    metadata_exchange_uri: str = ""
    active_sign_in_uri: str = ""
    passive_sign_in_uri: str = ""
    sign_out_uri: str = ""
    password_reset_uri: str = ""
    signing_certificate: str = ""
    next_signing_certificate: str = ""
    preferred_authentication_protocol: str = ""
    federated_idp_mfa_behavior: str = ""
    prompt_login_behavior: str = ""
    is_signed_authentication_request_required: str = ""

    @property
    def addresses(self) -> tuple[tuple[str, str], ...]:
        """The addresses that somebody dials, with Graph's names; the IssuerUri is a name and none of them."""
        pairs = (
            ("MetadataExchangeUri", self.metadata_exchange_uri),
            ("ActiveSignInUri", self.active_sign_in_uri),
            ("PassiveSignInUri", self.passive_sign_in_uri),
            ("SignOutUri", self.sign_out_uri),
            ("PasswordResetUri", self.password_reset_uri),
        )
        return tuple((name, value) for name, value in pairs if value)
