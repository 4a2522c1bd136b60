"""The steps of a sign-in by the Kerberos ticket of whoever is logged on."""

from __future__ import annotations

from hybridjoin.model.steps import FlowTable, Party, Phase, Step, StepRow

SIGN_IN_INTEGRATED = FlowTable(
    name="sign-in-integrated",
    title="sign a user in by the Kerberos ticket of the logon",
    called="sign-in",
    results=(("signed-in", "signed in"), ("not-signed-in", "not signed in")),
    expects=("sign_in", "kerberos", "ticket_etype", "ticket_kvno"),
    facts=("SignInResult", "SignedInUser"),
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
            step=Step.TICKET,
            party=Party.DIRECTORY,
            title="get the user a Kerberos ticket for the IdP",
            reply="Kerberos",
            phase=Phase.AUTH,
            yields=("TicketReply",),
        ),
        StepRow(
            step=Step.RST,
            party=Party.IDP,
            title="trade the ticket for a SAML assertion",
            reply="RSTR",
            request="RST",
            phase=Phase.AUTH,
            yields=("TokenResponse", "ArrivedAt", "Assertion", "SignatureReading", "ServerProof"),
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
