"""When the rules about a device's claims fire.

The rules about accounttype fire only where no user can be found instead; those after them only for devices.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from hybridjoin.doubles.entra.case import Case
from hybridjoin.doubles.entra.claim_rules import ACCOUNT_TYPE, OBJECT_GUID, PRIMARY_SID
from hybridjoin.doubles.entra.request_checks import Check, Fields, when
from hybridjoin.doubles.entra.tenant import anchor_of

_ACCOUNT_SID = re.compile(r"S-1-5-21(-(0|[1-9]\d{0,9})){4}", re.ASCII)


def _nobody(check: Check) -> Check:
    """Let a rule about accounttype speak only where the token signs no user in."""
    return lambda case: None if case.for_a_person or case.user is not None else check(case)


def _device(check: Check) -> Check:
    """Let a rule speak only of devices."""
    return lambda case: check(case) if case.is_device and not case.for_a_person else None


def _sid_format(case: Case) -> Fields | None:
    return when(_ACCOUNT_SID.fullmatch(case.sids[0]) is None)


def _sid_of_another(case: Case) -> Fields | None:
    synced = case.named.synced if case.named else None
    return when(synced is not None and synced.sid != case.sids[0])


def _guid_of_another(case: Case) -> Fields | None:
    owner = case.tenant.synced_by_sid(case.sids[0])
    return when(owner is not None and (case.named is None or case.named.synced != owner))


def _immutable_id(case: Case) -> Fields | None:
    synced = case.named.synced if case.named else None
    if synced is None:
        return None
    ours = {synced.source_anchor, anchor_of(synced.object_guid, None, "objectGUID")}
    return when(not ours.issuperset(case.immutable_ids))


CLAIM_CHECKS: Mapping[str, Check] = {
    "accounttype-namespace": _nobody(
        lambda case: when(not case.account_types and case.assertion.elsewhere(ACCOUNT_TYPE))
    ),
    "accounttype-missing": _nobody(lambda case: when(not case.account_types)),
    "accounttype-several": _nobody(lambda case: when(len(case.account_types) > 1)),
    "accounttype-value": _nobody(lambda case: when(not case.is_device)),
    "onpremobjectguid-namespace": _device(
        lambda case: when(not case.object_guids and case.assertion.elsewhere(OBJECT_GUID))
    ),
    "onpremobjectguid-missing": _device(lambda case: when(not case.object_guids)),
    "onpremobjectguid-several": _device(lambda case: when(len(case.object_guids) > 1)),
    "onpremobjectguid-format": _device(lambda case: when(case.object_guid is None)),
    "primarysid-namespace": _device(lambda case: when(not case.sids and case.assertion.elsewhere(PRIMARY_SID))),
    "primarysid-missing": _device(lambda case: when(not case.sids)),
    "primarysid-several": _device(lambda case: when(len(case.sids) > 1)),
    "primarysid-format": _device(_sid_format),
    "primarysid-of-a-user": _device(lambda case: when(case.tenant.user_by_sid(case.sids[0]))),
    "primarysid-of-another": _device(_sid_of_another),
    "onpremobjectguid-of-another": _device(_guid_of_another),
    "immutableid-mismatch": _device(_immutable_id),
}
