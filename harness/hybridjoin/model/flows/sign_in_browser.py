"""The steps of a sign-in by browser: WS-Federation's passive requestor."""

from __future__ import annotations

from dataclasses import replace

from hybridjoin.model.flows.sign_in_username import SIGN_IN_USERNAME
from hybridjoin.model.steps import FlowTable, Party, Phase, Step, StepRow

SIGN_IN_BROWSER = FlowTable(
    name="sign-in-browser",
    title="sign a user in by browser",
    called="sign-in",
    results=SIGN_IN_USERNAME.results,
    expects=("sign_in",),
    facts=("SignInResult", "SignedInUser"),
    persons=True,
    rows=(
        replace(SIGN_IN_USERNAME.row(Step.REALM), yields=("SignInRealm",)),
        StepRow(
            step=Step.AUTHORIZE,
            party=Party.ENTRA,
            title="be sent to the IdP by Entra's authorization endpoint",
            reply="redirect to the IdP",
            request="authorization request",
            phase=Phase.AUTH,
            yields=("PassiveRequest",),
        ),
        StepRow(
            step=Step.FEDERATION_METADATA,
            party=Party.IDP,
            title="look up what the IdP publishes of itself",
            reply="federation metadata",
            phase=Phase.AUTH,
            yields=("PublishedMetadata",),
            aside=True,
        ),
        StepRow(
            step=Step.PASSIVE,
            party=Party.IDP,
            title="open the IdP's sign-in page",
            reply="sign-in page",
            request="passive request",
            phase=Phase.AUTH,
            yields=("PassiveForm", "PassiveVisit", "PassiveResponse", "ArrivedAt", "Assertion", "SignatureReading"),
        ),
        StepRow(
            step=Step.CREDENTIALS,
            party=Party.IDP,
            title="fill in the IdP's sign-in page",
            reply="answer to the sign-in page",
            request="name and password",
            phase=Phase.AUTH,
            yields=("PassiveForm",),
        ),
        StepRow(
            step=Step.WRESULT,
            party=Party.ENTRA,
            title="take the IdP's answer to Entra",
            reply="answer of login.srf",
            request="wresult",
            phase=Phase.AUTH,
            yields=("AuthorizationCode",),
        ),
        replace(SIGN_IN_USERNAME.row(Step.TOKEN), title="trade the code for the user's access token"),
    ),
)
