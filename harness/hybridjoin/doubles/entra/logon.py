"""Primary refresh tokens: the nonce, the request that a device signs, and the rules by which it is refused.

[MS-OAPXBC] has the request and its answer, but for the grant with a SAML assertion, which public tools send. The codes
are those of Microsoft's list; that each of these triggers gives its code is documented where the rule says so.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
import struct
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from starlette.concurrency import run_in_threadpool

from hybridjoin.doubles.entra.answer import Answer
from hybridjoin.doubles.entra.authority import Authority
from hybridjoin.doubles.entra.case import Case
from hybridjoin.doubles.entra.documents import Document
from hybridjoin.doubles.entra.errors import Exchange, compact
from hybridjoin.doubles.entra.judge import DeviceSubject, Refusal, UserSubject, judge
from hybridjoin.doubles.entra.logon_rules import LOGON_RULES
from hybridjoin.doubles.entra.tenant import Device, Tenant
from hybridjoin.doubles.entra.tokens import decode, encode, segment

CHALLENGE: Final = "srv_challenge"
JWT_BEARER: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SAML_BEARER: Final = "urn:ietf:params:oauth:grant-type:saml1_1-bearer"
FOURTEEN_DAYS_S: Final = 14 * 24 * 3600
_NONCE_FOR: Final = timedelta(minutes=10)
_RESOURCE: Final = "https://graph.windows.net"


class RefusedLogon(Exception):
    """A rule fired; `refusal` is it with the fields of its message."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.rule.id)
        self.refusal = refusal


class Logons:
    """The nonces of one tenant's token endpoint, and what becomes of the requests that name them."""

    def __init__(self, tenant: Tenant, authority: Authority) -> None:
        self._tenant = tenant
        self._authority = authority
        self._nonces: dict[str, datetime] = {}

    async def answered(
        self, form: Mapping[str, tuple[str, ...]], addressed: str, exchange: Exchange
    ) -> Answer | Refusal | None:
        """Answer what is asked of a logon; None where something else is asked."""
        if form.get("grant_type") == (CHALLENGE,):
            return Answer(status=200, body=compact(self.challenge(exchange.now)))
        if form.get("grant_type") != (JWT_BEARER,):
            return None
        request = next(iter(form.get("request", ())), "")
        try:
            document, device = await run_in_threadpool(self.grant, request, addressed=addressed, now=exchange.now)
        except RefusedLogon as refused:
            return refused.refusal
        return Answer(status=200, body=compact(document), device_id=str(device.device_id))

    def challenge(self, now: datetime) -> Document:
        """Hand out a nonce."""
        value = base64.urlsafe_b64encode(secrets.token_bytes(48)).decode("ascii")
        over = self._tenant.config.fault("nonce-of-before") is not None
        self._nonces[value] = now - _NONCE_FOR if over else now + _NONCE_FOR
        return {"Nonce": value}

    def grant(self, request: str, *, addressed: str, now: datetime) -> tuple[Document, Device]:
        """Return the primary refresh token, and the device that it is for.

        Raises:
            RefusedLogon: with the first rule that fires.
        """
        header, payload, signed, signature = _read(request)
        version = header.get("kdf_ver", 1)
        _refuse_if(version != 2, "prt-kdf-version", version=str(version))
        device = self._device(header, signed, signature)
        until = self._nonces.pop(str(payload.get("request_nonce", "")), None)
        _refuse_if(until is None or until < now, "prt-nonce")
        _refuse_if(payload.get("grant_type") != SAML_BEARER, "prt-grant")
        subject = self._subject(payload, addressed=addressed, now=now)
        return self._document(subject, device, now=now), device

    def _device(self, header: Mapping[str, object], signed: bytes, signature: bytes) -> Device:
        """Return the device whose certificate is shown and whose key signed."""
        shown = header["x5c"]
        text = shown[0] if isinstance(shown, list) and shown else shown
        try:
            der = base64.b64decode(str(text), validate=True)
        except (binascii.Error, ValueError):
            der = b""
        device = next((item for item in self._tenant.devices if item.certificate and item.certificate == der), None)
        if device is None:
            raise RefusedLogon(Refusal(rule=LOGON_RULES["prt-device"], fields={}))
        key = x509.load_der_x509_certificate(der).public_key()
        _refuse_if(not isinstance(key, RSAPublicKey) or not _signed_by(key, signed, signature), "prt-device")
        return device

    def _subject(self, payload: Mapping[str, object], *, addressed: str, now: datetime) -> UserSubject:
        """Return whom the assertion signs in, by the rules of the bare grant."""
        form = {
            "grant_type": (SAML_BEARER,),
            "assertion": (str(payload.get("assertion", "")),),
            "client_id": (str(payload.get("client_id", "")),),
            "resource": (_RESOURCE,),
        }
        found = judge(Case(tenant=self._tenant, addressed=addressed, form=form, now=now))
        if isinstance(found, Refusal):
            raise RefusedLogon(found)
        if isinstance(found, DeviceSubject):
            raise RefusedLogon(Refusal(rule=LOGON_RULES["prt-grant"], fields={}))
        return found

    def _document(self, subject: UserSubject, device: Device, *, now: datetime) -> Document:
        config = self._tenant.config
        moment = int(now.timestamp())
        claims = {
            "aud": subject.client_id,
            "iss": f"https://sts.windows.net/{config.tenant_id}/",
            "iat": moment,
            "oid": str(uuid.uuid5(config.tenant_id, str(subject.user.object_guid))),
            "onprem_sid": subject.user.sid,
            "tid": str(config.tenant_id),
            "upn": subject.user.upn,
            "ver": "1.0",
        }
        lifetime = FOURTEEN_DAYS_S // 14 if config.fault("token-of-a-day") else FOURTEEN_DAYS_S
        document: Document = {
            "token_type": "pop",
            "refresh_token": f"0.{secrets.token_urlsafe(192)}",
            "refresh_token_expires_in": lifetime,
            "id_token": f"{segment({'typ': 'JWT', 'alg': 'none'})}.{segment(claims)}.",
        }
        if config.fault("session-key-missing") is None:
            another = config.fault("session-key-for-another") is not None
            document["session_key_jwe"] = _session_key(_another_key() if another else _transport_key(device))
        return document


