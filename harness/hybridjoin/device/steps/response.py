"""Reading what a token service answered: a response, a fault, or noise; and the assertion in it."""

from __future__ import annotations

from hybridjoin.device.needs import Flow, ReadSignature, ask
from hybridjoin.device.steps.evidence_builder import Evidence, EvidenceBuilder, StepFailed
from hybridjoin.device.steps.failures import failure, soap_fault
from hybridjoin.model.exchange import HttpReply
from hybridjoin.model.reading import SignatureReading
from hybridjoin.model.steps import StepRow
from hybridjoin.protocol import rstr, windows
from hybridjoin.protocol.rstr import SoapFault, TokenResponse
from hybridjoin.protocol.saml11 import Assertion


def read_response(
    builder: EvidenceBuilder[Evidence], at: StepRow, reply: HttpReply, *, remedy_of_fault: str
) -> TokenResponse:
    """Tell a token response from a fault and from noise.

    Raises:
        StepFailed: it is no token response.
    """
    content_type = reply.header("content-type") or ""
    answer = builder.read(
        at,
        lambda: rstr.parse_reply(reply.body, http_status=reply.status, content_type=content_type),
        lambda error: failure(
            at,
            f"HTTP {reply.status} with an answer that cannot be read: {error.problem}",
            windows.code(0xCAA90013) if reply.status == 200 else windows.http_status(reply.status),
            remedy="look what the token service really answered",
        ),
    )
    if isinstance(answer, SoapFault):
        raise StepFailed(soap_fault(at, answer, remedy=remedy_of_fault))
    return answer


def demand_assertion(at: StepRow, response: TokenResponse) -> None:
    """Go on only with a SAML 1.1 assertion: Entra's grant takes no other.

    Raises:
        StepFailed: the response holds none.
    """
    if response.assertion is None:
        versions = ", ".join(sorted({item.version for item in response.assertions})) or "none at all"
        reason = f"the token response holds no SAML 1.1 assertion (found: {versions})"
        remedy = "let the IdP issue SAML 1.1 for this relying party"
        raise StepFailed(failure(at, reason, windows.code(0xCAA90002), remedy=remedy))


def read_signature(assertion: Assertion, response: TokenResponse, trusted: tuple[bytes, ...]) -> Flow[SignatureReading]:
    """Have the assertion's signature read, by the certificates (DER) that the tenant trusts at the time of issue.

    Raises:
        PeerError: the octets are no assertion that could be verified.
    """
    need = ReadSignature(
        assertion_xml=response.assertion_xml,
        assertion_id=assertion.assertion_id,
        trusted_certificates=trusted,
        issued_at=assertion.issue_instant,
    )
    return (yield from ask(need))
