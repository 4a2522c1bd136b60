"""The doors of a certification: which are tried, what is said of the others, and how many wrong passwords go out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hybridjoin.checks.rules import BOOK
from hybridjoin.errors import UsageError
from hybridjoin.lab.provider import Provider
from hybridjoin.model.door_row import DoorState
from hybridjoin.model.record import RunRecord, SignInResult
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import BROKEN, Outcome
from hybridjoin.run.certification.certify import certify
from hybridjoin.run.certification.doors import DOORS, NAMES, NOT_CERTIFIED, book_of, chosen_doors, door_of
from hybridjoin.run.certification.outcome import certification_exit_code
from hybridjoin.run.certification.plan import EVERY_ID, Plan, levelled, plain_scenario
from hybridjoin.run.certification.tried import Gathered
from hybridjoin.run.certification.untried import door_rows
from hybridjoin.run.flows import FLOWS
from hybridjoin.run.replay.runs import replay
from hybridjoin.scenario.site.profile_file import load_profile


@pytest.fixture(scope="module")
def lab() -> Iterator[Provider]:
    with Provider(backend="process") as provider:
        yield provider


def plan(*faults: str, idp: str = "adfs", doors: str | None = None, wrong_passwords: int = 0) -> Plan:
    profile = load_profile("default", EVERY_ID)
    chosen = chosen_doors(doors)
    return Plan(
        scenario=plain_scenario("WS01", {"profile": idp, "faults": [{"name": item} for item in faults]}),
        profile=profile,
        requirements=levelled(book_of(chosen), profile),
        hostile_hosts=None,
        probes=(),
        doors=chosen,
        demanded=doors is not None,
        wrong_passwords=wrong_passwords,
    )


def states(record: RunRecord) -> dict[str, DoorState]:
    assert record.certification is not None
    return {row.door: row.state for row in record.certification.doors}


def broken(record: RunRecord) -> set[str]:
    assert record.certification is not None
    return {row.id for row in record.certification.requirements if row.outcome in BROKEN}


def test_every_flow_of_this_table_is_one_and_every_door_says_what_is_lost_and_who_says_so() -> None:
    assert {door.flow for door in DOORS} <= set(FLOWS)
    assert len(set(NAMES)) == len(DOORS)
    assert [door.name for door in DOORS if not door.loses or not door.source.startswith("https://")] == []
    assert [door_of(door.flow.name) for door in DOORS] == list(DOORS)
    assert all(door.wanted in [word for word, _ in door.flow.table.results] for door in DOORS)
    with pytest.raises(LookupError, match="no door is certified by the flow walk"):
        door_of("walk")


def test_doors_are_chosen_by_name_and_a_wrong_one_is_told_with_those_there_are() -> None:
    assert [door.name for door in DOORS if door not in chosen_doors(None)] == ["work-account", "managed", "bridge"]
    assert [door.name for door in chosen_doors("username, join")] == ["join", "username"]
    with pytest.raises(UsageError) as refused:
        chosen_doors("usernam,window")
    assert [item.problem for item in refused.value.mistakes] == [
        "no door is called 'usernam'",
        "no door is called 'window'",
    ]
    with pytest.raises(UsageError, match="expected the name of a door"):
        chosen_doors(",")


def test_a_door_brings_the_requirements_that_its_flow_can_answer() -> None:
    of_users = {item.id for item in book_of(chosen_doors("username"))}

    assert "USER-01" in of_users
    assert "CLAIM-01" not in of_users
    assert {item.area for item in BOOK if item not in book_of(DOORS)} == set(NOT_CERTIFIED)


@pytest.mark.lab
def test_every_door_is_tried_by_each_version_and_one_wrong_password_is_refused(lab: Provider) -> None:
    record = certify(plan(wrong_passwords=1), lab)

    assert states(record) == {
        "join": DoorState.TRIED,
        "username": DoorState.TRIED,
        "integrated": DoorState.TRIED,
        "browser": DoorState.TRIED,
        "prt": DoorState.TRIED,
        "work-account": DoorState.LEFT_OUT,
        "managed": DoorState.LEFT_OUT,
        "bridge": DoorState.LEFT_OUT,
    }
    assert [item.id for item in record.scenarios] == [
        "certify-wstrust-1.3",
        "certify-wstrust-2005",
        "certify-username-wstrust-1.3",
        "certify-username-wstrust-2005",
        "certify-username-wrong-password-wstrust-1.3",
        "certify-integrated-wstrust-1.3",
        "certify-integrated-wstrust-2005",
        "certify-browser",
        "certify-prt-wstrust-1.3",
        "certify-prt-wstrust-2005",
    ]
    assert {item.outcome for item in record.scenarios} == {Outcome.PASSED}
    wrong = [item.join for item in record.scenarios if "wrong-password" in item.id]
    assert [join.result for join in wrong if join] == [SignInResult.NOT_SIGNED_IN]
    assert [join.failure.step for join in wrong if join and join.failure] == [Step.RST]
    assert broken(record) == set()
    assert certification_exit_code(record, whole=True) == 0
    again = replay(record)
    assert again.not_judged == []
    assert again.after.certification is not None
    assert again.after.certification.requirements == record.certification.requirements  # type: ignore[union-attr]
    assert again.after.certification.doors == record.certification.doors  # type: ignore[union-attr]


@pytest.mark.lab
def test_no_more_wrong_passwords_are_sent_than_allowed(lab: Provider) -> None:
    def sent(number: int) -> int:
        record = certify(plan(doors="username", wrong_passwords=number), lab)
        return sum("wrong-password" in item.id for item in record.scenarios)

    assert [sent(0), sent(1), sent(9)] == [0, 1, 2], "one for each version of WS-Trust at most"


@pytest.mark.lab
def test_a_door_that_is_not_offered_is_skipped_and_said_and_judged_where_it_was_demanded(lab: Provider) -> None:
    fault = "mex-without-usernamemixed"
    by_default, demanded = certify(plan(fault), lab), certify(plan(fault, doors="username"), lab)

    assert states(by_default)["username"] is DoorState.NOT_OFFERED
    assert "USER-01" not in broken(by_default)
    assert not any("username" in item.id for item in by_default.scenarios)
    assert by_default.certification is not None
    (user,) = (row for row in by_default.certification.requirements if row.id == "USER-05")
    assert user.not_tested is not None
    assert "the door 'username' was not tried: the identity provider does not offer the door" in user.not_tested.detail
    assert states(demanded) == {
        "join": DoorState.LEFT_OUT,
        "username": DoorState.NOT_OFFERED,
        "integrated": DoorState.LEFT_OUT,
        "browser": DoorState.LEFT_OUT,
        "prt": DoorState.LEFT_OUT,
        "work-account": DoorState.LEFT_OUT,
        "managed": DoorState.LEFT_OUT,
        "bridge": DoorState.LEFT_OUT,
    }
    assert "USER-01" in broken(demanded)


@pytest.mark.lab
def test_a_logon_is_at_the_device_that_has_joined_and_at_none_where_none_did(lab: Provider) -> None:
    without_password = certify(plan("mex-without-usernamemixed"), lab)
    not_joined = certify(plan("wrong-audience"), lab)
    alone, alone_not_joined = certify(plan(doors="prt"), lab), certify(plan("wrong-audience", doors="prt"), lab)

    assert states(without_password)["prt"] is DoorState.NOT_OFFERED
    assert broken(without_password) & {"PRT-01", "PRT-10"} == set()
    assert states(not_joined)["prt"] is DoorState.NO_DEVICE
    assert not_joined.interrupted == ""
    assert not_joined.certification is not None
    (issued,) = (row for row in not_joined.certification.requirements if row.id == "PRT-02")
    assert issued.not_tested is not None
    assert "no device has joined, and a logon is one on a joined device" in issued.not_tested.detail
    assert [item.id for item in alone.scenarios] == ["certify-prt-wstrust-1.3", "certify-prt-wstrust-2005"]
    assert certification_exit_code(alone, whole=True) == 0
    assert states(alone_not_joined)["prt"] is DoorState.NO_DEVICE
    assert alone_not_joined.scenarios == ()


@pytest.mark.lab
def test_the_doors_without_an_identity_provider_are_tried_by_name(lab: Provider) -> None:
    by_name = plan(doors="managed,bridge")
    managed = replace(by_name, scenario=replace(by_name.scenario, entra={"domain": {"authentication": "Managed"}}))
    federated, record = certify(by_name, lab), certify(managed, lab)

    assert states(record)["managed"] is states(record)["bridge"] is DoorState.TRIED
    assert [(item.id, item.outcome) for item in record.scenarios] == [
        ("certify-managed", Outcome.PASSED),
        ("certify-bridge", Outcome.PASSED),
    ]
    assert broken(record) == set()
    assert states(federated)["managed"] is DoorState.NOT_OFFERED
    assert broken(federated) == {"MANAGED-01", "MANAGED-17"}
    assert replay(record).after.certification == record.certification


@pytest.mark.lab
def test_a_bridge_is_certified_with_the_identity_provider_that_its_people_are_sent_on_to(lab: Provider) -> None:
    def tried(*faults: str, at_entra: bool = False) -> RunRecord:
        alone = plan(*faults, doors="bridge")
        application = {"cloud_password_validation": at_entra}
        return certify(replace(alone, scenario=replace(alone.scenario, entra={"application": application})), lab)

    at_entra, healthy, lost = tried(at_entra=True), tried(), tried("passive-without-wctx")

    assert [item.outcome for item in (*at_entra.scenarios, *healthy.scenarios)] == [Outcome.PASSED] * 2
    assert broken(at_entra) | broken(healthy) == set()
    assert [item.outcome for item in lost.scenarios] == [Outcome.FAILED]
    assert broken(lost) == {"PASSIVE-06"}
    assert replay(healthy).after.certification == healthy.certification
    of_provider = {"PASSIVE-06", "PASSIVE-19", "SAML-01", "SIG-01", "USER-02"}
    (asked, silent) = (
        [row for row in record.certification.requirements if row.id in of_provider]
        for record in (healthy, at_entra)
        if record.certification is not None
    )
    assert {row.outcome for row in asked} == {Outcome.PASSED}
    assert {row.not_tested.detail for row in silent if row.not_tested is not None} == {
        "the step 'passive' is made only where Entra sends the user on to a domain's identity provider"
    }


@pytest.mark.lab
def test_a_person_has_a_new_computer_joined_and_logs_on_or_it_is_said_why_not(lab: Provider) -> None:
    good, without = (
        certify(plan(doors="work-account"), lab),
        certify(plan("mex-without-usernamemixed", doors="work-account"), lab),
    )

    assert [(item.id, item.outcome) for item in good.scenarios] == [("certify-work-account", Outcome.PASSED)]
    assert broken(good) == set()
    assert replay(good).after.certification == good.certification
    assert [item.join.result.value for item in without.scenarios if item.join] == ["no-first-logon"]
    assert "WORK-03" in broken(without)


def test_a_door_that_is_tried_by_name_alone_says_why_it_was_not() -> None:
    found = Gathered(plan=plan(), started_at=datetime(2026, 1, 2, tzinfo=UTC))
    told = {row.door: row.why for row in door_rows(found)}

    assert "it writes userCertificate into the directory: --doors managed" in told["managed"]
    assert "--doors bridge" in told["bridge"]
    assert "which stays: --doors work-account" in told["work-account"]
    asked = {row.door: row.why for row in door_rows(replace(found, plan=plan(doors="join")))}
    assert asked["managed"] == "it is none of the doors that were asked for (--doors)"


FOUND = {
    "takes-any-password": {"USER-22"},
    "repeats-the-password": {"USER-25"},
    "refusals-as-html": {"USER-23"},
    "vague-refusals": {"FAULT-03", "USER-24", "USER-26"},
    "refusals-with-400": set(),
    "refusals-without-subcode": {"FAULT-01", "FAULT-02", "USER-24"},
    "token-type-of-profile": {"USER-04"},
    "mex-other-policy-prefix": {"USER-27"},
}


@pytest.mark.lab
@pytest.mark.parametrize(("fault", "found"), FOUND.items(), ids=FOUND)
def test_what_is_wrong_with_the_door_for_passwords_is_found_by_exactly_what_is_meant_for_it(
    lab: Provider, fault: str, found: set[str]
) -> None:
    record = certify(plan(fault, doors="username", wrong_passwords=1), lab)

    assert broken(record) == found


@pytest.mark.lab
def test_somebody_whom_the_site_does_not_have_is_the_users_mistake(lab: Provider) -> None:
    with pytest.raises(UsageError, match="nobody called 'zed' who signs in"):
        certify(replace(plan(doors="username"), person="zed"), lab)
