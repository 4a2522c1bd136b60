"""The real documents, where they are: each keeps the list of the shape that stands for it in the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from hybridjoin.protocol.mex import choose_msal, choose_windows, parse_mex
from tests.cli.conftest import Run
from tests.documents import known, shapes
from tests.documents.broken_metadata import BROKEN
from tests.documents.judged import assertion_findings, listed, metadata_findings_of, metadata_told, told_of

DOCUMENTS = list(known.documents())
REAL_METADATA = {item.digest: item for item in known.METADATA}
REAL_REPLIES = {item.digest: item for item in known.REPLIES}
REAL_BROKEN = {item.digest: item for item in known.BROKEN}


def found(rows: dict[str, known.Known]) -> list[object]:
    """The documents of these rows that are here, as parameters; where no folder is, one that says what is missing."""
    here = [pytest.param(path, rows[digest].shape, id=path.name) for path, digest in DOCUMENTS if digest in rows]
    why = f"no folder of real documents is here: name one in {known.VARIABLE}"
    absent = pytest.mark.skip(reason=why if not known.folders() else "none of these documents is in the folder")
    return list(here) or [pytest.param(Path(), "", id="none", marks=absent)]


def test_each_document_is_known() -> None:
    unknown = [path.name for path, digest in DOCUMENTS if digest not in known.BY_DIGEST]

    assert unknown == [], "write what may be said of it into shapes.py, and its digest into known.py"


def test_each_row_names_a_shape() -> None:
    assert {item.shape for item in known.METADATA} <= set(shapes.METADATA)
    assert {item.shape for item in known.REPLIES} <= set(shapes.REPLIES)
    assert {item.shape for item in known.BROKEN} <= set(BROKEN)
    assert len(known.BY_DIGEST) == len(known.METADATA) + len(known.REPLIES) + len(known.BROKEN)


@pytest.mark.parametrize(("path", "name"), found(REAL_METADATA))
def test_metadata_keeps_the_list_of_its_shape(run: Run, path: Path, name: str) -> None:
    document, shape = parse_mex(path.read_bytes()), shapes.METADATA[name]

    assert metadata_told(document) == listed(shape.findings)
    windows, msal = choose_windows(document), choose_msal(document)
    assert windows is not None
    assert msal is not None
    assert (windows.url.endswith(shape.windows), msal.url.endswith(shape.msal)) == (True, True)
    assert run("mex", path).code == 0


@pytest.mark.parametrize(("path", "name"), found(REAL_REPLIES))
def test_a_reply_keeps_the_list_of_its_shape(run: Run, path: Path, name: str) -> None:
    shape = shapes.REPLIES[name]
    upn = upn_in(run, path)

    findings = assertion_findings(run, path, user=upn)

    assert told_of(findings) == listed(shape.findings)
    assert {
        item for item in ("SIG-02", "SIG-06", "SIG-09", "SIG-14") if findings[item]["outcome"] == "skipped"
    } == shape.untested


@pytest.mark.parametrize(("path", "name"), found(REAL_BROKEN))
def test_broken_metadata_keeps_the_list_of_its_shape(run: Run, path: Path, name: str) -> None:
    told, windows = metadata_findings_of(run, path)

    assert told == listed(BROKEN[name].findings)
    assert windows is BROKEN[name].windows


def upn_in(run: Run, path: Path) -> str:
    """The name that the person of a reply signed in with: its UPN claim."""
    lines = run("assertion", path).out.splitlines()
    return lines[lines.index("  · UPN  http://schemas.xmlsoap.org/claims") + 1].strip()
