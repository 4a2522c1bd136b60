"""Whatever stands in a record, an answer or a file: no command line lets it steer a terminal or a CI system's log."""

from __future__ import annotations

import http.server
import os
import pty
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import click
import pytest
import trustme

from hybridjoin.cli.exits import run_guarded
from hybridjoin.errors import HarnessError, KerberosError, LabError, Mistake, PeerError, UsageError
from hybridjoin.report.formats.catalogue import NAMES
from hybridjoin.report.json_report import write_record
from tests.cli.conftest import Run
from tests.protocol.documents import AssertionText, sign
from tests.report.certification_sample import certified_record
from tests.report.hostile import HOSTILE, STEERING, hostile, steers
from tests.report.sample import sample_record
from tests.report.test_mex_view import FOUR

IN_XML = "\x9b31m\u202e\u200b\u2028\ufeff ##vso[x] ::error::z"


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return write_record(hostile(sample_record()), tmp_path)


@pytest.fixture
def certified(tmp_path: Path) -> Path:
    folder = tmp_path / "certified"
    folder.mkdir()
    return write_record(hostile(certified_record()), folder)


@pytest.mark.parametrize(
    "arguments",
    [
        *(("render", "--format", name) for name in NAMES if name not in {"html", "evtx"}),
        ("explain", "--all"),
        ("explain", "--json"),
        ("replay",),
        ("replay", "--json"),
        ("compare", "OTHER", "--across"),
        ("compare", "OTHER", "--format", "markdown"),
        ("package", "-o", "out.zip"),
        ("curl", "rst"),
        ("curl", STEERING),
    ],
    ids=" ".join,
)
def test_a_record_of_a_stranger(run: Run, record: Path, certified: Path, arguments: tuple[str, ...]) -> None:
    command, *rest = arguments
    for which in (record, certified):
        done = run(
            command, which, *((certified if which is record else record) if item == "OTHER" else item for item in rest)
        )

        assert done.code in {0, 1, 2, 16}
        assert steers(done.out + done.err) == []


def test_metadata_and_an_assertion_of_a_stranger(run: Run, tmp_path: Path) -> None:
    mex, assertion, settings = tmp_path / "mex.xml", tmp_path / "assertion.xml", tmp_path / "settings.json"
    mex.write_text(FOUR.decode().replace("windowstransport", f"windowstransport{IN_XML}"), "utf-8")
    assertion.write_text(sign(str(AssertionText(issuer=f"urn:x{IN_XML}"))), "utf-8")
    settings.write_text('{"domain": "a\\u001b\\u009b\\u202e\\n::error::x", "issuerUri": "\\u001b]0;x"}', "utf-8")

    for arguments in (("mex", mex), ("mex", mex, "--against", mex), ("assertion", assertion), ("federation", settings)):
        for done in (run(*arguments), run(*arguments, "--json")):
            assert done.code in {0, 1, 2}
            assert steers(done.out + done.err) == []


def test_files_of_a_customer(run: Run, tmp_path: Path) -> None:
    facts = "".join(f"    {name} : x{HOSTILE}\n" for name in ("DeviceId", "TenantName", "Server Message", "DomainName"))
    status = f"| Device State |\n    AzureAdJoined : NO\n    DomainJoined : YES\n{facts}"
    (tmp_path / f"status{STEERING.replace('/', '')[:40].replace(chr(0), '')}.txt").write_text(status, "utf-8")

    for done in (run("import", tmp_path), run("import", tmp_path, "--json")):
        assert done.code in {0, 2}
        assert "u001b" in done.out + done.err
        assert steers(done.out + done.err) == []


@pytest.mark.parametrize(
    "error",
    [
        UsageError(Mistake(place=HOSTILE, problem=HOSTILE, hint=HOSTILE)),
        UsageError(*(Mistake(place=HOSTILE, problem=HOSTILE) for _ in range(2))),
        PeerError(HOSTILE, where=HOSTILE),
        KerberosError("KRB_AP_ERR_SKEW", HOSTILE, remedy=HOSTILE, detail=HOSTILE),
        LabError(HOSTILE, remedy=HOSTILE, log_tail=HOSTILE),
        HarnessError(HOSTILE),
    ],
    ids=["one mistake", "several", "peer", "kerberos", "surroundings", "harness"],
)
def test_an_error_on_standard_error(error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    @click.command()
    def fail() -> None:
        raise error

    run_guarded(fail, [])
    told = capsys.readouterr().err

    assert "\\u001b" in told
    assert steers(told) == []


class _Peer(http.server.BaseHTTPRequestHandler):
    def handle(self) -> None:
        self.rfile.readline()
        reason = "No\x1b[2J\x1b]0;owned\x07\x9b31m"
        self.wfile.write(f"HTTP/1.1 404 {reason}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode("latin-1"))


@pytest.fixture
def peer(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """A server over real TLS whose reason phrase would clear the screen."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("sts.steering.test").configure_cert(context)
    ca_file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    server = http.server.HTTPServer(("127.0.0.1", 0), _Peer)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server.server_port, ca_file
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_peers_reason_phrase_on_the_real_command_line(peer: tuple[int, Path]) -> None:
    port, ca_file = peer
    done = subprocess.run(
        [
            *(sys.executable, "-m", "hybridjoin", "mex", f"https://sts.steering.test:{port}/mex"),
            *("--ca-file", str(ca_file), "--resolve", f"sts.steering.test:{port}:127.0.0.1"),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    assert "404" in done.stderr
    assert steers(done.stdout + done.stderr) == []


def test_below_every_screen_lies_a_net_and_colours_go_through_it(tmp_path: Path) -> None:
    script = tmp_path / "forgetful.py"
    script.write_text(
        "import sys, click\n"
        "from hybridjoin.cli.encoding import use_what_the_terminal_can\n"
        "from hybridjoin.report.terminal import console\n"
        "use_what_the_terminal_can()\n"
        f"text = {STEERING!r}\n"
        "click.echo(text)\n"
        "print(text, file=sys.stderr)\n"
        "console().print(text, style='red')\n"
        "with console(error=True).status(text):\n"
        "    print(text)\n",
        "utf-8",
    )
    told = on_a_terminal([sys.executable, str(script)])

    assert "\x1b[31m" in told, "a terminal gets its colours"
    assert told.count("]0;x") >= 4
    assert steers(told.replace("\r", ""), colours=True) == []


def on_a_terminal(command: list[str]) -> str:
    """Run a command whose three streams are a terminal, and return what came there."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color"} | {"NO_COLOR": "", "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        told = b""
        with suppress(OSError):  # the terminal is gone with the last who wrote on it
            while piece := os.read(ours, 65536):
                told += piece
        assert process.wait(60) == 0, told
    os.close(ours)
    return told.decode("utf-8")
