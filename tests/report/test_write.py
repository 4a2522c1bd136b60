"""Reports on disk: whole, or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hybridjoin.errors import LabError
from hybridjoin.report.formats.catalogue import FORMATS
from hybridjoin.report.json_report import decode_record, encode_record, read_record
from hybridjoin.report.write import page_in, write_reports
from tests.report.sample import bad_scenario, sample_record
from tests.run.test_replay import record_of


def test_a_run_writes_its_files_and_latest_points_to_them(tmp_path: Path) -> None:
    final = write_reports(sample_record(), tmp_path / "reports")

    assert final == tmp_path / "reports" / "2026-07-14T10-22-31Z"
    assert sorted(item.name for item in final.iterdir()) == sorted(item.file_name for item in FORMATS if item.every_run)
    assert page_in(final).is_file()
    assert str((tmp_path / "reports" / "latest").readlink()) == final.name
    assert read_record(tmp_path / "reports" / "latest") == sample_record()


def test_nothing_else_is_left_beside_them(tmp_path: Path) -> None:
    final = write_reports(sample_record(), tmp_path)

    assert sorted(item.name for item in tmp_path.iterdir()) == [final.name, "latest"]


def test_two_runs_of_one_second_do_not_meet(tmp_path: Path) -> None:
    first = write_reports(sample_record(), tmp_path)
    second = write_reports(sample_record(), tmp_path)

    assert (first.name, second.name) == ("2026-07-14T10-22-31Z", "2026-07-14T10-22-31Z-2")
    assert str((tmp_path / "latest").readlink()) == second.name


def test_half_a_surrogate_pair_in_a_reply_does_not_lose_the_report(tmp_path: Path) -> None:
    # A peer's JSON may say "\\ud800": Python reads it, UTF-8 cannot write it.
    final = write_reports(sample_record(replace(bad_scenario(), error="half \ud800 a pair")), tmp_path)

    assert read_record(final).scenarios[0].error == "half ? a pair"
    assert "half \\ud800 a pair" in (final / "index.html").read_text("utf-8")


def test_nor_does_the_name_of_a_file_that_is_no_text_under_this_locale() -> None:
    # Under a locale of ASCII letters Python reads "über.scenario.yaml" so; identifiers and times are in a record too.
    run = record_of()
    record = replace(run, scenarios=(replace(run.scenarios[0], file="\udcc3\udcbcber.scenario.yaml"),))

    (read,) = decode_record(encode_record(record), place="record.json").scenarios

    assert read == replace(record.scenarios[0], file="??ber.scenario.yaml")


def test_a_place_that_cannot_be_written_is_the_machines_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(LabError, match="--report-dir"):
        write_reports(sample_record(), tmp_path / "file" / "reports")


def test_a_directory_named_latest_is_left_alone_and_said(tmp_path: Path) -> None:
    (tmp_path / "latest").mkdir()

    with pytest.raises(LabError, match="not a symbolic link"):
        write_reports(sample_record(), tmp_path)

    assert (tmp_path / "latest").is_dir()
    assert not list(tmp_path.glob(".writing-*"))
