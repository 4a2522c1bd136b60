"""Every reader of what others send: what it is called with, what may leave it, and where fuzzing begins."""

from __future__ import annotations

import base64
import io
import json
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from hybridjoin.bundle import keys, manifest, zip_layout
from hybridjoin.bundle.verify import verify
from hybridjoin.doubles.entra import enrolment as entra_enrolment
from hybridjoin.doubles.entra import tokens
from hybridjoin.doubles.entra.assertion import UnreadableAssertion, read_assertion, read_instant
from hybridjoin.doubles.entra.authority import process_authority
from hybridjoin.doubles.entra.case import read_guid as read_entra_guid
from hybridjoin.doubles.entra.config import EntraConfig
from hybridjoin.doubles.entra.errors import JoinRefused
from hybridjoin.doubles.entra.signature import read_signatures
from hybridjoin.doubles.idp import expression
from hybridjoin.doubles.idp.config import IdpConfig
from hybridjoin.doubles.idp.rst import RstRefused, read_rst
from hybridjoin.doubles.kerberos.spnego_token import read_token as read_gss_token
from hybridjoin.doubles.settings import ConfigError
from hybridjoin.errors import HarnessError, UsageError
from hybridjoin.intake import captured_token, certificate_text, computer_facts, federation, ldif
from hybridjoin.intake.case.build import case_of
from hybridjoin.intake.files import documents, http_message
from hybridjoin.intake.files.reading import EvidenceReading
from hybridjoin.model.exchange import Entry, HttpReply
from hybridjoin.model.redact import redact_body
from hybridjoin.protocol import (
    address,
    computer,
    device_certificate,
    guid,
    json_text,
    negotiate,
    oauth,
    saml11,
    scp,
    signing_certificate,
    times,
    transfer,
    xml,
)
from hybridjoin.vectors import judges
from hybridjoin.vectors.files import Trial, read_files
from tests.bundle.evidence import packed
from tests.doubles.entra import forge
from tests.doubles.idp.test_rst import envelope, request
from tests.doubles.idp.test_spnego_token import ap_req
from tests.fuzz.door_readers import DOOR_TARGETS
from tests.fuzz.target import Target, row, text
from tests.intake.files import transcripts
from tests.protocol.test_no_surprises import READERS as PROTOCOL_READERS
from tests.protocol.test_no_surprises import SIGNED

SEEDS = 12
"""How many of the vectors a reader of assertions begins with."""


