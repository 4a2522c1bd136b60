"""AD FS' own documents, in our words: the judge says of each what its list says, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from hybridjoin.model.verdict import Outcome
from hybridjoin.protocol.mex import choose_msal, choose_windows, parse_mex
from tests.cli.conftest import Run
from tests.documents.judged import assertion_findings, listed, metadata_told, of_the_computer, told_of
from tests.documents.shapes import METADATA, REPLIES, MetadataShape, ReplyShape
from tests.protocol.documents import signer


@pytest.mark.parametrize("shape", METADATA.values(), ids=METADATA)
def test_of_metadata_nothing_else_is_said(shape: MetadataShape) -> None:
    document = parse_mex(shape.body())

    assert metadata_told(document) == listed(shape.findings)
    windows, msal = choose_windows(document), choose_msal(document)
    assert windows is not None
    assert msal is not None
    assert (windows.url.endswith(shape.windows), msal.url.endswith(shape.msal)) == (True, True)


@pytest.mark.parametrize("shape", METADATA.values(), ids=METADATA)
def test_the_command_is_content_with_metadata(run: Run, tmp_path: Path, shape: MetadataShape) -> None:
    path = tmp_path / "mex.xml"
    path.write_bytes(shape.body())

    done = run("mex", path)

    assert (done.code, done.err) == (0, "")
    for name, said in shape.findings.items():
        assert f"{name} {said.level}" in done.out


@pytest.mark.parametrize("shape", REPLIES.values(), ids=REPLIES)
def test_of_a_reply_nothing_else_is_said(run: Run, tmp_path: Path, shape: ReplyShape) -> None:
    path, certificate = tmp_path / "rstr.xml", tmp_path / "signing.der"
    path.write_bytes(shape.body())
    certificate.write_bytes((signer("expired", expired=True) if "SIG-10" in shape.findings else signer()).certificate)
    given = {} if shape.user else of_the_computer(tmp_path, certificate)

    findings = assertion_findings(run, path, user=shape.user, **given)

    assert told_of(findings) == listed(shape.findings)
    assert {
        name for name in ("SIG-02", "SIG-06", "SIG-09", "SIG-14") if findings[name]["outcome"] == "skipped"
    } == shape.untested
    kept = {name for name, item in findings.items() if item["outcome"] == "passed"}
    assert kept >= {"SAML-01", "SAML-04", "SAML-08", "SIG-01", "SIG-13"}
    assert kept >= ({"USER-02", "USER-05"} if shape.user else {"CLAIM-02", "CLAIM-04", "CLAIM-06", "SIG-02", "SIG-03"})


def test_no_shape_of_ad_fs_fails_a_must() -> None:
    shapes: list[MetadataShape | ReplyShape] = [*METADATA.values(), *REPLIES.values()]

    assert [shape for shape in shapes if any(said.outcome is Outcome.FAILED for said in shape.findings.values())] == []


def test_each_finding_has_a_reason_of_some_words() -> None:
    shapes: list[MetadataShape | ReplyShape] = [*METADATA.values(), *REPLIES.values()]
    said = [item for shape in shapes for item in shape.findings.values()]

    assert said
    assert [item for item in said if len(item.reason.split()) < 6] == []
