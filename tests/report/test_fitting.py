"""What a narrow terminal keeps: every mark, every time and every id, whatever has to wrap for them."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from rich.console import Console, RenderableType
from rich.padding import Padding

from hybridjoin.cli.certify.certify_screen import _areas
from hybridjoin.cli.certify.mutate_work import _table as mutation_table
from hybridjoin.cli.run.demo_work import _shown, _steps
from hybridjoin.model.events import JobKind, JobStarted
from hybridjoin.model.record import RunRecord
from hybridjoin.model.verdict import Outcome
from hybridjoin.report.fitting import ListRow, listing, plain_listing
from hybridjoin.report.progress import RunProgress
from hybridjoin.report.terminal import console, put_listing, run_screen
from tests.report.certification_sample import certified_record
from tests.report.sample import bad_join, bad_scenario, good_scenario, sample_record
from tests.report.test_mutations import CAUGHT, MATRIX

WIDTHS = (40, 60, 72, 80, 88, 110, 200)
LONG = "claim-missing[claim=onpremobjectguid,profile=pingone]"
at_every_width = pytest.mark.parametrize("width", WIDTHS)


def drawn(thing: RenderableType, width: int) -> str:
    screen = Console(file=io.StringIO(), width=width, highlight=False, markup=False, emoji=False)
    screen.print(thing)
    assert isinstance(screen.file, io.StringIO)
    text = screen.file.getvalue()
    assert max(map(len, text.split("\n"))) <= width
    return text


def unfolded(text: str) -> str:
    """Take out what only wrapping put in, so that a word that was folded is whole again."""
    return re.sub(r"\s+", "", text)


def wide_run() -> RunRecord:
    return sample_record(replace(good_scenario(), id=LONG, elapsed_s=1.25), replace(bad_scenario(), elapsed_s=12.5))


@at_every_width
def test_a_run_keeps_mark_id_time_and_code_of_each_scenario(width: int) -> None:
    text = drawn(run_screen(wide_run()), width)

    assert [line[0] for line in text.split("\n") if line[:2] in {"✓ ", "✕ "}][:2] == ["✓", "✕"]
    assert LONG in unfolded(text)
    assert {"1.25 s", "12.50 s"} <= set(re.findall(r"\d+\.\d\d s", text))
    assert "AADSTS51004" in text


@pytest.mark.parametrize("width", [width for width in WIDTHS if width >= 60])
def test_an_id_is_not_broken_where_a_line_holds_it(width: int) -> None:
    assert LONG in drawn(run_screen(wide_run()), width)


@at_every_width
def test_the_demo_keeps_mark_time_title_and_failed_answer_of_each_step(width: int) -> None:
    exchanges = bad_join().exchanges
    text = drawn(Padding(_steps(exchanges), (1, 0, 1, 3), expand=False), width)

    marks = [line.strip()[0] for line in text.split("\n") if line.strip()[:1] in {"✓", "✕"}]
    assert marks == ["✓" if item.ok else "✕" for item in exchanges]
    assert len(re.findall(r"\d+ ms", text)) == len(exchanges)
    assert "400 Bad Request" in text


@at_every_width
def test_the_demos_screen_keeps_the_code_that_a_line_ends_in(width: int) -> None:
    long = (
        "AutoEnrollAsComputer: Unable to retrieve access token. GetComputerTokenForADRS failed with error 0xcaa20003."
    )
    text = drawn(_shown([long, "TenantInfo::Discover: " + "x" * 300]), width)

    assert "0xcaa20003" in unfolded(text.replace("│", ""))
    assert "…" in text
    assert text.count("│") == 2


@at_every_width
def test_mutations_keep_their_fate_and_their_whole_name(width: int) -> None:
    long = replace(CAUGHT, id="signature-over-another-assertion-that-is-not-the-one-read")
    text = drawn(mutation_table(replace(MATRIX, rows=(CAUGHT, long))), width)

    assert text.count("✓") == 2
    assert long.id in unfolded(text)
    assert text.count("AADSTS51004") == 2


@at_every_width
def test_the_counts_of_a_certification_keep_every_column(width: int) -> None:
    record = certified_record()
    assert record.certification is not None
    rows = record.certification.requirements
    text = drawn(_areas(rows), width)

    heading = text.split("\n")[0].split()
    assert len(heading) == 1 + len(Outcome)
    totals = next(line.split() for line in text.split("\n") if line.startswith("all"))
    assert sum(int(number) for number in totals[1:] if number != "·") == len(rows)
    assert all(outcome.value in text for outcome in Outcome)


@at_every_width
def test_a_list_keeps_each_name_and_all_of_its_sentence(width: int) -> None:
    rows = [
        ListRow(name=LONG, sentence="the attribute is missing altogether", mark="✕"),
        ListRow(name="a", sentence="b"),
    ]
    text = drawn(listing(rows), width)

    assert LONG in unfolded(text)
    assert unfolded("the attribute is missing altogether") in unfolded(text)
    assert text.startswith("✕ ")


def test_a_list_in_a_pipe_has_a_line_for_each_name(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [ListRow(name="long-name", sentence="x" * 300, mark="✓"), ListRow(name="", sentence="and how")]
    put_listing(console(), rows)

    assert capsys.readouterr().out == f"✓ long-name  {'x' * 300}\n             and how\n"
    assert plain_listing(rows[:1]) == f"✓ long-name  {'x' * 300}"


@at_every_width
def test_progress_keeps_count_and_time(width: int) -> None:
    out = io.StringIO()
    screen = Console(file=out, width=width, force_terminal=True, color_system=None)
    with RunProgress(screen, total=100) as progress:
        progress.tell(JobStarted(kind=JobKind.SCENARIO, name=LONG * 5, number=1, total=100))

    lines = [
        line for line in re.split(r"[\r\n]", re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", out.getvalue())) if "claim" in line
    ]
    assert lines
    assert all(len(line) <= width and "0/100" in line and "0:00:0" in line for line in lines)
