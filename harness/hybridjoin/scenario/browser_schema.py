"""What a scenario file may say of a sign-in by browser: who shows what, and how both sides are set up for it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from hybridjoin.scenario.yaml.fields import Line, Strict


class BrowserUserModel(Strict):
    """What a browser shows, and what its program asks for."""

    by: Literal["password", "ticket"] = Field(
        default="password", description="What a browser shows: a name and a password, or the account's Kerberos ticket."
    )
    prompt: Literal["login"] | None = Field(
        default=None, description="What a browser's program asks Entra for: a fresh sign-in."
    )


class PassiveModel(Strict):
    """The IdP's door for browsers."""

    door: Literal["both", "integrated", "form"] | None = Field(
        default=None, description="Whether it takes tickets (integrated), a name and a password (form), or either."
    )
    agents: list[Line] | None = Field(
        default=None, description="Pieces of the User-Agents that a ticket is asked of, as WIASupportedUserAgents."
    )
    factors: Literal["none", "claim", "method"] | None = Field(
        default=None,
        description="How it tells of a second factor where one is wanted: not at all, by authnmethodsreferences, or by "
        "the AuthenticationMethod.",
    )


class BrowserIdpModel(Strict):
    """How the IdP is set up for browsers."""

    passive: PassiveModel | None = Field(default=None, description="How its door for browsers is set up.")


class BrowserEntraModel(Strict):
    """How Entra is set up for people who sign in by browser."""

    require_mfa: bool | None = Field(
        default=None,
        description="Whether a policy of the tenant wants a second factor of people who sign in.",
    )


class BrowserDomainModel(Strict):
    """What Entra believes of the federated domain where browsers sign in."""

    passive_sign_in_uri: Line | None = Field(
        default=None, description="The passiveSignInUri that browsers are sent to."
    )
    prompt_login_behavior: Literal["translateToFreshPasswordAuthentication", "nativeSupport", "disabled"] | None = (
        Field(default=None, description="How a program's prompt=login is told to the IdP.")
    )
    federated_idp_mfa_behavior: (
        Literal["acceptIfMfaDoneByFederatedIdp", "enforceMfaByFederatedIdp", "rejectMfaByFederatedIdp"] | None
    ) = Field(default=None, description="Whose second factor counts where a policy wants one.")
