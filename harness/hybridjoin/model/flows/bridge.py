"""The steps of a sign-in through a bridge, for which Entra is the OpenID provider."""

from __future__ import annotations

from hybridjoin.model.steps import FlowTable, Party, Phase, Step, StepRow

BRIDGE = FlowTable(
    name="bridge",
    title="sign a user in through a bridge",
    called="sign-in",
    results=(("signed-in", "signed in"), ("not-signed-in", "not signed in")),
    expects=("sign_in",),
    facts=("SignInResult", "RelyingParty", "ClientSecretReading", "CodeRequest"),
    persons=True,
    rows=(
        StepRow(
            step=Step.OPENID,
            party=Party.ENTRA,
            title="fetch the OpenID Connect metadata document",
            reply="OpenID configuration",
            phase=Phase.DISCOVER,
            yields=("OpenIdConfiguration",),
        ),
        StepRow(
            step=Step.KEYS,
            party=Party.ENTRA,
            title="fetch the keys that tokens are signed with",
            reply="key set",
            phase=Phase.DISCOVER,
            yields=("KeySet",),
        ),
        StepRow(
            step=Step.SIGN_IN_PAGE,
            party=Party.ENTRA,
            title="send the user to Entra's sign-in page",
            reply="sign-in page of Entra",
            request="authorization request",
            phase=Phase.AUTH,
            yields=("SignInForm",),
            refused_with="EntraError",
        ),
        StepRow(
            step=Step.SIGN_IN,
            party=Party.ENTRA,
            title="fill in Entra's sign-in page",
            reply="authorization response",
            request="sign-in",
            phase=Phase.AUTH,
            yields=("AuthorizationResponse",),
            refused_with="EntraError",
        ),
        StepRow(
            step=Step.TOKEN,
            party=Party.ENTRA,
            title="trade the code for the user's tokens",
            reply="token endpoint",
            phase=Phase.AUTH,
            yields=("CodeTokens", "IdTokenReading", "AccessTokenReading"),
            refused_with="EntraError",
        ),
        StepRow(
            step=Step.USERINFO,
            party=Party.ENTRA,
            title="ask Microsoft Graph who the user is",
            reply="userinfo",
            phase=Phase.AUTH,
            yields=("UserInfo",),
        ),
        StepRow(
            step=Step.GROUPS,
            party=Party.ENTRA,
            title="ask Microsoft Graph for the user's groups",
            reply="groups",
            phase=Phase.AUTH,
            yields=("GroupAnswer",),
            aside=True,
        ),
    ),
)
