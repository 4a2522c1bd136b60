"""When the rules about a person who signs in fire."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from hybridjoin.doubles.entra import second_factor
from hybridjoin.doubles.entra.case import Case
from hybridjoin.doubles.entra.request_checks import Check, Fields, when
from hybridjoin.doubles.entra.tenant import SyncedUser


def _of_a_person(check: Check) -> Check:
    """Let a rule speak only where a person's token is asked for."""
    return lambda case: check(case) if case.for_a_person else None


def _of_a_user(fires: object, user: SyncedUser | None) -> Fields | None:
    return when(fires, upn=user.upn if user else "")


def _other_domain(case: Case) -> Fields | None:
    suffix = case.user.upn.rpartition("@")[2].lower() if case.user else ""
    ours = (domain.name for domain in case.domains)
    return _of_a_user(not any(suffix == name or suffix.endswith(f".{name}") for name in ours), case.user)


def _no_anchor(case: Case) -> Fields | None:
    named = any(subject.name_identifier for subject in case.assertion.subjects)
    return when((case.for_a_person or not case.is_device) and not case.immutable_ids and not named)


def _second_factor(case: Case, *, enforced: bool) -> Fields | None:
    if not case.policies or not second_factor.is_wanting(case):
        return None
    fires = (second_factor.behavior_of(case) == second_factor.ENFORCED) is enforced
    return when(fires, resource=case.resources[0])


USER_CHECKS: Mapping[str, Check] = {
    "immutableid-missing": _no_anchor,
    "user-not-synced": _of_a_person(lambda case: when(case.user is None)),
    "user-of-another-domain": _of_a_person(_other_domain),
    "user-disabled": _of_a_person(lambda case: _of_a_user(case.user and not case.user.enabled, case.user)),
    "second-factor-not-told": _of_a_person(partial(_second_factor, enforced=True)),
    "second-factor-by-policy": _of_a_person(partial(_second_factor, enforced=False)),
}
