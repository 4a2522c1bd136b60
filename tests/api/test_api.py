"""The public face: a lab opened, a device joined, an IdP certified, a record read, by a program of somebody else."""

from __future__ import annotations

import inspect
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import FrozenInstanceError, fields, is_dataclass
from pathlib import Path

import pytest

import hybridjoin
from hybridjoin import api

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def lab() -> Iterator[api.OpenPlace]:
    state, before = Path(tempfile.mkdtemp(prefix="hj-")), os.environ.get("HYBRIDJOIN_STATE")
    os.environ["HYBRIDJOIN_STATE"] = str(state)
    try:
        with api.open_lab(backend="process") as place:
            yield place
    finally:
        os.environ.pop("HYBRIDJOIN_STATE")
        if before is not None:
            os.environ["HYBRIDJOIN_STATE"] = before
        shutil.rmtree(state, ignore_errors=True)


@pytest.mark.lab
def test_a_device_joins_and_the_record_says_so(lab: api.OpenPlace) -> None:
    with lab.site() as site:
        joined = api.join(site, lab.devices[0])

    assert (lab.backend, joined.result) == ("process", api.JoinResult.FEDERATED)
    assert [item.requirement for item in joined.verdicts if item.outcome is api.Outcome.FAILED] == []


@pytest.mark.lab
def test_what_bends_the_idp_is_told_in_the_words_of_a_scenario(lab: api.OpenPlace) -> None:
    with lab.site(idp={"claims": {"accounttype": "drop"}}) as site:
        joined = api.join(site, "WS01", fallback=False)

    assert joined.result is api.JoinResult.FAILED
    assert [row.name for row in joined.claims if row.outcome is api.Outcome.FAILED] == ["accounttype"]


@pytest.mark.lab
def test_what_bends_the_directory_is_told_so_too_and_is_over_with_the_site(lab: api.OpenPlace) -> None:
    with lab.site(dial=["computer-disabled", {"latency": {"ms": 1, "at": "kdc"}}]) as site:
        bent = api.join(site, lab.devices[0], fallback=False)
        heard = [item.line for item in site.overheard()]
    with lab.site() as site:
        joined = api.join(site, lab.devices[0])

    assert bent.failure is not None
    assert "KDC_ERR_CLIENT_REVOKED" in bent.failure.reason
    assert any("NT_STATUS_ACCOUNT_DISABLED" in line for line in heard)
    assert joined.result is api.JoinResult.FEDERATED
    with pytest.raises(api.UsageError, match="unknown row of the dial 'kdc-dwn'"), lab.site(dial=["kdc-dwn"]):
        pass


@pytest.mark.lab
def test_a_person_signs_in_by_name_and_password(lab: api.OpenPlace) -> None:
    with lab.site() as site:
        signed_in = api.sign_in(site, "carol")
        with pytest.raises(api.UsageError, match="nobody called 'stranger'"):
            api.sign_in(site, "stranger")

    assert signed_in.flow.name == "sign-in-username"
    assert [item.requirement for item in signed_in.verdicts if item.outcome is api.Outcome.FAILED] == []


@pytest.mark.lab
def test_some_requirements_are_certified_and_the_record_is_read_again(lab: api.OpenPlace, tmp_path: Path) -> None:
    record = api.certify(lab, only=("MEX-0*",))
    assert record.certification is not None
    assert {row.id[:5] for row in record.certification.requirements} == {"MEX-0"}
    assert {row.outcome for row in record.certification.requirements} == {api.Outcome.PASSED}

    again = api.read_record(api.write_reports(record, tmp_path))

    assert again == record


def verdicts(record: api.RunRecord) -> list[tuple[str, api.Verdict]]:
    return [(item.id, verdict) for item in record.scenarios if item.join for verdict in item.join.verdicts]


@pytest.mark.lab
def test_scenario_files_are_run(lab: api.OpenPlace) -> None:
    record = api.run(lab, ROOT / "scenarios" / "demo")

    assert [item.outcome for item in record.scenarios] == [api.Outcome.PASSED] * 2
    again = api.judge_again(record)
    assert again.not_judged == ()
    assert verdicts(again.record) == verdicts(record)
    assert verdicts(record)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"idp": {"faults": ["unsinged"]}}, "unknown fault 'unsinged' (did you mean 'unsigned'?)"),
        ({"idp": {"profil": "adfs"}}, "unknown key 'profil' (did you mean 'profile'?)"),
        ({"entra": {"tennant": 1}}, "unknown key 'tennant'"),
    ],
)
def test_a_word_that_is_not_known_is_the_callers_mistake_before_anything_is_started(
    settings: dict[str, dict[str, object]], words: str
) -> None:
    with (
        api.open_lab(backend="process") as place,
        pytest.raises(api.UsageError) as refused,
        place.site(idp=settings.get("idp"), entra=settings.get("entra")),
    ):
        pass

    assert words in str(refused.value)
    assert "site():" in str(refused.value)


def test_a_requirement_that_nobody_knows_is_the_callers_mistake() -> None:
    with api.open_lab(backend="process") as place, pytest.raises(api.UsageError, match="unknown requirement 'MEXX-1'"):
        api.certify(place, only=("MEXX-1",))


def test_a_site_of_ones_own_cannot_be_bent(tmp_path: Path) -> None:
    with pytest.raises(api.UsageError, match="expected the key 'idp'"), api.open_site(_broken(tmp_path)):
        pass


def _broken(folder: Path) -> Path:
    path = folder / "mine.site.yaml"
    path.write_text("name: mine\n", "utf-8")
    return path


def test_everything_that_is_public_is_there_documented_and_frozen() -> None:
    public = {name: getattr(api, name) for name in api.__all__}

    undocumented = sorted(name for name, thing in public.items() if not inspect.getdoc(thing))
    assert undocumented == []
    # The stubs do not know what `dataclass` keeps of its own arguments.
    thawed = sorted(
        name
        for name, thing in public.items()
        if is_dataclass(thing) and isinstance(thing, type) and not thing.__dataclass_params__.frozen  # type: ignore[attr-defined]  # not in the stubs
    )
    assert thawed == []
    assert {item.name for item in fields(api.JoinRecord)} >= {"result", "verdicts", "claims", "exchanges"}
    with pytest.raises(FrozenInstanceError), api.open_lab() as place:
        place.provider = None  # type: ignore[misc, assignment]  # what mypy refuses, Python has to refuse too


def test_the_package_says_that_it_is_typed() -> None:
    assert (Path(hybridjoin.__file__).parent / "py.typed").is_file()
