"""The screens of dsregcmd, as they come and as people spoil them."""

from __future__ import annotations

import html
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from hybridjoin.intake.case.case import CustomerCase
from tests.intake.files import transcripts as t
from tests.intake.files.reading import answers, case_from, line_of, remark_ids, values

PAGES = os.environ.get("HYBRIDJOIN_VENDOR_PAGES", "")  # a folder of vendors' own pages, which are not ours to keep

# What each transcript says: key -> the values, each once.
FEDERATED_FACTS = {
    "attempt.client_request_id": [t.JOINED_REQUEST],
    "directory.domain": [t.DOMAIN],
    "directory.forest": [t.DOMAIN],
    "directory.domain_controller": [f"FAB-DC01.{t.DOMAIN}"],
    "attempt.pre_check": ["Join"],
    "attempt.dc_available": ["YES"],
    "attempt.as_system": ["YES"],
    "attempt.pre_check_code": ["0x0"],
    "realm.type": ["Federated"],
    "attempt.auto_join": ["1"],
    "tenant.id": [t.TENANT],
    "tenant.name": [t.DOMAIN],
    "attempt.token_for": ["ADRS"],
    "attempt.auth_code_url": [f"https://login.microsoftonline.com/{t.TENANT}/oauth2/authorize"],
    "attempt.authority": ["https://login.microsoftonline.com/common"],
    "attempt.applies_to": ["urn:federation:MicrosoftOnline"],
    "attempt.token_http_status": ["200"],
    "attempt.join_request_id": [t.JOINED_REQUEST],
    "attempt.join_time": ["Thu, 10 Jul 2025 17:22:14 GMT"],
    "attempt.join_http_status": ["200"],
    "attempt.hresult": [],
    "attempt.aadsts": [],
    "device.joined": ["YES"],
    "device.id": [t.DEVICE],
    "device.thumbprint": [t.THUMBPRINT],
    "device.auth_status": ["SUCCESS"],
    "field.after /join/KeyProvider": ["Microsoft Software Key Storage Provider"],
    "field.after /join/MdmUrl": [""],
}
FALLBACK_FACTS = {
    **FEDERATED_FACTS,
    "attempt.client_request_id": [t.FAILED_REQUEST],
    "attempt.token_http_status": ["400"],
    "attempt.join_request_id": [t.SYNC_REQUEST],
    "attempt.hresult": ["0xcaa20003", "0xcaa90006", "0xcaa1000e"],
    "attempt.aadsts": ["AADSTS51004"],
    "attempt.error": ["invalid_grant"],
    "attempt.entra_trace_id": [t.TRACE],
    "attempt.entra_correlation_id": [t.FAILED_REQUEST],
    "attempt.entra_timestamp": ["2025-07-09 02:14:21Z"],
    "attempt.adal_code": ["0xcaa1000e"],
    "attempt.adal_correlation_id": [t.FAILED_REQUEST],
    "attempt.inner_code": ["0xcaa20003"],
    "attempt.federated_failed": ["0xcaa1000e"],
    "attempt.federated_failed_at": ["ADRS"],
}


def found(case: CustomerCase, wanted: dict[str, list[str]]) -> dict[str, list[str]]:
    return {key: values(case, key) for key in wanted}


@pytest.mark.parametrize(
    ("text", "facts", "road"),
    [(t.FEDERATED, FEDERATED_FACTS, "by federation"), (t.FALLBACK, FALLBACK_FACTS, "by fallback")],
    ids=["federated", "fallback"],
)
def test_a_transcript_has_these_facts(text: str, facts: dict[str, list[str]], road: str) -> None:
    case = case_from(join_txt=text)

    assert found(case, facts) == facts
    assert answers(case, "road") == [road]
    assert case.files[0].formats == ("dsregcmd /join /debug",)


def test_a_screen_replays_its_log_and_a_fact_counts_once_at_its_first_line() -> None:
    case = case_from(join_txt=t.FALLBACK)

    refusal = [fact for fact in case.facts if fact.key == "attempt.aadsts"]
    assert [(fact.line, fact.times) for fact in refusal] == [(line_of(t.FALLBACK, "AADSTS51004"), 4)]
    log = [fact.value for fact in case.facts if fact.key == "attempt.log"]
    assert len(log) == len(set(log)) == 18


