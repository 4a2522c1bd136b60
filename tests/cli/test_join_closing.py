"""`join` ends by naming what is wrong, and says aloud what a success hides."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hybridjoin.cli.exits import ExitCode
from hybridjoin.cli.next_steps import after_join
from hybridjoin.cli.run.join_work import COMMAND, joined_as_another
from hybridjoin.model.verdict import Level, Outcome, Verdict
from hybridjoin.protocol.windows import UNKNOWN
from tests.cli.conftest import Run
from tests.knowledge.test_unnoticed import joined_with
from tests.report.sample import bad_join, good_scenario, sample_record

WS04 = """id: as-another
title: A computer that is not synced joins with another's identity
device: {name: WS04}
idp:
  external_id: objectGUID
  claims:
    onpremobjectguid: {value: "#lab.bigEndianBase64(ldap.objectGUID)"}
    primarysid: {value: '#lab.sidOf("Domain Computers")'}
expect: {join: federated, other_verdicts: any}
"""
DROPPED = """id: dropped
title: accounttype is not mapped, primarysid stands elsewhere
device: {fallback: false}
idp: {claims: {accounttype: drop, primarysid: {namespace: "urn:elsewhere"}}}
expect: {join: failed}
"""


@pytest.mark.parametrize(
    ("file", "claim", "code"),
    [
        (COMMAND, "onpremobjectguid", ExitCode.PEER_FAILED),
        (COMMAND, "primarysid", ExitCode.PEER_FAILED),
        (COMMAND, "Subject", ExitCode.AS_EXPECTED),
        (COMMAND, "", ExitCode.AS_EXPECTED),
        ("a.scenario.yaml", "onpremobjectguid", ExitCode.AS_EXPECTED),
    ],
)
def test_a_plain_join_as_another_device_is_the_idps_failure(file: str, claim: str, code: ExitCode) -> None:
    record = sample_record(replace(good_scenario(), file=file, join=joined_with(claim)))

    assert joined_as_another(record) is code


def test_the_next_step_explains_the_code_or_the_claims() -> None:
    broken = Verdict(requirement="CLAIM-04", level=Level.MUST, outcome=Outcome.FAILED, sentence="x.")
    other = replace(broken, requirement="MEX-07")

    assert after_join(bad_join()) == (("explain", "AADSTS51004"),)
    assert after_join(replace(joined_with("onpremobjectguid"), verdicts=(broken, other))) == (("explain", "CLAIM-04"),)
    assert after_join(joined_with()) == ()


def test_a_code_that_nobody_knows_is_not_what_is_to_be_explained() -> None:
    join = bad_join()
    assert join.failure is not None
    unknown = replace(join.failure.codes[0], code=str(UNKNOWN), symbol=UNKNOWN.symbol)
    known = replace(join.failure.codes[0], code="0x801c0021", symbol="DSREG_AUTOJOIN_DISC_FAILED")

    both, only = (replace(join, failure=replace(join.failure, codes=c)) for c in ((unknown, known), (unknown,)))

    assert after_join(both) == (("explain", "0x801c0021"),)
    assert after_join(only) == ()


@pytest.mark.lab
def test_a_refused_join_names_the_claims_with_expected_and_found(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "dropped.scenario.yaml"
    file.write_text(DROPPED)

    done = run("join", "--lab", "process", "--scenario", file)

    assert done.code == 0, done.err
    told = " ".join(done.err.split())
    for words in (
        "accounttype missing expected DJ in http://schemas.microsoft.com/ws/2012/01 found nothing",
        "primarysid wrong namespace 'urn:elsewhere'; it should be 'http://schemas.microsoft.com/ws/2008/06/identity/",
        "what to do A device claim stands in the wrong namespace",
        "A device claim is not there at all",
    ):
        assert words in told
    assert "compare the claim table" not in told
    assert done.err.rstrip().endswith("next:   hybridjoin explain AADSTS51004")


@pytest.mark.lab
def test_a_join_as_another_device_shows_success_and_says_aloud_what_comes(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "as-another.scenario.yaml"
    file.write_text(WS04)

    done = run("join", "--lab", "process", "--scenario", file)

    assert done.code == 0, "the scenario wanted no more than the join"
    assert "AzureAdJoined : YES" in done.out
    told = " ".join(done.err.split())
    for words in (
        "✕ joined, but not as itself: the screen shows nothing of it",
        "onpremobjectguid these are the big-endian bytes of objectGUID",
        "a second object appears under the true objectGUID",
        "primarysid a group's SID (Domain Computers)",
        "(assumed; ",
    ):
        assert words in told
    assert done.err.rstrip().endswith("next:   hybridjoin explain CLAIM-04 CLAIM-06")
