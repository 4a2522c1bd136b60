"""`hybridjoin mex`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run, Serve
from tests.report.test_mex_view import FOUR, HOST, mex


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mex.xml"
    path.write_bytes(FOUR)
    return path


def test_a_file_is_explained_endpoint_by_endpoint(run: Run, file: Path) -> None:
    done = run("mex", file)

    assert f"{HOST}/13/windowstransport  ◂ Windows and MSAL" in done.out
    assert "user name and password in the message" in done.out
    assert "its address is http, and Windows wants https" in done.out
    assert "Windows chooses" in done.out


def test_json_has_the_published_shape(run: Run, file: Path) -> None:
    data = json.loads(run("mex", file, "--json").out)

    assert set(data) == {"endpoints", "chosen", "findings"}
    assert set(data["endpoints"][0]) == {"url", "trust", "credential", "soap_action", "binding", "port", "spn"}
    assert data["chosen"] == {"windows": f"{HOST}/13/windowstransport", "msal": f"{HOST}/13/windowstransport"}
    assert all(set(item) == {"id", "level", "message"} for item in data["findings"])


def test_a_document_without_a_windows_endpoint_fails(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "mex.xml"
    path.write_bytes(mex(("u13", "13", "username", f"{HOST}/13/usernamemixed")))

    done = run("mex", path)

    assert done.code == 1
    assert "Windows chooses nothing" in done.out


@pytest.mark.parametrize("body", [b"<html><body>Sign in</body></html>", b"<a", b"\x00", b""])
def test_what_is_no_metadata_is_the_peers_fault_and_no_crash(run: Run, tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "mex.xml"
    path.write_bytes(body)

    done, machine = run("mex", path), run("mex", path, "--json")

    assert (done.code, machine.code) == (1, 1)
    assert "0 endpoints" in done.out
    data = json.loads(machine.out)
    assert (data["endpoints"], data["chosen"]) == ([], {"windows": None, "msal": None})
    assert [item["id"] for item in data["findings"]] == ["MEX-02"]
    assert done.err + machine.err == ""


def test_a_file_that_is_not_there_is_a_usage_error(run: Run) -> None:
    done = run("mex", "sts.example.com/mex")

    assert done.code == 2
    assert "cannot be read: No such file or directory (a URL begins with https://)" in done.err


@pytest.mark.parametrize("text", ["sts", "sts:443", "sts:x:127.0.0.1", "sts:70000:127.0.0.1", ":443:127.0.0.1"])
def test_a_resolve_that_is_none_is_a_usage_error(run: Run, text: str) -> None:
    done = run("mex", "https://sts.hybridjoin.test/mex", "--resolve", text)

    assert done.code == 2
    assert "expected HOST:PORT:ADDRESS" in done.err


@pytest.fixture
def server(serve: Serve) -> tuple[int, Path]:
    return serve({"/mex": FOUR})


def test_a_url_is_fetched_over_verified_tls(run: Run, server: tuple[int, Path]) -> None:
    port, ca_file = server
    host = f"sts.hybridjoin.test:{port}"

    trusted = run("mex", f"https://{host}/mex", "--ca-file", ca_file, "--resolve", f"{host}:127.0.0.1", "--json")
    stranger = run("mex", f"https://{host}/mex", "--resolve", f"{host}:127.0.0.1")

    assert len(json.loads(trusted.out)["endpoints"]) == 4
    assert stranger.code == 1
    assert "certificate" in stranger.err.lower()


def test_a_url_that_answers_otherwise_than_200_is_the_peers_fault(run: Run, server: tuple[int, Path]) -> None:
    port, ca_file = server
    host = f"sts.hybridjoin.test:{port}"

    done = run("mex", f"https://{host}/elsewhere", "--ca-file", ca_file, "--resolve", f"{host}:127.0.0.1")

    assert done.code == 1
    assert "expected 200, found 404" in done.err


def test_the_shell_of_a_kept_lab_needs_no_options(
    run: Run, server: tuple[int, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    port, ca_file = server
    monkeypatch.setenv("LAB_CA_FILE", str(ca_file))
    monkeypatch.setenv("LAB_RESOLVE_STS", f"sts.hybridjoin.test:{port}:127.0.0.1")

    assert "4 endpoints" in run("mex", f"https://sts.hybridjoin.test:{port}/mex").out


@pytest.mark.parametrize("url", ["https://[", "https://sts.test:port/", "HTTPS://"])
def test_what_is_no_url_is_told_and_not_called(run: Run, url: str) -> None:
    done = run("mex", url)

    assert done.code in {1, 2}
    assert url in done.err
    assert "Traceback" not in done.err
    assert "https only" not in done.err


def test_plain_http_is_refused_with_what_to_do(run: Run) -> None:
    done = run("mex", "http://127.0.0.1:9/x")

    assert done.code == 2
    assert done.err.startswith("hybridjoin: http://127.0.0.1:9/x: https only")
    assert "give the https:// address" in done.err
    assert "connection adapters" not in done.err
