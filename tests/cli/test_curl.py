"""`curl`, as a user meets it: the line is run by a real shell and a real curl, and the same request arrives."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hybridjoin.errors import UsageError
from hybridjoin.model.kept_body import KEPT_OCTETS, Excerpt, content, excerpt, octets
from hybridjoin.model.record import RunRecord
from hybridjoin.model.recorded import HttpRequestRecord
from hybridjoin.model.steps import Step
from hybridjoin.report.curl import LONGEST_ARGUMENT, curl_line
from hybridjoin.report.json_report import write_record
from tests.cli.conftest import Run
from tests.report.certification_sample import certified_record
from tests.report.sample import bad_scenario, good_scenario, sample_record

SH = shutil.which("sh") or "sh"


@dataclass
class Heard:
    """What a server got."""

    method: str = ""
    path: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, list[Heard]]]:
    heard: list[Heard] = []

    class Listener(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            headers = [(name, value) for name, value in self.headers.items() if name not in {"Host", "Content-Length"}]
            heard.append(Heard(method=self.command, path=self.path, headers=headers, body=body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST = do_PUT = answer  # noqa: N815 - the names that http.server looks for

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    listener = HTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=listener.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{listener.server_port}", heard
    listener.shutdown()
    thread.join()
    listener.server_close()


def run_line(command: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    clean = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "no_proxy": "*", **variables}
    return subprocess.run([SH], input=command.encode(), capture_output=True, timeout=30, check=False, env=clean)


REQUESTS = {
    "get": HttpRequestRecord(method="GET", url="/a?b=c&d=e%20f", headers=(("Accept", "text/xml"),)),
    "get with brackets": HttpRequestRecord(method="GET", url="/a?b=[1-3]{x,y}"),
    "soap": HttpRequestRecord(
        method="POST",
        url="/sts",
        headers=(("Content-Type", "application/soap+xml; charset=utf-8"), ("Content-Length", "17")),
        body="<a b='c'>\r\n $(id) `id` \"\\\n</a>",
    ),
    "put": HttpRequestRecord(method="PUT", url="/d", headers=(("X-Empty", ""), ("User-Agent", "Dsreg")), body="{}"),
    "empty post": HttpRequestRecord(method="POST", url="/e"),
    "octets": HttpRequestRecord(method="POST", url="/o", body=content(bytes(range(256)))),
    "an at sign": HttpRequestRecord(method="POST", url="/@", body="@/etc/passwd"),
    "long": HttpRequestRecord(method="POST", url="/l", body="é'" * LONGEST_ARGUMENT),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_the_line_sends_the_very_same_request(name: str, server: tuple[str, list[Heard]]) -> None:
    address, heard = server
    request = replace(REQUESTS[name], url=address + REQUESTS[name].url)

    done = run_line(curl_line(request, place="x").command)

    assert done.returncode == 0, done.stderr
    got = heard[-1]
    assert (got.method, got.path) == (request.method, REQUESTS[name].url)
    assert not isinstance(request.body, Excerpt)
    assert got.body == octets(request.body)
    said = [pair for pair in request.headers if pair[0] != "Content-Length"]
    posted = [("Content-Type", "application/x-www-form-urlencoded")]  # curl's own, where nothing was said
    assert [pair for pair in got.headers if pair not in posted or pair in said] == said


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(min_size=1, max_size=60),
    value=st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S"])),
)
def test_no_body_and_no_header_gets_out_of_its_quotes(server: tuple[str, list[Heard]], body: bytes, value: str) -> None:
    address, heard = server
    headers = (("X-Value", value),) if value and "[masked" not in value else ()
    request = HttpRequestRecord(method="POST", url=f"{address}/", headers=headers, body=content(body))

    done = run_line(curl_line(request, place="x").command)

    assert done.returncode == 0, done.stderr
    assert heard[-1].body == body
    assert [pair for pair in heard[-1].headers if pair[0] == "X-Value"] == list(headers)


def test_a_masked_value_is_left_to_a_variable_of_the_shell(server: tuple[str, list[Heard]]) -> None:
    address, heard = server
    headers = (("Authorization", "Bearer [masked 1204 characters]"), ("Cookie", "[masked 3 characters]"))
    line = curl_line(HttpRequestRecord(method="GET", url=f"{address}/", headers=headers), place="x")

    without = run_line(line.command)
    done = run_line(line.command, AUTHORIZATION="my token", COOKIE="a=b")

    assert without.returncode != 0
    assert done.returncode == 0
    assert dict(heard[-1].headers) == {"Authorization": "Bearer my token", "Cookie": "a=b"}
    assert [remark.partition(":")[0] for remark in line.remarks] == [
        "the value of Authorization was masked", "the value of Cookie was masked",
    ]  # fmt: skip


def test_a_ticket_is_shown_anew_and_a_probes_own_token_as_it_was() -> None:
    headers = (("Authorization", "Negotiate [masked 44 bytes]"),)
    request = HttpRequestRecord(method="POST", url="https://sts/", headers=headers, body="<rst/>")

    ticket, own = curl_line(request, place="x"), curl_line(request, place="x", token="Z2FyYmFnZQ==")

    assert "--negotiate --user :" in ticket.command
    assert "kinit" in ticket.remarks[0]
    assert "--header 'Authorization: Negotiate Z2FyYmFnZQ=='" in own.command
    assert own.remarks == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"url": "file:///etc/passwd"}, "expected an http or https address"),
        ({"url": "--output /etc/passwd"}, "expected an http or https address"),
        ({"url": "https://x/\x1b[31m"}, "expected an http or https address"),
        ({"method": "GET --output x"}, "expected an HTTP method"),
    ],
)
def test_what_a_record_may_not_hand_to_curl_is_refused(change: dict[str, str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        curl_line(replace(HttpRequestRecord(method="GET", url="https://x/"), **change), place="x")  # type: ignore[arg-type]


def test_a_header_that_is_none_is_left_out_and_said() -> None:
    headers = (("@/etc/passwd", "x"), ("X-Odd", "a\nb"))
    line = curl_line(HttpRequestRecord(method="GET", url="https://x/", headers=headers), place="x")

    assert "passwd" not in line.command
    assert "X-Odd" not in line.command
    assert len(line.remarks) == 2


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return write_record(sample_record(good_scenario(), bad_scenario()), tmp_path)


def test_a_step_of_one_scenario_is_printed_and_its_secrets_are_said_aside(run: Run, record: Path) -> None:
    good = good_scenario().id
    done = run("curl", record, "rst", "--scenario", good)

    assert done.code == 0
    assert done.out.startswith("curl --silent --show-error --include --url https://sts.hybridjoin.test/")
    assert done.err == ""


def test_the_secrets_of_a_body_are_said_on_standard_error(run: Run, tmp_path: Path) -> None:
    done = run("curl", write_record(_with_token(), tmp_path), "token")

    assert done.code == 0
    assert done.err.startswith("# the body lacks a secret")
    assert not any(line.startswith("#") for line in done.out.splitlines())


def _with_token() -> RunRecord:
    scenario = good_scenario()
    assert scenario.join is not None
    xml = b"<a><SignatureValue>[masked 344 characters]</SignatureValue></a>"
    body = urlencode({"grant_type": "x", "assertion": base64.b64encode(xml).decode()})
    exchanges = tuple(
        replace(item, request=HttpRequestRecord(method="POST", url="https://login/", body=body))
        if item.step is Step.TOKEN
        else item
        for item in scenario.join.exchanges
    )
    return sample_record(replace(scenario, join=replace(scenario.join, exchanges=exchanges)))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("rst",), "2 scenarios made the step 'rst' (choose with --scenario: "),
        (("rts",), "nothing in the record is called 'rts' (did you mean 'rst'?)"),
        (("scp", "--scenario", "{good}"), "curl cannot make it (try: ldapsearch -Y GSSAPI -b"),
        (("ticket", "--scenario", "{good}"), "curl cannot make it (try: kvno HTTP/sts.hybridjoin.test)"),
        (("rst", "--scenario", "nobody"), "no scenario of the record is called 'nobody'"),
        (("rst", "--scenario", "{good}", "--number", "2"), "expected at most 1, found 2"),
    ],
    ids=["several", "misspelt", "LDAP", "Kerberos", "no scenario", "no such number"],
)
def test_what_cannot_be_printed_is_a_mistake_with_a_hint(
    run: Run, record: Path, arguments: tuple[str, ...], words: str
) -> None:
    named = [item.format(good=good_scenario().id) for item in arguments]

    done = run("curl", record, *named)

    assert (done.code, done.out) == (2, "")
    assert words in done.err


def test_a_probe_is_called_by_its_name(run: Run, tmp_path: Path) -> None:
    place = write_record(certified_record(), tmp_path)

    asked, skipped = run("curl", place, "rst-wrong-applies-to"), run("curl", place, "rst-dtd")

    assert asked.code == 0
    assert "RequestSecurityToken" in asked.out
    assert (skipped.code, skipped.out) == (2, "")
    assert "the probe rst-dtd was not asked: it is hostile" in skipped.err


def test_the_last_of_several_exchanges_is_meant_unless_another_is_named(run: Run, tmp_path: Path) -> None:
    record = certified_record()
    assert record.certification is not None
    first, *rest = record.certification.probes
    (exchange,) = first.exchanges
    other = replace(exchange, request=HttpRequestRecord(method="GET", url="https://sts/first"))
    twice = replace(first, exchanges=(other, exchange))
    place = write_record(replace(record, certification=replace(record.certification, probes=(twice, *rest))), tmp_path)

    last, one = run("curl", place, first.id), run("curl", place, first.id, "--number", "1")

    assert "this is the last of 2 exchanges" in last.err
    assert "https://sts/first" in one.out
    assert "https://sts/first" not in last.out


def test_a_request_that_was_not_kept_whole_is_not_sent_again() -> None:
    request = HttpRequestRecord(
        method="POST", url="https://sts.contoso.example/", body=excerpt(b"x" * (KEPT_OCTETS + 9))
    )

    with pytest.raises(UsageError) as found:
        curl_line(request, place="run: rst")

    assert f"9 octets are left out here, of a body of {KEPT_OCTETS + 9}" in found.value.mistakes[0].problem