def test_a_status_keeps_every_field_of_every_section() -> None:
    case = case_from(status_txt=t.STATUS)

    fields = {fact.name: fact.value for fact in case.facts if fact.about == "field"}
    assert len(fields) == sum(" : " in line or line.endswith(" :") for line in t.STATUS.splitlines())
    assert fields["Work Account 1/NgcSet"] == "YES"
    assert fields["Work Account 2/NgcSet"] == fields["User State/NgcSet"] == "NO"
    assert fields["Diagnostic Data/A Field Of Tomorrow"] == "some: thing"
    assert values(case, "device.name") == [f"WS-0042.{t.DOMAIN}"]
    assert {fact.strength for fact in case.facts if fact.key == "tenant.id"} == {"suggests"}
    assert answers(case, "road") == ["undecided"]
    assert "joined-proves-neither" in remark_ids(case)


def wrapped(width: int) -> Callable[[str], bytes]:
    def cut(text: str) -> bytes:
        rows = [row for line in text.split("\n") for row in _rows(line, width)]
        return "\r\n".join(row.rstrip() for row in rows).encode()

    return cut


def _rows(line: str, width: int) -> list[str]:
    return [line[at : at + width] for at in range(0, len(line), width)] or [""]


def pasted(text: str) -> bytes:
    return "\n\n".join(f"> {html.escape(line)}  " for line in text.split("\n")).encode()


def transcript(text: str) -> bytes:
    stars = "*" * 22
    banner = (
        f"{stars}\nWindows PowerShell transcript start\nStart time: 20250710172200\nUsername: FABRIKAM\\a\n{stars}\n"
    )
    return b"\xef\xbb\xbf" + f"{banner}{text}{stars}\nWindows PowerShell transcript end\n{stars}\n".encode()


def glued(text: str) -> bytes:
    head, mark, tail = text.partition("DSREGCMD_END_STATUS")
    return b"\xff\xfe" + head.replace("\n", "\r\n").encode("utf-16-le") + (mark + tail).encode("cp1252")


def coloured(text: str) -> bytes:
    return text.replace("AdalLog", "\x1b[33mAdalLog\x1b[0m").encode()