def _refuse_if(fires: object, rule: str, **fields: str) -> None:
    if fires:
        raise RefusedLogon(Refusal(rule=LOGON_RULES[rule], fields=fields))


def _read(request: str) -> tuple[Mapping[str, object], Mapping[str, object], bytes, bytes]:
    """Return header, payload, what was signed, and the signature."""
    try:
        head, body, signature = request.split(".")
        header, payload = json.loads(decode(head)), json.loads(decode(body))
        signed = f"{head}.{body}".encode("ascii")
        raw = decode(signature)
    except (ValueError, RecursionError):
        raise RefusedLogon(Refusal(rule=LOGON_RULES["prt-request"], fields={})) from None
    whole = isinstance(header, dict) and isinstance(payload, dict)
    _refuse_if(not whole or header.get("alg") != "RS256" or "x5c" not in header, "prt-request")
    return header, payload, signed, raw


def _signed_by(key: RSAPublicKey, signed: bytes, signature: bytes) -> bool:
    try:
        key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def _transport_key(device: Device) -> RSAPublicKey:
    """Read the BCRYPT_RSAPUBLIC_BLOB that the device registered."""
    blob = base64.b64decode(device.transport_key)
    _, exponent, modulus = struct.unpack("<3I", blob[4:16])
    start = 24
    public = int.from_bytes(blob[start : start + exponent], "big")
    whole = int.from_bytes(blob[start + exponent : start + exponent + modulus], "big")
    return rsa.RSAPublicNumbers(public, whole).public_key()


def _another_key() -> RSAPublicKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()


def _session_key(key: RSAPublicKey) -> str:
    """Write a fresh session key as a JWE whose content is empty: the encrypted key is what it is about."""
    session_key, iv = secrets.token_bytes(32), secrets.token_bytes(12)
    header = segment({"enc": "A256GCM", "alg": "RSA-OAEP"})
    wrapped = key.encrypt(
        session_key,
        padding.OAEP(mgf=padding.MGF1(hashes.SHA1()), algorithm=hashes.SHA1(), label=None),  # noqa: S303 - RSA-OAEP
    )
    tag = AESGCM(session_key).encrypt(iv, b"", header.encode("ascii"))
    return ".".join((header, encode(wrapped), encode(iv), "", encode(tag)))
