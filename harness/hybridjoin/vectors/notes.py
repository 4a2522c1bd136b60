"""What each flag means: the kind of bug, what it is, what comes of it, and where it has been seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_XSW = "https://www.usenix.org/conference/usenixsecurity12/technical-sessions/presentation/somorovsky"
_DSIG = "https://www.w3.org/TR/xmldsig-core1/"
_PRACTICES = "https://www.w3.org/TR/xmldsig-bestpractices/"
_SAML = "https://docs.oasis-open.org/security/saml/v1.1/oasis-sstc-saml-core-1.1.pdf"
_TRUST = "https://docs.oasis-open.org/ws-sx/ws-trust/v1.3/ws-trust.html"
_XML = "https://www.w3.org/TR/xml/"
_SOAP = "https://www.w3.org/TR/soap12-part1/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """The meaning of one flag; `kind` is the bug type, from Wycheproof's vocabulary where it has a word for it."""

    kind: str
    description: str
    effect: str
    links: tuple[str, ...]
    cves: tuple[str, ...] = ()


def _note(kind: str, description: str, effect: str, *links: str, cves: tuple[str, ...] = ()) -> Note:
    return Note(kind=kind, description=description, effect=effect, links=links, cves=cves)


_IMPERSONATION = "Whoever holds one assertion of his own speaks for any other computer."
NOTES: Mapping[str, Note] = {
    "Normal": _note("BASIC", "A plain message.", "A receiver that refuses it lets nobody in.", _TRUST),
    "Unusual": _note(
        "FUNCTIONALITY",
        "Legal, though few write so.",
        "A receiver that refuses it keeps people out who have a right to come in.",
        _SAML,
        _DSIG,
    ),
    "SignatureWrapping": _note(
        "AUTH_BYPASS",
        "The signed original is moved where the verifier finds it and the reader does not.",
        _IMPERSONATION,
        _XSW,
        cves=("CVE-2011-1411", "CVE-2022-41912", "CVE-2025-47949"),
    ),
    "DuplicateId": _note(
        "AUTH_BYPASS",
        "Two elements bear the id that the Reference names; verifier and reader may take different ones.",
        _IMPERSONATION,
        _XSW,
        _PRACTICES,
    ),
    "SeveralTokens": _note(
        "AUTH_BYPASS",
        "A response holds two assertions, one of them unsigned.",
        "A reader that verifies the one and reads the other believes a stranger.",
        _TRUST,
        cves=("CVE-2022-41912",),
    ),
    "TwinAside": _note(
        "AUTH_BYPASS",
        "An unsigned assertion stands where no token belongs, before the signed one.",
        "A reader that takes the first Assertion of a message takes it.",
        _XSW,
    ),
    "TextSearch": _note(
        "AUTH_BYPASS",
        "The signed original stands in a comment, an instruction or an attribute.",
        "A reader that cuts the assertion out of the text verifies what nobody reads.",
        _XSW,
    ),
    "DetachedSignature": _note(
        "AUTH_BYPASS",
        "The signature stands elsewhere than directly in the assertion that it signs.",
        "A verifier that takes the first signature of a document believes what it does not cover.",
        _SAML,
    ),
    "SplitValue": _note(
        "AUTH_BYPASS",
        "A comment, an instruction or a CDATA section splits a value.",
        "A reader that takes the first text node reads another value than was signed.",
        "https://duo.com/blog/duo-finds-saml-vulnerabilities-affecting-multiple-implementations",
        cves=("CVE-2017-11427", "CVE-2017-11428", "CVE-2017-11429", "CVE-2017-11430", "CVE-2018-0489"),
    ),
    "DigestConfusion": _note(
        "AUTH_BYPASS",
        "A second digest, or a second SignedInfo, stands beside the signed one.",
        "A verifier that reads one and verifies the other believes any assertion.",
        _DSIG,
        cves=("CVE-2024-45409", "CVE-2025-29774", "CVE-2025-29775"),
    ),
    "NamespaceConfusion": _note(
        "AUTH_BYPASS",
        "Names are bound to other namespaces than they seem to be.",
        "Readers that go by prefixes or local names read what is not there.",
        _XML,
        cves=("CVE-2025-25291", "CVE-2025-25292"),
    ),
    "ReferenceConfusion": _note(
        "AUTH_BYPASS",
        "The Reference names something else than the whole assertion, or there are several or none.",
        "A good signature over something says nothing of the assertion.",
        _DSIG,
        _SAML,
    ),
    "ExternalReference": _note(
        "INFORMATION_LEAK",
        "Something in the message names a file or a host.",
        "A verifier that fetches it reads local files, asks inner hosts, or waits for ever.",
        _PRACTICES,
    ),
    "Manifest": _note(
        "DENIAL_OF_SERVICE",
        "A Manifest was added to a good signature: its references are followed by some verifiers.",
        "Without any key: files are read, stylesheets run, endless devices opened.",
        _PRACTICES,
    ),
    "SignatureObject": _note(
        "AUTH_BYPASS",
        "A ds:Object, which the enveloped transform takes away, was added to a good signature.",
        "It is the hiding place of wrapping attacks.",
        _XSW,
    ),
    "SeveralSignatures": _note(
        "AUTH_BYPASS",
        "There are several signatures, or values of one, to choose from.",
        "The one that is verified may not be the one that is trusted.",
        _DSIG,
        cves=("CVE-2025-29774",),
    ),
    "Unsigned": _note("AUTH_BYPASS", "There is no signature.", "Anybody speaks for anybody.", _SAML),
    "Changed": _note("AUTH_BYPASS", "Something was changed after signing.", _IMPERSONATION, _DSIG),
    "Canonicalization": _note(
        "CANONICALIZATION",
        "Octets are made of the document by another canonicalization than the usual one.",
        "Verifiers differ; what is signed with comments, or by context, may break on the way.",
        "https://www.w3.org/TR/xml-exc-c14n/",
    ),
    "VoidCanonicalization": _note(
        "AUTH_BYPASS",
        "Canonicalization fails, and what is left of the document is nothing.",
        "A verifier that goes on with an empty text verifies any document by one signature.",
        "https://portswigger.net/research/the-fragile-lock",
    ),
    "Transform": _note(
        "AUTH_BYPASS",
        "A transform chooses what is signed, or runs a program.",
        "Only a part, or nothing, of what is read was signed; stylesheets read files and take time.",
        _PRACTICES,
        cves=("CVE-2022-34169",),
    ),
    "WeakAlgorithm": _note(
        "WEAK_PARAMS",
        "A hash is broken or about to be.",
        "Two documents with one digest can be made with MD5, and at a price with SHA-1.",
        _PRACTICES,
    ),
    "AlgorithmConfusion": _note(
        "AUTH_BYPASS",
        "The named algorithm is not that of the value, or none.",
        "Some verifiers skip what they do not know.",
        _DSIG,
    ),
    "HmacConfusion": _note(
        "AUTH_BYPASS",
        "The signature is an HMAC whose secret is public.",
        "A verifier that lets the message choose the kind of key believes anybody.",
        _PRACTICES,
    ),
    "HmacTruncation": _note(
        "AUTH_BYPASS",
        "An HMAC is cut to a few bits.",
        "It can be guessed.",
        "https://www.kb.cert.org/vuls/id/466161",
        cves=("CVE-2009-0217",),
    ),
    "SignatureValue": _note(
        "ENCODING",
        "SignatureValue is spoiled, or spelled oddly.",
        "Wrong values are believed, or right ones refused.",
        _DSIG,
    ),
    "ForeignKey": _note(
        "AUTH_BYPASS",
        "A stranger's key signed, and the message names it.",
        "A verifier that takes its key from the message believes anybody.",
        _PRACTICES,
    ),
    "KeyInfo": _note(
        "KEY_CONFUSION",
        "KeyInfo names the key in one of its many forms.",
        "Verifier and trust decision may look at different keys; RetrievalMethod may fetch files.",
        _DSIG,
        cves=("CVE-2021-40690",),
    ),
    "Time": _note(
        "MISSING_CHECK",
        "The window of validity is over, not begun, or unreadable.",
        "Stolen assertions live for ever.",
        _SAML,
    ),
    "Audience": _note(
        "MISSING_CHECK",
        "The assertion is meant for somebody else.",
        "Another service's assertions are taken for ours.",
        _SAML,
    ),
    "Issuer": _note(
        "MISSING_CHECK",
        "The issuer is not the domain's, to the letter.",
        "One identity provider speaks for another.",
        _SAML,
    ),
    "Form": _note(
        "MISSING_CHECK",
        "A part is missing, doubled, or of another version.",
        "What is checked may not be what is used.",
        _SAML,
    ),
    "Dtd": _note(
        "DENIAL_OF_SERVICE",
        "The message has a document type.",
        "Entities read files and grow; SOAP forbids them.",
        _SOAP,
        cves=("CVE-2003-1564",),
    ),
    "XInclude": _note(
        "INFORMATION_LEAK",
        "The message wants a file included.",
        "A reader that does so reads local files.",
        "https://www.w3.org/TR/xinclude/",
    ),
    "Encoding": _note(
        "ENCODING", "The message is in a seldom encoding, or says so.", "Two readers see two texts.", _XML
    ),
    "Broken": _note(
        "BROKEN_DOCUMENT",
        "The message is no XML, or no namespace-well-formed one.",
        "A reader that mends it reads what nobody signed.",
        _XML,
    ),
    "Cost": _note(
        "DENIAL_OF_SERVICE",
        "A small message costs much time or memory.",
        "One message keeps a receiver busy.",
        _PRACTICES,
    ),
    "Envelope": _note(
        "MISSING_CHECK",
        "The response around the token is not one, or the token stands in no token's place.",
        "A reader that searches finds tokens where nobody issued any.",
        _TRUST,
    ),
}
