"""The catalogue of output formats: nothing that draws a record is missing from it, and nothing in it is undrawn."""

from __future__ import annotations

import ast
import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import FunctionType, ModuleType

import pytest

from hybridjoin import report
from hybridjoin.model.record import RunRecord
from hybridjoin.report import formats
from hybridjoin.report.formats.catalogue import FORMATS, NAMES, Format, find_format, format_of_file, told
from tests.report.certification_sample import certified_record
from tests.report.sample import sample_record

# How a document of each format begins: a format that is not here is drawn by no test.
BEGINS = {
    "json": "{",
    "html": "<!doctype html>",
    "junit": '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites',
    "markdown": "## ",
    "sarif": "{",
    "tap": "TAP version 14",
    "windows-events": '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<Events>',
    "evtx": "ElfFile\0",
}


def modules_of(package: ModuleType) -> Iterator[ModuleType]:
    """Yield every module of a package."""
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield import_module(found.name)


def drawers() -> Iterator[str]:
    """Yield every public function `render_…` of the room that takes a record and nothing else."""
    for module in modules_of(report):
        for name, found in vars(module).items():
            own = isinstance(found, FunctionType) and found.__module__ == module.__name__
            if not own or not name.startswith("render_"):
                continue
            wanted = [item for item in inspect.signature(found).parameters.values() if item.default is item.empty]
            if [item.annotation for item in wanted] == [RunRecord.__name__]:
                yield f"{module.__name__}:{name}"


def imported_by(module: str) -> set[str]:
    """Return the modules that one names in its imports."""
    tree = ast.parse(Path(str(import_module(module).__file__)).read_text("utf-8"))
    return {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}


def test_every_function_that_draws_a_record_is_in_the_catalogue() -> None:
    found = set(drawers())

    assert len(found) > 4
    assert found - {form.drawer for form in FORMATS} == set()


def test_every_module_of_the_room_draws_a_format_or_helps_one_that_does() -> None:
    drawing = {form.drawer.partition(":")[0] for form in FORMATS}
    helping = {name for module in drawing for name in imported_by(module)}

    assert {module.__name__ for module in modules_of(formats)} - drawing - helping == set()


def test_every_format_is_drawn_by_a_test() -> None:
    assert set(NAMES) ^ set(BEGINS) == set(), "a row in BEGINS is missing, or too many"


def test_no_format_begins_as_another_does() -> None:
    others = {name: begins for name, begins in BEGINS.items() if begins != "{"}  # JSON objects all begin alike

    same = {(a, b) for a, one in others.items() for b, other in BEGINS.items() if a != b and one.startswith(other)}
    assert same == set(), "a longer beginning tells them apart; of a JSON object it is `{`"


@pytest.mark.parametrize("record", [sample_record(), certified_record()], ids=["run", "certification"])
@pytest.mark.parametrize("form", [form for form in FORMATS if form.name in BEGINS], ids=lambda form: form.name)
def test_each_format_is_drawn(form: Format, record: RunRecord) -> None:
    assert form.draw(record).lstrip().startswith(BEGINS[form.name].encode())


def test_no_two_formats_share_a_name_or_a_file() -> None:
    for values in (NAMES, tuple(form.file_name for form in FORMATS)):
        assert sorted(values) == sorted(set(values))


def test_a_format_is_found_by_its_name_and_by_the_ending_of_a_file() -> None:
    assert find_format("junit").file_name == "junit.xml"
    with pytest.raises(KeyError):
        find_format("gantt")
    assert format_of_file(Path("out/A.HTM")) is find_format("html")
    assert all(format_of_file(Path("out") / form.file_name) is form for form in FORMATS)
    assert format_of_file(Path("out/a.gantt")) is None


def test_formats_are_named_in_a_sentence() -> None:
    assert told(FORMATS[:1]) == "JSON"
    assert told(FORMATS[:3], "and") == "JSON, HTML and JUnit"
