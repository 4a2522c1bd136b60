"""The matrix on paper."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hybridjoin.errors import LabError
from hybridjoin.model.mutation import SCHEMA, Catch, Fate, MutationMatrix, MutationRow, Prediction
from hybridjoin.model.verdict import Certainty, Level, Outcome
from hybridjoin.report.documents.mutations import (
    catchers,
    matrix_json,
    matrix_markdown,
    prediction,
    remark,
    summary,
    write_matrix,
)

TAKEN = Prediction(code="", symbol="", rule="", certainty=None, accepted_as="device")
REFUSED = Prediction(
    code="AADSTS51004", symbol="U", rule="accounttype-missing", certainty=Certainty.DOCUMENTED, accepted_as=""
)
CAUGHT = MutationRow(
    id="accounttype-missing",
    sentence="accounttype is missing.",
    area="claims",
    fate=Fate.CAUGHT,
    meant_for=("CLAIM-01",),
    caught_by=(
        Catch(requirement="CLAIM-01", level=Level.MUST, outcome=Outcome.FAILED, found="missing"),
        Catch(requirement="CLAIM-13", level=Level.SHOULD, outcome=Outcome.WARNING, found="x"),
    ),
    entra=REFUSED,
    mistakes=("accounttype: a | in <words>",),
    reason="",
    sha256="ab" * 32,
)
SLIPPED = replace(CAUGHT, id="slips", fate=Fate.MISSED, caught_by=(), entra=TAKEN)
LEFT_OUT = replace(CAUGHT, id="out", fate=Fate.NOT_APPLICABLE, caught_by=(), entra=None, mistakes=(), reason="no UPN")
MATRIX = MutationMatrix(
    schema=SCHEMA,
    tool="hybridjoin 0",
    source="WS01 by adfs",
    started_at=datetime(2025, 7, 9, tzinfo=UTC),
    elapsed_s=2.04,
    seed=0,
    control=replace(CAUGHT, id="control", fate=Fate.HARMLESS, caught_by=(), entra=TAKEN),
    rows=(CAUGHT, SLIPPED, LEFT_OUT),
)


def test_a_row_says_who_caught_it_what_entra_answers_and_the_mistake() -> None:
    assert catchers(CAUGHT) == "CLAIM-01 CLAIM-13!"
    assert (prediction(CAUGHT), prediction(SLIPPED), prediction(LEFT_OUT)) == (
        "AADSTS51004 documented",
        "accepted: device",
        "",
    )
    assert remark(CAUGHT) == "accounttype: a | in <words>"
    assert remark(SLIPPED) == "nobody: CLAIM-01 ought to speak"
    assert remark(replace(SLIPPED, entra=REFUSED)) == "no check of ours: CLAIM-01 ought to speak"
    assert remark(LEFT_OUT) == "no UPN"
    assert remark(replace(CAUGHT, interrupted=("SIG-01: oops",))) == "a check fell over: SIG-01: oops"


def test_the_summary_counts_by_fate() -> None:
    assert summary(MATRIX) == "3 mutations of WS01 by adfs: 1 missed, 1 caught, 1 not applicable"


def test_what_was_missed_comes_first_on_paper_and_no_text_breaks_a_table() -> None:
    text = matrix_markdown(MATRIX)

    assert text.index("## Missed by our checks") < text.index("## Caught") < text.index("## Not applicable")
    assert "a \\| in &lt;words>" in text
    assert "ab" * 32 in text


def test_the_json_holds_everything_and_what_follows_from_it() -> None:
    data = json.loads(matrix_json(MATRIX))

    assert data["schema"] == "hybridjoin-mutations/1"
    assert data["started_at"] == "2025-07-09T00:00:00Z"
    assert [(row["id"], row["nobody"], row["unheard"]) for row in data["rows"]] == [
        ("accounttype-missing", False, []),
        ("slips", True, ["CLAIM-01"]),
        ("out", False, ["CLAIM-01"]),
    ]
    assert data["rows"][0]["entra"]["certainty"] == "documented"


def test_both_files_are_written_and_nothing_else_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "folder"

    written = write_matrix(MATRIX, folder)
    again = write_matrix(MATRIX, folder)

    assert written == again == (folder / "mutations.json", folder / "mutations.md")
    assert sorted(item.name for item in folder.iterdir()) == ["mutations.json", "mutations.md"]
    assert (folder / "mutations.md").stat().st_mode & stat.S_IRUSR


def test_a_folder_that_cannot_be_is_the_machines_trouble(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()

    with pytest.raises(LabError, match="--report"):
        write_matrix(MATRIX, file / "folder")
