"""Lists of deviations: read with every mistake at its place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hybridjoin.errors import UsageError
from hybridjoin.scenario.site.deviation_file import deviations_beside, load_deviations

KNOWN = ("MEX-07", "MEX-13", "SIG-11")
ROW = "{{requirement: {}, owner: identity, reason: by design, expires: {}}}"


def write(folder: Path, text: str) -> Path:
    path = folder / "contoso.deviations.yaml"
    path.write_text(text, "utf-8")
    return path


def test_rows_keep_their_list_day_and_place(tmp_path: Path) -> None:
    path = write(tmp_path, f"known:\n  - {ROW.format('sig-11', '2027-01-31')}\nexpected: []\nflapping:\n")

    (row,) = load_deviations(path, KNOWN)

    assert (row.requirement, row.list, row.expires) == ("sig-11", "known", date(2027, 1, 31))
    assert row.place == f"{path}:2:19"
    assert row.names("SIG-11")
    assert not row.names("MEX-07")


def test_an_empty_file_lists_nothing(tmp_path: Path) -> None:
    assert load_deviations(write(tmp_path, "# nothing yet\n"), KNOWN) == ()


def test_a_glob_names_many(tmp_path: Path) -> None:
    (row,) = load_deviations(write(tmp_path, f"flapping:\n  - {ROW.format('mex-*', '2027-01-31')}\n"), KNOWN)

    assert [item for item in KNOWN if row.names(item)] == ["MEX-07", "MEX-13"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("known:\n  - " + ROW.format("MEX-99", "2027-01-31"), ":2:19: unknown requirement 'MEX-99'"),
        ("known:\n  - " + ROW.format("MXE-*", "2027-01-31"), ":2:19: unknown requirement 'MXE-*'"),
        ("known:\n  - " + ROW.format("MEX-07", "soon"), "expected a day such as 2027-03-31, found 'soon'"),
        ("known:\n  - " + ROW.format("MEX-07", "20270131x"), "expected a day such as 2027-03-31"),
        ("known:\n  - {requirement: MEX-07, owner: me, reason: so}", "expected the key 'expires'"),
        ("knwon: []", ":1:1: unknown key 'knwon' (did you mean 'known'?)"),
        (
            f"known:\n  - {ROW.format('MEX-07', '2027-01-31')}\nexpected:\n  - {ROW.format('mex-07', '2027-01-31')}",
            ":4:19: 'mex-07' is listed twice, first at 2:19",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UsageError) as refusal:
        load_deviations(write(tmp_path, text), KNOWN)

    assert words in str(refusal.value)


def test_the_lists_stand_beside_the_site_file() -> None:
    assert deviations_beside(Path("a/contoso.site.yaml")) == Path("a/contoso.deviations.yaml")
    assert deviations_beside(Path("a/contoso.yml")) == Path("a/contoso.deviations.yaml")
