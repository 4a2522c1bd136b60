"""A case's lab and scenario: whatever the facts are, both load, and what the evidence tells stands in them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hybridjoin.intake.case.conclusions import conclusions
from hybridjoin.intake.case.screens import screens_of
from hybridjoin.intake.case.symptom import symptom_of
from hybridjoin.intake.case.view import FactView
from hybridjoin.intake.files import bases
from hybridjoin.intake.files.fact import Fact
from hybridjoin.knowledge.suspect import Standing
from hybridjoin.knowledge.suspects import suspects
from hybridjoin.run.words import unknown_words
from hybridjoin.scenario.case.lab_of_case import lab_body
from hybridjoin.scenario.case.scenario_of_case import LAB_NAME, SCENARIO_NAME, ProvenChange, scenario_body
from hybridjoin.scenario.case.site_of_case import SITE_NAME, site_of_case
from hybridjoin.scenario.lab.lab_file import LabFile
from hybridjoin.scenario.lab.load import load_lab_file
from hybridjoin.scenario.load import load_scenarios
from hybridjoin.scenario.place_names import names_of_lab, unknown_names
from hybridjoin.scenario.scenario import Scenario
from tests.intake.files import transcripts as t
from tests.intake.files.field_cases import COMPUTER, DN, FIELD_CASES
from tests.intake.files.reading import case_from

KEYS = (
    "directory.domain", "directory.netbios", "directory.domain_controller", "device.name", "device.id", "tenant.id",
    "tenant.name", "scp.name", "scp.id", "scp.client_name", "scp.client_id", "spn.owner", "spn.missing", "keytab.entry",
    "object.sam_account_name", "object.object_guid", "object.consistency_guid", "object.spn", "object.enabled",
    "object.encryption_types", "object.certificates", "object.account_control", "federation.issuer_uri",
    "federation.metadata_exchange_uri", "federation.domain", "federation.signing_certificate", "assertion.issuer",
    "ticket.server", "ticket.etype", "realm.type", "client.fallback", "attempt.aadsts", "attempt.inner_code",
    "attempt.federated_failed", "attempt.join_code", "attempt.join_error_subcode", "attempt.sync_failed",
    "attempt.phase", "attempt.token_http_status", "attempt.discover_code", "attempt.dc_code", "idp.fault", "mex.chosen",
    "claim.http://schemas.microsoft.com/ws/2012/01/accounttype", "claim.http://x/AccountType", "claim./accounttype",
)  # fmt: skip
VALUES = (
    "", "YES", "0", "4", "24", "xxxx", "WS01", "WS01$", "ws01$", "dc1", "DC1$", "WS-0042.fabrikam.example",
    "fabrikam.example", "FABRIKAM", "a_b.example", "microsoftonline.com", "http://[", "Managed",
    "https://sts.fabrikam.example/adfs/mex",
    "HTTP/sts.fabrikam.example", "HTTP/WS01", "host/dc1.fabrikam.example", "CN=svc,DC=fabrikam,DC=example",
    "${matrix.x}",
    "c7a9d3f4-6b21-4f58-8e0d-93b5a1e27c46", "{C7A9D3F4-6B21-4F58-8E0D-93B5A1E27C46}", "AADSTS51004", "AADSTS50107",
    "0xcaa20003", "0xcaa30191", "0x8007054b", "400", "auth", "pre-check", "krbtgt", "alice", "svc-idp", "1e3", "null",
    "'\": {}\n# x", "é\u2028x", "kvno 3 aes256",
)  # fmt: skip
OF = ("", DN, "CN=WS01,DC=other,DC=example", "CN=svc-idp,DC=fabrikam,DC=example", "HTTP/sts.fabrikam.example", "one")


def fact(key: str, value: str, of: str = "") -> Fact:
    about, _, name = key.partition(".")
    return Fact(about=about, name=name, value=value, file="a\n.txt", line=3, basis=bases.PING, of=of)


def written(view: FactView, folder: Path) -> tuple[LabFile, Scenario, dict[str, Any]]:
    """Write lab and scenario as an import does; return them as they are read."""
    symptom = symptom_of(view, conclusions(view))
    found = suspects(view, symptom) if symptom is not None else ()
    proven = [
        ProvenChange(change=item.change, sentence=item.sentence, because=item.because)
        for item in found
        if item.standing is Standing.PROVEN
    ]
    (folder / LAB_NAME).write_bytes(lab_body(view))
    body = scenario_body(view, symptom, proven)
    (folder / SCENARIO_NAME).write_bytes(body)
    lab_file = load_lab_file(folder / LAB_NAME)
    (scenario,) = load_scenarios([folder / SCENARIO_NAME])
    assert [*unknown_words([scenario]), *unknown_names(scenario, names_of_lab(lab_file))] == []
    assert scenario.lab is not None
    return lab_file, scenario, yaml.safe_load(body)


def of_files(folder: Path, **files: str | bytes) -> tuple[LabFile, Scenario, dict[str, Any]]:
    case = case_from(**files)
    return written(FactView(case.facts, screens_of(case.facts, case.parts)), folder)


@settings(max_examples=150)
@example([fact("directory.netbios", "1e3", "")])
@given(
    st.lists(
        st.builds(
            fact, st.sampled_from(KEYS), st.one_of(st.sampled_from(VALUES), st.text(max_size=40)), st.sampled_from(OF)
        ),
        max_size=25,
    )
)
def test_whatever_the_facts_are_the_lab_and_the_scenario_load(facts: list[Fact]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lab_file, _, _ = written(FactView(facts), Path(folder))

    assert any(item.enabled for item in lab_file.computers)
    assert lab_file.service_account_of(lab_file.hosts[0]) is not None


@pytest.mark.parametrize("name", FIELD_CASES)
def test_a_field_case_becomes_a_lab(name: str, tmp_path: Path) -> None:
    lab_file, scenario, _ = of_files(tmp_path, **FIELD_CASES[name].files)

    assert scenario.expectations
    assert scenario.device.name in {item.name for item in lab_file.computers}


def test_the_symptom_is_what_is_expected(tmp_path: Path) -> None:
    _, _, told = of_files(tmp_path, join_txt=t.FALLBACK)

    assert told["expect"] == {
        "join": "synchronized", "phase": "auth", "step": "token", "code": 0xCAA20003, "aadsts": 51004,
        "http_status": 400,
        "screen": [
            "AutoEnrollAsComputer: Unable to retrieve access token. "
            "GetComputerTokenForADRS failed with error 0xcaa20003.",
            "Federated ADRS join failed with error 0xcaa1000e. Try synchronized join.",
            "AzureAdJoined : YES",
        ],
    }  # fmt: skip


DIRECTORY = (
    "Checking domain DC=fabrikam,DC=example\nCN=svc-ping,OU=Service,DC=fabrikam,DC=example\n"
    "\tHTTP/sso.fabrikam.example\n\thost/sso.fabrikam.example\n\nExisting SPN found!\n"
)
SETTINGS = (
    "IssuerUri           : urn:fabrikam\nMetadataExchangeUri : https://sso.fabrikam.example/wsf/mex13/4afaa6b9\n"
    "SigningCertificate  : MII...\n"
)


def test_the_objects_of_the_directory_are_the_labs(tmp_path: Path) -> None:
    lab_file, scenario, told = of_files(
        tmp_path, join_txt=t.FALLBACK, ws_ldf=COMPUTER, setspn_txt=DIRECTORY, federation_txt=SETTINGS
    )

    (computer,) = lab_file.computers
    assert (computer.name, computer.object_guid, computer.consistency_guid) == ("WS-0042", t.DEVICE, None)
    assert (lab_file.domain.name, lab_file.domain.domain_controller) == (t.DOMAIN, "fab-dc01")
    assert (lab_file.tenant.id, lab_file.hosts) == (t.TENANT, ("sso.fabrikam.example",))
    assert [(item.name, item.service_principal_names) for item in lab_file.service_accounts] == [
        ("svc-ping", ("HTTP/sso.fabrikam.example", "host/sso.fabrikam.example")), ("svc-lookup", ()),
    ]  # fmt: skip
    assert scenario.device.name == "WS-0042"
    assert told["idp"] == {"profile": "pingone", "external_id": "objectGUID"}


def test_each_line_names_its_place_in_the_evidence(tmp_path: Path) -> None:
    of_files(tmp_path, join_txt=t.FALLBACK, ws_ldf=COMPUTER)

    lab, scenario = (tmp_path / LAB_NAME).read_text("utf-8"), (tmp_path / SCENARIO_NAME).read_text("utf-8")
    assert "SIDs are not kept" in lab
    assert "# the computer: ws.ldf:" in lab
    assert "# the domain: join.txt:" in lab
    assert "no moment of the evidence is set" in scenario


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ([fact("directory.domain", "corp_x.example")], "the evidence has 'corp_x.example', which a lab cannot have"),
        ([fact("device.name", "a-computer-with-a-long-name")], "which a lab cannot have"),
        ([fact("federation.metadata_exchange_uri", "https://login.microsoftonline.com/x")], "which a lab cannot have"),
    ],
)
def test_a_name_that_a_lab_cannot_have_is_mapped_and_said(facts: Iterable[Fact], words: str) -> None:
    assert words in lab_body(FactView(facts)).decode()


def test_a_controller_that_is_called_as_its_domain_gets_the_everyday_name(tmp_path: Path) -> None:
    facts = [fact("directory.domain", "fab.example"), fact("directory.domain_controller", "FAB.fab.example")]

    lab_file, _, _ = written(FactView(facts), tmp_path)

    assert (lab_file.domain.netbios, lab_file.domain.domain_controller) == ("FAB", "dc1")


def test_a_domain_longer_than_active_directory_takes_is_mapped(tmp_path: Path) -> None:
    lab_file, _, _ = written(FactView([fact("directory.domain", f"{'a' * 60}.example")]), tmp_path)

    assert lab_file.domain.name == "hybridjoin.test"


def test_what_is_proven_stands_in_the_scenario(tmp_path: Path) -> None:
    older = SETTINGS.replace("mex13", "mex")

    _, _, told = of_files(tmp_path, join_txt=t.before_token(0xCAA90022), federation_txt=older)

    assert told["idp"]["mex"] == "mex"
    assert told["device"]["fallback"] is False
    assert "older /wsf/mex/, not /wsf/mex13/. federation.txt:2" in (tmp_path / SCENARIO_NAME).read_text("utf-8")


def test_two_issuers_stand_there_as_the_evidence_has_them() -> None:
    facts = (
        fact("assertion.issuer", "urn:fabrikam/"), fact("federation.issuer_uri", "urn:fabrikam"),
        fact("attempt.aadsts", "AADSTS50107", "one"), fact("attempt.federated_failed", "0xcaa1000e", "one"),
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        _, _, told = written(FactView(facts), Path(folder))

    assert (told["idp"]["issuer"], told["entra"]) == ("urn:fabrikam/", {"domain": {"issuer_uri": "urn:fabrikam"}})


def test_a_site_is_written_where_enough_is_known_of_it(tmp_path: Path) -> None:
    case = case_from(join_txt=t.FALLBACK, federation_txt=SETTINGS)
    short = case_from(join_txt=t.FALLBACK)

    site = site_of_case(FactView(case.facts))

    told = yaml.safe_load(site.files[SITE_NAME])
    assert (told["idp"]["issuer"], told["directory"]["kdc"]) == ("urn:fabrikam", f"fab-dc01.{t.DOMAIN}")
    assert [words.partition(":")[0] for words in site.missing] == ["case.signing.pem", "ws01.keytab"]
    assert site_of_case(FactView(short.facts)).files == {}
    assert site_of_case(FactView(short.facts)).missing == (
        "the domain's federation settings with its IssuerUri", "an https MetadataExchangeUri",
    )  # fmt: skip
