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
    """One bound: at most so many of `what` (in the plural, with its unit) in `message`.

    `usual` is what real ones have at most: AD FS' metadata and replies, and Entra's JSON.
    """

    message: str
    what: str
    most: int
    usual: int

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
_PAGE = "a page"

REPLY_BYTES = Limit(message=_REPLY, what="bytes, unpacked", most=8 * 1024 * 1024, usual=76_030)

XML_BYTES = Limit(message=_XML, what="bytes of XML", most=4 * 1024 * 1024, usual=76_030)
XML_TAGS = Limit(message=_XML, what="tags, comments and instructions", most=60_000, usual=1_069)
XML_QUOTES = Limit(message=_XML, what="quotation marks", most=100_000, usual=1_540)
XML_ELEMENTS = Limit(message=_XML, what="elements", most=20_000, usual=578)
XML_DEPTH = Limit(message=_XML, what="levels of elements", most=64, usual=11)
XML_ATTRIBUTES = Limit(message=_XML, what="attributes", most=20_000, usual=535)
ELEMENT_ATTRIBUTES = Limit(message=_XML, what="attributes on one element", most=100, usual=5)
XML_NAMESPACES = Limit(message=_XML, what="namespace declarations", most=20_000, usual=235)
NAMESPACES_IN_SCOPE = Limit(message=_XML, what="namespace declarations in scope", most=200, usual=19)

TOKENS = Limit(message="a token response", what="assertions", most=20, usual=1)
ASSERTION_BYTES = Limit(message=_TOKEN, what="bytes of an assertion", most=1024 * 1024, usual=5_000)
ASSERTION_ELEMENTS = Limit(message=_TOKEN, what="elements in an assertion", most=10_000, usual=50)

CERTIFICATES = Limit(message=_SIGNATURE, what="X509Certificate in KeyInfo", most=10, usual=1)
CERTIFICATE_CHARACTERS = Limit(
    message=_SIGNATURE, what="characters of base64 in an X509Certificate", most=16 * 1024, usual=1_000
)
NUMBER_CHARACTERS = Limit(
    message=_SIGNATURE, what="characters of base64 in a key, digest or signature", most=4 * 1024, usual=344
)
KEY_INFO_ELEMENTS = Limit(message=_SIGNATURE, what="elements in KeyInfo", most=100, usual=3)
TRANSFORMS = Limit(message=_SIGNATURE, what="transforms of a reference", most=4, usual=2)
PREFIXES = Limit(message=_SIGNATURE, what="prefixes in a PrefixList", most=200, usual=0)

BINDINGS = Limit(message=_MEX, what="bindings", most=200, usual=12)
PORTS = Limit(message=_MEX, what="ports", most=200, usual=12)
POLICIES = Limit(message=_MEX, what="policies, nested ones apart", most=200, usual=12)
POLICY_REFERENCES = Limit(message=_MEX, what="references to policies", most=1_000, usual=12)
POLICIES_BY_ELEMENTS = Limit(message=_MEX, what="policies times the elements in all of them", most=200_000, usual=4_524)
SCHEMAS = Limit(message=_MEX, what="schemas and imports of them", most=100, usual=4)
IMPORTS_BY_PARTS = Limit(message=_MEX, what="imports of schemas times the parts of messages", most=20_000, usual=12)
ATTRIBUTE_GROUPS = Limit(message=_MEX, what="references to attributeGroups", most=20, usual=0)

PUBLISHED_CERTIFICATES = Limit(
    message="federation metadata", what="X509Certificate in KeyDescriptors", most=100, usual=7
)

JSON_BYTES = Limit(message=_JSON, what="bytes of JSON", most=1024 * 1024, usual=3_000)
JSON_DEPTH = Limit(message=_JSON, what="levels of arrays and objects", most=64, usual=4)
JSON_DIGITS = Limit(message=_JSON, what="characters of a number", most=400, usual=10)
JSON_VALUES = Limit(message=_JSON, what="values", most=50_000, usual=80)

PAGE_BYTES = Limit(message=_PAGE, what="bytes of HTML", most=2 * 1024 * 1024, usual=60_000)
PAGE_TAGS = Limit(message=_PAGE, what="tags and comments", most=40_000, usual=1_000)
PAGE_FORMS = Limit(message=_PAGE, what="forms", most=50, usual=1)
PAGE_FIELDS = Limit(message=_PAGE, what="controls of forms", most=500, usual=20)

LIMITS = tuple(item for item in tuple(globals().values()) if isinstance(item, Limit))
