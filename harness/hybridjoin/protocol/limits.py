"""How much a peer may send: every limit of the device's readers in one table.

What is larger is the peer's fault and told as such. Nothing here is a limit of a specification: each stands far above
what real services send (`docs/limits.md` says how far), and low enough that a verdict comes within two seconds and in
200 MB.
"""

from __future__ import annotations

from dataclasses import dataclass

from hybridjoin.errors import PeerError


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One bound: at most so many of `what` (in the plural, with its unit) in `message`."""

    message: str
    what: str
    most: int

    def hold(self, found: int, *, where: str, at: str = "") -> None:
        """Let through what is within the bound; `at` says for people where in the message the rest stands.

        Raises:
            PeerError: there is more.
        """
        if found > self.most:
            place = f" {at}" if at else ""
            raise PeerError(f"expected at most {self.most} {self.what}, found {found}{place}", where=where)


_REPLY, _XML, _TOKEN, _SIGNATURE = "any reply", "an XML message", "an assertion", "a signature"
_MEX, _JSON = "metadata", "a JSON message"

REPLY_BYTES = Limit(message=_REPLY, what="bytes, unpacked", most=8 * 1024 * 1024)

XML_BYTES = Limit(message=_XML, what="bytes of XML", most=4 * 1024 * 1024)
XML_TAGS = Limit(message=_XML, what="tags, comments and instructions", most=60_000)
XML_QUOTES = Limit(message=_XML, what="quotation marks", most=100_000)
XML_ELEMENTS = Limit(message=_XML, what="elements", most=20_000)
XML_DEPTH = Limit(message=_XML, what="levels of elements", most=64)
XML_ATTRIBUTES = Limit(message=_XML, what="attributes", most=20_000)
ELEMENT_ATTRIBUTES = Limit(message=_XML, what="attributes on one element", most=100)
XML_NAMESPACES = Limit(message=_XML, what="namespace declarations", most=20_000)
NAMESPACES_IN_SCOPE = Limit(message=_XML, what="namespace declarations in scope", most=200)

TOKENS = Limit(message="a token response", what="assertions", most=20)
ASSERTION_BYTES = Limit(message=_TOKEN, what="bytes of an assertion", most=1024 * 1024)
ASSERTION_ELEMENTS = Limit(message=_TOKEN, what="elements in an assertion", most=10_000)

CERTIFICATES = Limit(message=_SIGNATURE, what="X509Certificate in KeyInfo", most=10)
CERTIFICATE_CHARACTERS = Limit(message=_SIGNATURE, what="characters of base64 in an X509Certificate", most=16 * 1024)
NUMBER_CHARACTERS = Limit(message=_SIGNATURE, what="characters of base64 in a key, digest or signature", most=4 * 1024)
KEY_INFO_ELEMENTS = Limit(message=_SIGNATURE, what="elements in KeyInfo", most=100)
KEY_BITS = Limit(message=_SIGNATURE, what="bits of an RSA key", most=16 * 1024)
TRANSFORMS = Limit(message=_SIGNATURE, what="transforms of a reference", most=4)
PREFIXES = Limit(message=_SIGNATURE, what="prefixes in a PrefixList", most=200)

BINDINGS = Limit(message=_MEX, what="bindings", most=500)
PORTS = Limit(message=_MEX, what="ports", most=500)
PORTS_BY_BINDINGS = Limit(message=_MEX, what="pairs of a port and a binding", most=50_000)
POLICIES = Limit(message=_MEX, what="policies with an id", most=500)
POLICY_REFERENCES = Limit(message=_MEX, what="references to policies", most=2_000)
POLICY_ASSERTIONS = Limit(message=_MEX, what="assertions in a policy, those it refers to included", most=5_000)

JSON_BYTES = Limit(message=_JSON, what="bytes of JSON", most=1024 * 1024)
JSON_DEPTH = Limit(message=_JSON, what="levels of arrays and objects", most=64)
JSON_DIGITS = Limit(message=_JSON, what="digits in a number", most=400)
JSON_VALUES = Limit(message=_JSON, what="values and member names", most=50_000)

LIMITS = tuple(item for item in tuple(globals().values()) if isinstance(item, Limit))
