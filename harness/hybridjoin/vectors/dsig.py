"""XML signatures of any form, right ones and wrong ones: what a recipe says is done, whether it is allowed or not.

Text goes in and text comes out, so that entities, quotes and comments stay as a vector wrote them. All is
deterministic: RSASSA-PKCS1-v1_5 and HMAC are by nature, ECDSA by RFC 6979.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from lxml import etree
from lxml.etree import _Element as Element

from hybridjoin.vectors import keys
from hybridjoin.vectors.good import DSIG, into

MORE = "http://www.w3.org/2001/04/xmldsig-more#"
ENC = "http://www.w3.org/2001/04/xmlenc#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
ENVELOPED = f"{DSIG}enveloped-signature"
RSA_SHA256, SHA256 = f"{MORE}rsa-sha256", f"{ENC}sha256"
_HASHES: dict[str, tuple[str, type[hashes.HashAlgorithm]]] = {
    "md5": (f"{MORE}md5", hashes.MD5),
    "sha1": (f"{DSIG}sha1", hashes.SHA1),
    "sha256": (SHA256, hashes.SHA256),
    "sha384": (f"{MORE}sha384", hashes.SHA384),
    "sha512": (f"{ENC}sha512", hashes.SHA512),
}
_DIGESTS = {uri: name for name, (uri, _) in _HASHES.items()}

OWN_ID = "the AssertionID's"
Octets = Callable[[Element], bytes]
"""What of a parsed assertion is digested."""


def transform(algorithm: str, inner: str = "") -> str:
    """Write one Transform."""
    return f'<ds:Transform Algorithm="{algorithm}">{inner}</ds:Transform>'


USUAL_TRANSFORMS = transform(ENVELOPED) + transform(EXCLUSIVE)


def canonical(element: Element, *, algorithm: str = EXCLUSIVE, prefixes: tuple[str, ...] = ()) -> bytes:
    """Canonicalize an element that borrows no declaration from around it."""
    alone = etree.fromstring(etree.tostring(element, with_tail=False))
    return etree.tostring(
        alone,
        method="c14n",
        exclusive=algorithm.startswith(EXCLUSIVE),
        with_comments=algorithm.endswith("WithComments"),
        inclusive_ns_prefixes=list(prefixes) or None,
    )


def enveloped(root: Element) -> bytes:
    """Return what the usual transforms leave of an assertion: itself without its signatures, canonical."""
    return enveloped_by()(root)


def enveloped_by(algorithm: str = EXCLUSIVE, prefixes: tuple[str, ...] = ()) -> Octets:
    """Return how an assertion is digested without its own signatures by another canonicalization."""

    def octets(root: Element) -> bytes:
        bare = etree.fromstring(etree.tostring(root))
        for signature in bare.findall(f"{{{DSIG}}}Signature"):
            bare.remove(signature)
        return canonical(bare, algorithm=algorithm, prefixes=prefixes)

    return octets


def reference(uri: str | None, octets: bytes, *, transforms: str = USUAL_TRANSFORMS, digest: str = SHA256) -> str:
    """Write a Reference to octets, whatever its URI leads to; None leaves the URI out, no transforms their element."""
    where = "" if uri is None else f' URI="{uri}"'
    how = f"<ds:Transforms>{transforms}</ds:Transforms>" if transforms else ""
    value = base64.b64encode(hashlib.new(_DIGESTS[digest], octets, usedforsecurity=False).digest()).decode("ascii")
    method = f'<ds:DigestMethod Algorithm="{digest}"></ds:DigestMethod>'
    return f"<ds:Reference{where}>{how}{method}<ds:DigestValue>{value}</ds:DigestValue></ds:Reference>"


def x509_data(*names: str) -> str:
    """Write a KeyInfo of certificates."""
    held = "".join(f"<ds:X509Certificate>{keys.base64_der(name)}</ds:X509Certificate>" for name in names)
    return f"<ds:KeyInfo><ds:X509Data>{held}</ds:X509Data></ds:KeyInfo>"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureRecipe:
    """How a signature is made.

    `uri` is the Reference's where it is not the AssertionID's, `octets` what is digested, `more` are further
    References as text. `key` is the name of a key, or the secret of an HMAC. `key_info` and `tail` (Objects) are text.
    """

    uri: str | None = OWN_ID
    octets: Octets = enveloped
    transforms: str = USUAL_TRANSFORMS
    digest: str = SHA256
    before: str = ""
    more: str = ""
    canonicalization: str = EXCLUSIVE
    canonicalization_inner: str = ""
    info_prefixes: tuple[str, ...] = ()
    method: str = RSA_SHA256
    method_inner: str = ""
    key: str | bytes = keys.TRUSTED
    truncate: int | None = None
    key_info: str = ""
    tail: str = ""
    at: str = ""
    prefix: str = "ds"


USUAL = SignatureRecipe(key_info=x509_data(keys.TRUSTED))
STRANGERS = SignatureRecipe(key=keys.STRANGER, key_info=x509_data(keys.STRANGER))


def signature(text: str, how: SignatureRecipe = USUAL) -> str:
    """Return the Signature element of an unsigned assertion as text."""
    root = etree.fromstring(text.encode("utf-8"))
    uri = f"#{root.get('AssertionID')}" if how.uri == OWN_ID else how.uri
    first = reference(uri, how.octets(root), transforms=how.transforms, digest=how.digest)
    info = _renamed(
        f'<ds:SignedInfo xmlns:ds="{DSIG}"><ds:CanonicalizationMethod Algorithm="{how.canonicalization}">'
        f"{how.canonicalization_inner}</ds:CanonicalizationMethod>"
        f'<ds:SignatureMethod Algorithm="{how.method}">{how.method_inner}</ds:SignatureMethod>'
        f"{how.before}{first}{how.more}</ds:SignedInfo>",
        how.prefix,
    )
    value = base64.b64encode(_sign(_signed_octets(info, root, how), how)).decode("ascii")
    head, end = _renamed(f'<ds:Signature xmlns:ds="{DSIG}">', how.prefix), _renamed("</ds:Signature>", how.prefix)
    tail = _renamed(f"<ds:SignatureValue>{value}</ds:SignatureValue>{how.key_info}{how.tail}", how.prefix)
    return f"{head}{info}{tail}{end}"


def _renamed(text: str, prefix: str) -> str:
    """Give the signature's elements another prefix than `ds`, or none."""
    if prefix == "ds":
        return text
    colon = f"{prefix}:" if prefix else ""
    declared = f"xmlns:{prefix}" if prefix else "xmlns"
    return text.replace("<ds:", f"<{colon}").replace("</ds:", f"</{colon}").replace("xmlns:ds", declared)


