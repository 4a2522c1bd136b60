"""`hybridjoin mex A --against B`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.report.test_mex_view import FOUR, HOST, mex

OLD = mex(("w2005", "2005", "windows", f"{HOST}/2005/windowstransport"))


@pytest.fixture
def both(tmp_path: Path) -> tuple[Path, Path]:
    old, new = tmp_path / "mex.xml", tmp_path / "mex13.xml"
    old.write_bytes(OLD)
    new.write_bytes(FOUR)
    return old, new


def test_what_only_one_offers_and_what_clients_choose_is_told(run: Run, both: tuple[Path, Path]) -> None:
    done = run("mex", both[0], "--against", both[1])

    assert done.code == 0
    assert "endpoint, windows with WS-Trust 1.3\n  - nothing\n" in done.out
    assert "WS-Trust versions\n  - 2005\n  + 1.3, 2005" in done.out
    assert f"Windows chooses\n  - {HOST}/2005/windowstransport" in done.out


def test_json_holds_both_documents_in_their_published_shape(run: Run, both: tuple[Path, Path]) -> None:
    data = json.loads(run("mex", both[0], "--against", both[1], "--json").out)

    assert set(data) == {"here", "there", "differences"}
    assert set(data["here"]) == set(data["there"]) == {"endpoints", "chosen", "findings"}
    assert {"what": "WS-Trust versions", "here": "2005", "there": "1.3, 2005"} in data["differences"]


def test_a_document_against_itself_differs_in_nothing(run: Run, both: tuple[Path, Path]) -> None:
    done = run("mex", both[1], "--against", both[1])

    assert "the same endpoints" in done.out
    assert json.loads(run("mex", both[1], "--against", both[1], "--json").out)["differences"] == []


def test_spns_that_differ_are_told(run: Run, tmp_path: Path) -> None:
    named = OLD.replace(
        b"</wsa:Address>",
        b'</wsa:Address><Identity xmlns="http://schemas.xmlsoap.org/ws/2006/02/addressingidentity">'
        b"<Spn>host/sts.hybridjoin.test</Spn></Identity>",
    )
    assert named != OLD
    here, there = tmp_path / "a.xml", tmp_path / "b.xml"
    here.write_bytes(OLD)
    there.write_bytes(named)

    assert "SPN, windows with WS-Trust 2005\n  - no SPN\n  + host/sts" in run("mex", here, "--against", there).out


def test_a_first_document_without_a_windows_endpoint_fails(run: Run, both: tuple[Path, Path], tmp_path: Path) -> None:
    path = tmp_path / "none.xml"
    path.write_bytes(mex(("u13", "13", "username", f"{HOST}/13/usernamemixed")))

    assert run("mex", path, "--against", both[1]).code == 1


def test_a_document_that_cannot_be_read_is_the_peers_fault(run: Run, both: tuple[Path, Path], tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<html/>")

    done = run("mex", both[0], "--against", path)

    assert done.code == 1
    assert "cannot be compared" in done.err
    assert str(path) in done.err


def test_standard_input_is_one_document_only(run: Run) -> None:
    assert run("mex", "-", "--against", "-").code == 2
