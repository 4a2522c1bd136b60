"""Parts of evidence are found by their type, and a join's evidence leaves none of its fields behind."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from hybridjoin.errors import Breakage
from hybridjoin.evidence.facts import (
    ArrivedAt,
    Asked,
    DirectoryFacts,
    GatheredAt,
    ManagedDevice,
    OwnCertificates,
    RegistrationProblems,
)
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.outcome import FlowOutcome
from hybridjoin.evidence.parts import Parts
from hybridjoin.evidence.probe import Probes
from hybridjoin.model.flows import MANAGED_JOIN
from hybridjoin.model.record import JoinResult
from hybridjoin.model.site import UserPractice
from hybridjoin.model.steps import Step
from hybridjoin.protocol.computer import SidOwner
from hybridjoin.protocol.mex import MexDocument, MexEndpoint
from hybridjoin.protocol.realm import UserRealm
from hybridjoin.protocol.saml11 import Assertion
from tests.checks.evidence_factory import HEALTHY, bent, failing, faulted, refused, unreadable
from tests.checks.federation_cases import SETTINGS

# What screens and records read and no sentence is about.
FOR_SCREENS_ALONE = {"fallback_enabled", "fallback_failure"}
OTHERS = {
    "result": JoinResult.SYNCHRONIZED,
    "source_anchor": "objectGUID",
    "users": UserPractice(immutable_id=False),
    "clock_offset_s": 60,
    "sid_owner": SidOwner(sid="S-1-1-0", kind="user", sam_account_name="somebody"),
    "registration_problems": ("another key",),
    "fallback_enabled": False,
    "unreadable": ((Step.MEX, "a cat"),),
    "failure": failing(Step.RST, "HTTP 500").failure,
    "fallback_failure": failing(Step.RST, "HTTP 500").failure,
    "fault": faulted().fault,
    "entra_error": refused().entra_error,
    "enrolment_error": object(),
    "federation": SETTINGS,
    "flow": MANAGED_JOIN.name,
    "managed": ManagedDevice(os_version="10.0.1.2"),
    "own_certificates": OwnCertificates(refused="no"),
    "client_request_id": "another",
    "applies_to": "urn:other",
    "issuer": "urn:other",
    "message_id": "urn:other",
}


def changed(name: str) -> JoinEvidence:
    value = getattr(HEALTHY, name)
    if name in OTHERS:
        return bent(**{name: OTHERS[name]})
    if name.endswith("_at"):
        return bent(**{name: value + timedelta(hours=1)})
    return bent(**{name: () if isinstance(value, tuple) else None})


def test_every_field_of_a_join_reaches_the_checks_or_is_for_screens_alone() -> None:
    silent = {item.name for item in fields(JoinEvidence) if changed(item.name).parts == HEALTHY.parts}

    assert silent - FOR_SCREENS_ALONE == set(), "no value in `healthy()` of evidence_factory.py, or no place in `parts`"
    assert FOR_SCREENS_ALONE - silent == set()


def test_a_part_is_found_by_its_type_and_none_stands_for_what_there_is_not() -> None:
    parts = Parts.of(HEALTHY.realm, None, HEALTHY.mex)

    assert parts.get(UserRealm) is HEALTHY.realm
    assert UserRealm in parts
    assert parts.get(MexEndpoint) is None
    assert MexEndpoint not in parts
    assert set(parts.by_type) == {UserRealm, MexDocument}


def test_two_parts_of_one_type_are_refused() -> None:
    with pytest.raises(ValueError, match="two parts of evidence are a Asked"):
        Parts.of(Asked(applies_to="a"), Asked(applies_to="b"))


def test_parts_are_exchanged_and_left_out_by_their_types() -> None:
    parts = Parts.of(HEALTHY.realm, HEALTHY.mex)

    changed = parts.but(replace(HEALTHY.realm, account_type="Managed"), None, HEALTHY.endpoint)  # type: ignore[type-var] # there is one

    assert set(changed.by_type) == {UserRealm, MexDocument, MexEndpoint}
    assert getattr(changed.get(UserRealm), "account_type", "") == "Managed"
    assert parts.get(UserRealm) is HEALTHY.realm
    assert set(changed.without(UserRealm, Assertion).by_type) == {MexDocument, MexEndpoint}


def test_what_never_came_is_no_part() -> None:
    early = replace(failing(Step.COMPUTER, "no ticket"), probes=(), rstr_received_at=None)

    assert not {DirectoryFacts, ArrivedAt, Assertion, RegistrationProblems, Probes} & set(early.parts.by_type)
    assert {FlowOutcome, Asked, GatheredAt, JoinResult} <= set(early.parts.by_type)


def test_the_arrival_is_told_by_a_clock_that_nobody_bent() -> None:
    assert bent(clock_offset_s=3600).parts.get(ArrivedAt) == ArrivedAt(
        at=HEALTHY.parts.by_type[ArrivedAt].at - timedelta(hours=1)  # type: ignore[attr-defined] # an ArrivedAt
    )


def test_an_outcome_says_what_became_of_a_step() -> None:
    late = failing(Step.RST, "nothing came", breakage=Breakage.TIMEOUT).parts.get(FlowOutcome)
    cat = unreadable(Step.MEX, "a cat").parts.get(FlowOutcome)
    assert late is not None
    assert cat is not None

    assert late.timed_out_at(Step.RST) == late.failed_at(Step.RST) == "nothing came"
    assert late.broken_off_at(Step.RST)
    assert (late.failed_at(Step.MEX), late.timed_out_at(Step.MEX), late.unreadable_at(Step.RST)) == ("", "", "")
    assert (cat.unreadable_at(Step.MEX), cat.timed_out_at(Step.MEX)) == ("a cat", "")
    assert not cat.broken_off_at(Step.MEX)
    assert FlowOutcome().failed_at(Step.MEX) == ""
