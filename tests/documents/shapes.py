"""The shapes of AD FS' documents, and the whole list of what may be said of each, with the reason.

Nothing else may be said of them: a new accusation of AD FS is a mistake of the judge until somebody writes its reason
here. Real documents are held against the same lists (`known.py`), so that a shape of ours cannot drift from AD FS.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hybridjoin.model.verdict import Level, Outcome
from tests.documents import adfs_metadata
from tests.documents.adfs_metadata import IN_13, WINDOWS, AdfsMetadata, in_envelope, in_metadata_section
from tests.documents.adfs_replies import (
    ALICE,
    COMPUTER_CLAIMS,
    NUMBERED_CLAIMS,
    OLD_REALM,
    AdfsReply,
    indented,
    masked,
    of_computer,
)
from tests.protocol.documents import T2005, signer


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One finding: its level, what becomes of it, and why it may be said of AD FS."""

    level: Level
    outcome: Outcome
    reason: str


def _warned(reason: str) -> Said:
    return Said(level=Level.SHOULD, outcome=Outcome.WARNING, reason=reason)


def _noted(reason: str, level: Level = Level.MAY) -> Said:
    return Said(level=level, outcome=Outcome.REVIEW, reason=reason)


Findings = Mapping[str, Said]
SHA_1 = _warned("AD FS signed with SHA-1 until an administrator chose SHA-256; Entra Connect sets it for new trusts")
SHA1: Findings = {"SIG-04": SHA_1, "SIG-05": SHA_1}
INDENTED: Findings = {
    "RSTR-21": _noted("whoever kept the file indented what stands around the assertion too", Level.SHOULD),
    "SIG-02": _noted("whoever kept the file indented it: without that the signature holds", Level.MUST),
}
NUMBERED: Findings = {
    "USER-03": _noted("the source anchor is a personnel number: Entra Connect takes any attribute that never changes")
}
ONLY_2005: Findings = {"MEX-06": _noted("windowstransport is there for February 2005 alone, which is enough to join")}
OTHER_IDENTITY: Findings = {
    "MEX-13": _noted("AD FS writes a node's SPN or its account's user name; Windows makes its own SPN of the address")
}


