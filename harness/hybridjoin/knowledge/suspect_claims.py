"""Suspects among the claims: one that is missing, in another namespace, twice there, or of another value."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from hybridjoin.intake.case.view import FactView, is_masked
from hybridjoin.intake.files.fact import Fact
from hybridjoin.knowledge import causes as c
from hybridjoin.knowledge.suspect_row import Change, Finder, Found, Signs, SuspectRow, decided, explained, key

_EXPLAINS: Final = explained("AADSTS51004 0xcaa20003 auth")
_ELSEWHERE: Final = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
NAMESPACES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "accounttype": "http://schemas.microsoft.com/ws/2012/01",
        "onpremobjectguid": "http://schemas.microsoft.com/identity/claims",
        "primarysid": "http://schemas.microsoft.com/ws/2008/06/identity/claims",
    }
)
"""The claims by which Entra sees a device, and where it reads them."""
_IMMUTABLE_ID: Final = "ImmutableID"
_IMMUTABLE_IDS: Final = (
    "http://schemas.microsoft.com/LiveID/Federation/2008/05",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims",
)


def _assertion(view: FactView) -> Found:
    """Find where an assertion, or AD FS' own list of claims, came along."""
    return view.of("assertion.issuer") or tuple(fact for fact in view.all if fact.about == "claim")[:1]


def _named(view: FactView, claim: str) -> Found:
    """Find a claim by its local name, whatever its case and namespace; a whole URI may stand in its name."""
    found = (fact for fact in view.all if fact.about == "claim")
    return tuple(fact for fact in found if fact.name.rpartition("/")[2].lower() == claim.lower())


def _right(view: FactView, claim: str) -> Found:
    """Find a claim under the name and namespace that Entra reads."""
    spaces = (NAMESPACES[claim],) if claim in NAMESPACES else _IMMUTABLE_IDS
    return view.of(*(f"claim.{space}/{claim}" for space in spaces))


def _absent(claim: str) -> Finder:
    """Find the assertion that lacks a claim, or the tool that says so."""

    def found(view: FactView) -> Found:
        came = _assertion(view)
        if came:
            return () if _named(view, claim) else came[:1]
        return view.matching("idp.claim_absent", f"^{claim}$")

    return found


def _in_another_namespace(view: FactView, claim: str) -> Found:
    named = (fact for fact in _named(view, claim) if fact.name.rpartition("/")[2] == claim)
    return () if _right(view, claim) else tuple(fact for fact in named if not fact.name.startswith("/"))


def _misspelled(view: FactView, claim: str) -> Found:
    named = _named(view, claim)
    return () if any(fact.name.rpartition("/")[2] == claim for fact in named) else named


def _twice(view: FactView, claim: str) -> Found:
    """Find two values of a claim in one assertion, which may have come along more than once."""
    by_assertion: dict[str, dict[str, Fact]] = {}
    for fact in _right(view, claim):
        by_assertion.setdefault(fact.of, {}).setdefault(fact.value, fact)
    return next((tuple(found.values()) for found in by_assertion.values() if len(found) > 1), ())


def _mapping(claim: str, bent: object) -> Change:
    return {"idp": {"claims": {claim: bent}}}


def _space_of(claim: str) -> Callable[[FactView], Change]:
    def change(view: FactView) -> Change:
        found = _in_another_namespace(view, claim)
        space = found[0].name.rpartition("/")[0] if found else _ELSEWHERE
        return _mapping(claim, {"namespace": space})

    return change


def _name_of(claim: str) -> Callable[[FactView], Change]:
    def change(view: FactView) -> Change:
        found = _misspelled(view, claim)
        return _mapping(claim, {"name": found[0].name.rpartition("/")[2] if found else claim.upper()})

    return change


