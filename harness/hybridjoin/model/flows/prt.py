"""The steps of a federated user's logon on a joined device, up to the primary refresh token."""

from __future__ import annotations

from hybridjoin.model.flows.sign_in_username import SIGN_IN_USERNAME
from hybridjoin.model.steps import FlowTable, Party, Phase, Step, StepRow

PRIMARY_REFRESH_TOKEN = FlowTable(
    name="prt",
    title="get a primary refresh token at logon",
    called="logon",
    results=SIGN_IN_USERNAME.results,
    expects=("sign_in", "screen"),
    facts=(*SIGN_IN_USERNAME.facts, "LogonDevice"),
    persons=True,
    rows=(
        SIGN_IN_USERNAME.row(Step.REALM),
        StepRow(
            step=Step.NONCE,
            party=Party.ENTRA,
            title="ask for a nonce",
            reply="nonce",
            phase=Phase.AUTH,
            yields=("RequestNonce",),
        ),
        SIGN_IN_USERNAME.row(Step.MEX),
        SIGN_IN_USERNAME.row(Step.RST),
        StepRow(
            step=Step.PRT,
            party=Party.ENTRA,
            title="trade the assertion, in a request that the device signs, for a primary refresh token",
            reply="primary refresh token",
            request="PRT request",
            phase=Phase.AUTH,
            yields=("PrimaryRefreshToken", "SessionKeyReading"),
            refused_with="EntraError",
        ),
    ),
)