@cache
def trials() -> tuple[Trial, ...]:
    """The vectors that are small, each tenth or so."""
    small = [trial for trial in read_files() if len(trial.message) < 7000]
    return tuple(small[:: len(small) // SEEDS])


def whole_judgement(body: bytes) -> object:
    """The device's requirements and the Entra double, over a whole message."""
    known = trials()[0].known
    trial = Trial(
        family="", number=0, name="", comment="", flags=(), message=body, result=trials()[0].result, claims={},
        device=trials()[0].device, entra=trials()[0].entra, known=known,
    )  # fmt: skip
    return judges.read(trial)


def cut_out(body: bytes) -> object:
    root = xml.parse(body, where="fuzz")
    for element in list(root.iter("*"))[:20]:
        cut = xml.cut(element)
        xml.read_alone(cut, element, where="fuzz")
        xml.resolve_qname(element, xml.text(element)[:50])
    return root


def assertion(body: bytes) -> object:
    return saml11.parse_assertion(xml.parse(body, where="fuzz"))


def entra_assertion(body: bytes) -> object:
    return read_signatures(read_assertion(body.decode("latin-1")))


def certificates(body: bytes) -> object:
    return [signing_certificate.subject(item) for item in signing_certificate.load_certificates((body,))]


def settings(kind: Callable[[Mapping[str, object]], object]) -> Callable[[bytes], object]:
    def read(body: bytes) -> object:
        try:
            data = json.loads(body)
        except (ValueError, RecursionError):
            return None
        return kind(data) if isinstance(data, dict) else None

    return read


def registration(body: bytes) -> object:
    raw = base64.b64encode(body).decode()
    return device_certificate.read_registration(
        200, raw=raw, thumbprint="", user_upn=None, membership_sids=(), response_date="", request_id=""
    )


def expressions(body: bytes) -> object:
    return list(expression.references(expression.parse(body.decode("utf-8", "replace"))))


def headers(body: bytes) -> object:
    line = body.decode("latin-1")
    reply = HttpReply(status=401, headers=(("WWW-Authenticate", line),))
    return negotiate.offered_schemes(reply), negotiate.token_kind(line), negotiate.server_token(reply.headers)


def signing_key(body: bytes) -> object:
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(body)
        return keys.load_signer(Path(file.name))


def entry(body: bytes) -> object:
    """A directory's entry, its values cut from the octets."""
    parts = body.split(b"\n", 3)
    names = ("objectGUID", "objectSid", "sAMAccountName", "mS-DS-ConsistencyGuid")
    attributes = tuple((name, (value,)) for name, value in zip(names, parts, strict=False))
    found = Entry(dn="CN=X", attributes=attributes)
    return computer.read_computer(found), computer.read_sid_owner("S-1-5-21-1", found)


def sent_file(body: bytes) -> object:
    """A file that a customer sent, and the case that is made of it."""
    found = EvidenceReading()
    found.read("sent.txt", io.BytesIO(body))
    return case_of(found)


PACKAGE = packed()
CERTIFICATE = forge.certificate("fuzz")
MESSAGES = tuple(trial.message for trial in trials())
LDIF = b"dn: CN=WS01,DC=x\nobjectGUID:: AAECAwQFBgcICQoLDA0ODw==\nobjectSid: S-1-5-21-1-2-3-4\nsAMAccountName: WS01$\n"
FEDERATION = (
    b"DomainId : x\nIssuerUri : https://sts.x/\nMetadataExchangeUri : https://sts.x/mex\nSigningCertificate : MIIC\n"
)
GRANT = b"grant_type=urn:ietf:params:oauth:grant-type:saml1_1-bearer&assertion=PHg-&resource=x"


_OF_PROTOCOL = {
    "mex": "protocol.mex.parse_mex",
    "rstr": "protocol.rstr.parse_reply",
    "signature": "protocol.signature.read_signature",
    "realm": "protocol.realm.parse_realm",
    "discovery": "protocol.discovery.parse_discovery",
    "token": "protocol.oauth.parse_token_reply",
    "join": "protocol.enrolment.parse_join_reply",
}
TARGETS: tuple[Target, ...] = (
    *(row(name, reads, PROTOCOL_READERS[name][0], *PROTOCOL_READERS[name][1]) for name, reads in _OF_PROTOCOL.items()),
    row("judgement", "vectors.judges.read", whole_judgement, *MESSAGES, declared=()),
    row("xml", "protocol.xml.parse", cut_out, *MESSAGES[:4]),
    row("assertion", "protocol.saml11.parse_assertion", assertion, SIGNED.encode()),
    row("addressing", "protocol.transfer.read_addressing", transfer.read_addressing, envelope(request())),
    row("json", "protocol.json_text.read_object", lambda body: json_text.read_object(body, where="x"),
         b'{"a": [1e9]}'),
    row("address", "protocol.address.take_apart", text(address.take_apart), b"https://h:1/p?q#f",
         declared=(ValueError,)),
    row("split-address", "protocol.address.split_address", text(address.split_address), b"https://[::1]:1/"),
    row("grant", "protocol.oauth.readable_grant", text(oauth.readable_grant), GRANT),
    row("jwt", "protocol.oauth.read_jwt_claims", text(oauth.read_jwt_claims), b"e30.eyJhIjoxfQ.x"),
    row("instant", "protocol.times.parse_instant", text(times.parse_instant), b"2026-01-15T12:00:00.123Z"),
    row("guid", "protocol.guid.decode_guid", text(guid.decode_guid), b"AAECAwQFBgcICQoLDA0ODw=="),
    row("scp", "protocol.scp.parse_scp", lambda body: scp.parse_scp(body.decode("utf-8", "replace").split("\n")),
         b"azureADName:x\nazureADId:00000000-0000-4000-8000-000000000000"),
    row("sid", "protocol.computer.read_sid", computer.read_sid, bytes.fromhex("0105000000000005") + bytes(20),
         declared=(ValueError,)),
    row("entry", "protocol.computer.read_computer protocol.computer.read_sid_owner", entry,
         bytes(16) + b"\n" + bytes.fromhex("0101000000000005") + bytes(4) + b"\nWS01$\n", declared=(ValueError,)),
    row("certificates", "protocol.signing_certificate.load_certificates", certificates, CERTIFICATE),
    row("registration", "protocol.device_certificate.read_registration", registration, CERTIFICATE),
    row("negotiate", "protocol.negotiate.token_kind protocol.negotiate.server_token", headers,
         b'Negotiate oQcwBaADCgEA, Basic realm="x"', b"Negotiate TlRMTVNTUAAC"),
    row("redaction", "model.redact.redact_body", redact_body, SIGNED.encode(), *MESSAGES[:2]),
    row("captured-token", "intake.captured_token.read_token", captured_token.read_token, SIGNED.encode(),
         base64.b64encode(SIGNED.encode()), SIGNED.encode("utf-16")),
    row("federation", "intake.federation.read_settings",
         lambda body: federation.read_settings(body, place="x"), FEDERATION, b'[{"IssuerUri": "https://x/"}]',
         declared=(HarnessError,)),
    row("certificate-text", "intake.certificate_text.read_certificate", text(certificate_text.read_certificate),
         base64.b64encode(CERTIFICATE)),
    row("ldif", "intake.ldif.read_entries", text(ldif.read_entries), LDIF, declared=(ValueError,)),
    row("computer", "intake.computer_facts.computer_of_ldif",
         lambda body: computer_facts.computer_of_ldif(body, where="x"), LDIF),
    row("guid-given", "intake.computer_facts.read_guid", text(computer_facts.read_guid),
         b"{00000000-0000-4000-8000-000000000000}"),
    row("sent-file", "intake.files.reading.EvidenceReading intake.files.json_documents.read_json "
         "intake.files.json_documents.read_federation", sent_file, transcripts.FEDERATED.encode(), SIGNED.encode(),
         FEDERATION, LDIF, b'{"log": {"version": "1.2", "entries": []}}', PACKAGE,
         b"\x05\x02" + bytes(60), declared=()),
    row("saved-message", "intake.files.documents.read_message",
         lambda body: documents.read_message(body, file="x"), SIGNED.encode(), *MESSAGES[:2], declared=()),
    row("http-message", "intake.files.http_message.read_http", http_message.read_http,
         b"POST /sts HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
         b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08", declared=()),
    row("package", "bundle.verify.verify", lambda body: verify(body, place="x"), PACKAGE, declared=(UsageError,)),
    row("zip", "bundle.zip_layout.read_zip", lambda body: zip_layout.read_zip(body, "x"), PACKAGE),
    row("manifest", "bundle.manifest.decode_manifest", manifest.decode_manifest, b'{"format": "hybridjoin-package/1"}',
         declared=(manifest.ManifestError,)),
    row("public-key", "bundle.keys.load_public", lambda body: keys.load_public(body, place="x"),
         b"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n", declared=(UsageError,)),
    row("signing-key", "bundle.keys.load_signer", signing_key,
         b"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n", declared=(UsageError,)),
    row("entra-assertion", "doubles.entra.assertion.read_assertion doubles.entra.signature.read_signatures",
         entra_assertion, base64.b64encode(SIGNED.encode()), declared=(UnreadableAssertion,)),
    row("entra-instant", "doubles.entra.assertion.read_instant", text(read_instant), b"2026-01-15T12:00:00.1+02:00"),
    row("entra-guid", "doubles.entra.case.read_guid", text(read_entra_guid), b"AAECAwQFBgcICQoLDA0ODw=="),
    row("entra-enrolment", "doubles.entra.enrolment.read_body", entra_enrolment.read_body,
         b'{"JoinType": 0, "TransportKey": "x"}', declared=(JoinRefused,)),
    row("entra-token", "doubles.entra.tokens.verify",
         text(lambda token: tokens.verify(token, process_authority().token_key.public_key())), b"e30.e30.x",
         declared=(tokens.BadToken,)),
    row("entra-settings", "doubles.entra.config.EntraConfig", settings(EntraConfig.from_mapping),
         json.dumps(forge.mapping()).encode(), declared=(ConfigError,)),
    row("idp-settings", "doubles.idp.config.IdpConfig", settings(IdpConfig.from_mapping), b'{"issuer": "https://x/"}',
         declared=(ConfigError,)),
    row("rst", "doubles.idp.rst.read_rst", lambda body: read_rst(body, fallback_trust="1.3"), envelope(request()),
         declared=(RstRefused,)),
    row("gss", "doubles.kerberos.spnego_token.read_token", read_gss_token, ap_req("HTTP", "sts", etype=18),
         declared=(ValueError,)),
    row("expression", "doubles.idp.expression.parse", expressions, b'#concat(user.name, "x") + user.mail',
         declared=(expression.ExpressionError,)),
    *DOOR_TARGETS,
)  # fmt: skip

# What looks like a reader of others' octets and is none, or is reached through another one.
NOT_TARGETS: Mapping[str, str] = {
    "protocol.xml.cut": "through xml",
    "intake.federation_text.read_blocks": "through federation",
    "protocol.id_token.read_client_secret": "of the bridge's own file, whose octets nobody else writes",
    "intake.federation_json.read_blocks": "through federation",
    "doubles.entra.tokens.decode": "through entra-token",
    "doubles.entra.connect.read_sid": "of the lab's own directory, whose octets nobody else writes",
}
