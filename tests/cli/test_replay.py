"""`replay`, as a user meets it."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hybridjoin.bundle.package import build_package, write_package
from hybridjoin.model.record import RunRecord
from hybridjoin.model.verdict import Outcome
from hybridjoin.report.json_report import write_record
from tests.bundle.evidence import ED25519
from tests.cli.conftest import Run
from tests.run.test_replay import dropped, record_of, with_join

VECTOR = Path(__file__).parents[1] / "vectors" / "record-1.json"


@pytest.fixture
def same(tmp_path: Path) -> Path:
    return write_record(record_of(), folder(tmp_path / "same"))


def folder(path: Path) -> Path:
    path.mkdir()
    return path


def forged(record: RunRecord) -> RunRecord:
    """The record of a judge that thought otherwise of the first requirement."""
    return with_join(
        record,
        lambda join: replace(join, verdicts=(replace(join.verdicts[0], outcome=Outcome.REVIEW), *join.verdicts[1:])),
    )


def test_a_record_that_is_judged_the_same_is_said_to_be(run: Run, same: Path) -> None:
    done = run("replay", same)

    assert (done.code, done.err) == (0, "")
    assert done.out == f"✓ {same}: 1 flow or probe judged again, the same\n"
    assert run("replay", same.parent).code == 0


def test_each_difference_is_named_and_the_exit_code_says_so(run: Run, tmp_path: Path) -> None:
    record = forged(record_of())

    done = run("replay", write_record(record, tmp_path))

    assert done.code == 16
    first, name, then, now = done.out.splitlines()[:4]
    assert first.startswith("✕ ")
    assert first.endswith(", 1 difference")
    assert name == "  one: verdict AD-01"
    assert then.startswith("    then review")
    assert now.startswith("    now  passed")


def test_what_a_newer_flow_asks_besides_is_a_difference(run: Run, tmp_path: Path) -> None:
    done = run("replay", write_record(with_join(record_of(), dropped), tmp_path))

    assert done.code == 16
    assert "not judged again: one: the flow asked for an exchange of the step 'mex'" in done.out


def test_a_folder_of_records_is_gone_through_and_the_same_record_once(run: Run, same: Path, tmp_path: Path) -> None:
    write_record(forged(record_of()), folder(tmp_path / "other"))
    package = build_package(record_of({}), ED25519, created_at=datetime(2026, 7, 15, tzinfo=UTC))
    write_package(package, tmp_path / "evidence.zip")
    (tmp_path / "notes.zip").write_bytes(b"PK\x03\x04 somebody else's")
    (tmp_path / "latest").symlink_to("same")

    done = run("replay", tmp_path, same, "--json")

    told = json.loads(done.out)
    assert done.code == 16
    assert told["format"] == "hybridjoin-replay/1"
    places = [Path(item["place"]).relative_to(tmp_path).as_posix() for item in told["records"]]
    assert sorted(places) == ["evidence.zip", "other/record.json", "same/record.json"]
    differences = [one for item in told["records"] for one in item["differences"]]
    assert [(one["scenario"], one["what"]) for one in differences] == [("one", "verdict AD-01")]
    assert all(item["judged"] == ["one"] and item["not_judged"] == [] for item in told["records"])


def test_a_record_of_the_first_version_is_told_as_one_that_cannot_be_judged(
    run: Run, same: Path, tmp_path: Path
) -> None:
    old = shutil.copy(VECTOR, tmp_path / "old.json")

    alone, beside = run("replay", old), run("replay", old, same)

    assert (alone.code, beside.code) == (2, 0)
    assert f"! {old}: nothing could be judged again" in alone.out
    assert "its record is of the first version" in alone.out
    assert run("render", old, "--format", "html").code == 0
    assert run("compare", old, old).code == 0


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("x.json", b"{}", "this is not a record of hybridjoin"),
        ("x.json", b"<xml/>", "expected JSON"),
        ("nowhere.json", None, "cannot be read"),
        ("", None, "expected a record, found a folder without one"),
    ],
    ids=["foreign", "no JSON", "not there", "empty folder"],
)
def test_what_is_no_record_is_a_mistake_and_nothing_is_judged(
    run: Run, same: Path, tmp_path: Path, name: str, body: bytes | None, words: str
) -> None:
    place = folder(tmp_path / "place") / name
    if body is not None:
        place.write_bytes(body)

    done = run("replay", same, place)

    assert (done.code, done.out) == (2, "")
    assert words in done.err
    assert str(place) in done.err
