"""Messages of the wire, saved bare or wrapped, and the traces that hold them."""

# ruff: noqa: E501 - evidence is as wide as it is

from __future__ import annotations

import base64
import gzip
import io
import json
import zipfile
from urllib.parse import quote

import pytest

from hybridjoin.intake.case.case import CustomerCase
from hybridjoin.intake.files.part import PartKind
from tests.intake.files import transcripts as t
from tests.intake.files.reading import case_from, values
from tests.protocol.documents import ISSUER, AssertionText, ReplyText, fault_12, sign
from tests.protocol.metadata import metadata

MEX = metadata()
ASSERTION = sign(str(AssertionText())).encode()
RSTR = bytes(ReplyText(tokens=(ASSERTION.decode(),)))
RST = (
    b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing"><s:Header>'
    b"<a:To>https://sts.fabrikam.example/13/windowstransport</a:To></s:Header><s:Body>"
    b'<t:RequestSecurityToken xmlns:t="http://docs.oasis-open.org/ws-sx/ws-trust/200512"/></s:Body></s:Envelope>'
)
SAVED = {
    "metadata": (MEX, PartKind.MEX),
    "metadata in UTF-16": (b"\xff\xfe" + MEX.decode().encode("utf-16-le"), PartKind.MEX),
    "metadata in gzip": (gzip.compress(MEX), PartKind.MEX),
    "a token response": (RSTR, PartKind.TOKEN),
    "an assertion": (ASSERTION, PartKind.TOKEN),
    "an assertion in base64": (base64.b64encode(ASSERTION), PartKind.TOKEN),
    "an assertion in a form": (
        b"grant_type=x&assertion=" + quote(base64.b64encode(ASSERTION).decode(), safe="").encode(),
        PartKind.TOKEN,
    ),
    "a fault": (fault_12(), PartKind.FAULT),
    "a token request": (RST, PartKind.REQUEST),
}


@pytest.mark.parametrize(("body", "kind"), SAVED.values(), ids=SAVED)
def test_a_saved_message_is_recognised_and_kept(body: bytes, kind: PartKind) -> None:
    case = case_from(saved_bin=body)

    assert [part.kind for part in case.parts] == [kind]


def test_what_a_message_says_is_a_fact() -> None:
    case = case_from(rstr_xml=RSTR, mex_xml=MEX, fault_xml=fault_12(), rst_xml=RST)

    assert values(case, "assertion.issuer") == [ISSUER]
    assert values(case, "claim.http://schemas.microsoft.com/ws/2012/01/accounttype") == ["DJ"]
    assert values(case, "mex.chosen")[0].startswith("https://")
    assert values(case, "idp.fault") == ["FailedAuthentication"]
    assert values(case, "rst.sent") == ["https://sts.fabrikam.example/13/windowstransport"]


def test_a_message_between_other_lines_keeps_its_line() -> None:
    case = case_from(paste_txt=b"PS C:\\> type rstr.xml\n\n" + RSTR + b"\n\nPS C:\\> \n")

    assert [part.kind for part in case.parts] == [PartKind.TOKEN]


REALM = json.dumps({"account_type": "Federated", "domain_name": t.DOMAIN, "federation_protocol": "WSTrust",
                    "federation_metadata_url": "https://sts.fabrikam.example/mex"})  # fmt: skip
REFUSED = json.dumps({"error": "invalid_grant", "error_description": f"AADSTS50107: no realm. Correlation ID: {t.FAILED_REQUEST}",
                      "correlation_id": t.FAILED_REQUEST})  # fmt: skip
# url, request body, status, response body
EXCHANGES = (
    ("https://login.microsoftonline.com/common/userrealm/x", b"", 200, REALM.encode()),
    ("https://sts.fabrikam.example/mex", b"", 200, MEX),
    ("https://sts.fabrikam.example/13/windowstransport", RST, 401, b""),
    ("https://sts.fabrikam.example/13/windowstransport", RST, 200, RSTR),
    ("https://login.microsoftonline.com/common/oauth2/token", b"", 400, REFUSED.encode()),
)
SECRET = "Negotiate YIIGhgYJKoZIhvcSAQICAQBuggZ1MIIGcaADAgEF"


def har() -> bytes:
    entries = [
        {
            "startedDateTime": "2025-07-09T02:14:21.000Z",
            "request": {"method": "POST", "url": url, "headers": [{"name": "Authorization", "value": SECRET}],
                        "postData": {"mimeType": "application/soap+xml", "text": asked.decode()}},
            "response": {"status": status, "headers": [{"name": "WWW-Authenticate", "value": "Negotiate"}],
                         "content": {"text": base64.b64encode(told).decode(), "encoding": "base64"}},
        }
        for url, asked, status, told in EXCHANGES
    ]  # fmt: skip
    return b"\xef\xbb\xbf" + json.dumps({"log": {"version": "1.2", "entries": entries}}).encode()


def http(first: str, body: bytes, *, packed: bool = False) -> bytes:
    octets = gzip.compress(body) if packed else body
    framed = b"%x\r\n%b\r\n0\r\n\r\n" % (len(octets), octets) if octets else b""
    head = f"{first}\r\nTransfer-Encoding: chunked\r\nWWW-Authenticate: Negotiate\r\n"
    head += "Content-Encoding: gzip\r\n" if packed else ""
    return f"{head}Authorization: {SECRET}\r\n\r\n".encode() + framed


