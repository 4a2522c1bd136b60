"""Runs fit to be packed, and keys to sign them with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from hybridjoin.bundle.keys import PrivateKey, Signer
from hybridjoin.bundle.package import build_package
from hybridjoin.model.record import CertificationRecord, DeviationRow, ProbeRow, RunRecord, UntestedRow
from hybridjoin.model.requirement_row import DeviationList, RequirementRow
from hybridjoin.model.verdict import Level, NotTested, Outcome, Untested
from tests.report.sample import answer, bad_scenario, exchanges, good_scenario, sample_record

PACKED_AT = datetime(2026, 7, 14, 12, 0, tzinfo=UTC)
ED25519 = Signer(key=ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32))), path=Path("ed25519.pem"))


def signer(kind: str) -> Signer:
    """Return a key of a kind."""
    keys: dict[str, PrivateKey] = {
        "ed25519": ED25519.key,
        "rsa": rsa.generate_private_key(65537, 2048),
        "ec": ec.generate_private_key(ec.SECP256R1()),
    }
    return Signer(key=keys[kind], path=Path(f"{kind}.pem"))


def requirement(name: str = "CLAIM-02", outcome: Outcome = Outcome.PASSED, **more: object) -> RequirementRow:
    """Return one row of a certification."""
    row = RequirementRow(
        id=name,
        level=Level.MUST,
        area=name.partition("-")[0],
        specification="Hybrid join",
        section="4",
        url="https://learn.example.test/4",
        sentence="The accounttype claim says DJ.",
        remedy="Map it.",
        outcome=outcome,
    )
    return replace(row, **more)  # type: ignore[arg-type]  # by the names of its fields


def deviation(**more: object) -> DeviationRow:
    """Return one row of a site's lists."""
    row = DeviationRow(
        requirement="MEX-07",
        list=DeviationList.KNOWN,
        owner="IdP team",
        reason="mended in build 42",
        expires=date(2026, 7, 14),
        happened=True,
    )
    return replace(row, **more)  # type: ignore[arg-type]  # by the names of its fields


def certification(*rows: RequirementRow, **more: object) -> CertificationRecord:
    """Return a certification of the given rows, or of three."""
    made = CertificationRecord(
        profile="default",
        adapter="pingone",
        requirements=rows
        or (
            requirement(),
            requirement("MEX-07", Outcome.WARNING, deviation=DeviationList.KNOWN),
            requirement(
                "RST-09",
                Outcome.SKIPPED,
                not_tested=NotTested(reason=Untested.ABSENT, detail="the IdP offers 1.3 only"),
            ),
        ),
        deviations=(deviation(),),
        untested=(UntestedRow(sentence="A sentence.", specification="WS-Trust 1.3", section="4.4", reason="unused"),),
        probes=(
            ProbeRow(
                id="rst-wrong-applies-to",
                sentence="A probe.",
                hostile=False,
                outcome=Outcome.PASSED,
                exchanges=exchanges()[6:7],
            ),
        ),
    )
    return replace(made, **more)  # type: ignore[arg-type]  # by the names of its fields


def clean_record(certified: CertificationRecord | None = None) -> RunRecord:
    """Return a run that was finished: one scenario as expected, one not."""
    return replace(sample_record(good_scenario(), bad_scenario()), certification=certified)


def packed(record: RunRecord | None = None, key: Signer = ED25519) -> bytes:
    """Return the bytes of a package."""
    if record is None and key is ED25519:
        return _usual_package()
    return build_package(record or clean_record(certification()), key, created_at=PACKED_AT).body


@cache
def _usual_package() -> bytes:
    return build_package(clean_record(certification()), ED25519, created_at=PACKED_AT).body


def with_reply(text: str) -> RunRecord:
    """Return a run in which a peer's reply says `text`."""
    scenario = good_scenario()
    assert scenario.join is not None
    first = scenario.join.exchanges[2]
    changed = replace(first, reply=answer(text))
    join = replace(scenario.join, exchanges=(changed, *scenario.join.exchanges[3:]))
    return sample_record(replace(scenario, join=join))
