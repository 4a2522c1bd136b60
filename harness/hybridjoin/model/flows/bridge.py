"""The steps of a sign-in through a bridge, for which Entra is the OpenID provider.

Whom Entra does not sign in itself it sends on: the steps of a browser at the domain's identity provider stand between.
"""

from __future__ import annotations

from dataclasses import replace

from hybridjoin.model.flows.sign_in_browser import SIGN_IN_BROWSER
from hybridjoin.model.steps import FlowTable, Party, Phase, Step, StepRow

_WHERE = "Entra sends the user on to a domain's identity provider"
_PASSIVE = SIGN_IN_BROWSER.row(Step.PASSIVE)

BRIDGE = FlowTable(
    name="bridge",
    title="sign a user in through a bridge",
    called="sign-in",
    results=(("signed-in", "signed in"), ("not-signed-in", "not signed in")),
    expects=("sign_in",),
    facts=("SignInResult", "RelyingParty", "ClientSecretReading", "CodeRequest", "SignedInUser"),
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
        # What Entra asks the IdP for stands in the redirect, which every answer of the step before may be.
        replace(_PASSIVE, yields=(*_PASSIVE.yields, "PassiveRequest"), only_where=_WHERE),
        replace(SIGN_IN_BROWSER.row(Step.CREDENTIALS), only_where=_WHERE),
        replace(
            SIGN_IN_BROWSER.row(Step.WRESULT),
            yields=("AuthorizationResponse",),
            refused_with="EntraError",
            only_where=_WHERE,
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
