"""The claim contract: what the assertion says of the computer against what the live directory says of it.

Which attribute is right (protocol facts and their documents):

- `onpremobjectguid` is objectGUID in Microsoft's own rules. PingOne takes it from External ID, by default
  mS-DS-ConsistencyGuid. Where the two differ on a computer, the documents disagree: the row says REVIEW.
- ImmutableID and the Subject are the source anchor: mS-DS-ConsistencyGuid where it is set, else objectGUID
  (Entra Connect). Microsoft's manual AD FS rules always take objectGUID: again REVIEW where the two differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hybridjoin.checks import mistakes
from hybridjoin.checks.mistakes import GuidSource
from hybridjoin.checks.readings import assertion_of, computer_of
from hybridjoin.checks.requirement import NotReached
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.model.verdict import ClaimRow, Outcome
from hybridjoin.protocol import names
from hybridjoin.protocol.computer import Computer
from hybridjoin.protocol.guid import encode_bytes
from hybridjoin.protocol.saml11 import Assertion, Attribute

OBJECT_GUID = "objectGUID"
CONSISTENCY_GUID = "mS-DS-ConsistencyGuid"
SUBJECT = "Subject"
_NameMistake = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """One claim as it should be; `ambiguous` are values that one document asks for and another forbids."""

    name: str
    namespaces: tuple[str, ...]
    expected: tuple[str, ...]
    source: str
    name_mistake: _NameMistake
    ambiguous: tuple[str, ...] = ()
    required: bool = True
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedClaim:
    """A row of the table with its parts told apart: where the claim stands, how often, and what it says.

    `place` and `surplus` are the named mistakes of the first two; `value` judges the value alone.
    """

    row: ClaimRow
    place: str
    surplus: str
    value: Outcome
    value_mistake: str


def claim_rows(evidence: JoinEvidence) -> tuple[ClaimRow, ...]:
    """Compare each claim with the directory; nothing where there is no assertion or no directory to compare with."""
    try:
        return tuple(claim.row for claim in judged_claims(evidence))
    except NotReached:
        return ()


def judged_claims(evidence: JoinEvidence) -> tuple[JudgedClaim, ...]:
    """Compare each claim with the directory; raise NotReached where there is nothing to compare."""
    assertion, computer = assertion_of(evidence), computer_of(evidence)
    subject = _judge_subject(assertion, _anchor_claim(SUBJECT, (), evidence, computer))
    return (subject, *(_judge_attribute(assertion, wanted) for wanted in _wanted(evidence, computer)))


def judged_claim(evidence: JoinEvidence, name: str) -> JudgedClaim:
    """Return the judgement of one claim; raise NotReached where there is nothing to compare."""
    return next(claim for claim in judged_claims(evidence) if claim.row.name == name)


def anchor_of(computer: Computer, source_anchor: str = "auto") -> GuidSource:
    """Return the source anchor: mS-DS-ConsistencyGuid where it is set and chosen, else objectGUID."""
    consistency = computer.consistency_guid
    if consistency is not None and source_anchor != OBJECT_GUID:
        return GuidSource(attribute=CONSISTENCY_GUID, octets=consistency)
    return _object_guid(computer)


def _object_guid(computer: Computer) -> GuidSource:
    return GuidSource(attribute=OBJECT_GUID, octets=computer.object_guid.bytes_le)


def _known_guids(computer: Computer) -> tuple[GuidSource, ...]:
    consistency = computer.consistency_guid
    extra = () if consistency is None else (GuidSource(attribute=CONSISTENCY_GUID, octets=consistency),)
    return (_object_guid(computer), *extra)


def _wanted(evidence: JoinEvidence, computer: Computer) -> Iterator[_Wanted]:
    """Yield the claims in the order of the vendor's table."""
    spaces = (names.CLAIM_IMMUTABLE_ID[0], names.CLAIM_IMMUTABLE_ID_XMLSOAP[0])
    yield _anchor_claim(names.CLAIM_IMMUTABLE_ID[1], spaces, evidence, computer)
    guid = _object_guid(computer)
    known = _known_guids(computer)
    yield _Wanted(
        name=names.CLAIM_OBJECT_GUID[1],
        namespaces=(names.CLAIM_OBJECT_GUID[0],),
        expected=(encode_bytes(guid.octets),),
        source=OBJECT_GUID,
        name_mistake=lambda found: mistakes.name_guid_mistake(found, guid, known),
        ambiguous=tuple(encode_bytes(item.octets) for item in known[1:]),
    )
    yield _Wanted(
        name=names.CLAIM_PRIMARY_SID[1],
        namespaces=(names.CLAIM_PRIMARY_SID[0],),
        expected=(computer.object_sid,),
        source="objectSid",
        name_mistake=lambda found: mistakes.name_sid_mistake(found, computer.object_sid, evidence.sid_owner),
    )
    yield _Wanted(
        name=names.CLAIM_ACCOUNT_TYPE[1],
        namespaces=(names.CLAIM_ACCOUNT_TYPE[0],),
        expected=("DJ",),
        source="constant",
        name_mistake=lambda found: mistakes.name_literal_mistake(found, "DJ"),
    )
    yield _Wanted(
        name=names.CLAIM_ISSUER_ID[1],
        namespaces=(names.CLAIM_ISSUER_ID[0],),
        expected=(evidence.issuer,),
        source="the domain's issuerUri",
        name_mistake=lambda found: mistakes.name_uri_mistake(found, evidence.issuer),
        required=False,
        optional=True,
    )
    yield _upn_claim(computer)


