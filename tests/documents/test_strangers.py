"""Token services that nobody here wrote: what is said of them is what their makers would admit, and nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from hybridjoin import checks
from hybridjoin.evidence.join import JoinEvidence
from hybridjoin.evidence.probe import ProbeResult
from hybridjoin.model.verdict import Outcome
from tests.checks.evidence_factory import HEALTHY, metadata_evidence, reply_evidence
from tests.checks.probe_factory import with_probe
from tests.documents import known
from tests.documents.judged import listed, told
from tests.documents.strangers import STRANGERS, Stranger
from tests.peers.catalogue import passive_peers
from tests.peers.test_peers import deviations
from tests.protocol.metadata import USERNAME_13, WINDOWS_2005

ONLY_2005 = {"MEX-06"}
PAPER = (Path(__file__).parents[2] / "docs" / "strangers.md").read_text("utf-8")


def joined(stranger: Stranger) -> JoinEvidence:
    evidence = replace(HEALTHY, server_proof=stranger.server_proof)
    if stranger.only_2005:
        evidence = replace(evidence, **metadata_evidence((WINDOWS_2005, USERNAME_13)))
    if stranger.reply is not None:
        evidence = replace(evidence, **reply_evidence(stranger.reply()))
    for name, answers in stranger.answers.items():
        evidence = with_probe(evidence, ProbeResult(probe=name, answers=answers))
    return evidence


@pytest.mark.parametrize("stranger", STRANGERS.values(), ids=STRANGERS)
def test_of_a_stranger_nothing_else_is_said(stranger: Stranger) -> None:
    verdicts = checks.judge_flow(joined(stranger).parts)

    found = {name: said for name, said in told(verdicts).items() if not (stranger.only_2005 and name in ONLY_2005)}
    assert found == listed(stranger.findings)
    assert [item.requirement for item in verdicts if item.outcome is Outcome.INTERRUPTED] == []


def test_each_finding_has_a_reason_of_some_words() -> None:
    said = [one for stranger in STRANGERS.values() for one in stranger.findings.values()]

    assert [one for one in said if len(one.reason.split()) < 6] == []


def test_the_paper_tells_every_finding_with_its_reason_and_no_other() -> None:
    told_there = re.findall(r"^\| ([^|]+) \| ([A-Z]+-\d+) \| (\w+) \| (.+) \|$", PAPER, re.MULTILINE)
    shaped = {(name.partition(",")[0], requirement) for name, one in STRANGERS.items() for requirement in one.findings}
    elsewhere = [row for row in told_there if row[:2] not in shaped]

    # What is found at the door for browsers has no shape here: `make interop` certifies those products each time.
    assert {row[:2] for row in elsewhere} <= {
        (peer.title, row.requirement)
        for peer in passive_peers().values()
        for row in deviations(peer)
        if row.owner == "peer"
    }
    assert set(told_there) - set(elsewhere) == {
        (name.partition(",")[0], requirement, said.level.value, said.reason)
        for name, stranger in STRANGERS.items()
        for requirement, said in stranger.findings.items()
    }
    assert f"knows\n{len(known.BY_DIGEST)} of them" in PAPER
