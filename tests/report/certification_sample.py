"""A certification made by hand: every outcome, one excused failure, and a list with a row that no longer holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hybridjoin.model.record import CertificationRecord, DeviationRow, ProbeRow, RunRecord, UntestedRow
from hybridjoin.model.requirement_row import DeviationList, RequirementRow
from hybridjoin.model.steps import Step
from hybridjoin.model.verdict import Level, NotTested, Outcome, Untested
from hybridjoin.model.where import Side, Spot, Where
from tests.report.sample import (
    ACCOUNT_TYPE,
    CLAIMS,
    answer,
    assertion,
    bad_join,
    bad_scenario,
    exchanges,
    sample_record,
)

ACCOUNT_TYPE_CLAIM = Where(step=Step.RST, spot=Spot.ELEMENT, name="saml:Attribute", label="accounttype")
PORT = Where(step=Step.MEX, spot=Spot.ELEMENT, label="windows13", line=1)


def hostile(probe: str) -> NotTested:
    """The reason of a probe that is not asked for being hostile."""
    return NotTested(reason=Untested.PROBE_SKIPPED, probe=probe, detail="it is hostile")


def requirement(
    name: str, outcome: Outcome, *, level: Level = Level.MUST, why_not: NotTested | None = None
) -> RequirementRow:
    """One row; what is not tested has a reason."""
    broken = outcome in {Outcome.FAILED, Outcome.WARNING, Outcome.REVIEW}
    return RequirementRow(
        id=name,
        level=level,
        area=name.rpartition("-")[0],
        specification="SAML11",
        section="2.4.4",
        url="https://docs.example/saml11",
        sentence=f"Sentence {name}.",
        remedy="Change the mapping.",
        outcome=outcome,
        expected=ACCOUNT_TYPE if broken else "",
        found="" if why_not else CLAIMS if broken else "as it should be",
        where=None if why_not else ACCOUNT_TYPE_CLAIM,
        not_tested=why_not,
    )


def certification() -> CertificationRecord:
    """Seven requirements, of which one failed without an excuse."""
    known = replace(requirement("MEX-13", Outcome.FAILED), deviation=DeviationList.KNOWN, where=PORT)
    return CertificationRecord(
        profile="default",
        adapter="pingone",
        requirements=(
            requirement("MEX-01", Outcome.PASSED),
            known,
            replace(
                requirement("NEG-01", Outcome.WARNING, level=Level.SHOULD),
                where=Where(probe="rst-wrong-applies-to", step=Step.RST, side=Side.REQUEST),
            ),
            requirement("NEG-07", Outcome.SKIPPED, why_not=hostile("rst-malformed")),
            requirement("NEG-08", Outcome.SKIPPED, why_not=hostile("rst-dtd")),
            replace(requirement("CLAIM-02", Outcome.FAILED), verified=True),
            requirement(
                "TOKEN-01",
                Outcome.INTERRUPTED,
                why_not=NotTested(reason=Untested.INTERRUPTED, detail="the machine ran out of ports"),
            ),
        ),
        deviations=(
            DeviationRow(
                requirement="MEX-*",
                list=DeviationList.KNOWN,
                owner="idp-team",
                reason="mended in 7.4",
                expires=date(2027, 1, 31),
                happened=True,
            ),
            DeviationRow(
                requirement="SIG-03",
                list=DeviationList.EXPECTED,
                owner="idp-team",
                reason="by design",
                expires=date(2026, 1, 31),
                happened=False,
                problem="past its date",
            ),
        ),
        untested=(
            UntestedRow(
                sentence="Replays are refused by every node.",
                specification="RFC4120",
                section="3.2.3",
                reason="One node answers.",
            ),
        ),
        probes=(
            ProbeRow(
                id="rst-wrong-applies-to",
                sentence="An RST for somebody else.",
                hostile=False,
                outcome=Outcome.PASSED,
                note="HTTP 200",
                sent_digest="ab" * 32,
                exchanges=(replace(exchanges()[6], reply=answer(assertion(), 401, "Unauthorized")),),
            ),
            ProbeRow(
                id="rst-dtd",
                sentence="An RST with a DTD.",
                hostile=True,
                outcome=Outcome.SKIPPED,
                note="it is hostile",
            ),
        ),
        complete=False,
    )


def certified_record() -> RunRecord:
    """A run that certified: one join, whose verdicts name places as the checks do."""
    join = bad_join()
    verdicts = (
        replace(join.verdicts[2], where=ACCOUNT_TYPE_CLAIM),
        replace(join.verdicts[1], where=PORT),
    )
    scenario = replace(
        bad_scenario(), id="certify-wstrust-1.3", file="hybridjoin certify", join=replace(join, verdicts=verdicts)
    )
    return replace(sample_record(scenario), certification=certification())
