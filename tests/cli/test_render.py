"""`render` and `matrix`, as a user meets them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest
from lxml import etree

from hybridjoin.report.formats.catalogue import FORMATS
from hybridjoin.report.json_report import encode_record, read_record, write_record
from hybridjoin.report.write import write_reports
from tests.cli.conftest import Run
from tests.report.certification_sample import certified_record
from tests.report.sample import good_scenario, sample_record
from tests.report.test_catalogue import BEGINS


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return write_record(certified_record(), tmp_path)


@pytest.mark.parametrize("name", BEGINS)
def test_each_format_goes_to_standard_output(run: Run, record: Path, name: str) -> None:
    done = run("render", record, "--format", name)

    assert (done.code, done.err) == (0, "")
    assert done.out.lstrip().startswith(BEGINS[name])


@pytest.mark.parametrize(
    ("file", "name"),
    [
        *((form.file_name, form.name) for form in FORMATS if form.name in BEGINS),
        *((f"a{ending}", form.name) for form in FORMATS for ending in form.other_endings),
        ("a.xml", "junit"),
        ("a", "html"),
    ],
)
def test_the_name_of_the_file_says_the_format(run: Run, record: Path, file: str, name: str) -> None:
    target = record.with_name("out") / file.upper()
    target.parent.mkdir()

    assert run("render", record.parent, "-o", target).code == 0
    assert target.read_bytes().lstrip().startswith(BEGINS[name].encode())
    assert [path.name for path in target.parent.iterdir() if path.name.startswith(".")] == []


def test_json_comes_back_as_the_record_it_was(run: Run, record: Path) -> None:
    assert run("render", record, "-o", record.with_name("b.json")).code == 0
    assert read_record(record.with_name("b.json")) == certified_record()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"schema": "hybridjoin-record/3"}', "a newer hybridjoin wrote it"),
        (b'{"schema": "other/1"}', "this is not a record of hybridjoin"),
        (b"<xml/>", "expected JSON"),
        (b'{"\xff": 1}', "expected JSON in UTF-8"),
        (encode_record(sample_record()).replace(b'"site"', b'"sight"'), "site"),
    ],
)
@pytest.mark.parametrize("command", ["render", "matrix"])
def test_a_foreign_record_is_refused_and_nothing_written(
    run: Run, tmp_path: Path, command: str, body: bytes, words: str
) -> None:
    file = tmp_path / "record.json"
    file.write_bytes(body)

    done = run(command, file, "-o", tmp_path / "out.html")

    assert done.code == 2
    assert words in done.err
    assert done.out == ""
    assert [path.name for path in tmp_path.iterdir()] == ["record.json"]


def test_a_file_that_cannot_be_written_is_the_users_to_mend(run: Run, record: Path) -> None:
    done = run("render", record, "-o", record.parent / "nowhere" / "a.html")

    assert done.code == 2
    assert "cannot be written: No such file or directory" in done.err


def test_a_failed_writing_leaves_the_old_file(run: Run, record: Path) -> None:
    done = run("render", record, "-o", record.parent)

    assert done.code == 2
    assert "Is a directory" in done.err


def test_matrix_names_every_record_that_cannot_be_read(run: Run, record: Path, tmp_path: Path) -> None:
    done = run("matrix", record, tmp_path / "a.json", tmp_path / "b.json")

    assert done.code == 2
    assert "a.json: cannot be read" in done.err
    assert "b.json: cannot be read" in done.err


def test_each_verdict_of_a_matrix_leads_to_the_page_of_its_run(run: Run, tmp_path: Path) -> None:
    first, second = (write_reports(certified_record(), tmp_path / name) for name in ("a site", "b"))
    alone = tmp_path / "c.json"
    alone.write_bytes(encode_record(certified_record()))
    (tmp_path / "pages").mkdir()

    done = run("matrix", first, second / "record.json", alone, "-o", tmp_path / "pages" / "m.html")

    assert done.code == 0, done.err
    page = etree.HTML((tmp_path / "pages" / "m.html").read_text())
    links = [found for link in page.iterfind(".//a") if "CLAIM-02" in (found := link.get("href", ""))]
    assert len(links) == 2
    for link, target in zip(links, (first, second), strict=True):
        path, _, anchor = link.partition("#")
        there = (tmp_path / "pages" / unquote(path)).resolve()
        assert there == target / "index.html"
        assert etree.HTML(there.read_text()).find(f".//tr[@id='{anchor}']") is not None


def test_matrix_draws_what_it_is_given(run: Run, record: Path) -> None:
    done = run("matrix", record, record.parent)

    assert done.code == 0
    assert "came out alike" in done.out
    assert etree.HTML(done.out).findall(".//table")


@pytest.mark.parametrize(
    "arguments",
    [
        ("render", "{runs}", "--format", "json"),
        ("compare", "{runs}", "{runs}"),
        ("matrix", "{runs}"),
        ("curl", "{runs}", "token"),
        ("package", "{runs}", "-o", "{runs}/evidence.zip"),
        ("explain", "{runs}"),
    ],
)
def test_of_a_folder_of_runs_the_latest_is_meant(run: Run, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    write_reports(certified_record(), tmp_path)
    write_reports(sample_record(good_scenario()), tmp_path)

    done = run(*(item.format(runs=tmp_path) for item in arguments))

    assert done.code == 0, done.err


def test_a_folder_without_a_run_names_what_is_looked_for(run: Run, tmp_path: Path) -> None:
    done = run("render", tmp_path)

    assert done.code == 2
    assert "expected a folder with record.json in it, or with latest/record.json, found neither" in done.err
    assert "No such file" not in done.err


def test_the_page_of_the_latest_run_is_led_to(run: Run, tmp_path: Path) -> None:
    written = write_reports(sample_record(good_scenario()), tmp_path)

    assert run("matrix", tmp_path, "-o", tmp_path / "m.html").code == 0
    assert f'href="{written.name}/index.html"' in (tmp_path / "m.html").read_text("utf-8")


def test_a_package_is_drawn_as_well(run: Run, tmp_path: Path) -> None:
    assert run("package", write_reports(sample_record(good_scenario()), tmp_path), "-o", tmp_path / "a.zip").code == 0

    done = run("render", tmp_path / "a.zip", "--format", "junit")
    assert (done.code, done.out.lstrip()[:5]) == (0, "<?xml")
