"""Each suspect, tried in a real lab, ends in the symptom that it explains; the dial's are tried in scenarios/dial."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from hybridjoin import api
from hybridjoin.intake.case.view import FactView
from hybridjoin.knowledge.suspect_claims import CLAIM_SUSPECTS
from hybridjoin.knowledge.suspect_row import SYNCHRONIZED, SuspectRow
from hybridjoin.knowledge.suspect_settings import SETTINGS_SUSPECTS
from hybridjoin.model.verdict import Outcome
from hybridjoin.scenario.lab.default_lab import default_lab_path

pytestmark = pytest.mark.lab

ROWS = (*CLAIM_SUSPECTS, *SETTINGS_SUSPECTS)
# What the computer of the evidence is like where a row speaks of that alone.
DEVICES = {"anchor-is-the-other-guid": "WS05", "external-id-empty": "WS02"}


def expected(row: SuspectRow) -> dict[str, Any]:
    """Return what a row explains as a scenario expects it, the most telling first."""
    if SYNCHRONIZED in row.explains:
        return {"join": "synchronized", "reason": "is managed"}
    refused = next((word for word in sorted(row.explains) if word.startswith("AADSTS")), "")
    code = next((word for word in sorted(row.explains) if word.startswith("0x")), "")
    return {"aadsts": int(refused.removeprefix("AADSTS"))} if refused else {"code": int(code, 16)}


def test_each_suspect_ends_in_what_it_explains(tmp_path: Path) -> None:
    for row in ROWS:
        change = dict(row.bent(FactView(())))
        device = {"name": DEVICES.get(row.id, "WS01"), **change.pop("device", {})}  # type: ignore[dict-item]
        told = {"id": row.id, "title": row.sentence, "device": device, **change, "expect": expected(row)}
        (tmp_path / f"{row.id}.scenario.yaml").write_text(yaml.safe_dump(told))

    with api.open_lab(backend="process", lab_file=default_lab_path()) as place:
        record = api.run(place, tmp_path)

    assert len(record.scenarios) == len(ROWS)
    assert {item.id: item.outcome for item in record.scenarios if item.outcome is not Outcome.PASSED} == {}
