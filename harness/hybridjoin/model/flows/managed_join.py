"""The steps of a computer's join in a managed domain: no identity provider is asked, Entra Connect vouches for it."""

from __future__ import annotations

from dataclasses import replace

from hybridjoin.model.flows.join import HYBRID_JOIN
from hybridjoin.model.steps import FlowTable, Party, Phase, Step, StepRow

# The computer looks for its tenant as it does in a federated domain.
_FOUND_OUT = (Step.COMPUTER, Step.SCP, Step.DISCOVER, Step.REALM)

MANAGED_JOIN = FlowTable(
    name="managed-join",
    title="join a computer of a managed domain",
    called="managed join",
    results=(("synchronized", "hybrid joined"), ("failed", "not joined")),
    expects=("join", "kerberos", "screen"),
    facts=("JoinResult", "ManagedDevice"),
    rows=(
        *(HYBRID_JOIN.row(step) for step in _FOUND_OUT),
        StepRow(
            step=Step.USER_CERTIFICATE,
            party=Party.DIRECTORY,
            title="write its own certificate to its object",
            reply="LDAP, userCertificate",
            request="userCertificate",
            phase=Phase.JOIN,
            yields=("OwnCertificates",),
        ),
        replace(HYBRID_JOIN.row(Step.SYNC_JOIN), title="register the device as the synchronized one", instead_of=None),
    ),
)
