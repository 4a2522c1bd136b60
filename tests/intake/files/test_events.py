"""One event in the shapes in which it is exported: the facts are the same."""

# ruff: noqa: E501 - evidence is as wide as it is

from __future__ import annotations

import csv
import io
from xml.sax.saxutils import escape

import pytest

from tests.intake.files import transcripts as t
from tests.intake.files.field_cases import event_text, event_xml
from tests.intake.files.reading import answers, case_from, values

OUTPUT = (
    "joinMode: Join\ndrsInstance: azure\nregistrationType: fed\ntenantType: Federated\n"
    f"tenantId: {t.TENANT}\nconfigLocation: undefined\nerrorPhase: auth\nadalCorrelationId: {{{t.FAILED_REQUEST.upper()}}}\n"
    "adalLog:\nAdalLog:  HRESULT: 0xcaa90006\nAdalLog:  HRESULT: 0xcaa20003\n\nadalResponseCode: 0xcaa20003"
)
SERVER = f"AdalErrorCode: 0xcaa20003\nAdalCorrelationId: {{{t.FAILED_REQUEST.upper()}}}"
MESSAGE = (
    f"Automatic registration failed at join phase. \nExit code: Unknown HResult Error code: 0xcaa1000e \nServer error: {SERVER} \n"
    f"Tenant type: Federated \nRegistration type: fed \nDebug Output: \n{OUTPUT}"
)
SOURCE = "Microsoft-Windows-User Device Registration"


def rows_csv(*names: str) -> str:
    target = io.StringIO()
    target.write(",".join(names) + "\r\n")
    csv.writer(target).writerow(["Error", "9/6/2021 10:11:12 AM", SOURCE, "304", "None", MESSAGE])
    return target.getvalue()


def listed(*, indent: int = 16) -> str:
    head, *rest = MESSAGE.split("\n")
    body = "\n".join([head, *(" " * indent + line for line in rest)])
    return f"\n\nTimeCreated  : 9/6/2021 10:11:12 AM\nProviderName : {SOURCE}\nId           : 304\nMessage      : {body}\n\n"


def copied() -> str:
    return (
        f"Log Name:      {SOURCE}/Admin\nSource:        {SOURCE}\nDate:          9/6/2021 10:11:12 AM\n"
        f"Event ID:      304\nTask Category: None\nLevel:         Error\nKeywords:      \nUser:          SYSTEM\n"
        f"Computer:      WS-0042.{t.DOMAIN}\nDescription:\n{MESSAGE}\n"
    )


NAMED = event_xml(
    304,
    ("ExitCode", "-895418354"),
    ("ServerErrorMessage", escape(SERVER)),
    ("TenantType", "Federated"),
    ("JoinType", "fed"),
    ("DebugOutput", escape(OUTPUT)),
)
SHAPES = {
    "wevtutil text": event_text(304, MESSAGE),
    "XML, one a line": NAMED,
    "XML with a root": f"<?xml version='1.0' encoding='utf-8'?>\n<Events>\n{NAMED}</Events>\n",
    "XML without names": event_xml(
        304, ("", "-895418354"), ("", SERVER), ("", "Federated"), ("", "fed"), ("", escape(OUTPUT))
    ),
    "XML over several lines": NAMED.replace("><", ">\n<"),
    "Event Viewer's CSV": rows_csv("Level", "Date and Time", "Source", "Event ID", "Task Category"),
    "Get-WinEvent as a list": listed(),
    "Copy as text": copied(),
}


@pytest.mark.parametrize("text", SHAPES.values(), ids=SHAPES)
def test_the_same_event_has_the_same_facts(text: str) -> None:
    case = case_from(events_log=text)

    assert values(case, "attempt.exit_code") == ["0xcaa1000e"]
    assert values(case, "attempt.phase") == ["auth"]
    assert values(case, "attempt.registration_type") == ["fed"]
    assert values(case, "realm.type") == ["Federated"]
    assert values(case, "attempt.hresult") == ["0xcaa90006", "0xcaa20003"]
    assert values(case, "attempt.adal_code") == ["0xcaa20003"]
    assert {fact.of for fact in case.facts if fact.about == "attempt"} == {t.FAILED_REQUEST}
    assert answers(case, "phase") == ["auth"]
    assert answers(case, "road") == ["not joined"]


def test_an_event_and_the_screen_of_the_same_attempt_are_one_attempt() -> None:
    case = case_from(events_log=NAMED, join_txt=t.FALLBACK)

    assert answers(case, "road") == ["by fallback"]
    assert {item.of for item in case.conclusions} == {t.FAILED_REQUEST}


def test_an_insert_that_no_value_came_for_is_no_value() -> None:
    case = case_from(events_log=event_text(305, "Exit code: 0xcaa20003 Tenant Name: %4 Tenant Type: %3 Server error: "))

    assert values(case, "realm.type") == []
    assert values(case, "attempt.exit_code") == ["0xcaa20003"]


def test_events_of_other_providers_are_passed_over_and_a_broken_one_spoils_no_other() -> None:
    other = event_xml(4624, ("ExitCode", "1"), provider="Microsoft-Windows-Security-Auditing")
    broken = NAMED.replace("</EventData>", "</Nothing>")

    case = case_from(events_log=other + broken + NAMED)

    assert values(case, "event.id") == ["User Device Registration 304"]


def test_the_token_of_a_join_request_is_masked() -> None:
    case = case_from(events_log=event_xml(103, ("AuthToken", "a-token-of-no-known-form")))

    assert "a-token-of-no-known-form" not in repr(case.facts)
    assert values(case, "event.103.AuthToken")[0].startswith("[masked")


def test_the_claims_that_left_ad_fs_are_read() -> None:
    claims = (
        ("", "4a6d0f52-33b8-4c0e-9a5e-2f6d1c8b4e70"),
        ("", "http://schemas.microsoft.com/ws/2012/01/accounttype"),
        ("", "DJ"),
        ("", "-"),
        ("", "-"),
    )
    audit = (
        'Activity ID: 4a6d0f52-33b8-4c0e-9a5e-2f6d1c8b4e70 XML: &lt;?xml version="1.0" encoding="utf-16"?&gt;&lt;AuditBase&gt;'
        "&lt;AuditResult&gt;Failure&lt;/AuditResult&gt;&lt;UserId&gt;FABRIKAM\\WS-0042$&lt;/UserId&gt;&lt;/AuditBase&gt;"
    )

    case = case_from(
        events_log=event_xml(500, *claims, provider="AD FS Auditing")
        + event_xml(1203, ("", audit), provider="AD FS Auditing")
    )

    assert values(case, "claim.http://schemas.microsoft.com/ws/2012/01/accounttype") == ["DJ"]
    assert values(case, "idp.audit_UserId") == ["FABRIKAM\\WS-0042$"]
    assert values(case, "idp.audit_AuditResult") == ["Failure"]


def test_a_log_of_one_failure_for_days_tells_it_once_with_its_number() -> None:
    case = case_from(events_log=event_text(307, "Exit code: Unknown HResult Error code: 0x801c001d.") * 50)

    assert [(item.question, item.answer, item.times) for item in case.conclusions] == [
        ("road", "not joined", 50),
        ("phase", "discover", 50),
        ("codes", "0x801c001d", 50),
    ]
