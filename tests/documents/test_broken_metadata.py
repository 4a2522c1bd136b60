"""Metadata that was broken on purpose: one bad port is a warning; a MUST fails where Windows is left with nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from hybridjoin.model.verdict import Outcome
from tests.cli.conftest import Run
from tests.documents.broken_metadata import BROKEN, BrokenMetadata
from tests.documents.judged import listed, metadata_findings_of


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_what_is_said_is_what_is_lost(run: Run, tmp_path: Path, broken: BrokenMetadata) -> None:
    path = tmp_path / "mex.xml"
    path.write_bytes(broken.body().encode())

    told, windows = metadata_findings_of(run, path)

    assert told == listed(broken.findings)
    assert windows is broken.windows
    assert run("mex", path).code == (0 if broken.windows else 1)


def test_a_must_fails_where_windows_is_left_with_nothing_and_nowhere_else() -> None:
    failing = {
        name for name, item in BROKEN.items() if any(s.outcome is Outcome.FAILED for s in item.findings.values())
    }

    assert failing == {name for name, item in BROKEN.items() if not item.windows}
    assert failing
