"""docs/fidelity.md against what the screens and the requests really hold, row by row."""

from __future__ import annotations

import ast
import inspect
import itertools
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from hybridjoin.device.screens import diagnosis, status, text
from tests.device import emitted
from tests.device.fidelity_page import PAGE, ROOT, Row, count, row_for, rows

CERTAINTIES = {"documented", "observed", "assumed"}


@pytest.fixture(scope="module")
def page() -> list[Row]:
    return rows(PAGE.read_text("utf-8"))


@pytest.fixture(scope="module")
def items(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    authority = trustme.CA()
    ca_file = tmp_path_factory.mktemp("fidelity") / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    screens, requests = emitted.of_the_screens(), emitted.of_the_requests()
    return screens | emitted.of_the_events() | requests | emitted.of_the_wire(ca_file, authority)


def test_every_line_and_every_field_has_a_row(page: list[Row], items: dict[str, list[str]]) -> None:
    bare = {f"{table}: {item}" for table, found in items.items() for item in found if not row_for(item, table, page)}
    assert not bare, "no row in docs/fidelity.md for:\n" + "\n".join(sorted(bare))


def test_every_row_is_of_something_that_is_printed_or_sent(page: list[Row], items: dict[str, list[str]]) -> None:
    used = {row_for(item, table, page) for table, found in items.items() for item in found}
    idle = {f"{row.table}: {row.line}" for row in page if row not in used}
    assert not idle, "nothing prints or sends:\n" + "\n".join(sorted(idle))


def _lines_of_text() -> Iterator[str]:
    """Every line that `text` has, as a pattern."""
    for name, value in vars(text).items():
        if name.isupper():
            for line in (value,) if isinstance(value, str) else value:
                yield "".join(
                    re.escape(word) + ".*" * (hole is not None) for word, hole, *_ in string.Formatter().parse(line)
                )


def _labels() -> Iterator[str]:
    """Every label of a row: the first of two that stand as a pair."""
    for module in (status, diagnosis):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Tuple) and len(node.elts) == 2 and isinstance(node.elts[0], ast.Constant):
                yield str(node.elts[0].value)


def test_no_line_is_left_out_because_no_case_prints_it(items: dict[str, list[str]]) -> None:
    printed = [*items["dsregcmd /join /debug"], *items["dsregcmd /status"]]
    patterns = set(_lines_of_text())
    assert {pattern for pattern in patterns if not any(re.search(pattern, line) for line in printed)} == set()
    heads = {line.partition(" :")[0].strip("[ ]") for line in items["dsregcmd /status"]}
    assert {label for label in _labels() if label and not label.isupper() and label not in heads} == set()
    assert len(patterns) > 50


def test_a_request_stands_in_the_order_in_which_it_is_sent(page: list[Row], items: dict[str, list[str]]) -> None:
    for table, found in items.items():
        if not table.startswith("dsregcmd"):
            told = [row.line for row in page if row.table == table]
            sent = [row.line for item in found if (row := row_for(item, table, page))]
            assert told == [line for line, _ in itertools.groupby(sent)], table


def test_an_event_is_as_sure_as_the_least_sure_that_a_case_leaves(page: list[Row]) -> None:
    order = ["assumed", "observed", "documented"]
    weakest: dict[str, str] = {}
    for event in emitted.logged_events():
        item = emitted.event_item(event)
        weakest[item] = min(weakest.get(item, "documented"), event.certainty.value, key=order.index)

    assert {row.line: row.sure for row in page if row.table.startswith("events ")} == weakest


def test_no_row_stands_twice(page: list[Row]) -> None:
    assert len({(row.table, row.line) for row in page}) == len(page)


def test_every_row_says_how_sure_it_is_and_why(page: list[Row]) -> None:
    assert {row.sure for row in page} == CERTAINTIES
    assert [row.line for row in page if row.sure == "assumed" and not row.remark.strip()] == []
    assert [row.line for row in page if (row.source == "none") is not (row.sure == "assumed")] == []


def test_every_source_is_named_at_the_head_of_a_page(page: list[Row]) -> None:
    protocol = (ROOT / "docs" / "protocol.md").read_text("utf-8").partition("\n## ")[0]
    named = set(re.findall(r"\*\*([A-Z0-9][\w .-]+)\*\*", PAGE.read_text("utf-8").partition("\n## ")[0]))
    for names in re.findall(r"\*([A-Z][\w ./-]+)\*", protocol):
        named |= _spelled_out(names)
    used = {name for row in page if row.source != "none" for name in row.source.split(", ")}
    assert used - named == set()


def _spelled_out(names: str) -> set[str]:
    """`RFC 4120/4178` names two of them."""
    first, *others = names.split("/") if names.startswith("RFC") else [names]
    return {first, *(f"{first.rpartition(' ')[0]} {other}" for other in others)}


@pytest.mark.parametrize("paper", [PAGE, ROOT / "README.md"], ids=lambda path: Path(path).name)
def test_the_count_is_that_of_the_rows(page: list[Row], paper: Path) -> None:
    told = re.findall(r"\d+ rows, [^.]+\.", " ".join(paper.read_text("utf-8").split()))
    assert told == [count(page)]


@pytest.mark.parametrize(
    ("line", "item", "fits"),
    [
        ("Client ErrorCode : <code>", "Client ErrorCode : 0xcaa20003", True),
        ("Client ErrorCode : <code>", "Client ErrorCode : unknown", False),
        ("AdalCorrelationId: {<GUID>}", "AdalCorrelationId: {aaaabbbb-cccc-4ddd-8eee-000000000001}", False),
        ("TenantName :", "TenantName : contoso", False),
        ("FAIL [0x801c0021/<code>]", "FAIL [0x801c0021/0x80072ee2]", True),
    ],
)
def test_a_row_fits_what_it_says_and_no_more(line: str, item: str, *, fits: bool) -> None:
    assert Row("a", line, "assumed", "none", "").fits(item) is fits
