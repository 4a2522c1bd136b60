"""What a managed domain's people need of Entra's own token service, where they have Seamless single sign-on.

Each check reads `OwnTokenService`, so that it is asked of such a sign-in and of no other.
"""

from __future__ import annotations

from hybridjoin.checks.missing import reached
from hybridjoin.checks.places import answer_to
from hybridjoin.checks.requirement import Finding, broken, holds, requirement
from hybridjoin.evidence.outcome import FlowOutcome
from hybridjoin.evidence.sign_in import OwnTokenService
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level
from hybridjoin.protocol.rstr import TokenResponse


@requirement(
    "SEAMLESS-01",
    Level.MUST,
    "MS-SSO How does sign-in on a native client with Seamless SSO work?",
    remedy="Explain the AADSTS number that stands there: hybridjoin explain AADSTS… Where it is the ticket's, roll the "
    "key of AZUREADSSOACC over with Update-AzureADSSOForest, which hands the new one to Entra.",
    verified=True,
)
def entras_own_service_takes_what_is_shown(
    service: OwnTokenService, response: TokenResponse | None, outcome: FlowOutcome
) -> Finding:
    """Entra's own token service decrypts the ticket, or checks the password, and issues a token."""
    words = outcome.unreadable_at(Step.RST) or outcome.failed_at(Step.RST)
    if words:
        found = service.refusal.description if service.refusal is not None else words
        return broken(expected="a token", found=found, where=answer_to(Step.RST, outcome))
    reached(response, outcome, Step.RST)
    return holds("a token", where=answer_to(Step.RST, outcome))
