"""Why a token service answers a ticket with HTTP 401."""

from __future__ import annotations

from hybridjoin.device.steps.failures import failure
from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.exchange import HttpReply
from hybridjoin.model.steps import StepRow
from hybridjoin.protocol import negotiate, windows

_UNAUTHORIZED = "inferred from the symbol; of a user's token 0xcaa90014 was seen with these words"


def refused_ticket(at: StepRow, reply: HttpReply) -> Failure:
    """Say why a 401 stands: nothing offered, only NTLM, or the ticket was refused."""
    offered = negotiate.offered_schemes(reply)
    schemes = ", ".join(offered) or "no scheme at all"
    if any(scheme.lower() == "negotiate" for scheme in offered):
        reason = "the IdP answered HTTP 401 to the ticket: its Kerberos acceptor refused it"
        remedy = "compare the service account's key (password, AES setting) with the IdP's keytab"
    else:
        reason = f"the IdP answered HTTP 401 and offers {schemes} instead of Negotiate"
        remedy = "enable Kerberos (WWW-Authenticate: Negotiate) on the windowstransport endpoint"
    return failure(at, reason, windows.assumed(windows.HTTP_STATUS + 401, _UNAUTHORIZED), remedy=remedy)
