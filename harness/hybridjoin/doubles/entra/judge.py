"""Judges a token request: the rules one after another, the first that fires decides."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hybridjoin.doubles.entra.assertion_checks import ASSERTION_CHECKS
from hybridjoin.doubles.entra.case import Case
from hybridjoin.doubles.entra.claim_checks import CLAIM_CHECKS
from hybridjoin.doubles.entra.claim_rules import IN_CORP
from hybridjoin.doubles.entra.request_checks import REQUEST_CHECKS, Check
from hybridjoin.doubles.entra.rules import RULES, Rule
from hybridjoin.doubles.entra.tenant import SyncedUser
from hybridjoin.doubles.entra.user_checks import USER_CHECKS

# How an assertion says that a password was typed: AD FS' word, and what other services write.
PASSWORD_METHODS = frozenset(
    {
        "urn:oasis:names:tc:SAML:1.0:am:password",
        "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
    }
)
CHECKS: Mapping[str, Check] = {**REQUEST_CHECKS, **ASSERTION_CHECKS, **USER_CHECKS, **CLAIM_CHECKS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """The rule that fired and the fields of its message."""

    rule: Rule
    fields: Mapping[str, str]

    @property
    def description(self) -> str:
        """The text after `AADSTSnnn: `."""
        return self.rule.message.format(**self.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSubject:
    """A computer that Entra took for one: what the access token will say of it."""

    object_guid: uuid.UUID
    sid: str
    realm: str
    in_corp: bool
    client_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserSubject:
    """A synced user: the token is good, but not for a hybrid join.

    `audience` is what the token is for, `by_password` says that the assertion names a password for its method.
    """

    user: SyncedUser
    realm: str
    client_id: str
    audience: str
    by_password: bool = False


def judge(case: Case, *, rules: tuple[Rule, ...] = RULES) -> DeviceSubject | UserSubject | Refusal:
    """Return whom the request may act for, or the refusal; `rules` are fewer where others have judged a part of it."""
    return first_refusal(case, rules) or _subject(case)


def first_refusal(case: Case, rules: Iterable[Rule]) -> Refusal | None:
    """Return the refusal of the first of these rules that fires, or None where none does."""
    common = {
        "tenant_id": str(case.config.tenant_id),
        "display_name": case.config.display_name,
        "now": f"{case.now:%Y-%m-%dT%H:%M:%S}.{case.now.microsecond:06d}0Z",
    }
    for rule in rules:
        fields = CHECKS[rule.id](case)
        if fields is not None:
            return Refusal(rule=rule, fields={**common, **fields})
    return None


def _subject(case: Case) -> DeviceSubject | UserSubject:
    client_id = case.parameter("client_id")
    if case.user is not None and (case.for_a_person or not case.is_device):
        return UserSubject(
            user=case.user,
            realm=case.realm,
            client_id=client_id,
            audience=case.audience,
            by_password=not PASSWORD_METHODS.isdisjoint(case.assertion.authentication_methods),
        )
    if case.object_guid is None:
        raise LookupError("a device without a GUID passed the rules")
    return DeviceSubject(
        object_guid=case.object_guid,
        sid=case.sids[0],
        realm=case.realm,
        in_corp=case.assertion.values(IN_CORP) == ("true",),
        client_id=client_id,
    )
