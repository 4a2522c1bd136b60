"""The claim contract: what the assertion says of the computer against what the live directory says of it.

Which attribute is right (protocol facts and their documents):

- `onpremobjectguid` is objectGUID in Microsoft's own rules. PingOne takes it from External ID, by default
  mS-DS-ConsistencyGuid. Where the two differ on a computer, the documents disagree: the row says REVIEW.
- ImmutableID and the Subject are the source anchor: mS-DS-ConsistencyGuid where it is set, else objectGUID
  (Entra Connect). Microsoft's manual AD FS rules always take objectGUID: again REVIEW where the two differ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from hybridjoin.checks import mistakes
from hybridjoin.checks.mistake_words import MistakeWords
from hybridjoin.checks.mistakes import GuidSource
from hybridjoin.evidence.facts import DirectoryFacts, TrustedIssuer
from hybridjoin.evidence.parts import Parts
from hybridjoin.model.site import UserPractice
from hybridjoin.model.verdict import ClaimRow, Outcome
from hybridjoin.protocol import names
from hybridjoin.protocol.computer import Computer
from hybridjoin.protocol.guid import encode_bytes
from hybridjoin.protocol.saml11 import Assertion, Attribute

OBJECT_GUID = "objectGUID"
CONSISTENCY_GUID = "mS-DS-ConsistencyGuid"
SUBJECT = "Subject"
DEVICE_CLAIMS: Final = frozenset(
    name
    for _, name in (
        names.CLAIM_ACCOUNT_TYPE,
        names.CLAIM_OBJECT_GUID,
        names.CLAIM_PRIMARY_SID,
        names.CLAIM_ISSUER_ID,
        names.CLAIM_IMMUTABLE_ID,
        names.CLAIM_UPN,
    )
)
_NameMistake = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedClaim:
    """One claim as it should be; `ambiguous` are values that one document asks for and another forbids.

    `namespaces` are those it may stand in, the usual one first; there are none for the Subject. `missing` is what comes
    of one that is not there. What Entra joins without is not `required`, and what is wrong with it is a warning.
    """

    name: str
    namespaces: tuple[str, ...]
    expected: tuple[str, ...]
    source: str
    name_mistake: _NameMistake
    ambiguous: tuple[str, ...] = ()
    required: bool = True
    missing: Outcome = Outcome.FAILED


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundClaim:
    """The attributes that claim to be one, and where they stand.

    `namespace` is where, `place` the named mistake where that or their name is wrong, `surplus` the one where there
    are too many. `name` is the name as it was spelled. All are empty where there is no such attribute.
    """

    values: tuple[str, ...] = ()
    name: str = ""
    namespace: str = ""
    place: str = ""
    surplus: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedClaim:
    """A row of the table with its parts told apart: where the claim stands, how often, and what it says.

    `value` judges the value alone, `value_mistake` names what is wrong with it.
    """

    row: ClaimRow
    claim: FoundClaim
    value: Outcome
    value_mistake: str


def claim_rows(parts: Parts) -> tuple[ClaimRow, ...]:
    """Compare each claim with the directory; nothing where there is no assertion or no directory to compare with."""
    assertion, facts = parts.get(Assertion), parts.get(DirectoryFacts)
    if assertion is None or facts is None:
        return ()
    issuer = parts.get(TrustedIssuer)
    wanted = (
        immutable_id_claim(facts, parts.get(UserPractice) or UserPractice()),
        object_guid_claim(facts),
        primary_sid_claim(facts),
        account_type_claim(),
        *(() if issuer is None else (issuer_id_claim(issuer),)),
        upn_claim(facts),
    )
    subject = judge_subject(assertion, facts).row
    return (subject, *(judge_claim(assertion, item).row for item in wanted))


def judge_claim(assertion: Assertion, wanted: WantedClaim) -> JudgedClaim:
    """Hold what an assertion says against a claim as it should be."""
    return _judge(wanted, find_claim(assertion, wanted.name, wanted.namespaces))


def judge_subject(assertion: Assertion, facts: DirectoryFacts) -> JudgedClaim:
    """Hold the NameIdentifiers of all statements, which have to be one and the same, against the source anchor."""
    identifiers = [item.name_identifier for item in assertion.subjects]
    claim = FoundClaim(
        values=tuple(dict.fromkeys(item for item in identifiers if item is not None)),
        place=MistakeWords.NO_NAME_IDENTIFIER if None in identifiers else "",
        surplus=MistakeWords.SUBJECTS_DIFFER if len(set(identifiers) - {None}) > 1 else "",
    )
    wanted = replace(_anchor_claim(SUBJECT, (), facts), required=False, missing=Outcome.WARNING)
    return _judge(wanted, claim)


def find_claim(assertion: Assertion, name: str, namespaces: tuple[str, ...]) -> FoundClaim:
    """Find a claim by name and namespace, or else by its name alone."""
    exact = [item for item in assertion.attributes if item.name == name and item.namespace in namespaces]
    if exact:
        return FoundClaim(values=_values(exact), name=name, namespace=exact[0].namespace, surplus=_name_surplus(exact))
    near = (item for item in assertion.attributes if item.name.rpartition("/")[2].lower() == name.lower())
    first = next(near, None)
    if first is None:
        return FoundClaim()
    place = mistakes.name_place_mistake(first.name, first.namespace, name, namespaces[0])
    others = "".join(f" or '{space}'" for space in namespaces[1:])
    return FoundClaim(values=_values([first]), name=first.name, namespace=first.namespace, place=place + others)


def anchor_of(computer: Computer, source_anchor: str = "auto") -> GuidSource:
    """Return the source anchor: mS-DS-ConsistencyGuid where it is set and chosen, else objectGUID."""
    consistency = computer.consistency_guid
    if consistency is not None and source_anchor != OBJECT_GUID:
        return GuidSource(attribute=CONSISTENCY_GUID, octets=consistency)
    return _object_guid(computer)


def account_type_claim() -> WantedClaim:
    """A computer says DJ, whichever computer it is."""
    return WantedClaim(
        name=names.CLAIM_ACCOUNT_TYPE[1],
        namespaces=(names.CLAIM_ACCOUNT_TYPE[0],),
        expected=("DJ",),
        source="constant",
        name_mistake=lambda found: mistakes.name_literal_mistake(found, "DJ"),
    )


def object_guid_claim(facts: DirectoryFacts) -> WantedClaim:
    """The computer's objectGUID."""
    guid, known = _object_guid(facts.computer), _known_guids(facts.computer)
    return WantedClaim(
        name=names.CLAIM_OBJECT_GUID[1],
        namespaces=(names.CLAIM_OBJECT_GUID[0],),
        expected=(encode_bytes(guid.octets),),
        source=OBJECT_GUID,
        name_mistake=lambda found: mistakes.name_guid_mistake(found, guid, known),
        ambiguous=tuple(encode_bytes(item.octets) for item in known[1:]),
    )


