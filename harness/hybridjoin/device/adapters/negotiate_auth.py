"""HTTP Negotiate as a Windows computer does it (RFC 4559): Kerberos only, with the server's proof looked at.

Whether Windows ends the exchange where that proof is missing is not known: RFC 4559 (4.1) says that the answer "can"
carry it, MS-N2HT (3.2.5) asks for no refusal, and acceptors without one are at work with Windows clients (gokrb5 sends
a constant token, Keycloak up to 26.7 drops the last one). So the device goes on and notes what came; to be stricter is
a habit.
"""

from __future__ import annotations

import base64
import binascii
import logging
import re
from typing import Any

import gssapi
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from gssapi.raw.misc import GSSError
from requests import PreparedRequest, Response
from requests_kerberos import REQUIRED, HTTPKerberosAuth

from hybridjoin.device.adapters import spnego
from hybridjoin.device.adapters.bodies import read_body
from hybridjoin.device.adapters.dialing import Dialing
from hybridjoin.device.adapters.kerberos import Kerberos
from hybridjoin.device.needs import Manner
from hybridjoin.errors import Breakage, KerberosError, PeerUnreachable
from hybridjoin.model.exchange import Proof, ServerProof, TicketRequest
from hybridjoin.model.vault import VAULT
from hybridjoin.protocol.address import take_apart

# requests_kerberos writes the ticket into its debug log.
logging.getLogger("requests_kerberos.kerberos_").disabled = True

_CHALLENGE = re.compile(r"\bNegotiate\b", re.IGNORECASE)
_OTHER_CHANNEL = b"tls-server-end-point:" + bytes(32)  # no certificate has this SHA-256
_TOKEN = re.compile(r"\bNegotiate\s+([A-Za-z0-9+/=]+)", re.IGNORECASE)


class ComputerAuth(HTTPKerberosAuth):  # type: ignore[misc]  # requests_kerberos ships no types
    """Answers one Negotiate challenge with the computer's ticket; NTLM is neither offered nor answered.

    Like WinHTTP it waits for the 401, asks for mutual authentication, binds the token to the TLS channel
    (RFC 5929, tls-server-end-point) and takes a second 401 for a refusal. A probe may have the ticket
    shown at once, or bound to another channel.

    `server_proof` says, after the exchange, whether the server proved who it is; with `mutual_authentication` the
    exchange with one that did not has no answer.
    """

    def __init__(
        self,
        kerberos: Kerberos,
        dialing: Dialing,
        *,
        manner: Manner = Manner.WHEN_ASKED,
        mutual_authentication: bool = False,
    ) -> None:
        super().__init__(mutual_authentication=REQUIRED, sanitize_mutual_error_response=False, send_cbt=False)
        self._kerberos = kerberos
        self._dialing = dialing
        self._manner = manner
        self._mutual = mutual_authentication
        self._pending: gssapi.SecurityContext | None = None
        self.server_proof: ServerProof | None = None

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Hook into the exchange; show the ticket unasked where that is the manner."""
        hooked: PreparedRequest = super().__call__(request)
        if self._manner is Manner.AT_ONCE:
            hooked.headers["Authorization"] = self._header(str(hooked.url))
        return hooked

    def generate_request_header(self, response: Response, host: str, is_preemptive: bool = False) -> str:  # noqa: ARG002, FBT001, FBT002
        """Make the Authorization header; raise KerberosError where there is no ticket."""
        return self._header(response.url)

    def _header(self, address: str) -> str:
        url = take_apart(address)
        host = url.hostname or ""
        certificate = self._dialing.certificates.get((host, url.port or 443))
        request = TicketRequest(service="HTTP", host=host)
        channel = _OTHER_CHANNEL if self._manner is Manner.OTHER_CHANNEL else end_point(certificate)
        self._pending, token = self._kerberos.start_context(request, channel_bindings=channel)
        shown = spnego.wrap(token)
        VAULT.learn(shown, "a Kerberos AP-REQ")
        return f"Negotiate {base64.b64encode(shown).decode('ascii')}"

    def handle_401(self, response: Response, **settings: Any) -> Response:  # noqa: ANN401 requests' own settings
        """Answer the first challenge; the second is the server's refusal."""
        if self._pending is not None or not _CHALLENGE.search(response.headers.get("www-authenticate", "")):
            return response
        # requests_kerberos would read the whole challenge, whatever its size.
        read_body(response.raw, where=f"the challenge of {response.url}", unpack=False)
        answered: Response = super().handle_401(response, **settings)
        return answered

    def handle_other(self, response: Response) -> Response:
        """Look at the proof of a server that has had the ticket; a refusal needs none.

        Raises:
            PeerUnreachable: the token does not prove who the server is, and the habit is to demand that.
        """
        if self._pending is None:
            return response
        found = self._judge(self._pending, response.headers.get("www-authenticate", ""))
        if found.proof is Proof.NOT_SENT and response.status_code >= 400:
            return response
        if self._mutual and found.proof is not Proof.GOOD:
            raise PeerUnreachable(
                found.words,
                where=f"the WWW-Authenticate header of HTTP {response.status_code} from {response.url}",
                breakage=Breakage.MUTUAL_AUTHENTICATION,
            )
        self.server_proof = found
        return response

    def _judge(self, pending: gssapi.SecurityContext, header: str) -> ServerProof:
        """Say what the token in a WWW-Authenticate header proves."""
        token = _TOKEN.search(header)
        if token is None:
            words = "the server took the ticket but did not answer with a token that proves who it is"
            return ServerProof(proof=Proof.NOT_SENT, words=words)
        wrong = Proof.NOT_GOOD
        try:
            answer = spnego.unwrap(base64.b64decode(token[1], validate=True))
            if answer.mech not in {None, spnego.MS_KERBEROS}:
                wrong = Proof.OTHER_MECHANISM
            _judge_mech(answer)
            self._kerberos.finish_context(pending, answer.token)
            if answer.mic is not None and answer.mic != answer.token:
                pending.verify_signature(spnego.mech_list(), answer.mic)
        except (binascii.Error, ValueError, KerberosError, GSSError) as error:
            words = f"{error.code}, {error.detail}" if isinstance(error, KerberosError) else str(error)
            return ServerProof(proof=wrong, words=f"the server's Negotiate token does not prove who it is: {words}")
        return ServerProof(proof=Proof.GOOD)


def _judge_mech(answer: spnego.NegTokenResp) -> None:
    """Hold the acceptor to what Windows holds it to (MS-SPNG, 3.1.5.2 and its product notes)."""
    if answer.state == spnego.REJECTED:
        raise ValueError("it says that the negotiation is rejected")
    if answer.mech not in {None, spnego.MS_KERBEROS}:
        found, wanted = spnego.spell(answer.mech or b""), spnego.spell(spnego.MS_KERBEROS)
        stops = "Microsoft says that Windows fails here"
        raise ValueError(f"expected supportedMech {wanted}, whose token it took, found {found}; {stops}")


def end_point(certificate: bytes | None) -> bytes | None:
    """Return the channel binding of a TLS connection: the hash of the server's certificate (RFC 5929, 4.1)."""
    if certificate is None:
        return None
    try:
        algorithm = x509.load_der_x509_certificate(certificate).signature_hash_algorithm
    except (UnsupportedAlgorithm, ValueError, x509.InvalidVersion):
        return None
    if algorithm is None or isinstance(algorithm, hashes.MD5 | hashes.SHA1):
        algorithm = hashes.SHA256()
    digest = hashes.Hash(algorithm)
    digest.update(certificate)
    return b"tls-server-end-point:" + digest.finalize()
