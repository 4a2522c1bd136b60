"""A report is this user's alone, whole under its name, and never believed to be there where it is not."""

from __future__ import annotations

import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hybridjoin.cli.exits import ExitCode
from hybridjoin.cli.run.memory import code_of, keep
from hybridjoin.cli.stream import open_events
from hybridjoin.errors import LabError
from hybridjoin.report.json_report import read_record
from hybridjoin.report.ndjson import EventStream
from hybridjoin.report.write import write_reports
from tests.report.sample import sample_record


@contextmanager
def a_small_disk(limit_bytes: int = 20_000) -> Iterator[None]:
    """No file may grow beyond a limit: what a full disk is to a writer, and needs no rights."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HYBRIDJOIN_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


def test_only_the_user_reads_it(tmp_path: Path) -> None:
    written = write_reports(sample_record(), tmp_path / "reports")

    assert stat.S_IMODE(written.parent.stat().st_mode) == stat.S_IMODE(written.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in written.iterdir()} == {0o600}


def test_a_folder_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "public").mkdir(mode=0o755)

    write_reports(sample_record(), tmp_path / "public")

    assert stat.S_IMODE((tmp_path / "public").stat().st_mode) == 0o755


def test_a_full_disk_leaves_nothing_half_written_and_is_told(tmp_path: Path) -> None:
    with a_small_disk(), pytest.raises(LabError, match="make room on the disk") as trouble:
        write_reports(sample_record(), tmp_path / "reports")

    assert "File too large" in str(trouble.value)
    assert list((tmp_path / "reports").iterdir()) == []


def test_a_report_that_cannot_be_written_is_kept_elsewhere_and_never_ends_with_0(
    tmp_path: Path, state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")

    written = keep(sample_record(), tmp_path / "file" / "reports")

    told = capsys.readouterr().err
    assert written is None
    assert "the report could not be written under" in told
    assert f"kept instead: {state}/reports/" in told
    assert read_record(state / "reports").run_id == sample_record().run_id
    assert code_of(0, written=written, events=EventStream()) == ExitCode.LAB
    assert code_of(1, written=written, events=EventStream()) == ExitCode.PEER_FAILED


def test_where_nothing_can_be_kept_anywhere_that_is_no_fault_of_ours(tmp_path: Path) -> None:
    with a_small_disk():
        assert keep(sample_record(), tmp_path / "reports") is None


def test_events_that_end_too_early_never_end_with_0(tmp_path: Path) -> None:
    with open_events(Path("/dev/full"), as_json=False) as full:
        full.run_started(1)
    with open_events(tmp_path / "events.ndjson", as_json=False) as whole:
        whole.run_started(1)

    assert full.trouble == "No space left on device"
    assert code_of(0, written=tmp_path, events=full) == ExitCode.LAB
    assert code_of(0, written=tmp_path, events=whole) == code_of(0, written=tmp_path, events=EventStream()) == 0