def _each_claim(claim: str) -> Iterator[SuspectRow]:
    whole = f"{NAMESPACES[claim]}/{claim}"
    yield SuspectRow(
        id=f"{claim}-namespace", kind="namespace", sentence=f"{claim} stands in another namespace than Entra reads.",
        change=_space_of(claim), cause=c.NAMESPACE, explains=_EXPLAINS,
        signs=decided(lambda view: _in_another_namespace(view, claim), _assertion),
    )  # fmt: skip
    yield SuspectRow(
        id=f"{claim}-missing", kind="mapping", sentence=f"The IdP does not issue {claim} to computers.",
        change=_mapping(claim, "drop"), cause=c.NOT_MAPPED, explains=_EXPLAINS,
        signs=Signs(proven=_absent(claim), excluded=lambda view: _named(view, claim)),
    )  # fmt: skip
    yield SuspectRow(
        id=f"{claim}-whole-uri", kind="namespace", sentence=f"{claim} has its whole URI in the name, and no namespace.",
        change=_mapping(claim, {"name": whole, "namespace": ""}), cause=c.SPELLING, explains=_EXPLAINS,
        signs=decided(key(f"claim./{whole}"), _assertion),
    )  # fmt: skip
    yield SuspectRow(
        id=f"{claim}-spelling", kind="mapping", sentence=f"{claim} is spelled in another case than Entra reads.",
        change=_name_of(claim), cause=c.SPELLING, explains=_EXPLAINS,
        signs=decided(lambda view: _misspelled(view, claim), _assertion),
    )  # fmt: skip
    yield SuspectRow(
        id=f"{claim}-twice", kind="mapping", sentence=f"Two rules or mappings issue {claim}.",
        change=_mapping(claim, {"duplicate": True}), cause=c.SECOND_RULE, explains=_EXPLAINS,
        signs=decided(lambda view: _twice(view, claim), _assertion),
    )  # fmt: skip


def _valued(
    claim: str, name: str, what: str, expression: str, is_it: Callable[[FactView, str], bool], **kind: str
) -> SuspectRow:
    """Write a value that is wrong in one way; `is_it` knows it, and any other value excludes it."""

    def proven(view: FactView) -> Found:
        return tuple(fact for fact in _right(view, claim) if is_it(view, fact.value))

    causes = {"accounttype": c.ACCOUNT_TYPE, "onpremobjectguid": c.GUID_ENCODING, "primarysid": c.SID}
    return SuspectRow(
        id=f"{claim.lower()}-{name}", kind=kind.get("kind", "mapping"), sentence=f"{claim} is {what}.",
        change=_mapping(claim, {"value": expression}), cause=causes.get(claim, c.ANCHOR), explains=_EXPLAINS,
        signs=decided(proven, _assertion),
    )  # fmt: skip


def _guids(view: FactView, *names: str) -> list[uuid.UUID]:
    found = []
    for fact in view.of(*names):
        try:
            found.append(uuid.UUID(fact.value))
        except ValueError:
            continue
    return found


def _written(write: Callable[[uuid.UUID], str], *names: str) -> Callable[[FactView, str], bool]:
    return lambda view, said: said in {write(guid) for guid in _guids(view, *names)}


