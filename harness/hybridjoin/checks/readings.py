"""What checks read out of the evidence; a part that was never reached raises NotReached and says why."""

from __future__ import annotations

from hybridjoin.checks.requirement import Interrupted, NotAsked, NotReached
from hybridjoin.errors import Breakage
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.probe import ProbeAnswer
from hybridjoin.intake.federation import FederationSettings
from hybridjoin.model.exchange import TicketReply
from hybridjoin.model.steps import Step
from hybridjoin.protocol.computer import Computer
from hybridjoin.protocol.discovery import DrsDiscovery
from hybridjoin.protocol.enrolment import Registration
from hybridjoin.protocol.mex import MexDocument, MexEndpoint
from hybridjoin.protocol.oauth import Token
from hybridjoin.protocol.realm import UserRealm
from hybridjoin.protocol.rstr import TokenResponse
from hybridjoin.protocol.saml11 import Assertion
from hybridjoin.protocol.scp import Scp
from hybridjoin.protocol.signature import SignatureReading


def unreadable(evidence: JoinEvidence, step: Step) -> str:
    """Return the reader's words where a step's reply could not be parsed, else an empty string."""
    return next((words for at, words in evidence.unreadable if at is step), "")


def why_not(evidence: JoinEvidence, step: Step) -> str:
    """Say why a step brought nothing."""
    words = unreadable(evidence, step)
    if words:
        return f"the reply of step '{step}' could not be read: {words}"
    if evidence.failure is not None:
        return f"the federated join ended at step '{evidence.failure.step}': {evidence.failure.reason}"
    return f"the join did not come to step '{step}'"


def fell_at(evidence: JoinEvidence, step: Step) -> str:
    """Return the failure's reason where the federated join ended at exactly this step, else an empty string."""
    failure = evidence.failure
    return failure.reason if failure is not None and failure.step is step else ""


def waited_in_vain(evidence: JoinEvidence, step: Step) -> str:
    """Return the failure's reason where the device stopped waiting for exactly this step's answer, else nothing."""
    failure = evidence.failure
    return fell_at(evidence, step) if failure is not None and failure.breakage is Breakage.TIMEOUT else ""


def computer_of(evidence: JoinEvidence) -> Computer:
    """The computer's own object in the directory."""
    if evidence.computer is None:
        raise NotReached(why_not(evidence, Step.COMPUTER))
    return evidence.computer


def scp_of(evidence: JoinEvidence) -> Scp:
    """The service connection point."""
    if evidence.scp is None:
        raise NotReached(why_not(evidence, Step.SCP))
    return evidence.scp


def discovery_of(evidence: JoinEvidence) -> DrsDiscovery:
    """The Discover document."""
    if evidence.discovery is None:
        raise NotReached(why_not(evidence, Step.DISCOVER))
    return evidence.discovery


def realm_of(evidence: JoinEvidence) -> UserRealm:
    """The user realm."""
    if evidence.realm is None:
        raise NotReached(why_not(evidence, Step.REALM))
    return evidence.realm


def mex_of(evidence: JoinEvidence) -> MexDocument:
    """The metadata document."""
    if evidence.mex is None:
        raise NotReached(why_not(evidence, Step.MEX))
    return evidence.mex


def endpoint_of(evidence: JoinEvidence) -> MexEndpoint:
    """The endpoint the device chose."""
    mex_of(evidence)
    if evidence.endpoint is None:
        raise NotReached("the metadata offers no endpoint that the device would choose")
    return evidence.endpoint


def ticket_of(evidence: JoinEvidence) -> TicketReply:
    """The service ticket for the endpoint's host."""
    if evidence.ticket is None:
        raise NotReached(why_not(evidence, Step.TICKET))
    return evidence.ticket


def response_of(evidence: JoinEvidence) -> TokenResponse:
    """The token service's RequestSecurityTokenResponse."""
    if evidence.response is None:
        raise NotReached(why_not(evidence, Step.RST))
    return evidence.response


def assertion_of(evidence: JoinEvidence) -> Assertion:
    """The SAML 1.1 assertion."""
    assertion = response_of(evidence).assertion
    if assertion is None:
        raise NotReached("the response holds no SAML 1.1 assertion")
    return assertion


def signature_of(evidence: JoinEvidence) -> SignatureReading:
    """The reading of the assertion's signature."""
    assertion_of(evidence)
    if evidence.signature is None:
        raise NotReached(why_not(evidence, Step.RST))
    return evidence.signature


def signed_of(evidence: JoinEvidence) -> SignatureReading:
    """The reading of a signature that is there."""
    reading = signature_of(evidence)
    if not reading.present:
        raise NotReached("the assertion is not signed")
    return reading


def token_of(evidence: JoinEvidence) -> Token:
    """The access token for the registration service."""
    if evidence.token is None:
        raise NotReached(why_not(evidence, Step.TOKEN))
    return evidence.token


def registration_of(evidence: JoinEvidence) -> Registration:
    """What the registration service issued."""
    if evidence.registration is None:
        raise NotReached(why_not(evidence, Step.JOIN))
    return evidence.registration


PLAIN_PROBE = "rst-plain"
ANONYMOUS = "rst-anonymous"


def probe(evidence: JoinEvidence, probe_id: str) -> tuple[ProbeAnswer, ...]:
    """The answers to a probe, at least one; raises Interrupted where the harness could not ask as it meant to."""
    result = next((item for item in evidence.probes if item.probe == probe_id), None)
    if result is None:
        raise NotAsked(f"the probe {probe_id} was not asked: a join alone asks none, `hybridjoin certify` does")
    if result.skipped:
        raise NotReached(f"the probe {probe_id} was not asked: {result.skipped}")
    if result.interrupted or not result.answers:
        raise Interrupted(f"the probe {probe_id} could not be asked: {result.interrupted or 'it has no answer'}")
    if any(item.baseline_digest == item.sent_digest for item in result.answers):
        raise Interrupted(f"the probe {probe_id} sent the message without the change that it is about")
    return result.answers


def probe_beside_plain(evidence: JoinEvidence, probe_id: str) -> tuple[ProbeAnswer, ...]:
    """The answers to a probe of an IdP that gives Windows' own request a token: elsewhere they say nothing."""
    plain = next((item.answers[-1] for item in evidence.probes if item.probe == PLAIN_PROBE and item.answers), None)
    if plain is not None and not plain.tokens:
        raise NotReached(f"Windows' own request gets no token either: {plain.words}")
    answers = probe(evidence, probe_id)
    probe(evidence, PLAIN_PROBE)
    return answers


def ticket_matters(evidence: JoinEvidence) -> None:
    """Raise NotReached where a request without any ticket gets a token: then no ticket proves anything."""
    anonymous = next((item.answers[0] for item in evidence.probes if item.probe == ANONYMOUS and item.answers), None)
    if anonymous is not None and anonymous.tokens:
        raise NotReached("a request without credentials gets a token as well, which HTTP-06 judges")


def federation_of(evidence: JoinEvidence) -> FederationSettings:
    """The domain's federation settings in Entra."""
    if evidence.federation is None:
        raise NotAsked(
            "the domain's federation settings were not given (--federation FILE, or entra.federation in the site file)"
        )
    return evidence.federation