def saz(*extra: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "raw/00_c.txt", b"CONNECT sts.fabrikam.example:443 HTTP/1.1\r\n\r\nA SSLv3-compatible ClientHello"
        )
        archive.writestr("raw/00_s.txt", b"HTTP/1.1 200 Connection Established\r\n\r\n")
        for number, (url, asked, status, told) in enumerate(EXCHANGES, start=1):
            archive.writestr(f"raw/{number:02}_c.txt", http(f"POST {url} HTTP/1.1", asked))
            archive.writestr(f"raw/{number:02}_s.txt", http(f"HTTP/1.1 {status} Words", told, packed=True))
            archive.writestr(f"raw/{number:02}_m.xml", "<Session/>")
        for name, body in extra:
            archive.writestr(name, body)
    return target.getvalue()


def tnet(value: object) -> bytes:
    if isinstance(value, dict):
        body, kind = b"".join(tnet(name.encode()) + tnet(item) for name, item in value.items()), b"}"
    elif isinstance(value, list):
        body, kind = b"".join(map(tnet, value)), b"]"
    elif isinstance(value, bytes):
        body, kind = value, b","
    elif isinstance(value, int):
        body, kind = str(value).encode(), b"#"
    else:
        body, kind = str(value).encode(), b";"
    return b"%d:%b%b" % (len(body), body, kind)


def flows() -> bytes:
    found = b""
    for url, asked, status, told in EXCHANGES:
        host, _, path = url.removeprefix("https://").partition("/")
        request = {
            "method": b"POST",
            "scheme": b"https",
            "host": host,
            "port": 443,
            "path": f"/{path}".encode(),
            "headers": [[b"Authorization", SECRET.encode()]],
            "content": asked,
        }
        response = {"status_code": status, "headers": [[b"WWW-Authenticate", b"Negotiate"]], "content": told}
        found += tnet({"version": 20, "type": "http", "request": request, "response": response})  # fmt: skip
    return found


TRACES = {"HAR": har(), "Fiddler archive": saz(), "mitmproxy flows": flows()}


@pytest.mark.parametrize(("name", "body"), TRACES.items(), ids=TRACES)
def test_a_trace_has_the_messages_and_the_facts_of_its_exchanges(name: str, body: bytes) -> None:
    case = case_from(trace_bin=body)

    assert name in case.files[-1].formats
    assert [part.kind.value for part in case.parts] == ["mex", "request", "request", "token"]
    assert values(case, "http.status") == ["200", "401", "400"]
    assert values(case, "http.asks_for") == ["Negotiate"]
    assert values(case, "realm.type") == ["Federated"]
    assert values(case, "federation.metadata_exchange_uri") == ["https://sts.fabrikam.example/mex"]
    assert values(case, "attempt.aadsts") == ["AADSTS50107"]
    assert values(case, "assertion.issuer") == [ISSUER]
    assert "YIIGhgYJKoZIhvc" not in repr(case.facts)


def keytab() -> bytes:
    def counted(text: bytes) -> bytes:
        return len(text).to_bytes(2, "big") + text

    def entry(etype: int, key: bytes) -> bytes:
        names = counted(b"FABRIKAM.EXAMPLE") + counted(b"HTTP") + counted(b"sts.fabrikam.example")
        body = (
            (2).to_bytes(2, "big")
            + names
            + (1).to_bytes(4, "big")
            + bytes(4)
            + b"\x07"
            + etype.to_bytes(2, "big")
            + counted(key)
        )
        return len(body).to_bytes(4, "big") + body

    return b"\x05\x02" + entry(18, b"K" * 32) + (-8).to_bytes(4, "big", signed=True) + bytes(8) + entry(23, b"Q" * 16)


def test_a_keytab_tells_everything_but_its_keys() -> None:
    case = case_from(pf_keytab=keytab())

    assert [(fact.of, fact.value) for fact in case.facts] == [
        ("HTTP/sts.fabrikam.example@FABRIKAM.EXAMPLE", "kvno 7 aes256"),
        ("HTTP/sts.fabrikam.example@FABRIKAM.EXAMPLE", "kvno 7 rc4"),
    ]
    assert "KKKK" not in repr(case)
    assert "QQQQ" not in repr(case)


def all_of(case: CustomerCase) -> set[tuple[str, str]]:
    return {(fact.key, fact.value) for fact in case.facts}


def test_an_archive_of_evidence_says_what_its_files_say() -> None:
    plain = case_from(join_txt=t.FALLBACK, status_txt=t.STATUS)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("authlogs\\Dsregcmddebug.txt", t.FALLBACK)
        archive.writestr("authlogs\\PreTraceLogs\\DsRegCmdStatus.txt", t.STATUS)

    packed = case_from(auth_zip=target.getvalue())

    assert all_of(packed) == all_of(plain)
    assert packed.conclusions[0].because[0].file == "auth.zip!authlogs/Dsregcmddebug.txt"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://sts.fabrikam.example/mex", True),
        ("https://idp.fabrikam.example/adfs/services/trust/13/usernamemixed", True),
        ("https://sts.fabrikam.example/adfs/ls/?wa=wsignin1.0&wtrealm=urn:federation:MicrosoftOnline", False),
        ("https://sts.fabrikam.example/adfs/ls/", False),
        ("https://idp.fabrikam.example/idp/sts?wa=wsignin1.0", False),
    ],
)
def test_a_page_stands_in_a_messages_place_only_where_a_program_asked(url: str, told: bool) -> None:
    entry = {
        "request": {"method": "GET", "url": url},
        "response": {"status": 200, "content": {"text": "<!DOCTYPE html><html><title>Sign in</title></html>"}},
    }

    case = case_from(trace_har=json.dumps({"log": {"entries": [entry]}}))

    assert bool(values(case, "network.html_instead")) is told