def primary_sid_claim(facts: DirectoryFacts) -> WantedClaim:
    """The computer's own SID."""
    own = facts.computer.object_sid
    return WantedClaim(
        name=names.CLAIM_PRIMARY_SID[1],
        namespaces=(names.CLAIM_PRIMARY_SID[0],),
        expected=(own,),
        source="objectSid",
        name_mistake=lambda found: mistakes.name_sid_mistake(found, own, facts.sid_owner),
    )


def immutable_id_claim(facts: DirectoryFacts, users: UserPractice) -> WantedClaim:
    """The source anchor, in either of two namespaces; a computer needs it where the IdP issues one for users."""
    spaces = (names.CLAIM_IMMUTABLE_ID[0], names.CLAIM_IMMUTABLE_ID_XMLSOAP[0])
    missing = {True: Outcome.FAILED, False: Outcome.SKIPPED, None: Outcome.REVIEW}[users.immutable_id]
    return replace(_anchor_claim(names.CLAIM_IMMUTABLE_ID[1], spaces, facts), missing=missing)


def issuer_id_claim(issuer: TrustedIssuer) -> WantedClaim:
    """The domain's IssuerUri; needed only where several domains share one IdP."""
    return WantedClaim(
        name=names.CLAIM_ISSUER_ID[1],
        namespaces=(names.CLAIM_ISSUER_ID[0],),
        expected=(issuer.uri,),
        source="the domain's issuerUri",
        name_mistake=lambda found: mistakes.name_uri_mistake(found, issuer.uri),
        missing=Outcome.SKIPPED,
    )


