"""What a probe brought to light: one question outside the join's own flow, and the answers to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from hybridjoin.model.exchange import Headers, ServerProof, Transcript
from hybridjoin.protocol.mex import MexDocument
from hybridjoin.protocol.negotiate import TokenKind
from hybridjoin.protocol.rstr import SoapFault, TokenResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeAnswer:
    """One answer, read as far as it could be.

    `status` is None where no reply came: then `breakage` or `kerberos_error` says why. `headers` are masked;
    `server_token` says what kind of Negotiate token stood among them, `server_proof` what it proved where a ticket was
    shown. `sent_digest` is the SHA-256 of the message that the probe wrote (method, URL, its headers, body; the ticket,
    which is added later, is not in it), `baseline_digest` that of the same message without the probe's change: empty
    where the probe changes nothing in the message.
    """

    status: int | None
    sent_digest: str
    baseline_digest: str = ""
    message_id: str = ""
    headers: Headers = ()
    body: bytes = field(default=b"", repr=False)
    breakage: str = ""
    kerberos_error: str = ""
    server_token: TokenKind = TokenKind.NONE
    server_proof: ServerProof | None = None
    response: TokenResponse | None = None
    fault: SoapFault | None = None
    mex: MexDocument | None = None
    unreadable: str = ""
    elapsed_s: float = 0.0

    def header(self, name: str) -> str | None:
        """Return the first value of a header, whatever its case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def tokens(self) -> int:
        """How many assertions the answer holds, encrypted ones included."""
        if self.response is None:
            return 0
        return max(len(self.response.assertions), len(self.response.token_elements))

    @property
    def words(self) -> str:
        """The answer in a few words, for people."""
        if self.status is None:
            return self.kerberos_error or self.breakage or "no answer"
        if self.fault is not None:
            name = self.fault.subcode or self.fault.code
            return f"HTTP {self.status} with the fault {name}: {self.fault.reason}"
        if self.response is not None:
            return f"HTTP {self.status} with {self.tokens} token(s)"
        if self.mex is not None:
            return f"HTTP {self.status} with metadata of {len(self.mex.endpoints)} endpoint(s)"
        return f"HTTP {self.status}" + (f", {self.unreadable}" if self.unreadable else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeResult:
    """The answers to one probe, in order; `skipped` and `interrupted` say why there are none, or not all.

    `transcript` is what was said to whom, masked.
    """

    probe: str
    answers: tuple[ProbeAnswer, ...] = ()
    transcript: Transcript = field(default=Transcript(exchanges=()), repr=False)
    skipped: str = ""
    interrupted: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probes:
    """The part that probes leave: every result, in the order of the asking; there is none where nobody asked any."""

    results: tuple[ProbeResult, ...]

    def find(self, probe: str) -> ProbeResult | None:
        """Return the result of a probe, None where it was not asked."""
        return next((item for item in self.results if item.probe == probe), None)

    def first_answer(self, probe: str) -> ProbeAnswer | None:
        """Return the first answer to a probe, whatever it is worth; None where there is none."""
        found = self.find(probe)
        return found.answers[0] if found is not None and found.answers else None

    def last_answer(self, probe: str) -> ProbeAnswer | None:
        """Return the last answer to a probe, whatever it is worth; None where there is none."""
        found = self.find(probe)
        return found.answers[-1] if found is not None and found.answers else None