def _base64(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")


_GUID: Final = ("object.object_guid", "device.id")
_ANCHOR: Final = ("object.consistency_guid", "object.object_guid")


def _strange_sid(view: FactView, said: str) -> bool:
    own = {fact.value for fact in view.of("object.object_sid") if not is_masked(fact.value)}
    return bool(own) and said not in own and said.startswith("S-1-5-21-") and not said.endswith("-515")


def _values() -> Iterator[SuspectRow]:
    yield _valued("accounttype", "user", "the account type of a user instead of DJ", '"User"',
                  lambda _, said: said.lower() == "user")  # fmt: skip
    yield _valued("accounttype", "case", "written in another case than DJ", '"dj"',
                  lambda _, said: said != "DJ" and said.lower() == "dj")  # fmt: skip
    yield _valued("accounttype", "computer", "Computer instead of DJ", '"Computer"',
                  lambda _, said: said.lower() == "computer")  # fmt: skip
    guid = "onpremobjectguid"
    yield _valued(guid, "big-endian", "base64 of the bytes in the order of RFC 4122",
                  "#lab.bigEndianBase64(ldap.objectGUID)",
                  _written(lambda own: _base64(own.bytes), *_GUID))  # fmt: skip
    yield _valued(guid, "of-text", "base64 of the GUID's text", "#lab.base64OfText(ldap.objectGUID)",
                  _written(lambda own: _base64(str(own).encode()), *_GUID))  # fmt: skip
    yield _valued(guid, "text", "the GUID's text instead of base64", "#lab.guidText(ldap.objectGUID)",
                  _written(str, *_GUID))  # fmt: skip
    yield _valued(guid, "hex", "the GUID's bytes in hexadecimal", "#lab.hex(ldap.objectGUID)",
                  _written(lambda own: own.bytes_le.hex(), *_GUID))  # fmt: skip
    yield _valued("primarysid", "of-the-group", "the SID of Domain Computers instead of the computer's own",
                  '#lab.sidOf("Domain Computers")', lambda _, said: said.endswith("-515"))  # fmt: skip
    yield _valued("primarysid", "of-another", "the SID of another account", '#lab.sidOf("Administrator")', _strange_sid)
    yield _valued("primarysid", "case", "written in lower case", "#lab.lowerCase(user.objectSid)",
                  lambda _, said: said.startswith("s-1-"))  # fmt: skip
    yield _valued(_IMMUTABLE_ID, "big-endian", "base64 of the anchor's bytes in the order of RFC 4122",
                  "#lab.bigEndianBase64(user.externalId)", _written(lambda own: _base64(own.bytes), *_ANCHOR),
                  kind="anchor")  # fmt: skip
    yield _valued(_IMMUTABLE_ID, "of-text", "base64 of the anchor's text", "#lab.base64OfText(user.externalId)",
                  _written(lambda own: _base64(str(own).encode()), *_ANCHOR), kind="anchor")  # fmt: skip


def _without_anchor(view: FactView) -> Found:
    """Find a computer's object that came whole and has no mS-DS-ConsistencyGuid."""
    computers = view.matching("object.sam_account_name", r"\$$")
    whole = [fact for fact in computers if any(one.of == fact.of for one in view.of("object.object_guid"))]
    anchored = {fact.of for fact in view.of("object.consistency_guid")}
    return tuple(fact for fact in whole if fact.of not in anchored)


def _two_guids(view: FactView) -> Found:
    """Find a computer whose mS-DS-ConsistencyGuid is not its objectGUID."""
    own = {fact.of: fact for fact in view.of("object.object_guid")}
    pairs = ((fact, own.get(fact.of)) for fact in view.of("object.consistency_guid"))
    return next(((a, b) for a, b in pairs if b is not None and a.value.lower() != b.value.lower()), ())


def _anchors() -> Iterator[SuspectRow]:
    yield SuspectRow(
        id="external-id-empty", kind="anchor",
        sentence="The IdP takes the anchor from mS-DS-ConsistencyGuid, which this computer does not have.",
        change={"idp": {"external_id": "mS-DS-ConsistencyGuid"}}, cause=c.ANCHOR, explains=explained("0xcaa90014 auth"),
        signs=Signs(supported=_without_anchor, excluded=key("object.consistency_guid")), alone=False,
    )  # fmt: skip
    yield SuspectRow(
        id="anchor-is-the-other-guid", kind="anchor",
        sentence="Entra Connect takes objectGUID as source anchor, and the IdP sends mS-DS-ConsistencyGuid.",
        change={"entra": {"source_anchor": "objectGUID"}, "idp": {"external_id": "mS-DS-ConsistencyGuid"}},
        cause=c.ANCHOR, explains=_EXPLAINS, signs=Signs(supported=_two_guids), alone=False,
    )  # fmt: skip


CLAIM_SUSPECTS: Final[tuple[SuspectRow, ...]] = (
    *(row for alike in zip(*map(_each_claim, NAMESPACES), strict=True) for row in alike),
    *_values(),
    *_anchors(),
)
