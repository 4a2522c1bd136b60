"""Weak, unknown and confused algorithms, values of the wrong form, and what was changed after signing."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from hybridjoin.vectors import keys
from hybridjoin.vectors.dsig import ENC, MORE, RSA_SHA256, SHA256, USUAL, SignatureRecipe, sign, signature, x509_data
from hybridjoin.vectors.good import DSIG, EVIL_SAME_ID, GOOD, VICTIM, before, into, swap
from hybridjoin.vectors.vector import MustSay, Result, Vector, vector


def vectors() -> Iterator[Vector]:
    """Yield the family."""
    yield from _weak()
    yield from _hmac()
    yield from _names()
    yield from _values()
    yield from _changes()


def _weak() -> Iterator[Vector]:
    """Hash with what is broken, and with what is merely seldom."""
    sha1, md5 = f"{DSIG}sha1", f"{MORE}md5"
    rows: tuple[tuple[str, str, SignatureRecipe, Result, MustSay], ...] = (
        ("sha1", "Signature and digest are made with SHA-1.",
         replace(USUAL, method=f"{DSIG}rsa-sha1", digest=sha1), Result.ACCEPTABLE, MustSay.ACCEPTED),
        ("sha1-digest", "The digest alone is made with SHA-1.",
         replace(USUAL, digest=sha1), Result.ACCEPTABLE, MustSay.ACCEPTED),
        ("sha1-signature", "The signature alone is made with SHA-1.",
         replace(USUAL, method=f"{DSIG}rsa-sha1"), Result.ACCEPTABLE, MustSay.ACCEPTED),
        ("md5", "Signature and digest are made with MD5.",
         replace(USUAL, method=f"{MORE}rsa-md5", digest=md5), Result.INVALID, MustSay.REFUSED),
        ("md5-digest", "The digest alone is made with MD5.",
         replace(USUAL, digest=md5), Result.INVALID, MustSay.REFUSED),
        ("md5-signature", "The signature alone is made with MD5.",
         replace(USUAL, method=f"{MORE}rsa-md5"), Result.INVALID, MustSay.REFUSED),
        ("sha384", "Signature and digest are made with SHA-384.",
         replace(USUAL, method=f"{MORE}rsa-sha384", digest=f"{MORE}sha384"), Result.VALID, MustSay.ACCEPTED),
        ("sha512", "Signature and digest are made with SHA-512.",
         replace(USUAL, method=f"{MORE}rsa-sha512", digest=f"{ENC}sha512"), Result.VALID, MustSay.ACCEPTED),
    )  # fmt: skip
    for name, words, how, result, expected in rows:
        flag = "Unusual" if result is Result.VALID else "WeakAlgorithm"
        yield vector(f"hash-{name}", words, flag, sign(GOOD, how), result=result, device=expected, entra=expected)


def _hmac() -> Iterator[Vector]:
    """Take what is public for a secret: a verifier that lets the message choose HMAC checks with the certificate."""
    secrets: Mapping[str, tuple[str, bytes]] = {
        "der": ("the certificate's DER", keys.der(keys.TRUSTED)),
        "pem": ("the certificate's PEM", keys.pem(keys.TRUSTED).encode("ascii")),
        "base64": ("the text of X509Certificate", keys.base64_der(keys.TRUSTED).encode("ascii")),
        "public-key": ("the public key's DER", keys.public_der(keys.TRUSTED)),
        "modulus": ("the modulus", base64.b64decode(keys.rsa_numbers(keys.TRUSTED)[0])),
        "empty": ("nothing, or zeros", b""),
    }
    for name, (words, secret) in secrets.items():
        for size in ("1", "256") if name in {"der", "pem"} else ("256",):
            method = f"{DSIG}hmac-sha1" if size == "1" else f"{MORE}hmac-sha256"
            how = replace(USUAL, key=secret, method=method)
            yield vector(
                f"hmac-sha{size}-{name}",
                f"The signature is an HMAC whose secret is {words}, and over the twin.",
                "HmacConfusion",
                sign(EVIL_SAME_ID, how),
            )
    for bits in (0, 1, 8):
        length = f"<ds:HMACOutputLength>{bits}</ds:HMACOutputLength>"
        how = replace(USUAL, key=b"", method=f"{MORE}hmac-sha256", method_inner=length, truncate=(bits + 7) // 8)
        yield vector(
            f"hmac-truncated-{bits}",
            f"The signature is an HMAC of {bits} bits.",
            "HmacConfusion HmacTruncation",
            sign(EVIL_SAME_ID, how),
        )
    key_name = "<ds:KeyInfo><ds:KeyName>secret</ds:KeyName></ds:KeyInfo>"
    how = replace(USUAL, key=b"secret", method=f"{MORE}hmac-sha256", key_info=key_name)
    yield vector("hmac-key-name", "The HMAC's secret is what KeyName says.", "HmacConfusion", sign(EVIL_SAME_ID, how))
    value = "<ds:KeyInfo><dsig11:SharedSecret xmlns:dsig11='urn:example'>c2VjcmV0</dsig11:SharedSecret></ds:KeyInfo>"
    how = replace(how, key_info=value)
    yield vector("hmac-secret-sent", "The HMAC's secret comes along.", "HmacConfusion", sign(EVIL_SAME_ID, how))


def _names() -> Iterator[Vector]:
    """Name an algorithm that the value is not of, or none."""
    for name, method in (
        ("none", ""),
        ("unknown", "urn:example:method"),
        ("upper-case", RSA_SHA256.upper()),
        ("blank", f" {RSA_SHA256} "),
        ("ecdsa", f"{MORE}ecdsa-sha256"),
        ("dsa", f"{DSIG}dsa-sha1"),
        ("pss", "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"),
        ("digest", SHA256),
        ("hmac", f"{MORE}hmac-sha256"),
        ("sha512", f"{MORE}rsa-sha512"),
    ):
        yield vector(
            f"method-{name}",
            f"The SignatureMethod was changed to {method or 'an empty text'!r} after signing.",
            "AlgorithmConfusion",
            swap(sign(GOOD), f'Algorithm="{RSA_SHA256}"', f'Algorithm="{method}"'),
        )
    for name, digest in (("none", ""), ("unknown", "urn:example:digest"), ("sha1", f"{DSIG}sha1")):
        yield vector(
            f"digest-method-{name}",
            f"The DigestMethod was changed to {digest or 'an empty text'!r} after signing.",
            "AlgorithmConfusion",
            swap(sign(GOOD), f'Algorithm="{SHA256}"', f'Algorithm="{digest}"'),
        )
    info = signature(GOOD)
    yield vector(
        "method-missing",
        "There is no SignatureMethod.",
        "AlgorithmConfusion",
        into(GOOD, swap(info, f'<ds:SignatureMethod Algorithm="{RSA_SHA256}"></ds:SignatureMethod>', "")),
    )
    how = SignatureRecipe(key=keys.STRANGER_EC, method=f"{MORE}ecdsa-sha256", key_info=x509_data(keys.STRANGER_EC))
    yield vector(
        "ecdsa-strangers", "A stranger's EC key signed the twin and its certificate came along.",
        "ForeignKey", sign(EVIL_SAME_ID, how),
    )  # fmt: skip


def _again(text: str) -> str:
    raw = base64.b64decode(text)
    return base64.b64encode(bytes((raw[0] ^ 1,)) + raw[1:]).decode("ascii")


def _cut(text: str) -> str:
    return base64.b64encode(base64.b64decode(text)[:-1]).decode("ascii")


def _longer(text: str) -> str:
    return base64.b64encode(bytes(1) + base64.b64decode(text)).decode("ascii")


def _values() -> Iterator[Vector]:
    """Spoil SignatureValue: an invalid one is never good, an odd spelling of the right one may be."""
    made = sign(GOOD)
    value = made[made.index("<ds:SignatureValue>") + 19 : made.index("</ds:SignatureValue>")]
    spoiled: tuple[tuple[str, str, Callable[[str], str]], ...] = (
        ("empty", "is empty", lambda _: ""),
        ("zeros", "is zeros", lambda text: base64.b64encode(bytes(len(base64.b64decode(text)))).decode()),
        ("bit", "differs in one bit", _again),
        ("short", "lacks its last octet", _cut),
        ("long", "has a zero octet before it", _longer),
        ("twice", "stands there twice", lambda text: text.rstrip("=") + text),
        ("not-base64", "is no base64", lambda _: "?" * 64),
        ("hexadecimal", "is hexadecimal", lambda text: base64.b64decode(text).hex()),
    )
    for name, words, spoil in spoiled:
        yield vector(
            f"value-{name}",
            f"The SignatureValue {words}.",
            "SignatureValue",
            swap(made, f">{value}<", f">{spoil(value)}<"),
        )
    lines = "\n".join(value[at : at + 76] for at in range(0, len(value), 76))
    odd: tuple[tuple[str, str, str], ...] = (
        ("lines", "is broken into lines", lines),
        ("blanks", "has blanks around it", f"  {value}\t"),
        ("comment", "has a comment in it", f"{value[:40]}<!-- -->{value[40:]}"),
        ("cdata", "stands in CDATA", f"<![CDATA[{value}]]>"),
        ("child", "stands in an element of its own", f"<ds:Value>{value}</ds:Value>"),
        ("references", "is written with character references", value.replace("A", "&#65;")),
    )
    for name, words, content in odd:
        yield vector(
            f"value-{name}",
            f"The SignatureValue {words}: the octets are the right ones.",
            "SignatureValue",
            swap(made, f">{value}<", f">{content}<"),
            result=Result.ACCEPTABLE,
        )


def _changes() -> Iterator[Vector]:
    """Change what was signed."""
    changes = (
        ("sid", "primarysid", "-1104<", "-1500<"),
        ("instant", "IssueInstant", 'IssueInstant="2026-01-15T12:00:00Z"', 'IssueInstant="2026-01-15T12:00:01Z"'),
        ("end", "NotOnOrAfter", "T13:00:00Z", "T14:00:00Z"),
        ("blank", "white space between elements", "><saml:Conditions", "> <saml:Conditions"),
    )
    for name, words, old, new in changes:
        yield vector(f"changed-{name}", f"{words} was changed after signing.", "Changed", swap(sign(GOOD), old, new))
    yield vector(
        "changed-attribute-added",
        "A second primarysid, another computer's, was added after signing.",
        "Changed",
        before(
            sign(GOOD),
            "</saml:AttributeStatement>",
            '<saml:Attribute AttributeName="primarysid" AttributeNamespace="http://schemas.microsoft.com/ws/2008/06/'
            f'identity/claims"><saml:AttributeValue>{VICTIM.sid}</saml:AttributeValue></saml:Attribute>',
        ),
    )