def _anchor_claim(name: str, spaces: tuple[str, ...], evidence: JoinEvidence, computer: Computer) -> _Wanted:
    anchor = anchor_of(computer, evidence.source_anchor)
    known = _known_guids(computer)
    own = encode_bytes(computer.object_guid.bytes_le)
    expected = encode_bytes(anchor.octets)
    return _Wanted(
        name=name,
        namespaces=spaces,
        expected=(expected,),
        source=anchor.attribute,
        name_mistake=lambda found: mistakes.name_guid_mistake(found, anchor, known),
        ambiguous=(own,) if own != expected else (),
    )


def _upn_claim(computer: Computer) -> _Wanted:
    """UPN is issued by every known mapping, but Entra finds no device by it: never more than a warning."""
    domain = ".".join(part[3:] for part in computer.dn.split(",") if part.strip().upper().startswith("DC="))
    upn = computer.user_principal_name or f"{computer.sam_account_name}@{domain}"
    return _Wanted(
        name=names.CLAIM_UPN[1],
        namespaces=(names.CLAIM_UPN[0],),
        expected=(upn,),
        source="userPrincipalName" if computer.user_principal_name else "sAMAccountName and domain",
        name_mistake=lambda found: mistakes.name_dressing(found, upn),
        required=False,
    )


def _judge_subject(assertion: Assertion, wanted: _Wanted) -> JudgedClaim:
    """Compare the NameIdentifiers of all statements, which have to be one and the same."""
    identifiers = [item.name_identifier for item in assertion.subjects]
    found = tuple(dict.fromkeys(item for item in identifiers if item is not None))
    surplus = "the statements name different subjects" if len(found) > 1 else ""
    place = "a statement's subject has no NameIdentifier" if None in identifiers else ""
    return _judge(wanted, found, "", place=place, surplus=surplus)


def _judge_attribute(assertion: Assertion, wanted: _Wanted) -> JudgedClaim:
    """Find the claim by name and namespace, or else by its name alone, and compare it."""
    exact = [item for item in assertion.attributes if item.name == wanted.name and item.namespace in wanted.namespaces]
    if exact:
        return _judge(wanted, _values(exact), exact[0].namespace, surplus=_name_surplus(exact))
    near = (item for item in assertion.attributes if item.name.rpartition("/")[2].lower() == wanted.name.lower())
    first = next(near, None)
    if first is None:
        return _judge(wanted, (), "")
    place = mistakes.name_place_mistake(first.name, first.namespace, wanted.name, wanted.namespaces[0])
    others = "".join(f" or '{space}'" for space in wanted.namespaces[1:])
    return _judge(wanted, _values([first]), first.namespace, place=place + others)


def _values(attributes: list[Attribute]) -> tuple[str, ...]:
    return tuple(value for item in attributes for value in item.values or ("",))


def _name_surplus(exact: list[Attribute]) -> str:
    """Name a claim that is there more than once; ImmutableID may stand in both of its namespaces."""
    if len({item.namespace for item in exact}) != len(exact):
        return f"the attribute is issued {len(exact)} times; a second rule or mapping has to go"
    crowded = next((item for item in exact if len(item.values) > 1), None)
    return f"the attribute has {len(crowded.values)} values; exactly one is wanted" if crowded else ""


def _judge(
    wanted: _Wanted, found: tuple[str, ...], found_namespace: str, *, place: str = "", surplus: str = ""
) -> JudgedClaim:
    wrong = [value for value in found if value not in wanted.expected]
    value_mistake = next((words for value in wrong if (words := wanted.name_mistake(value))), "")
    value = _value_outcome(wanted, found, wrong)
    placed = found_namespace in wanted.namespaces and not place
    row = ClaimRow(
        name=wanted.name,
        namespace=found_namespace if placed else next(iter(wanted.namespaces), ""),
        expected=wanted.expected,
        found=found,
        found_namespace=found_namespace,
        outcome=_row_outcome(wanted, value, flawed=bool(place or surplus)),
        mistake="; ".join(words for words in (place, surplus, value_mistake) if words),
        source=wanted.source,
        required=wanted.required,
    )
    return JudgedClaim(row=row, place=place, surplus=surplus, value=value, value_mistake=value_mistake)


def _value_outcome(wanted: _Wanted, found: tuple[str, ...], wrong: list[str]) -> Outcome:
    if not found:
        return Outcome.SKIPPED
    if not wrong:
        return Outcome.PASSED
    return Outcome.REVIEW if all(value in wanted.ambiguous for value in wrong) else Outcome.FAILED


def _row_outcome(wanted: _Wanted, value: Outcome, *, flawed: bool) -> Outcome:
    """Sum up a row: a missing claim that nobody needs is no failure, and UPN is never more than a warning."""
    if not flawed and value in {Outcome.PASSED, Outcome.REVIEW}:
        return value
    if not flawed and value is Outcome.SKIPPED and wanted.optional:
        return Outcome.SKIPPED
    return Outcome.FAILED if wanted.required or wanted.optional else Outcome.WARNING
