"""The steps of a sign-in by the Kerberos ticket of whoever is logged on: those of a password, and the ticket's own."""

from __future__ import annotations

from dataclasses import replace

from hybridjoin.model.flows.sign_in_username import SIGN_IN_USERNAME
from hybridjoin.model.steps import FlowTable, Party, Phase, Step, StepRow

_RST = SIGN_IN_USERNAME.row(Step.RST)

SIGN_IN_INTEGRATED = FlowTable(
    name="sign-in-integrated",
    title="sign a user in by the Kerberos ticket of the logon",
    called="sign-in",
    results=SIGN_IN_USERNAME.results,
    expects=("sign_in", "kerberos", "ticket_etype", "ticket_kvno"),
    facts=tuple(fact for fact in SIGN_IN_USERNAME.facts if not fact.endswith("Password")),
    persons=True,
    rows=(
        SIGN_IN_USERNAME.row(Step.REALM),
        SIGN_IN_USERNAME.row(Step.MEX),
        StepRow(
            step=Step.TICKET,
            party=Party.DIRECTORY,
            title="get the user a Kerberos ticket for the IdP",
            reply="Kerberos",
            phase=Phase.AUTH,
            yields=("TicketReply",),
        ),
        replace(_RST, title="trade the ticket for a SAML assertion", yields=(*_RST.yields, "ServerProof")),
        SIGN_IN_USERNAME.row(Step.TOKEN),
    ),
)
