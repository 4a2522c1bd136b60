"""A reproduction's pure parts: single changes, how an outcome is held against a symptom, ranks and verdicts."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.intake.case.conclusions import Road
from hybridjoin.intake.case.missing import Wanted
from hybridjoin.intake.case.symptom import Symptom
from hybridjoin.knowledge.article import cause
from hybridjoin.knowledge.suspect import Standing, Suspect
from hybridjoin.model.record import JoinRecord, JoinResult
from hybridjoin.model.steps import Phase, Step
from hybridjoin.run.collect import failure_record
from hybridjoin.run.reproduction.changes import has_change, single_changes, with_change, without_change, words_of
from hybridjoin.run.reproduction.lab_changes import lab_changes
from hybridjoin.run.reproduction.outcome import Agreement, match_of
from hybridjoin.run.reproduction.reproduction import LabTrial, Reproduced, Reproduction, TrialKind
from hybridjoin.run.reproduction.verdict import untriable, verdict_of
from hybridjoin.scenario.compose import Document
from hybridjoin.scenario.yaml.source import parse_yaml
from tests.run.joins import NOT_FOUND, REFUSED, evidence_of, record_of

WRITTEN = {
    "id": "case",
    "device": {"name": "WS01", "fallback": False, "client_side_scp": {"tenant_name": "a.test", "tenant_id": "1"}},
    "idp": {"profile": "adfs", "issuer": "urn:a", "claims": {"primarysid": "drop"}, "faults": ["a", {"b": {"x": 1}}]},
    "entra": {"domain": {"issuer_uri": "urn:b"}},
    "dial": ["spn-missing"],
    "clock": {"device": "+6m"},
}
SINGLE: list[dict[str, Any]] = [
    {"dial": ["spn-missing"]},
    {"idp": {"issuer": "urn:a"}},
    {"idp": {"claims": {"primarysid": "drop"}}},
    {"idp": {"faults": ["a"]}},
    {"idp": {"faults": [{"b": {"x": 1}}]}},
    {"entra": {"domain": {"issuer_uri": "urn:b"}}},
    {"clock": {"device": "+6m"}},
    {"device": {"client_side_scp": {"tenant_name": "a.test", "tenant_id": "1"}}},
]
_TYPES = "msDS-SupportedEncryptionTypes"
SYMPTOM = Symptom(road=Road.NOT_JOINED, phase="auth", code="0xCAA20003", aadsts=51004)


def document(data: dict[str, Any]) -> Document:
    read, positions = parse_yaml(json.dumps(data).encode(), file="case.scenario.yaml")
    return Document(data=read, positions=positions)


def test_each_single_change_of_a_scenario_is_found_and_its_settings_are_none() -> None:
    assert list(single_changes(document(WRITTEN).data)) == SINGLE


@pytest.mark.parametrize("change", SINGLE, ids=[words_of(item) for item in SINGLE])
def test_a_change_can_be_taken_away_and_laid_on_top_again(change: dict[str, Any]) -> None:
    base = document(WRITTEN)
    without = without_change(base, change)

    assert has_change(base.data, change)
    assert not has_change(without.data, change)
    left = [item for item in SINGLE if item != change]
    assert list(single_changes(without.data)) == left
    again = with_change(without, change, name="again").data
    assert sorted(map(words_of, single_changes(again))) == sorted(map(words_of, SINGLE))


def test_a_change_on_top_of_what_is_proven_takes_nothing_of_it_away() -> None:
    found = with_change(
        document(WRITTEN), {"dial": ["keytab-stale"], "idp": {"claims": {"issuerid": "drop"}}}, name="x"
    )

    assert found.data["dial"] == ["spn-missing", "keytab-stale"]
    assert found.data["idp"]["claims"] == {"primarysid": "drop", "issuerid": "drop"}
    assert found.data["idp"]["issuer"] == "urn:a"


def test_a_name_that_chooses_nothing_is_the_name() -> None:
    assert has_change({"dial": [{"spn-missing": {}}]}, {"dial": ["spn-missing"]})
    assert not has_change({"dial": ["spn-missing"]}, {})


SCALARS = st.one_of(st.text(max_size=4), st.integers(), st.booleans())
CHANGES = st.one_of(
    st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=2, unique=True).map(lambda names: {"dial": names}),
    st.dictionaries(st.sampled_from(["x", "y"]), SCALARS, min_size=1).map(lambda keys: {"idp": keys}),
    st.dictionaries(st.sampled_from(["p", "q"]), SCALARS, min_size=1).map(lambda keys: {"idp": {"claims": keys}}),
)


@given(CHANGES, CHANGES)
def test_whatever_is_laid_on_top_is_there_and_can_be_taken_away(first: dict[str, Any], second: dict[str, Any]) -> None:
    base = with_change(document({"id": "case"}), first, name="first")
    both = with_change(base, second, name="second")

    assert has_change(both.data, second)
    assert not has_change(without_change(both, second).data, second)


def joined(result: JoinResult = JoinResult.FAILED) -> JoinRecord:
    made = record_of(evidence_of())
    return replace(made, result=result, failure=made.failure if result is not JoinResult.FEDERATED else None)


MATCHES: dict[str, tuple[Symptom, JoinRecord, Agreement, tuple[str, ...]]] = {
    "all that is known agrees": (SYMPTOM, joined(), Agreement.SAME, ()),
    "a status that is known agrees": (replace(SYMPTOM, http_status=400), joined(), Agreement.SAME, ()),
    "another status": (replace(SYMPTOM, http_status=401), joined(), Agreement.IN_PART, ("HTTP status",)),
    "another number of Entra's": (replace(SYMPTOM, aadsts=50107), joined(), Agreement.IN_PART, ("AADSTS",)),
    "another code": (replace(SYMPTOM, code="0xcaa90014"), joined(), Agreement.IN_PART, ("code",)),
    "another phase": (replace(SYMPTOM, phase="join"), joined(), Agreement.OTHER, ("phase",)),
    "a join": (SYMPTOM, joined(JoinResult.FEDERATED), Agreement.OTHER, ("phase", "code", "AADSTS", "how it ended")),
    "a fallback that was none": (
        replace(SYMPTOM, road=Road.FALLBACK), joined(), Agreement.IN_PART, ("how it ended",),
    ),
    "joined by fallback": (
        replace(SYMPTOM, road=Road.FALLBACK), joined(JoinResult.SYNCHRONIZED), Agreement.SAME, (),
    ),
    "the code around it, where that is all that is known": (
        replace(SYMPTOM, code="0xcaa1000e", aadsts=None), joined(), Agreement.SAME, (),
    ),
    "a road that nobody knows": (replace(SYMPTOM, road=Road.UNDECIDED), joined(), Agreement.SAME, ()),
    "the same screen": (replace(SYMPTOM, transcript=joined().debug_screen), joined(), Agreement.SAME, ()),
    "another screen": (
        replace(SYMPTOM, transcript=("resultCode: 0x1", *joined().debug_screen)),
        joined(), Agreement.IN_PART, ("the screen",),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("symptom", "join", "agreement", "differs"), MATCHES.values(), ids=MATCHES)
def test_an_outcome_is_held_against_a_symptom(
    symptom: Symptom, join: JoinRecord, agreement: Agreement, differs: tuple[str, ...]
) -> None:
    found = match_of(symptom, join)

    assert (found.agreement, found.differs) == (agreement, differs)
    assert (found.comparison is not None) is bool(symptom.transcript)


def test_a_refused_fallback_is_the_symptom_where_the_customer_names_its_code() -> None:
    fallen = failure_record(
        replace(REFUSED, phase=Phase.JOIN, step=Step.SYNC_JOIN, cause=NOT_FOUND, wrapper=None, server=None)
    )
    seen = Symptom(road=Road.NOT_JOINED, phase="join", code="0x801c03f2")

    assert match_of(seen, replace(joined(), fallback_failure=fallen)).agreement is Agreement.SAME
    assert match_of(seen, joined()).agreement is Agreement.OTHER


def _failure() -> Any:  # noqa: ANN401 - a FailureRecord
    found = joined().failure
    assert found is not None
    return found


def suspect(name: str, standing: str = "possible") -> Suspect:
    return Suspect(
        id=name, kind="SPN", sentence=f"{name}.", change={"dial": [name]}, standing=Standing(standing),
        cause=cause(f"{name}.", "a proof"),
    )  # fmt: skip


def trial(kind: TrialKind, join: JoinRecord | None, who: Suspect | None = None, name: str = "") -> LabTrial:
    change = who.change if who is not None else {"dial": [name]}
    match = match_of(SYMPTOM, join) if join is not None else None
    return LabTrial(kind=kind, change=change, scenario="case", elapsed_s=0.1, suspect=who, match=match)


def verdict(*trials: LabTrial, interrupted: str = "") -> Reproduction:
    return verdict_of(SYMPTOM, trials, interrupted=interrupted)


HEALTHY, SICK, OTHER = joined(JoinResult.FEDERATED), joined(), replace(joined(), failure=None)


def test_the_suspect_that_brings_it_about_is_proven_and_the_likelier_one_is_ahead() -> None:
    found = verdict(
        trial(TrialKind.AS_WRITTEN, HEALTHY),
        trial(TrialKind.ADDED, SICK, suspect("possible")),
        trial(TrialKind.ADDED, OTHER, suspect("innocent", "supported")),
        trial(TrialKind.ADDED, SICK, suspect("likely", "supported")),
    )

    assert found.verdict is Reproduced.REPRODUCED
    assert [(item.rank, item.suspect and item.suspect.id, item.mended) for item in found.causes] == [
        (1, "likely", True),
        (2, "possible", True),
    ]
    assert found.tied == ()


def test_causes_that_nothing_tells_apart_have_one_rank() -> None:
    found = verdict(
        trial(TrialKind.AS_WRITTEN, HEALTHY),
        trial(TrialKind.ADDED, SICK, suspect("one")),
        trial(TrialKind.ADDED, SICK, suspect("two")),
    )

    assert [item.suspect and item.suspect.id for item in found.tied] == ["one", "two"]


def test_the_single_change_that_makes_it_go_away_is_the_cause() -> None:
    found = verdict(
        trial(TrialKind.AS_WRITTEN, SICK),
        trial(TrialKind.TAKEN_AWAY, SICK, name="innocent"),
        trial(TrialKind.TAKEN_AWAY, OTHER, name="hides another"),
        trial(TrialKind.TAKEN_AWAY, HEALTHY, name="guilty"),
    )

    assert found.verdict is Reproduced.REPRODUCED
    assert [(item.rank, item.change["dial"], item.mended) for item in found.causes] == [
        (1, ["guilty"], True),
        (2, ["hides another"], False),
    ]
    assert "without dial: guilty does not" in found.why


def test_what_agrees_in_phase_and_one_code_alone_is_reproduced_in_part() -> None:
    other = replace(SICK, failure=replace(_failure(), codes=_failure().codes[1:]))
    found = verdict(trial(TrialKind.AS_WRITTEN, HEALTHY), trial(TrialKind.ADDED, other, suspect("one")))

    assert found.verdict is Reproduced.IN_PART
    assert "(these differ: AADSTS)" in found.why


def test_nothing_like_it_is_not_reproduced_and_a_stop_before_the_end_decides_nothing() -> None:
    trials = (trial(TrialKind.AS_WRITTEN, HEALTHY), trial(TrialKind.ADDED, HEALTHY, suspect("one")))

    assert verdict(*trials).verdict is Reproduced.NOT_REPRODUCED
    assert "each of 1 single changes ended otherwise" in verdict(*trials).why
    assert "no single change is known" in verdict(trials[0]).why
    assert verdict(*trials, interrupted="the lab is gone").verdict is Reproduced.UNDECIDED
    assert verdict(trial(TrialKind.AS_WRITTEN, None)).verdict is Reproduced.UNDECIDED


@pytest.mark.parametrize("symptom", [None, Symptom(road=Road.NOT_JOINED, phase="auth")], ids=["none", "no code"])
def test_what_names_nothing_to_bring_about_says_what_is_missing(symptom: Symptom | None) -> None:
    asked = Wanted(id="mex", what="the metadata", command="curl", decides="much")
    found = untriable(symptom, (asked,))

    assert found is not None
    assert found.verdict is Reproduced.NOT_REPRODUCED
    assert [item.id for item in found.wanted] == ["debug", "mex"]
    assert "dsregcmd /join /debug" in found.wanted[0].command
    assert untriable(SYMPTOM, (asked,)) is None


DIRECTORY: dict[str, Any] = {
    "domain": {"name": "fabrikam.example"},
    "service_connection_point": None,
    "computers": [
        {"name": "WS01", "mS-DS-ConsistencyGuid": "11111111-1111-4111-8111-111111111111"},
        {"name": "WS02", "msDS-SupportedEncryptionTypes": ["RC4"]},
    ],
    "service_accounts": [
        {"name": "sound", "msDS-SupportedEncryptionTypes": ["AES256"]},
        {"name": "old", "msDS-SupportedEncryptionTypes": ["RC4"], "keytab": ["AES256"]},
    ],
}


def test_each_thing_of_a_directory_that_may_end_this_computers_join_is_mended_alone() -> None:
    found = {words_of(item.change): item for item in lab_changes(DIRECTORY, "ws01")}

    assert {name: item.kind for name, item in found.items()} == {
        "lab.service_accounts.old.msDS-SupportedEncryptionTypes: RC4": "etype",
        "lab.service_accounts.old.keytab: AES256": "keytab",
        "lab.computers.WS01.mS-DS-ConsistencyGuid: 11111111-1111-4111-8111-111111111111": "anchor",
        "lab.service_connection_point: null": "SCP",
    }
    etype = found["lab.service_accounts.old.msDS-SupportedEncryptionTypes: RC4"].mended
    assert etype["service_accounts"][1] == {**DIRECTORY["service_accounts"][1], _TYPES: ["AES256"]}
    assert {key: item for key, item in etype.items() if key != "service_accounts"} == {
        key: item for key, item in DIRECTORY.items() if key != "service_accounts"
    }
    assert "service_connection_point" not in found["lab.service_connection_point: null"].mended
    anchored = found["lab.computers.WS01.mS-DS-ConsistencyGuid: 11111111-1111-4111-8111-111111111111"].mended
    assert anchored["computers"] == [
        {"name": "WS01", "mS-DS-ConsistencyGuid": "objectGUID"}, DIRECTORY["computers"][1],
    ]  # fmt: skip


def test_the_computer_that_joins_is_the_one_that_is_looked_at() -> None:
    kinds = [item.kind for item in lab_changes({"computers": DIRECTORY["computers"]}, "WS02")]

    assert kinds == ["etype", "anchor"]
    assert list(lab_changes({}, "WS01")) == []


def test_a_pre_check_is_told_to_be_none_of_the_labs() -> None:
    seen = Symptom(road=Road.NOT_JOINED, phase="pre-check", code="0x8007054b")
    healthy = replace(trial(TrialKind.AS_WRITTEN, HEALTHY), match=match_of(seen, HEALTHY))

    assert "makes no pre-check" in verdict_of(seen, (healthy,)).why


WORDS = {
    "dial: spn-missing": {"dial": ["spn-missing"]},
    'dial: ["a", "b"]': {"dial": ["a", "b"]},
    "entra.connect.exclude: WS01, entra.domain.authentication: Managed": {
        "entra": {"connect": {"exclude": ["WS01"]}, "domain": {"authentication": "Managed"}}
    },
    'idp.claims.x.namespace: ""': {"idp": {"claims": {"x": {"namespace": ""}}}},
    'idp.faults: [{"late": {"by": "1s"}}]': {"idp": {"faults": [{"late": {"by": "1s"}}]}},
}


@pytest.mark.parametrize(("words", "change"), WORDS.items(), ids=WORDS)
def test_a_change_is_written_in_a_line(words: str, change: dict[str, Any]) -> None:
    assert words_of(change) == words
