"""Keys that KeyInfo names: a stranger's in every form that there is, and the right one in unusual forms."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import replace

from hybridjoin.vectors import keys
from hybridjoin.vectors.dsig import SHA256, USUAL, SignatureRecipe, sign, x509_data
from hybridjoin.vectors.good import DSIG, EVIL_SAME_ID, GOOD
from hybridjoin.vectors.message import WSSE
from hybridjoin.vectors.vector import MustSay, Result, Vector, vector

_11 = "http://www.w3.org/2009/xmldsig11#"


def vectors() -> Iterator[Vector]:
    """Yield the family."""
    for name, (words, info) in _forms(keys.STRANGER).items():
        how = SignatureRecipe(key=keys.STRANGER, key_info=info)
        yield vector(
            f"stranger-{name}",
            f"A stranger signed the twin; KeyInfo names his key by {words}.",
            "ForeignKey KeyInfo",
            sign(EVIL_SAME_ID, how),
        )
    yield from _disguised()
    for name, (words, info) in _forms(keys.TRUSTED).items():
        if name == "certificate":  # the plain message
            continue
        yield vector(
            f"trusted-{name}",
            f"The right key signed; KeyInfo names it by {words}.",
            "KeyInfo",
            sign(GOOD, replace(USUAL, key_info=info)),
            result=Result.ACCEPTABLE,
        )
    yield from _several()
    yield from _costly()


def _info(content: str) -> str:
    return f"<ds:KeyInfo>{content}</ds:KeyInfo>"


def _data(content: str) -> str:
    return _info(f"<ds:X509Data>{content}</ds:X509Data>")


def _rsa(name: str) -> str:
    modulus, exponent = keys.rsa_numbers(name)
    return (
        f"<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>{modulus}</ds:Modulus><ds:Exponent>{exponent}</ds:Exponent>"
        "</ds:RSAKeyValue></ds:KeyValue>"
    )


def _certificate(name: str) -> str:
    return f"<ds:X509Certificate>{keys.base64_der(name)}</ds:X509Certificate>"


def _reference(content: str) -> str:
    return _info(f'<o:SecurityTokenReference xmlns:o="{WSSE}">{content}</o:SecurityTokenReference>')


def _forms(name: str) -> Mapping[str, tuple[str, str]]:
    """Return every form in which KeyInfo may name a key, with words for it."""
    return {
        **_keys(name),
        **_hints(name),
        **_elsewhere(name),
        "none": ("no KeyInfo", ""),
        "empty": ("an empty KeyInfo", _info("")),
    }


def _keys(name: str) -> Mapping[str, tuple[str, str]]:
    """Name a key by itself, or by its certificate."""
    data = f"<ds:X509Data>{_certificate(name)}</ds:X509Data>"
    return {
        "certificate": ("its certificate", _info(data)),
        "key-value": ("its numbers", _info(_rsa(name))),
        "key-value-and-certificate": ("its numbers and its certificate", _info(_rsa(name) + data)),
        "der-key-value": (
            "DEREncodedKeyValue",
            _info(f'<k:DEREncodedKeyValue xmlns:k="{_11}">{_spki(name)}</k:DEREncodedKeyValue>'),
        ),
    }


def _hints(name: str) -> Mapping[str, tuple[str, str]]:
    """Name a key by what belongs to it."""
    subject, serial = keys.certificate(name).subject.rfc4514_string(), keys.certificate(name).serial_number
    issuer = (
        f"<ds:X509IssuerSerial><ds:X509IssuerName>{subject}</ds:X509IssuerName><ds:X509SerialNumber>{serial}"
        "</ds:X509SerialNumber></ds:X509IssuerSerial>"
    )
    packet = _spki(name)[:64]
    return {
        "issuer-serial": ("issuer and serial number", _data(issuer)),
        "issuer-serial-and-certificate": (
            "issuer and serial number, and its certificate",
            _data(issuer + _certificate(name)),
        ),
        "subject-name": ("its subject's name", _data(f"<ds:X509SubjectName>{subject}</ds:X509SubjectName>")),
        "ski": ("a subject key identifier", _data("<ds:X509SKI>AAECAwQFBgcICQoLDA0ODw==</ds:X509SKI>")),
        "digest": (
            "its certificate's digest",
            _data(f'<k:X509Digest xmlns:k="{_11}" Algorithm="{SHA256}">AAAA</k:X509Digest>'),
        ),
        "key-name": ("a name", _info(f"<ds:KeyName>{subject}</ds:KeyName>")),
        "pgp": ("a PGP packet", _info(f"<ds:PGPData><ds:PGPKeyPacket>{packet}</ds:PGPKeyPacket></ds:PGPData>")),
        "spki": ("SPKI", _info(f"<ds:SPKIData><ds:SPKISexp>{packet}</ds:SPKISexp></ds:SPKIData>")),
    }


def _elsewhere(name: str) -> Mapping[str, tuple[str, str]]:
    """Name a key by the place where it is to be found."""
    data = f"<ds:X509Data>{_certificate(name)}</ds:X509Data>"
    raw = f"{DSIG}rawX509Certificate"
    identifier = f'<o:KeyIdentifier ValueType="urn:x509">{keys.base64_der(name)}</o:KeyIdentifier>'
    token = f'<o:BinarySecurityToken xmlns:o="{WSSE}">{keys.base64_der(name)}</o:BinarySecurityToken>'
    held = f'<ds:Object><ds:KeyInfo Id="_info">{data}</ds:KeyInfo></ds:Object>'
    return {
        "retrieval-here": (
            "a RetrievalMethod to an element of the signature",
            _info(f'<ds:RetrievalMethod URI="#_held" Type="{DSIG}X509Data"/>')
            + f'<ds:Object><ds:X509Data Id="_held">{_certificate(name)}</ds:X509Data></ds:Object>',
        ),
        "retrieval-file": (
            "a RetrievalMethod to a file",
            _info(f'<ds:RetrievalMethod URI="file:///etc/hostname" Type="{raw}"/>'),
        ),
        "reference-here": (
            "a KeyInfoReference",
            _info(f'<k:KeyInfoReference xmlns:k="{_11}" URI="#_info"/>') + held,
        ),
        "token-reference": ("a SecurityTokenReference with its certificate", _reference(identifier)),
        "token-embedded": (
            "a SecurityTokenReference with an embedded token",
            _reference(f"<o:Embedded>{token}</o:Embedded>"),
        ),
    }


def _spki(name: str) -> str:
    return base64.b64encode(keys.public_der(name)).decode("ascii")


def _disguised() -> Iterator[Vector]:
    """A stranger's key behind the domain's certificate, or a certificate that looks like it."""
    rows: tuple[tuple[str, str, SignatureRecipe], ...] = (
        ("behind-trusted", "KeyInfo holds the domain's certificate",
         SignatureRecipe(key=keys.STRANGER, key_info=x509_data(keys.TRUSTED))),
        ("lookalike", "his certificate bears the names and the serial number of the domain's",
         SignatureRecipe(key=keys.STRANGER, key_info=x509_data(keys.LOOKALIKE))),
        ("trusted-then-his", "KeyInfo holds the domain's certificate and his",
         SignatureRecipe(key=keys.STRANGER, key_info=x509_data(keys.TRUSTED, keys.STRANGER))),
        ("his-then-trusted", "KeyInfo holds his certificate and the domain's",
         SignatureRecipe(key=keys.STRANGER, key_info=x509_data(keys.STRANGER, keys.TRUSTED))),
        ("his-value-trusted-certificate", "KeyInfo holds his key's numbers and the domain's certificate",
         SignatureRecipe(key=keys.STRANGER, key_info=_info(
             _rsa(keys.STRANGER) + f"<ds:X509Data>{_certificate(keys.TRUSTED)}</ds:X509Data>"))),
        ("two-key-infos", "two KeyInfos hold the domain's certificate and his",
         SignatureRecipe(key=keys.STRANGER, key_info=x509_data(keys.TRUSTED) + x509_data(keys.STRANGER))),
    )  # fmt: skip
    for name, words, how in rows:
        yield vector(
            f"stranger-{name}", f"A stranger signed the twin; {words}.", "ForeignKey KeyInfo", sign(EVIL_SAME_ID, how)
        )


def _several() -> Iterator[Vector]:
    """The right key beside something else, legal or nearly so."""
    trusted = _certificate(keys.TRUSTED)
    rows: tuple[tuple[str, str, str], ...] = (
        ("chain", "The certificate and another one stand in X509Data, as of a chain.",
         x509_data(keys.TRUSTED, keys.STRANGER)),
        ("chain-reversed", "Another certificate stands before the signing one.",
         x509_data(keys.STRANGER, keys.TRUSTED)),
        ("again", "KeyInfo holds another certificate of the same key.", x509_data(keys.AGAIN)),
        ("two-data", "Two X509Data hold the signing certificate and another one.",
         _info(f"<ds:X509Data>{trusted}</ds:X509Data><ds:X509Data>{_certificate(keys.STRANGER)}</ds:X509Data>")),
        ("lines", "The certificate is broken into lines.", _data(
            f"<ds:X509Certificate>{_lines(keys.base64_der(keys.TRUSTED))}</ds:X509Certificate>")),
        ("comment", "The certificate has a comment in it.", _data(
            f"<ds:X509Certificate>{keys.base64_der(keys.TRUSTED)[:40]}<!-- -->"
            f"{keys.base64_der(keys.TRUSTED)[40:]}</ds:X509Certificate>")),
        ("unreadable", "X509Certificate holds no certificate.", _data("<ds:X509Certificate>AAAA</ds:X509Certificate>")),
        ("empty-certificate", "X509Certificate is empty.", _data("<ds:X509Certificate></ds:X509Certificate>")),
        ("foreign-element", "KeyInfo holds an element that nobody knows beside the certificate.",
         _info(f'<x:Hint xmlns:x="urn:example">a</x:Hint><ds:X509Data>{trusted}</ds:X509Data>')),
    )  # fmt: skip
    for name, words, info in rows:
        yield vector(
            f"trusted-{name}",
            words,
            "KeyInfo",
            sign(GOOD, replace(USUAL, key_info=info)),
            result=Result.ACCEPTABLE,
        )


def _lines(text: str) -> str:
    return "\n".join(text[at : at + 64] for at in range(0, len(text), 64))


def _costly() -> Iterator[Vector]:
    """KeyInfo that costs time: refused, or at least said in time."""
    many = x509_data(*[keys.STRANGER] * 30, keys.TRUSTED)
    number = "//" * 10_000
    value = _info(
        f"<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>{number}</ds:Modulus><ds:Exponent>{number}</ds:Exponent>"
        "</ds:RSAKeyValue></ds:KeyValue>"
    )
    for name, words, info in (
        ("many-certificates", "KeyInfo holds thirty certificates of strangers before the right one.", many),
        ("huge-number", "KeyValue holds numbers of a hundred and twenty thousand bits.", value),
    ):
        yield vector(
            f"costly-{name}",
            words,
            "Cost KeyInfo",
            sign(GOOD, replace(USUAL, key_info=info)),
            result=Result.ACCEPTABLE,
            device=MustSay.EITHER if name == "many-certificates" else MustSay.REFUSED,
            entra=MustSay.EITHER,
        )
