"""The events that Windows would have logged: which, in what order, with which fields, and how sure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from hybridjoin.device.events import windows_events
from hybridjoin.device.events.rows import LIMIT_VALUE, REGISTRATION, ROWS, code_words, signed
from hybridjoin.device.habits import Habits
from hybridjoin.errors import HarnessError
from hybridjoin.intake.files.event import MANIFEST
from hybridjoin.knowledge.events import EVENTS
from hybridjoin.model.exchange import Breakdown, HttpReply
from hybridjoin.model.kept_body import KEPT_OCTETS, Octets, excerpt
from hybridjoin.model.logged_event import EventLevel, LoggedEvent
from hybridjoin.model.record import ScenarioRecord
from hybridjoin.model.recorded import HttpReplyRecord, HttpRequestRecord
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Certainty
from tests.device import documents
from tests.device.events import NO_CONTROLLER, played, scenario, scenario_of, sign_in_record
from tests.device.test_screen import CASES, DOWN

# What stands in User Device Registration/Admin, in its order.
ADMIN = {
    "success": "331 100 101 102 103 104 105 106 306",
    "refused-no-fallback": "331 100 101 305 304",
    "refused-fallback-succeeds": "331 100 101 305 102 103 104 105 106 306",
    "refused-fallback-refused": "331 100 101 305 102 103 204 304",
    "metadata-without-endpoint": "331 100 101 305 304",
    "metadata-unreachable": "331 100 101 305 304",
    "no-ticket": "331 100 101 305 304",
    "soap-fault": "331 100 101 305 304",
    "no-scp": "331 307 304",
    "join-refused": "331 100 101 102 103 204 304",
    "managed": "331 100 101 102 103 104 105 106 306",
    "managed-not-synced": "331 100 101 102 103 204 304",
    "scp-without-tenant": "331 307 304",
    "discover-silent": "331 200 309 304",
    "discover-unknown-tenant": "331 100 201 309 304",
    "discover-busy": "331 100 201 309 304",
    "discover-proxy-page": "331 100 201 309 304",
    "realm-unknown": "331 100 101 354 304",
    "realm-unreachable": "331 100 101 304",
    "metadata-over-http": "331 100 101 305 304",
    "metadata-not-xml": "331 100 101 305 102 103 104 105 106 306",
    "throttled": "331 100 101 102 103 204 304",
    "windows-11-success": "331 100 101 102 103 104 105 106 306",
    "windows-11-no-scp": "331 307 304",
    "windows-11-fallback-refused": "331 100 101 305 102 103 204 304",
    "windows-11-managed": "331 100 101 102 103 204 304",
}
LEVELS = {1: EventLevel.INFORMATION, 2: EventLevel.ERROR}


def admin(item: ScenarioRecord) -> list[LoggedEvent]:
    return [event for event in windows_events(item) if event.channel.endswith("/Admin")]


def one(case: str, number: int) -> LoggedEvent:
    (found,) = (event for event in windows_events(scenario(case)) if event.id == number)
    return found


def test_every_case_has_a_row() -> None:
    assert ADMIN.keys() ^ CASES.keys() == set()


@pytest.mark.parametrize("case", ADMIN)
def test_the_log_tells_the_story_in_its_order(case: str) -> None:
    events = windows_events(scenario(case))

    assert " ".join(str(event.id) for event in events if event.id != 500) == ADMIN[case]
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert {event.computer for event in events} == {"pc7.corp.contoso.example"}


@pytest.mark.parametrize("case", ADMIN)
def test_the_debug_channel_is_the_screen_line_by_line(case: str) -> None:
    item = scenario(case)
    assert item.join is not None
    screen = item.join.debug_screen

    lines = [event for event in windows_events(item) if event.channel.endswith("/Debug")]

    assert [event.text for event in lines] == list(screen[: screen.index("DSREGCMD_END_STATUS")])
    assert all(event.data == (("Message", event.text),) for event in lines)


@pytest.mark.parametrize("case", ADMIN)
def test_every_event_has_the_manifests_fields_and_says_how_sure_it_is_and_why(case: str) -> None:
    for event in admin(scenario(case)):
        names = tuple(name for name, _ in event.data)
        assert names == MANIFEST.get((REGISTRATION.name, event.id), ()), event.id
        assert event.source
        assert (event.certainty is Certainty.ASSUMED) is (event.source not in KNOWN), event.source
        assert "%" not in event.title
        codes = [value for name, value in event.data if name == "ExitCode"]
        assert all(-(1 << 31) <= int(code) < 0 for code in codes)


KNOWN = {
    event.source
    for case in ADMIN
    for event in windows_events(scenario(case))
    if event.certainty is not Certainty.ASSUMED
}


def test_levels_are_those_of_the_manifest_and_each_id_can_be_explained() -> None:
    known = {article.id for article in EVENTS}

    levels = {number: row.level for number, row in ROWS.items() if number < 300}
    assert levels == {number: LEVELS[number // 100] for number in levels}
    assert [ROWS[number].level.title for number in (304, 305, 306, 331, 334)] == [
        "Error", "Error", "Information", "Information", "Warning",
    ]  # fmt: skip
    assert {f"event {number}" for number in ROWS if number != 500} - known == set()


def test_a_failure_at_entra_is_told_as_the_published_thread_has_it() -> None:
    event = one("refused-no-fallback", 304)
    fields = dict(event.data)

    assert fields["ExitCode"] == "-895418354"  # 0xcaa1000e
    assert (fields["TenantType"], fields["JoinType"]) == ("Federated", "fed")
    lines = fields["DebugOutput"].split("\n")
    assert lines[:9] == [
        "joinMode: Join",
        "drsInstance: azure",
        "registrationType: fed",
        "tenantType: Federated",
        "tenantId: 0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
        "configLocation: undefined",
        "errorPhase: auth",
        "adalCorrelationId: {AAAABBBB-CCCC-4DDD-8EEE-000000000001}",
        "adalLog:",
    ]
    assert lines[9:12] == [f"AdalLog:  HRESULT: {code}" for code in ("0xcaa1000e", "0xcaa90006", "0xcaa20003")]
    assert lines[-3:] == [
        "AdalLog: Token is not available in the cache ; HRESULT: 0x0", "", "adalResponseCode: 0xcaa1000e",
    ]  # fmt: skip
    assert "Exit code: Unknown HResult Error code: 0xcaa1000e" in event.text


def test_305_has_the_token_clients_words() -> None:
    fields = dict(one("metadata-unreachable", 305).data)
    refused = dict(one("refused-no-fallback", 305).data)

    assert fields["ServerErrorMessage"].split("\n")[:4] == [
        "AdalMessage: ADALUseWindowsAuthenticationTenant failed,  unable to preform integrated auth",
        "AdalErrorCode: 0xcaa82efd",
        "AdalCorrelationId: {AAAABBBB-CCCC-4DDD-8EEE-000000000001}",
        "AdalLog:  HRESULT: 0xcaa9002b",
    ]
    assert refused["ServerErrorMessage"].startswith(
        "AdalMessage: GetStatus returned failure\nAdalErrorCode: 0xcaa1000e"
    )
    assert refused["TenantName"] == "contoso.example"
    # The code that `/join /debug` prints for the token that could not be had; 304 has the one round it, in its log too.
    assert [fields["ExitCode"], refused["ExitCode"]] == [signed("0xcaa82efd"), signed("0xcaa20003")]
    whole = dict(one("metadata-unreachable", 304).data)
    assert (whole["ExitCode"], whole["ServerErrorMessage"]) == (signed("0xcaa1000e"), "")
    assert "adalLog:\nAdalLog:  HRESULT: 0xcaa1000e\nAdalLog:  HRESULT: 0xcaa9002b\n" in whole["DebugOutput"]


def test_the_registration_type_tells_the_road_and_the_newer_build_has_a_word_of_its_own() -> None:
    assert dict(one("refused-fallback-refused", 304).data)["JoinType"] == "sync"
    assert dict(one("windows-11-fallback-refused", 304).data)["JoinType"] == "fallback_sync"
    assert dict(one("windows-11-managed", 304).data)["JoinType"] == "sync"
    assert dict(one("no-scp", 304).data)["JoinType"] == "undefined"


def test_a_refused_registration_is_told_with_the_services_answer() -> None:
    fields = dict(one("join-refused", 204).data)

    assert (fields["HttpStatus"], fields["ExitCode"]) == ("400", str(0x801C03F2 - (1 << 32)))
    assert json.loads(fields["ServerResponse"])["ErrorDetails"]["ErrorType"] == "DirectoryError"
    assert fields["ActivityId"] == "aaaabbbb-cccc-4ddd-8eee-000000000001"


@pytest.mark.parametrize(
    "sent", ["Bearer eyJhbGciOiJub25lIn0.eyJhIjoiYiJ9.c2lnbmF0dXJl", "Bearer a-token-of-no-known-form"]
)
def test_a_token_is_masked_whatever_the_record_holds(sent: str) -> None:
    item = scenario("success")
    assert item.join is not None
    exchanges = tuple(
        replace(one, request=replace(one.request, headers=(("Authorization", sent),)))
        if one.step is Step.JOIN and isinstance(one.request, HttpRequestRecord)
        else one
        for one in item.join.exchanges
    )

    told = windows_events(replace(item, join=replace(item.join, exchanges=exchanges)))

    (event,) = (event for event in told if event.id == 103)
    assert sent.partition(" ")[2] not in repr(told)
    assert dict(event.data)["AuthToken"].startswith("[masked")
    assert dict(one("success", 103).data)["AuthToken"].startswith("[masked")
    assert dict(one("refused-fallback-succeeds", 103).data)["AuthToken"] == ""


def test_a_registration_that_nobody_answered_is_one_that_could_not_be_sent() -> None:
    item = scenario("join-refused")
    assert item.join is not None
    exchanges = tuple(
        replace(one, reply=Breakdown(kind="reset", message="gone")) if one.step is Step.JOIN else one
        for one in item.join.exchanges
    )

    told = admin(replace(item, join=replace(item.join, exchanges=exchanges)))

    assert [event.id for event in told][-3:] == [102, 203, 304]


def test_where_windows_own_pre_checks_end_it_nothing_else_is_logged() -> None:
    bend = NO_CONTROLLER

    (event,) = windows_events(scenario("no-scp", bend))

    assert (event.id, event.level, event.certainty, event.source) == (
        334,
        EventLevel.WARNING,
        bend.certainty,
        bend.source,
    )


def test_what_did_not_happen_is_not_logged() -> None:
    item = scenario("success")
    assert item.join is not None

    assert windows_events(replace(item, join=None)) == ()
    assert windows_events(replace(item, join=replace(item.join, exchanges=()))) == ()


def test_a_record_that_lacks_what_is_read_is_told_with_what_it_has() -> None:
    item = scenario("refused-no-fallback")
    assert item.join is not None
    broken = tuple(
        replace(one, reply=replace(one.reply, body="<html>")) if isinstance(one.reply, HttpReplyRecord) else one
        for one in item.join.exchanges
    )

    told = admin(replace(item, join=replace(item.join, exchanges=broken, circumstances=None, debug_screen=())))

    assert [event.id for event in told] == [100, 101, 305, 304]
    assert dict(told[-1].data)["TenantType"] == "undefined"


def test_a_value_that_no_event_could_hold_is_cut_and_says_so() -> None:
    item = scenario("success")
    assert item.join is not None
    large = tuple(
        replace(one, reply=replace(one.reply, body="x" * 100_000))
        if one.step is Step.DISCOVER and isinstance(one.reply, HttpReplyRecord)
        else one
        for one in item.join.exchanges
    )

    (event,) = (event for event in admin(replace(item, join=replace(item.join, exchanges=large))) if event.id == 101)

    assert dict(event.data)["ServerMessage"] == "x" * LIMIT_VALUE + "… (100000 characters)"


def test_of_an_answer_of_which_both_ends_are_kept_the_beginning_is_told() -> None:
    item = scenario("success")
    assert item.join is not None
    kept = excerpt(b"beginning" + b"x" * KEPT_OCTETS + b"end")
    large = tuple(
        replace(one, reply=replace(one.reply, body=kept)) if isinstance(one.reply, HttpReplyRecord) else one
        for one in item.join.exchanges
    )

    (event,) = (event for event in admin(replace(item, join=replace(item.join, exchanges=large))) if event.id == 101)

    assert dict(event.data)["ServerMessage"].startswith("beginning")


def test_codes_are_signed_in_the_data_and_words_in_the_text() -> None:
    assert [signed(code) for code in ("0xcaa20003", "0x00000001", "")] == ["-895352829", "1", ""]
    assert code_words("0x801c001d") == "Unknown HResult Error code: 0x801c001d"
    assert code_words("0x80070002") == "0x80070002"


@pytest.mark.parametrize(
    ("answers", "number", "error"),
    [
        ({Step.RST: documents.fault()}, 1088, "FailedAuthentication"),
        ({Step.TOKEN: documents.answer({"error": "invalid_grant", "error_description": "AADSTS50020: no"}, 400)}, 1081,
         "invalid_grant"),
        ({}, None, ""),
    ],
    ids=["fault", "refusal", "success"],
)  # fmt: skip
def test_a_sign_in_that_is_refused_leaves_an_event_of_aad(
    answers: Mapping[Step, HttpReply | HarnessError], number: int | None, error: str
) -> None:
    events = windows_events(scenario_of(sign_in_record(answers)))

    assert [event.id for event in events] == ([number] if number else [])
    for event in events:
        assert event.channel == "Microsoft-Windows-AAD/Operational"
        assert event.certainty is Certainty.ASSUMED
        assert dict(event.data)["Error"] == error
        assert tuple(name for name, _ in event.data) == MANIFEST[event.provider.name, event.id]


def test_a_tenant_that_the_registry_names_is_the_domain() -> None:
    habits = Habits(client_side_scp=("contoso.example", "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"))

    told = admin(scenario_of(played({}, habits)))

    assert [event.id for event in told] == [331, 100, 101, 102, 103, 104, 105, 106, 306]
    assert dict(told[3].data)["Domain"] == "contoso.example"


def test_octets_that_no_record_can_hold_are_no_text_and_no_number() -> None:
    item = scenario("success")
    assert item.join is not None
    broken = Octets(base64="?")
    exchanges = tuple(
        replace(one, request=replace(one.request, body=broken), reply=replace(one.reply, body=broken))
        if isinstance(one.request, HttpRequestRecord) and isinstance(one.reply, HttpReplyRecord)
        else one
        for one in item.join.exchanges
    )

    told = {event.id: dict(event.data) for event in admin(replace(item, join=replace(item.join, exchanges=exchanges)))}

    assert told[101] == {"ServerMessage": ""}
    assert told[102]["JoinRequestType"] == ""
    assert told[104]["ServerResponse"] == ""


@pytest.mark.parametrize("step", [Step.RST, Step.TOKEN])
@pytest.mark.parametrize(
    "answer",
    [documents.answer("<html>", kind="text/html"), documents.answer("", 503), DOWN],
    ids=["page", "empty", "nobody"],
)
def test_a_refusal_that_nobody_can_read_leaves_no_event_of_aad(step: Step, answer: HttpReply | HarnessError) -> None:
    assert windows_events(scenario_of(sign_in_record({step: answer}))) == ()
