"""What is legal and rare, and what is broken in one place only."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
import zlib
from datetime import UTC, datetime

import pytest

from hybridjoin.intake.case.objects import computer_of_facts, moment_of_facts, settings_of_facts
from hybridjoin.intake.case.view import FactView
from hybridjoin.intake.files.archive import LIMIT_MEMBERS, LIMIT_UNPACKED, members_of, session_of
from hybridjoin.intake.files.http_message import LIMIT_BODY, inflate, read_http
from hybridjoin.intake.files.keytab_file import keytab_facts
from hybridjoin.intake.files.traces import fiddler_message, flow_messages, har_messages
from tests.intake.files import transcripts as t
from tests.intake.files.field_cases import COMPUTER, SCP, event_xml, okta
from tests.intake.files.reading import case_from, values
from tests.intake.files.test_formats import AD_COMPUTER, format_list
from tests.intake.files.test_wire import keytab, tnet
from tests.protocol.documents import AssertionText, ReplyText

EMPTY = b"PK\x05\x06" + bytes(18)


def view(**files: str | bytes) -> FactView:
    return FactView(case_from(**files).facts)


def test_the_checks_get_settings_computer_and_time_out_of_facts() -> None:
    everything = view(federation_txt=format_list(0), ws_ldf=COMPUTER, join_txt=t.FALLBACK)

    (settings,) = settings_of_facts(everything)
    computer = computer_of_facts(everything)
    assert (settings.domain, settings.preferred_authentication_protocol) == (t.DOMAIN, "wsFed")
    assert computer is not None
    assert (str(computer.object_guid), computer.name, computer.consistency_guid) == (t.DEVICE, "WS-0042", None)
    assert moment_of_facts(everything) == datetime(2025, 7, 10, 17, 22, 14, tzinfo=UTC)


def test_an_anchor_that_powershell_prints_as_octets_is_the_anchor() -> None:
    computer = computer_of_facts(view(ad_txt=AD_COMPUTER))

    assert computer is not None
    assert computer.consistency_guid == computer.object_guid.bytes_le


@pytest.mark.parametrize(
    "text",
    [
        "",
        COMPUTER + "\n" + COMPUTER.replace("WS-0042", "WS-0043"),
        "dn: CN=x\nsAMAccountName: X$\nobjectGUID: no\n",
        f"dn: CN=x\nsAMAccountName: X$\nobjectGUID: {t.DEVICE}\n",
    ],
    ids=["none", "two", "no GUID", "no SID"],
)
def test_a_computer_that_is_not_one_whole_object_is_compared_with_nothing(text: str) -> None:
    assert computer_of_facts(view(ws_ldf=text, join_txt=t.FEDERATED)) is None


def test_no_time_is_told_where_nobody_told_one() -> None:
    assert moment_of_facts(view(ws_ldf=COMPUTER)) is None
    assert moment_of_facts(view(join_txt=t.FEDERATED.replace("Thu, 10 Jul 2025 17:22:14 GMT", "yesterday"))) is None


def test_an_object_and_a_broken_record_between_others() -> None:
    scp = f"DistinguishedName : {SCP}\nkeywords          : {{azureADName:{t.DOMAIN}, azureADId:{t.TENANT}}}\n"
    broken = "dn: CN=a\nno attribute\n\n" + COMPUTER

    assert values(case_from(scp_txt=scp), "scp.id") == [t.TENANT]
    assert values(case_from(a_ldf=broken), "object.object_guid") == [t.DEVICE]
    assert values(case_from(a_ldf="dn: CN=a\nobjectSid:: AAAA\nuserCertificate:: MIIB\n"), "object.certificates") == [
        "1"
    ]


def test_ad_fs_says_what_failed_and_which_claims_it_issued_in_words() -> None:
    claims = "http://schemas.microsoft.com/ws/2012/01/accounttype \nDJ\n"
    text = f"Log Name: Security\nSource: AD FS Auditing\nDate: 1/1/2025\nEvent ID: 500\nDescription:\n{claims}\n"
    failed = event_xml(364, ("", "Encountered error during federation passive request."), provider="AD FS")

    assert values(case_from(a_txt=text), "claim.http://schemas.microsoft.com/ws/2012/01/accounttype") == ["DJ"]
    assert values(case_from(a_xml=failed), "idp.error") == ["Encountered error during federation passive request."]


def test_a_response_without_an_assertion_and_metadata_that_is_none() -> None:
    empty = bytes(ReplyText(tokens=()))
    version_2 = str(AssertionText(version=("2", "0")))

    assert values(case_from(a_xml=empty), "assertion.missing") == ["the response carries no assertion"]
    assert case_from(a_xml=b"<wsdl:definitions").parts == ()
    assert [part.place for part in case_from(a_xml=version_2.encode()).parts] == ["a.xml:1"]


def test_bodies_of_http_are_unpacked_within_bounds() -> None:
    bare = zlib.compressobj(wbits=-15)
    deflated = bare.compress(b"<x/>") + bare.flush()

    assert inflate(gzip.compress(b"<x/>"), 100) == inflate(zlib.compress(b"<x/>"), 100) == b"<x/>"
    assert inflate(deflated, 100) == b"<x/>"
    assert inflate(gzip.compress(bytes(1_000)), 100) is None
    assert inflate(b"\xff\xff\xff", 100) is None
    assert read_http(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")[2] == b""
    assert read_http(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nno gzip")[2] == b""
    assert LIMIT_BODY > 1_000_000


def test_traces_that_are_broken_in_one_place() -> None:
    har = {"log": {"entries": [{"request": {}, "response": {"content": {"text": "a", "encoding": "base64"}}}, 7]}}

    assert [item.response_body for item in har_messages(har, file="a")] == [b"", b""]
    assert list(har_messages({"log": {"entries": "none"}}, file="a")) == []
    assert fiddler_message(b"", b"", file="a") is None
    assert fiddler_message(b"GET https://a/ HTTP/1.1\r\n\r\n", b"", file="a").status == 0  # type: ignore[union-attr]


@pytest.mark.parametrize("body", [b"5:abc", b"x", b"4:true!", b"1:" * 40, b"3:1.5^", b"0:~", tnet({"version": 7})])
def test_what_is_no_flow_yields_none(body: bytes) -> None:
    try:
        found = list(flow_messages(body, file="a"))
    except ValueError:
        found = []

    assert found == []


def test_a_flow_without_an_answer_and_on_a_port_of_its_own() -> None:
    request = {
        "method": b"GET",
        "scheme": b"https",
        "host": "a.example",
        "port": 8443,
        "path": b"/x",
        "headers": [[b"a"]],
    }

    (found,) = flow_messages(tnet({"version": 20, "request": request}), file="a")

    assert (found.url, found.status, found.request_headers) == ("https://a.example:8443/x", 0, ())


def member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.header_offset = 0
    return info


def test_an_archive_has_a_largest_number_and_a_largest_size() -> None:
    archive = zipfile.ZipFile(io.BytesIO(EMPTY))
    for number in range(LIMIT_MEMBERS + 1):
        archive.filelist.append(member(f"{number}.txt"))
    whole = member("big.bin")
    whole.file_size = whole.compress_size = LIMIT_UNPACKED + 1
    large = zipfile.ZipFile(io.BytesIO(EMPTY))
    large.filelist += [member("folder/"), whole]

    assert [item.name for item in members_of(archive) if "members, found more" in item.refused] == [
        f"{LIMIT_MEMBERS}.txt"
    ]
    assert ["octets in all members" in item.refused for item in members_of(large)] == [True]
    assert (session_of("raw/017_s.txt"), session_of("raw/x.txt")) == (("017", "s"), None)


def test_a_keytab_that_was_cut_off_tells_what_is_whole() -> None:
    body = keytab()

    assert len(list(keytab_facts(body, file="a"))) == 2
    assert len(list(keytab_facts(body[:-30], file="a"))) == 1
    assert list(keytab_facts(b"\x05\x02\x00", file="a")) == []


def test_what_everybody_else_does_at_the_idp_leaves_room_for_the_computers() -> None:
    other = {"uuid": "1", "published": "x", "eventType": "user.session.start", "outcome": {"result": "SUCCESS"}}
    ping = {"id": "a", "recordedAt": "x", "action": {"type": "USER.UPDATED"}, "result": {"status": "SUCCESS"}}

    fine = {"createdDateTime": "x", "correlationId": "y", "resourceDisplayName": "Office", "status": {"errorCode": 0}}

    case = case_from(okta_log=f"{json.dumps(other)}\n" * 3, json_json=json.dumps([ping, fine]), deny_log=okta("DENY"))

    assert {fact.file for fact in case.facts} == {"deny.log"}
    assert case.files[0].note == "JSON lines, in which nothing speaks of a join"


def test_lines_of_json_that_are_none_are_passed_over() -> None:
    good = json.dumps({"error": "invalid_grant", "error_description": "AADSTS50107: x", "correlation_id": "1"})

    case = case_from(a_log=f'{good}\n{{"broken\nplain\n{good}\n')

    assert values(case, "attempt.aadsts") == ["AADSTS50107"]


def test_a_dword_that_is_none_and_a_switch_in_hexadecimal() -> None:
    key = "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\CDJ\n"

    assert values(case_from(a_txt=f"{key}    FallbackToSyncJoin    REG_DWORD    0x1\n"), "client.fallback") == [
        "ENABLED"
    ]
    assert values(case_from(a_txt=f"{key}    FallbackToSyncJoin    REG_SZ    perhaps\n"), "client.fallback") == [
        "perhaps"
    ]


def test_an_spn_that_nobody_has() -> None:
    asked = (
        "PS C:\\> setspn -Q HTTP/sts.fabrikam.example\nChecking domain DC=fabrikam,DC=example\n\nNo such SPN found.\n"
    )

    assert values(case_from(a_txt=asked), "spn.missing") == ["No such SPN found."]


def test_tickets_that_could_not_be_had() -> None:
    text = (
        "Error calling API LsaCallAuthenticationPackage (GetTicket substatus): 0x80090303\n\n"
        "klist failed with 0x80090303/-1\n"
    )

    assert values(case_from(a_txt=text), "tickets.error") == ["0x80090303"]