SPOILT: dict[str, Callable[[str], bytes]] = {
    "wrapped at 80": wrapped(80),
    "wrapped at 120": wrapped(120),
    "UTF-16LE with mark": lambda text: b"\xff\xfe" + text.replace("\n", "\r\n").encode("utf-16-le"),
    "UTF-16LE without mark": lambda text: text.replace("\n", "\r\n").encode("utf-16-le"),
    "UTF-16BE": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "two encodings in one file": glued,
    "quoted and escaped": pasted,
    "Start-Transcript": transcript,
    "terminal colours": coloured,
    "no-break spaces": lambda text: text.replace(" : ", "\u00a0: ").encode(),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
@pytest.mark.parametrize(
    ("text", "facts", "road"),
    [(t.FEDERATED, FEDERATED_FACTS, "by federation"), (t.FALLBACK, FALLBACK_FACTS, "by fallback")],
    ids=["federated", "fallback"],
)
def test_what_people_do_to_a_transcript_changes_no_fact(
    spoil: Callable[[str], bytes], text: str, facts: dict[str, list[str]], road: str
) -> None:
    case = case_from(join_txt=spoil(text))

    assert found(case, facts) == facts
    assert answers(case, "road") == [road]


def test_a_transcript_that_stops_early_says_so_and_decides_nothing_about_the_road() -> None:
    text = t.FALLBACK.partition("Join request ID")[0]

    case = case_from(join_txt=text)

    assert values(case, "attempt.inner_code") == ["0xcaa20003"]
    assert answers(case, "road") == ["undecided"]
    assert answers(case, "codes") == ["AADSTS51004, 0xcaa20003"]
    assert "screen-cut-short" in remark_ids(case)


OLDER = f"""\
dsregcmd::wmain logging initialized.
DsrCmdAccountMgr::IsDomainControllerAvailable: DsGetDcName success {{ domain:{t.DOMAIN} forest:{t.DOMAIN} \
domainController:\\\\FAB-DC01.{t.DOMAIN} isDcAvailable:true }}
preCheckResult: Join
isPrivateKeyFound: undefined
isJoined: undefined
isDcAvailable: YES
isSystem: YES
keyProvider: undefined
keyContainer: undefined
dsrInstance: undefined
elapsedSeconds: 1
resultCode: 0x0
Automatic device join pre-check tasks completed.
{t.tenant_info()}\
GetComputerTokenForADRS: Get token for ADRS
LogFatalAuthError: AdalMessage: ADALUseWindowsAuthenticationTenant failed,  unable to preform integrated auth
AdalErrorCode: 0xcaa9002c
AdalCorrelationId: {{{t.FAILED_REQUEST.upper()}}}
AdalLog:  HRESULT: 0xcaa9002c
AdalLog: AggregatedTokenRequest::UseWindowsIntegratedAuth w Tenant ; HRESULT: 0x0
AutoEnrollAsComputer: Unable to retrieve access token. GetComputerTokenForADRS failed with error 0xcaa9002c.
DsrCmdJoinHelper::Join: Federated ADRS join failed with error 0xcaa1000e.
DSREGCMD_END_STATUS
             AzureAdJoined : NO
          EnterpriseJoined : NO
DeleteFileW returned 0x00000001.
"""


def test_an_older_build_prints_no_request_id_and_is_read_all_the_same() -> None:
    case = case_from(old_txt=OLDER)

    assert values(case, "attempt.device_keys") == ["undefined"]
    assert values(case, "attempt.fatal") == [
        "ADALUseWindowsAuthenticationTenant failed,  unable to preform integrated auth"
    ]
    assert [item.of for item in case.conclusions] == [t.FAILED_REQUEST] * 3
    assert answers(case, "road") == ["not joined"]
    assert answers(case, "phase") == ["auth"]
    assert answers(case, "codes") == ["0xcaa9002c"]
    assert {item.id for item in case.wanted} == {"federation", "mex", "proxy"}


def test_two_runs_in_one_file_are_two_attempts() -> None:
    case = case_from(both_txt=t.FALLBACK + t.FEDERATED)

    assert answers(case, "road") == ["by fallback", "by federation"]
    assert case.contradictions == ()


def test_a_screen_and_a_status_and_settings_may_stand_in_one_paste() -> None:
    settings = (
        "PS C:\\> Get-MgDomainFederationConfiguration -DomainId fabrikam.example | Format-List\n\nIssuerUri : urn:x\n"
    )

    case = case_from(paste_txt=t.FEDERATED + t.STATUS + settings + t.FALLBACK)

    assert case.files[0].formats == ("dsregcmd /join /debug", "dsregcmd /status", "federation settings")
    assert values(case, "federation.issuer_uri") == ["urn:x"]
    assert answers(case, "road") == ["by federation", "by fallback"]


@pytest.mark.skipif(not PAGES, reason="HYBRIDJOIN_VENDOR_PAGES names no folder of vendors' pages")
def test_the_three_transcripts_of_the_vendor_are_read_out_of_its_whole_page() -> None:
    (page,) = Path(PAGES).glob("001_*")

    case = case_from(page_txt=page.read_bytes())

    assert answers(case, "road") == ["by federation", "by fallback"]
    assert answers(case, "phase") == ["auth"]
    assert answers(case, "codes") == ["AADSTS51004, 0xcaa20003"]
    assert {"fallback-hides", "claims-suspect"} <= remark_ids(case)
    sections = {fact.name.partition("/")[0] for fact in case.facts if fact.about == "field"}
    assert len(sections - {"after "}) == 9


FIRST_GENERATION = """\
+----------------------------------------------------------------------+
| Device State                                                         |
+----------------------------------------------------------------------+

    AzureAdJoined: YES
 EnterpriseJoined: NO
         DeviceId: c7a9d3f4-6b21-4f58-8e0d-93b5a1e27c46
   dmComplianceUrl:
     KeySignTest: : MUST Run elevated to test.
     DomainJoined: YES
       DomainName: FABRIKAM
"""


def test_the_first_generation_of_status_has_one_box_and_no_blank_before_the_colon() -> None:
    case = case_from(status_txt=FIRST_GENERATION)

    assert values(case, "device.joined") == ["YES"]
    assert values(case, "device.id") == [t.DEVICE]
    assert values(case, "directory.netbios") == ["FABRIKAM"]
    assert values(case, "field.Device State/KeySignTest") == [": MUST Run elevated to test."]
    assert values(case, "field.Device State/dmComplianceUrl") == [""]


def test_a_forum_writes_an_equals_sign_and_leaves_the_boxes_out() -> None:
    case = case_from(post_txt="AzureAdJoined = YES\nDomainName = FABRIKAM\nDeviceAuthStatus = SUCCESS\n")

    assert values(case, "device.joined") == ["YES"]
    assert values(case, "device.auth_status") == ["SUCCESS"]
