"""The suspects: what explains a symptom, how the evidence stands to it, and that a scenario can express each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import yaml

from hybridjoin.intake.case.conclusions import Road
from hybridjoin.intake.case.symptom import Symptom
from hybridjoin.intake.case.view import FactView
from hybridjoin.intake.files import bases
from hybridjoin.intake.files.fact import Fact, Strength
from hybridjoin.knowledge.lookup import find
from hybridjoin.knowledge.suspect import Standing, Suspect
from hybridjoin.knowledge.suspect_row import SuspectRow
from hybridjoin.knowledge.suspects import SUSPECTS, suspects
from hybridjoin.run.words import unknown_words
from hybridjoin.scenario.load import load_scenarios
from tests.intake.files import transcripts as t
from tests.intake.files.field_cases import COMPUTER, FIELD_CASES
from tests.intake.files.reading import case_from
from tests.protocol.documents import AssertionText, with_claim

CLAIMS = "http://schemas.microsoft.com/ws/2012/01"
REFUSED: dict[str, str | bytes] = {"join_txt": t.FALLBACK}
BASE: dict[str, Any] = {"id": "base", "title": "A base.", "device": {"fallback": False}, "expect": {"join": "failed"}}


def of(
    *facts: tuple[str, str], files: Mapping[str, str | bytes] = MappingProxyType({}), symptom: Symptom | None = None
) -> dict[str, Suspect]:
    """Return the suspects of files and further facts, by id."""
    case = case_from(**files) if files else None
    told = (*(case.facts if case else ()), *(fact(name, value) for name, value in facts))
    wanted = symptom or (case.symptom if case else None)
    assert wanted is not None
    return {item.id: item for item in suspects(FactView(told), wanted)}


def fact(name: str, value: str, of: str = "", strength: Strength = Strength.PROVES) -> Fact:
    about, _, rest = name.partition(".")
    return Fact(about=about, name=rest, value=value, file="a.txt", line=7, basis=bases.PING, of=of, strength=strength)


def symptom(code: str = "", phase: str = "auth", aadsts: int | None = None) -> Symptom:
    return Symptom(road=Road.NOT_JOINED, code=code, phase=phase, aadsts=aadsts)


def written(change: Mapping[str, object], folder: Path, name: str = "one") -> Path:
    """Write a scenario of the base with a change merged into it."""
    path = folder / f"{name}.scenario.yaml"
    (folder / "base.yaml").write_text(yaml.safe_dump({key: BASE[key] for key in ("device", "expect")}))
    data = {"id": name, "title": "One change.", "extends": "base.yaml", **change}
    path.write_text(yaml.safe_dump(json.loads(json.dumps(data))))
    return path


@pytest.mark.parametrize("row", SUSPECTS, ids=lambda row: row.id)
def test_each_change_composes_with_a_scenario_that_loads(row: SuspectRow, tmp_path: Path) -> None:
    path = written(row.bent(FactView(())), tmp_path)

    scenarios = load_scenarios([path])

    assert list(unknown_words(scenarios)) == []
    assert scenarios[0].device.fallback is False
    plain = load_scenarios([written({}, tmp_path, "plain")])[0]
    assert replace(scenarios[0], id="", title="", file="", line=0, places={}) != replace(
        plain, id="", title="", file="", line=0, places={}
    )


@pytest.mark.parametrize("row", SUSPECTS, ids=lambda row: row.id)
def test_each_row_is_whole(row: SuspectRow) -> None:
    codes = {word for word in row.explains if word.startswith(("0x", "AADSTS"))}

    assert row.sentence.endswith(".")
    assert row.explains
    assert {code for code in codes if find(code) is None} - {"0x8007054b"} == set()
    assert row.cause.sentence
    assert row.cause.fixes
    assert row.cause.proof


def test_every_id_is_there_once_and_every_kind_has_a_row() -> None:
    assert len({row.id for row in SUSPECTS}) == len(SUSPECTS)
    assert {row.kind for row in SUSPECTS} == {
        "mapping", "namespace", "anchor", "SPN", "etype", "keytab", "clock", "metadata", "certificate", "issuer",
        "sync", "SCP", "outage", "ticket", "computer", "network", "policy", "fault",
    }  # fmt: skip


def test_the_refused_claims_are_suspects_the_namespaces_first_and_nothing_else_is() -> None:
    found = of(files=REFUSED)

    assert list(found)[:3] == ["accounttype-namespace", "onpremobjectguid-namespace", "primarysid-namespace"]
    assert {item.standing for item in found.values()} == {Standing.POSSIBLE}
    assert {item.kind for item in found.values()} == {"namespace", "mapping", "anchor"}
    assert "spn-missing" not in found


def test_an_assertion_proves_one_suspect_and_clears_the_others() -> None:
    odd = with_claim("onpremobjectguid", ("http://schemas.xmlsoap.org/claims", "onpremobjectguid", ("x",)))

    found = of(files={**REFUSED, "rstr_xml": str(AssertionText(claims=odd))})

    assert list(found) == ["onpremobjectguid-namespace"]
    (one,) = found.values()
    assert one.standing is Standing.PROVEN
    assert one.change == {"idp": {"claims": {"onpremobjectguid": {"namespace": "http://schemas.xmlsoap.org/claims"}}}}
    assert [item.file for item in one.because] == ["rstr.xml"]
    assert "wrong namespace" in one.cause.sentence


@pytest.mark.parametrize(
    ("claim", "wanted"),
    [
        (("http://schemas.microsoft.com/ws/2012/01", "accounttype", ("User",)), {"accounttype-user"}),
        (("http://schemas.microsoft.com/ws/2012/01", "AccountType", ("DJ",)), {"accounttype-spelling"}),
        (("http://schemas.microsoft.com/ws/2012/01", "accounttype", ("DJ", "User")),
         {"accounttype-twice", "accounttype-user"}),
        (("", f"{CLAIMS}/accounttype", ("DJ",)), {"accounttype-whole-uri"}),
    ],
)  # fmt: skip
def test_each_mistake_of_a_claim_is_proven_alone(claim: tuple[str, str, tuple[str, ...]], wanted: set[str]) -> None:
    found = of(files={**REFUSED, "rstr_xml": str(AssertionText(claims=with_claim("accounttype", claim)))})

    assert set(found) == wanted
    assert {item.standing for item in found.values()} == {Standing.PROVEN}


def test_a_value_is_compared_with_the_directory() -> None:
    guid, sid = "c7a9d3f4-6b21-4f58-8e0d-93b5a1e27c46", "S-1-5-21-1-2-3-1104"
    space = "http://schemas.microsoft.com"
    claims = (
        (f"claim.{space}/ws/2012/01/accounttype", "DJ"),
        (f"claim.{space}/identity/claims/onpremobjectguid", "x6nT9GshT1iODZO1oeJ8Rg=="),  # big-endian
        (f"claim.{space}/ws/2008/06/identity/claims/primarysid", "S-1-5-21-1-2-3-515"),
    )

    found = of(*claims, ("object.object_guid", guid), ("object.object_sid", sid), files=REFUSED)
    unknown = of(*claims, files={"join_txt": t.failed_token(fallback=False)})

    assert {item.id for item in found.values()} == {"onpremobjectguid-big-endian", "primarysid-of-the-group"}
    assert set(unknown) == {"primarysid-of-the-group"}


def test_a_tool_that_found_no_claim_proves_it_missing() -> None:
    found = of(("idp.claim_absent", "primarysid"), files=REFUSED)

    assert next(iter(found.values())).id == "primarysid-missing"
    assert next(iter(found.values())).standing is Standing.PROVEN
    assert found["accounttype-missing"].standing is Standing.POSSIBLE


TICKET = symptom("0xcaa30191")
TICKETS: dict[str, tuple[tuple[Fact, ...], dict[str, Standing], set[str]]] = {
    "nobody has the name": (
        (fact("spn.missing", "No such SPN found."),),
        {"spn-missing": Standing.PROVEN},
        {"spn-duplicate", "spn-wrong-account", "keytab-stale"},
    ),
    "two have it": (
        (fact("spn.owner", "CN=a", of="HTTP/sts.x.example"), fact("spn.owner", "CN=b", of="HTTP/sts.x.example")),
        {"spn-duplicate": Standing.PROVEN},
        {"spn-missing", "spn-wrong-account"},
    ),
    "an RC4 ticket for AES keys": (
        (fact("tickets.logon", "0x3e7"), fact("ticket.etype", "rc4", of="HTTP/sts.x.example"),
         fact("keytab.entry", "kvno 3 aes256"), fact("object.spn", "HTTP/sts.x.example", of="CN=svc"),
         fact("object.encryption_types", "4", of="CN=svc")),
        {"service-rc4-only": Standing.PROVEN},
        {"spn-missing", "device-aes-only", "device-rc4-only", "keytab-without-aes256"},
    ),
    "an AES ticket": (
        (fact("tickets.logon", "0x3e7"), fact("ticket.etype", "aes256", of="HTTP/sts.x.example")),
        {"keytab-stale": Standing.POSSIBLE},
        {"service-rc4-only", "service-etypes-unset", "spn-missing", "spn-duplicate"},
    ),
    "a user's tickets": (
        (fact("tickets.logon", "0x51a2b"), fact("ticket.etype", "aes256", of="HTTP/sts.x.example")),
        {"service-rc4-only": Standing.POSSIBLE, "spn-missing": Standing.POSSIBLE},
        set(),
    ),
    "the IdP's log": (
        (fact("idp.kerberos_error", "Checksum failed"),),
        {"keytab-stale": Standing.SUPPORTED, "spn-wrong-account": Standing.SUPPORTED},
        {"no-negotiate"},
    ),
    "an account that says RC4": (
        (fact("object.spn", "HTTP/sts.x.example", of="CN=svc"), fact("object.encryption_types", "4", of="CN=svc")),
        {"service-rc4-only": Standing.SUPPORTED},
        {"spn-missing", "service-etypes-unset"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("facts", "standing", "gone"), TICKETS.values(), ids=TICKETS)
def test_a_refused_ticket(facts: tuple[Fact, ...], standing: dict[str, Standing], gone: set[str]) -> None:
    found = list(suspects(FactView(facts), TICKET))
    by_id = {item.id: item.standing for item in found}

    assert {name: by_id.get(name) for name in standing} == standing
    assert gone & set(by_id) == set()
    order = [list(Standing).index(item.standing) for item in found]
    assert order == sorted(order)


@pytest.mark.parametrize(
    ("case", "first"),
    [
        ("12 no domain controller", "ldap-down"),
        ("14 a service connection point that cannot be read", "scp-missing"),
        ("24 the service's own subcode", "not-synchronized"),
        ("39 a sign-in log of the device registration", "entra-says-53003"),
    ],
)
def test_a_field_case_leads_to_its_suspect(case: str, first: str) -> None:
    assert next(iter(of(files=FIELD_CASES[case].files))) == first


@pytest.mark.parametrize(
    "symptom_",
    [symptom("0x80090303"), symptom("0x80090311"), symptom("0x801c0095"), symptom("0x2ee6"), symptom(phase="")],
    ids=lambda item: item.code or "no phase",
)
def test_what_the_idp_has_no_part_in_has_no_suspect(symptom_: Symptom) -> None:
    assert of(symptom=symptom_) == {}


def test_the_registration_on_the_premises_has_no_suspect() -> None:
    assert of(files=FIELD_CASES["13 the registration service on the premises"].files) == {}


def test_a_wrapper_of_a_code_is_looked_up_by_its_phase() -> None:
    found = of(symptom=symptom("0xcaa1000e"))

    assert {"accounttype-missing", "spn-missing", "mex-instead-of-mex13"} <= set(found)


def test_the_settings_tell_an_issuer_from_the_assertions() -> None:
    refused = symptom("0xcaa20002", aadsts=50107)
    settings = ("federation.issuer_uri", "https://sts.fabrikam.example/app/")

    slash = of(("assertion.issuer", "https://sts.fabrikam.example/app"), settings, symptom=refused)
    same = of(("assertion.issuer", "https://sts.fabrikam.example/app/"), settings, symptom=refused)

    assert next(iter(slash)) == "issuer-slash"
    assert slash["issuer-slash"].standing is Standing.PROVEN
    assert {"issuer-other", "issuer-http-https"} & set(slash) == set()
    assert {name for name in same if name.startswith("issuer-")} == set()


def test_the_older_metadata_is_proven_by_its_address() -> None:
    found = of(
        ("federation.metadata_exchange_uri", "https://auth.pingone.example/1/wsf/mex/2"), symptom=symptom("0xcaa90022")
    )

    assert next(iter(found.values())).id == "mex-instead-of-mex13"
    assert next(iter(found.values())).change == {"idp": {"mex": "mex"}}


def test_the_computer_is_left_out_of_synchronization_by_its_own_name() -> None:
    case = FIELD_CASES["24 the service's own subcode"].files

    assert of(files=case)["not-synchronized"].change == {
        "entra": {"connect": {"exclude": ["WS-0042"]}, "domain": {"authentication": "Managed"}}
    }
    assert COMPUTER in case.values()
