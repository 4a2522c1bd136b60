"""Whose an assertion is, by what stands in it: a computer's, or a person's who came by another door of the domain."""

from __future__ import annotations

from dataclasses import dataclass

from hybridjoin.intake.captured_token import CapturedToken
from hybridjoin.protocol import names
from hybridjoin.protocol.saml11 import Assertion

# A computer shows a ticket.
_BY_PASSWORD = frozenset({*names.PASSWORD_METHODS, "urn:oasis:names:tc:SAML:2.0:ac:classes:Password"})
_OF_A_COMPUTER = frozenset(
    name for _, name in (names.CLAIM_ACCOUNT_TYPE, names.CLAIM_OBJECT_GUID, names.CLAIM_PRIMARY_SID)
)
_PASSIVE = b"wresult"
_SIGNS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class AssertedPerson:
    """The person that an assertion is of: the user principal name, else the name of the subject."""

    name: str
    by_password: bool


def person_of(token: CapturedToken, body: bytes = b"") -> AssertedPerson | None:
    """Return whose an assertion is, where it is a person's beyond doubt; `body` is the message that it came in.

    It is where a browser took it along in `wresult`, or where two of three signs are there: a password was shown, the
    user principal name is no computer account's, nothing is claimed of a computer. No sign is enough alone: some IdPs
    say of a ticket that it was a password, some call computers by another name, and some have one mapping of claims
    for all callers.
    """
    found = token.assertion
    if found is None:
        return None
    name, by_password = _name(found), found.authentication_method in _BY_PASSWORD
    claimed = {item.name.rpartition("/")[2].lower() for item in found.attributes}
    called = "@" in name and not name.partition("@")[0].endswith("$")
    signs = (by_password, called, claimed.isdisjoint(_OF_A_COMPUTER))
    if _PASSIVE in body or sum(signs) >= _SIGNS:
        return AssertedPerson(name=name, by_password=by_password)
    return None


def _name(assertion: Assertion) -> str:
    """Return the user principal name that is claimed, else what names the subject; empty where nothing does."""
    claimed = (value for item in assertion.named(names.CLAIM_UPN[1]) for value in item.values)
    subjects = (item.name_identifier for item in assertion.subjects if item.name_identifier)
    return next((value.strip() for value in claimed if value.strip()), "") or next(subjects, "")
