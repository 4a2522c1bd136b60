"""`hybridjoin vectors`: what it prints, writes and leaves with."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

from hybridjoin.vectors.files import SHIPPED
from tests.cli.conftest import Run

ACCEPTS_ALL = f"{shlex.quote(sys.executable)} -c '' {{message}}"
REFUSES_ALL = f"{shlex.quote(sys.executable)} -c 'raise SystemExit(1)' {{message}}"


def test_our_own_readers_are_counted_flag_by_flag(run: Run) -> None:
    done = run("vectors", "--only", "hmacconfusion")

    assert done.code == 0, done.err
    line = next(item for item in done.out.splitlines() if item.startswith("HmacConfusion") and "device" in item)
    assert line.split() == ["HmacConfusion", "device", "13", "0", "0", "0", "0"]
    assert "entra: 13 of 13 caught, 0 of 0 good ones refused" in done.out


def test_a_verifier_that_believes_everything_gives_exit_code_1(run: Run) -> None:
    done = run("vectors", "--only", "unsigned*", "--against", ACCEPTS_ALL)

    assert done.code == 1
    assert "guest: missed: unsigned-twin: The twin is not signed." in done.out
    assert "guest: 0 of 3 caught" in done.out


def test_a_verifier_that_refuses_everything_gives_exit_code_1_too(run: Run) -> None:
    done = run("vectors", "--only", "plain*", "--against", REFUSES_ALL, "--json")

    assert done.code == 1
    read = json.loads(done.out)
    assert [row["mark"] for row in read["rows"]] == ["false-refusal"] * 2
    assert read["flags"] == [{"flag": "Normal", "reader": "guest", "marks": {"false-refusal": 2}}]


def test_the_files_are_written_as_they_come_along(run: Run, tmp_path: Path) -> None:
    done = run("vectors", "--generate", tmp_path / "new" / "vectors")

    assert done.code == 0, done.err
    written = {path.name: path.read_bytes() for path in (tmp_path / "new" / "vectors").iterdir()}
    assert written == {path.name: path.read_bytes() for path in SHIPPED.glob("*.json")}


def test_a_list_judges_nothing_and_comes_as_json_too(run: Run) -> None:
    done, read = run("vectors", "--list", "--only", "xsw-*"), run("vectors", "--list", "--only", "xsw-*", "--json")

    rows = json.loads(read.out)["vectors"]
    assert "xsw-signature-object-same-id (invalid)" in done.out
    assert {row["family"] for row in rows} == {"wrapping"}
    assert len(rows) > 90


def test_what_cannot_be_meant_is_told(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")

    nobody = run("vectors", "--only", "nobody")
    nowhere = run("vectors", "--generate", file / "below")
    nothing = run("vectors", "--against", "xmlsec1 --verify")

    assert (nobody.code, nowhere.code, nothing.code) == (2, 2, 2)
    assert "--only 'nobody'" in nobody.err
    assert "cannot be written" in nowhere.err
    assert "xmlsec1 --verify --pubkey-cert-pem {certificate} {message}" in nothing.err
