"""A bridge and its registration, as a scenario file bends them: pydantic models."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from hybridjoin.scenario.yaml.fields import Line, Strict


class BridgeModel(Strict):
    """How a bridge is set up that signs people in through Entra: what was typed into its console."""

    client_id: Line | None = Field(default=None, description="The client ID; else the application's own.")
    client_secret: Literal["right", "wrong", "client-id", "secret-id", "none"] = Field(
        default="right", description="What was pasted as client secret: its value, or something else on purpose."
    )
    discovery: Literal["v2", "v1", "common", "organizations", "consumers"] | Line = Field(
        default="v2",
        description="The metadata document: the tenant's own, of v2.0 or v1; the one for every tenant; or an address.",
    )
    redirect_uri: Line | None = Field(default=None, description="The redirect URI; else the registered one.")
    scopes: list[Line] = Field(
        default_factory=list, description="The scopes that it asks for; else openid, profile and email."
    )
    response_mode: Literal["query", "form_post"] = Field(default="query", description="How the answer comes back.")
    secret_by: Literal["post", "basic"] = Field(
        default="post", description="Whether the secret is shown in the form or in a header."
    )
    pkce: bool = Field(default=False, description="Whether a code_challenge is sent (RFC 7636).")
    groups_from: Literal["id-token", "access-token", "userinfo", "graph-me", "graph-user", "graph-all", "nowhere"] = (
        Field(default="id-token", description="Where it looks for the user's groups.")
    )


GroupClaims = Literal["None", "SecurityGroup", "DirectoryRole", "ApplicationGroup", "All"]


class RegisteredApplicationModel(Strict):
    """The bridge's registration in Entra, where it is another than that in good health."""

    redirect_uris: list[Line] | None = Field(default=None, description="The redirect URIs that are registered.")
    secrets_expired: bool | None = Field(default=None, description="Whether its client secrets have expired.")
    group_membership_claims: GroupClaims | None = Field(
        default=None, description="The manifest's groupMembershipClaims; None is what a new registration has."
    )
    delegated_permissions: list[Line] | None = Field(
        default=None, description="Permissions of Microsoft Graph for a signed-in user; else User.Read."
    )
    application_permissions: list[Line] | None = Field(
        default=None, description="Permissions of Microsoft Graph that the application has by itself."
    )
    consent: Literal["admin", "user", "none"] | None = Field(
        default=None,
        description="Who has consented: an administrator for everybody; nobody though users may; nobody, and users may "
        "not.",
    )
    assigned: list[Line] | None = Field(
        default=None, description="Who is assigned to it, by account name, where it demands that; else everybody may."
    )
    assigned_groups: list[Line] | None = Field(default=None, description="The groups that are assigned to it.")
    optional_claims: list[Literal["email", "upn", "family_name", "given_name"]] | None = Field(
        default=None, description="Optional claims of the id_token."
    )
    cloud_password_validation: bool | None = Field(
        default=None,
        description="Whether a home realm discovery policy lets Entra check a federated person's password itself, as "
        "the lab's does.",
    )
    accelerate_to_domain: Line | None = Field(
        default=None,
        description="The federated domain whose identity provider a home realm discovery policy sends everybody to at "
        "once, without Entra's page (AccelerateToFederatedDomain).",
    )