def upn_claim(facts: DirectoryFacts) -> WantedClaim:
    """UPN stands in every known mapping, but computers have none by default and Entra finds no device by it."""
    computer = facts.computer
    domain = ".".join(part[3:] for part in computer.dn.split(",") if part.strip().upper().startswith("DC="))
    upn = computer.user_principal_name or f"{computer.sam_account_name}@{domain}"
    return WantedClaim(
        name=names.CLAIM_UPN[1],
        namespaces=(names.CLAIM_UPN[0],),
        expected=(upn,),
        source="userPrincipalName" if computer.user_principal_name else "sAMAccountName and domain",
        name_mistake=lambda found: mistakes.name_dressing(found, upn),
        required=False,
        missing=Outcome.SKIPPED,
    )


def _anchor_claim(name: str, spaces: tuple[str, ...], facts: DirectoryFacts) -> WantedClaim:
    anchor, known = anchor_of(facts.computer, facts.source_anchor), _known_guids(facts.computer)
    own, expected = encode_bytes(facts.computer.object_guid.bytes_le), encode_bytes(anchor.octets)
    return WantedClaim(
        name=name,
        namespaces=spaces,
        expected=(expected,),
        source=anchor.attribute,
        name_mistake=lambda found: mistakes.name_guid_mistake(found, anchor, known),
        ambiguous=(own,) if own != expected else (),
    )


def _object_guid(computer: Computer) -> GuidSource:
    return GuidSource(attribute=OBJECT_GUID, octets=computer.object_guid.bytes_le)


def _known_guids(computer: Computer) -> tuple[GuidSource, ...]:
    consistency = computer.consistency_guid
    extra = () if consistency is None else (GuidSource(attribute=CONSISTENCY_GUID, octets=consistency),)
    return (_object_guid(computer), *extra)


def _values(attributes: list[Attribute]) -> tuple[str, ...]:
    return tuple(value for item in attributes for value in item.values or ("",))


def _name_surplus(exact: list[Attribute]) -> str:
    """Name a claim that is there more than once; ImmutableID may stand in both of its namespaces."""
    if len({item.namespace for item in exact}) != len(exact):
        return MistakeWords.ISSUED_TWICE.format(count=len(exact))
    crowded = next((item for item in exact if len(item.values) > 1), None)
    return MistakeWords.SEVERAL_VALUES.format(count=len(crowded.values)) if crowded else ""


def _judge(wanted: WantedClaim, claim: FoundClaim) -> JudgedClaim:
    found = claim.values
    wrong = [value for value in found if value not in wanted.expected]
    value_mistake = next((words for value in wrong if (words := wanted.name_mistake(value))), "")
    value = _value_outcome(wanted, found, wrong)
    placed = claim.namespace in wanted.namespaces and not claim.place
    row = ClaimRow(
        name=wanted.name,
        namespace=claim.namespace if placed else next(iter(wanted.namespaces), ""),
        expected=wanted.expected,
        found=found,
        found_namespace=claim.namespace,
        outcome=_row_outcome(wanted, value, flawed=bool(claim.place or claim.surplus)),
        mistake="; ".join(words for words in (claim.place, claim.surplus, value_mistake) if words),
        source=wanted.source,
        required=wanted.required and wanted.missing is Outcome.FAILED,
    )
    return JudgedClaim(row=row, claim=claim, value=value, value_mistake=value_mistake)


def _value_outcome(wanted: WantedClaim, found: tuple[str, ...], wrong: list[str]) -> Outcome:
    if not found:
        return Outcome.SKIPPED
    if not wrong:
        return Outcome.PASSED
    return Outcome.REVIEW if all(value in wanted.ambiguous for value in wrong) else Outcome.FAILED


def _row_outcome(wanted: WantedClaim, value: Outcome, *, flawed: bool) -> Outcome:
    """Sum up a row: what is missing comes to what it is missed for, and what Entra joins without is a warning."""
    if not flawed and value in {Outcome.PASSED, Outcome.REVIEW}:
        return value
    if not flawed and value is Outcome.SKIPPED:
        return wanted.missing
    return Outcome.FAILED if wanted.required else Outcome.WARNING
