"""The steps of a sign-in by user name and password."""

from __future__ import annotations

from hybridjoin.model.steps import FlowTable, Party, Phase, Step, StepRow

SIGN_IN_USERNAME = FlowTable(
    name="sign-in-username",
    title="sign a user in by name and password",
    called="sign-in",
    results=(("signed-in", "signed in"), ("not-signed-in", "not signed in")),
    expects=("sign_in",),
    facts=("SignInResult", "SignedInUser", "ShownPassword", "MistypedPassword", "OwnTokenService"),
    persons=True,
    rows=(
        StepRow(
            step=Step.REALM,
            party=Party.ENTRA,
            title="ask whether the user's domain is federated",
            reply="user realm",
            phase=Phase.AUTH,
            yields=("UserRealm",),
        ),
        StepRow(
            step=Step.MEX,
            party=Party.IDP,
            title="fetch the IdP's WS-Trust metadata",
            reply="MEX",
            phase=Phase.AUTH,
            yields=("MexDocument", "MexEndpoint"),
        ),
        StepRow(
            step=Step.RST,
            party=Party.IDP,
            title="trade name and password for a SAML assertion",
            reply="RSTR",
            request="RST",
            phase=Phase.AUTH,
            yields=("TokenResponse", "ArrivedAt", "Assertion", "SignatureReading"),
            refused_with="SoapFault",
        ),
        StepRow(
            step=Step.TOKEN,
            party=Party.ENTRA,
            title="trade the assertion for the user's access token",
            reply="token endpoint",
            phase=Phase.AUTH,
            yields=("Token",),
            refused_with="EntraError",
        ),
    ),
)