NO_ANCHOR: Findings = {
    "CLAIM-07": _noted(
        "a computer needs an ImmutableID where users have one, which the file does not tell", Level.MUST
    ),
    "CLAIM-09": _warned("Microsoft's rules for computers name no subject, and its page asks for none"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataShape:
    """A metadata document; `windows` and `msal` are the ends of the addresses that these choose."""

    body: Callable[[], bytes]
    findings: Findings = field(default_factory=dict)
    windows: str = "/adfs/services/trust/13/windowstransport"

    @property
    def msal(self) -> str:
        """MSAL reads the same documents in its own way, and comes to the same endpoint."""
        return self.windows


_WINDOWS_IN_2005 = "/adfs/services/trust/2005/windowstransport"
_NO_WINDOWS_13 = tuple(door for door in IN_13 if door is not WINDOWS)

METADATA: dict[str, MetadataShape] = {
    "2012 R2, both versions": MetadataShape(body=lambda: bytes(AdfsMetadata())),
    "2016 and later, certificates at a host of their own": MetadataShape(
        body=lambda: bytes(AdfsMetadata(certificate_host=f"certauth.{adfs_metadata.HOST}"))
    ),
    "HTTP instead of host in the SPN": MetadataShape(
        body=lambda: bytes(AdfsMetadata(identity=f"<Spn>HTTP/{adfs_metadata.HOST}</Spn>"))
    ),
    "in mex:Metadata": MetadataShape(body=lambda: in_metadata_section(AdfsMetadata())),
    "in a SOAP envelope": MetadataShape(body=lambda: in_envelope(AdfsMetadata())),
    "February 2005 alone for Windows": MetadataShape(
        body=lambda: bytes(AdfsMetadata(in_13=_NO_WINDOWS_13)), findings=ONLY_2005, windows=_WINDOWS_IN_2005
    ),
    "February 2005 alone": MetadataShape(
        body=lambda: bytes(AdfsMetadata(in_13=())), findings=ONLY_2005, windows=_WINDOWS_IN_2005
    ),
    "the SPN of a node": MetadataShape(
        body=lambda: bytes(AdfsMetadata(identity="<Spn>HTTP/node30.corp.contoso.example</Spn>")),
        findings=OTHER_IDENTITY,
    ),
    "the SPN of a node, in an envelope of another namespace": MetadataShape(
        body=lambda: in_envelope(
            AdfsMetadata(identity="<Spn>HOST/node30.corp.contoso.example</Spn>"),
            soap="https://www.w3.org/2003/05/soap-envelope",
        ),
        findings=OTHER_IDENTITY,
    ),
    "the service account's user name": MetadataShape(
        body=lambda: bytes(AdfsMetadata(identity="<Upn>svc-adfs@contoso.example</Upn>")), findings=OTHER_IDENTITY
    ),
    "1.3 without its policies": MetadataShape(
        body=lambda: bytes(AdfsMetadata(identity="<Spn>HTTP/node30.corp.contoso.example</Spn>", cut_13_policies=True)),
        findings={
            **ONLY_2005,
            **OTHER_IDENTITY,
            "MEX-09": _warned("cut out by hand; Windows and MSAL pass over the bindings without, and find the others"),
        },
        windows=_WINDOWS_IN_2005,
    ),
    "no Identity": MetadataShape(body=lambda: bytes(AdfsMetadata(identity="")), findings=OTHER_IDENTITY),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyShape:
    """A captured reply; judged as a computer's whose directory object is known, or as the `user`'s."""

    body: Callable[[], bytes]
    findings: Findings = field(default_factory=dict)
    user: str = ALICE
    untested: frozenset[str] = frozenset()


NO_KEY = frozenset({"SIG-02", "SIG-06", "SIG-09", "SIG-14"})
REPLIES: dict[str, ReplyShape] = {
    "1.3, SHA-1, no RelatesTo": ReplyShape(body=lambda: bytes(AdfsReply(sha1=True)), findings=SHA1),
    "2005, SHA-1, no RelatesTo": ReplyShape(body=lambda: bytes(AdfsReply(sha1=True, trust=T2005)), findings=SHA1),
    "a bare assertion in base64": ReplyShape(
        body=lambda: base64.b64encode(AdfsReply(sha1=True).token().encode()), findings=SHA1
    ),
    "1.3, SHA-1, for Entra's older name, indented": ReplyShape(
        body=lambda: indented(bytes(AdfsReply(sha1=True, realm=OLD_REALM))), findings={**SHA1, **INDENTED}
    ),
    "2005, SHA-1, indented": ReplyShape(
        body=lambda: indented(bytes(AdfsReply(sha1=True, trust=T2005))), findings={**SHA1, **INDENTED}
    ),
    "2005, SHA-256, a personnel number, masked": ReplyShape(
        body=lambda: masked(bytes(AdfsReply(trust=T2005, claims=NUMBERED_CLAIMS, name_identifier="104711"))),
        findings=NUMBERED,
        untested=NO_KEY,
    ),
    "1.3 with the Action of 2005, SHA-256, a personnel number, masked": ReplyShape(
        body=lambda: masked(
            bytes(AdfsReply(action=f"{T2005}/RSTR/Issue", claims=NUMBERED_CLAIMS, name_identifier="104711"))
        ),
        findings={
            **NUMBERED,
            "RSTR-06": _warned("made of two replies by hand: AD FS writes its version's Action"),
        },
        untested=NO_KEY,
    ),
    "1.3, SHA-1, a personnel number, masked and indented": ReplyShape(
        body=lambda: indented(
            masked(bytes(AdfsReply(sha1=True, claims=NUMBERED_CLAIMS, name_identifier="104711"))).replace(
                b"</ds:X509Certificate>", b"\n  </ds:X509Certificate>"
            )
        ),
        findings={
            **SHA1,
            **NUMBERED,
            "RSTR-21": INDENTED["RSTR-21"],
            "SIG-11": _noted("whoever kept the file indented the values too", Level.SHOULD),
        },
        untested=NO_KEY,
    ),
    "a computer's, 1.3": ReplyShape(body=lambda: bytes(of_computer()), user=""),
    "a computer's, 2005": ReplyShape(body=lambda: bytes(of_computer(trust=T2005)), user=""),
    "a computer's, the three claims that are documented and no name": ReplyShape(
        body=lambda: bytes(of_computer(claims=COMPUTER_CLAIMS[:3], name_identifier=None)),
        user="",
        findings=NO_ANCHOR,
    ),
    "a computer's, SHA-1, the certificate expired": ReplyShape(
        body=lambda: bytes(of_computer(sha1=True, by=signer("expired", expired=True))),
        user="",
        findings={
            **SHA1,
            "SIG-10": _warned("AD FS goes on signing with a certificate that has ended"),
        },
    ),
}
