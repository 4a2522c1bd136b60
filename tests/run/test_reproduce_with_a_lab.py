"""Failures brought about in a real lab: each by its one change, and by none once that is mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml

from hybridjoin.errors import UsageError
from hybridjoin.intake.case.conclusions import Road
from hybridjoin.intake.case.symptom import Symptom
from hybridjoin.intake.files import bases
from hybridjoin.intake.files.fact import Fact
from hybridjoin.knowledge.article import cause
from hybridjoin.knowledge.suspect import Standing, Suspect
from hybridjoin.lab.provider import Provider
from hybridjoin.model.events import Event, JobStarted
from hybridjoin.model.verdict import Outcome
from hybridjoin.run.engine import INTERRUPTED_BY_HAND
from hybridjoin.run.reproduction.changes import words_of
from hybridjoin.run.reproduction.outcome import Agreement
from hybridjoin.run.reproduction.reproduce import ReproducibleCase, reproduce
from hybridjoin.run.reproduction.reproduction import Reproduced
from hybridjoin.scenario.compose import load_document

pytestmark = pytest.mark.lab

WRONG_NAMESPACE = {"idp": {"claims": {"primarysid": {"namespace": "urn:elsewhere"}}}}
NO_CLAIM = {"idp": {"claims": {"accounttype": "drop"}}}
RC4 = {"dial": ["service-rc4-only"]}
STALE = {"dial": ["keytab-stale"]}
NO_SCP = {"dial": ["scp-missing"]}


@dataclass(frozen=True)
class Seen:
    """What a customer saw, and the change that brings it about."""

    symptom: Symptom
    change: dict[str, Any]
    screen: str


SEEN = {
    "AADSTS51004": Seen(
        Symptom(road=Road.FALLBACK, phase="auth", code="0xcaa20003", aadsts=51004, http_status=400),
        WRONG_NAMESPACE,
        "AdalLog:  HRESULT: 0xcaa20003",
    ),
    "0xcaa30191": Seen(Symptom(road=Road.FALLBACK, phase="auth", code="0xcaa30191"), RC4, "0xcaa30191"),
    "0x801c001d": Seen(Symptom(road=Road.NOT_JOINED, phase="discover", code="0x801c001d"), NO_SCP, "0x801c001d"),
}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """One warm lab for all; its state has a short path of its own."""
    with TemporaryDirectory(prefix="hj-") as state, pytest.MonkeyPatch.context() as patch:
        patch.setenv("HYBRIDJOIN_STATE", state)
        with Provider(backend="process") as opened:
            yield opened


def suspect(name: str, change: dict[str, Any], standing: str = "possible") -> Suspect:
    return Suspect(
        id=name, kind="mapping", sentence=f"{name}.", change=change, standing=Standing(standing),
        cause=cause(f"{name}.", "a proof", "Mend it."),
    )  # fmt: skip


def case_of(folder: Path, symptom: Symptom, *suspects: Suspect, **bent: Any) -> ReproducibleCase:  # noqa: ANN401
    path = folder / "case.scenario.yaml"
    written = {"id": "case", "title": "A customer's computer", **bent, "expect": {"phase": symptom.phase}}
    path.write_text(yaml.safe_dump(written), "utf-8")
    document = load_document(path, name=path.name)
    return ReproducibleCase(document=document, path=path, file=path.name, symptom=symptom, suspects=suspects)


@pytest.mark.parametrize("seen", SEEN.values(), ids=SEEN)
def test_a_suspect_brings_the_symptom_about_and_an_innocent_one_does_not(
    provider: Provider, tmp_path: Path, seen: Seen
) -> None:
    case = case_of(
        tmp_path, seen.symptom, suspect("innocent", {"idp": {"lifetime": "30m"}}), suspect("it", seen.change)
    )

    found, record = reproduce(case, provider)

    assert found.verdict is Reproduced.REPRODUCED, found.why
    assert [item.suspect and item.suspect.id for item in found.causes] == ["it"]
    assert found.causes[0].mended
    assert [item.agreement for item in found.trials] == [Agreement.OTHER, Agreement.OTHER, Agreement.SAME]
    assert found.best is not None
    assert found.best.match is not None
    assert any(seen.screen in line for line in found.best.match.outcome.screen)
    assert [item.id for item in record.scenarios] == ["case", "case-1", "case-2"]


@pytest.mark.parametrize("seen", SEEN.values(), ids=SEEN)
def test_what_is_proven_shows_it_and_the_change_whose_end_ends_it_is_found(
    provider: Provider, tmp_path: Path, seen: Seen
) -> None:
    bent = {**seen.change, "entra": {"source_anchor": "objectGUID"}}
    found, _ = reproduce(case_of(tmp_path, seen.symptom, **bent), provider)

    assert found.verdict is Reproduced.REPRODUCED, found.why
    assert [item.change for item in found.causes] == [seen.change]
    assert found.causes[0].mended


@pytest.mark.parametrize("seen", SEEN.values(), ids=SEEN)
def test_once_it_is_mended_nothing_of_it_is_left(provider: Provider, tmp_path: Path, seen: Seen) -> None:
    shown, _ = reproduce(case_of(tmp_path, seen.symptom, **seen.change), provider, most=1)
    assert shown.best is not None
    assert shown.best.match is not None
    with_screen = Symptom(
        road=seen.symptom.road, phase=seen.symptom.phase, code=seen.symptom.code,
        transcript=shown.best.match.outcome.screen,
    )  # fmt: skip

    again, _ = reproduce(case_of(tmp_path, with_screen, **seen.change), provider, most=1)
    mended, _ = reproduce(case_of(tmp_path, with_screen), provider)

    assert (shown.verdict, again.verdict) == (Reproduced.REPRODUCED, Reproduced.REPRODUCED)
    assert again.comparison is not None
    assert again.comparison.alike
    assert mended.verdict is Reproduced.NOT_REPRODUCED
    assert mended.comparison is not None
    assert mended.comparison.parting is not None


def test_two_reasons_for_one_symptom_are_told_as_a_tie(provider: Provider, tmp_path: Path) -> None:
    case = case_of(
        tmp_path, SEEN["0xcaa30191"].symptom, suspect("etype", RC4), suspect("key version", STALE),
        suspect("a claim", NO_CLAIM, "supported"),
    )  # fmt: skip

    found, _ = reproduce(case, provider)

    assert [item.suspect and item.suspect.id for item in found.tied] == ["etype", "key version"]


def test_no_more_is_tried_than_is_allowed_and_what_was_left_is_counted(provider: Provider, tmp_path: Path) -> None:
    suspects = [suspect(f"claim {number}", NO_CLAIM) for number in range(3)]

    found, record = reproduce(case_of(tmp_path, SEEN["AADSTS51004"].symptom, *suspects), provider, most=2)

    assert (len(found.trials), len(record.scenarios), found.untried) == (2, 2, 2)
    assert found.verdict is Reproduced.REPRODUCED


def test_who_stops_it_keeps_what_was_found(provider: Provider, tmp_path: Path) -> None:
    suspects = [suspect("it", WRONG_NAMESPACE), suspect("another", NO_CLAIM)]

    def stop(event: Event) -> None:
        if isinstance(event, JobStarted) and event.number == 3:
            raise KeyboardInterrupt

    found, record = reproduce(case_of(tmp_path, SEEN["AADSTS51004"].symptom, *suspects), provider, on_event=stop)

    assert found.verdict is Reproduced.REPRODUCED
    assert (found.interrupted, record.interrupted) == (INTERRUPTED_BY_HAND, INTERRUPTED_BY_HAND)
    assert len(found.trials) == 2


def test_a_suspect_that_no_scenario_can_say_is_told_and_the_others_are_tried(
    provider: Provider, tmp_path: Path
) -> None:
    odd = [
        suspect("odd", {"dial": ["no-such-row"]}),
        suspect("bad", {"idp": {"claims": {"primarysid": {"value": "#x("}}}}),
    ]

    found, record = reproduce(
        case_of(tmp_path, SEEN["AADSTS51004"].symptom, *odd, suspect("it", WRONG_NAMESPACE)), provider
    )

    assert [item.trouble.partition(":")[0] for item in found.trials[1:3]] == ["cannot be tried here"] * 2
    assert [item.outcome for item in record.scenarios[1:3]] == [Outcome.SKIPPED] * 2
    assert [item.suspect and item.suspect.id for item in found.causes] == ["it"]


def test_a_scenario_of_the_case_that_has_mistakes_is_refused(provider: Provider, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no-such-row"):
        reproduce(case_of(tmp_path, SEEN["AADSTS51004"].symptom, dial=["no-such-row"]), provider)


OLD_ACCOUNT = """\
domain: {name: no-scp.test}
tenant: {id: 6f1d2c8e-3b5a-4c7d-9e0f-1a2b3c4d5e6f}
computers:
  - {name: WS01, mS-DS-ConsistencyGuid: objectGUID, userCertificate: self-signed}
service_accounts:
  - name: svc-idp
    servicePrincipalName: [HTTP/sts.no-scp.test]
    msDS-SupportedEncryptionTypes: [RC4]
    keytab: [AES256]
"""


def test_what_the_directory_itself_has_is_found_where_the_scenario_bends_nothing(
    provider: Provider, tmp_path: Path
) -> None:
    (tmp_path / "case.lab.yaml").write_text(OLD_ACCOUNT)
    seen = replace(suspect("rc4", RC4, "supported"), kind="etype", because=(_fact(),))

    found, _ = reproduce(case_of(tmp_path, SEEN["0xcaa30191"].symptom, seen, lab="case.lab.yaml"), provider, most=2)

    assert found.verdict is Reproduced.REPRODUCED, found.why
    assert [words_of(item.change) for item in found.causes] == [
        "lab.service_accounts.svc-idp.msDS-SupportedEncryptionTypes: RC4"
    ]
    assert (found.causes[0].suspect, found.causes[0].mended, found.untried) == (seen, True, 1)


def _fact() -> Fact:
    return Fact(about="object", name="encryption_types", value="4", file="svc.ldf", line=5, basis=bases.LDIF)