def _signed_octets(info: str, root: Element, how: SignatureRecipe) -> bytes:
    """Canonicalize SignedInfo; inclusively, it bears the declarations of the assertion around it too.

    So it does those of the prefixes that are named.
    """
    if how.info_prefixes or not how.canonicalization.startswith(EXCLUSIVE):
        around = "".join(f' xmlns:{prefix}="{space}"' for prefix, space in root.nsmap.items() if prefix)
        info = info.replace("SignedInfo ", f"SignedInfo{around} ", 1)
    element = etree.fromstring(info.encode("utf-8"))
    return canonical(element, algorithm=how.canonicalization, prefixes=how.info_prefixes)


def sign(text: str, how: SignatureRecipe = USUAL) -> str:
    """Return an assertion with its signature, at its end or before the first `at`."""
    made = signature(text, how)
    if not how.at:
        return into(text, made)
    head, _, tail = text.partition(how.at)
    return f"{head}{made}{how.at}{tail}"


def _sign(octets: bytes, how: SignatureRecipe) -> bytes:
    size = how.method.rpartition("-")[2].rpartition("#")[2]
    if isinstance(how.key, bytes):
        return hmac.new(how.key, octets, size).digest()[: how.truncate]
    key, algorithm = keys.private(how.key), _HASHES[size][1]()
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(octets, padding.PKCS1v15(), algorithm)
    return _raw(key.sign(octets, ec.ECDSA(algorithm, deterministic_signing=True)))


def _raw(value: bytes) -> bytes:
    """Write an ECDSA signature as XML does: both numbers, one after another (XML-DSig 1.1, 6.4.3)."""
    return b"".join(number.to_bytes(32, "big") for number in decode_dss_signature(value))
