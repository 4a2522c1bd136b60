"""A record of ours as evidence: what a run left behind is read as if a customer had sent it."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from hybridjoin.cli.case.judged_parts import judged_parts
from hybridjoin.intake.case.case import CustomerCase
from hybridjoin.intake.case.objects import computer_of_facts, settings_of_facts
from hybridjoin.intake.case.view import FactView
from hybridjoin.intake.files import bases
from hybridjoin.intake.files.part import PartKind
from hybridjoin.report.json_report import decode_record, encode_record
from tests.bundle.evidence import packed
from tests.device.events import run_record
from tests.intake.files.reading import answers, case_from, values

VECTOR = Path(__file__).parents[2] / "vectors" / "record-1.json"
MESSAGES = (PartKind.MEX, PartKind.REQUEST, PartKind.TOKEN)
# Of the first attempt that is told: road, phase, codes nearest to the fault; and the messages that came along.
FOUND = {
    "success": ("by federation", "", "", MESSAGES),
    "refused-no-fallback": ("not joined", "auth", "AADSTS51004, 0xcaa20003", MESSAGES),
    "refused-fallback-succeeds": ("by fallback", "auth", "AADSTS51004, 0xcaa20003", MESSAGES),
    "refused-fallback-refused": ("not joined", "auth", "AADSTS51004, 0xcaa20003, 0x801c03f2", MESSAGES),
    "join-refused": ("not joined", "join", "0x801c03f2", MESSAGES),
    "soap-fault": ("not joined", "auth", "0xcaa90014", (PartKind.MEX, PartKind.REQUEST, PartKind.FAULT)),
    "no-ticket": ("not joined", "auth", "0xcaa30191", (PartKind.MEX,)),
    "no-scp": ("not joined", "discover", "0x80070002, 0x801c001d", ()),
    "discover-silent": ("not joined", "discover", "0x801c0021", ()),
    "managed-not-synced": ("not joined", "join", "0x801c03f2", ()),
    "windows-11-fallback-refused": (
        "not joined", "auth", "AADSTS51004, 0xcaa20003, 0x801c03f3, error_missing_device", MESSAGES,
    ),
}  # fmt: skip


def of_record(*cases: str) -> CustomerCase:
    return case_from(record_json=encode_record(run_record(*cases)))


@pytest.mark.parametrize("name", FOUND)
def test_a_case_is_made_of_a_record(name: str) -> None:
    road, phase, codes, messages = FOUND[name]

    case = of_record(name)

    assert answers(case, "road") == [road]
    assert answers(case, "phase")[:1] == ([phase] if phase else [])
    assert answers(case, "codes")[:1] == ([codes] if codes else [])
    assert tuple(item.kind for item in case.parts) == (PartKind.SCREEN, *messages)
    assert case.files[0].formats == ("record",)
    assert case.contradictions == ()
    assert case.mistakes == ()


@pytest.mark.parametrize("name", FOUND)
def test_the_computers_object_and_the_place_are_known(name: str) -> None:
    case = of_record(name)
    computer = computer_of_facts(FactView(case.facts))

    assert computer is not None
    assert (computer.sam_account_name, computer.dns_host_name) == ("PC7$", "pc7.corp.contoso.example")
    assert computer.object_sid == "S-1-5-21-1111111111-2222222222-3333333333-1260"
    assert values(case, "client.fallback")[0] in {"ENABLED", "DISABLED"}
    assert values(case, "client.windows") == ["11-24h2" if name.startswith("windows-11") else "10-22h2"]
    (settings,) = settings_of_facts(FactView(case.facts))
    assert settings.domain == "contoso.example"
    assert settings.signing_certificate.startswith("MII")


def test_tickets_and_the_tenant_are_known() -> None:
    case = of_record("success")

    assert values(case, "ticket.server") == ["HTTP/sts.contoso.example@CORP.CONTOSO.EXAMPLE"]
    assert values(case, "ticket.etype") == ["aes256"]
    assert values(case, "scp.name") == values(case, "tenant.name") == ["contoso.example"]
    assert {fact.basis for fact in case.facts if fact.about in {"ticket", "client"}} == {bases.RECORD}
    assert {fact.place for fact in case.facts if fact.key == "rst.sent"} == {"record.json#1/rst"}


def test_what_a_record_masks_or_does_not_hold_is_no_fault() -> None:
    case = case_from(record_json=encode_record(decode_record(VECTOR.read_bytes(), place="record.json")))

    judged = {item.title: item for item in judged_parts(case)}

    broken = [item.requirement for item in judged["assertion"].broken]
    assert "CLAIM-01" in broken
    assert "SIG-02" not in broken
    assert all(not title.startswith("federation settings") for title in judged)


def test_settings_that_somebody_sent_beside_it_are_judged() -> None:
    text = (
        "PS C:\\> Get-MgDomainFederationConfiguration -DomainId contoso.example | Format-List\n\n"
        "ActiveSignInUri : https://sts.contoso.example/wsf/sts\n"
        "IssuerUri : https://sts.contoso.example/applications/7c6b5a49-3827-4165-b0a1-c2d3e4f5a6b7\n"
    )

    case = case_from(record_json=encode_record(run_record("success")), federation_txt=text)

    assert any(item.title.startswith("federation settings") for item in judged_parts(case))


def test_an_evidence_package_is_its_record_and_its_pictures_are_read_by_nobody() -> None:
    case = case_from(evidence_zip=packed())
    inside = {fact.place.partition(":")[0] for fact in case.facts}

    assert [item.name for item in case.files] == ["evidence.zip!record.json", "evidence.zip"]
    assert inside
    assert all(place.startswith("evidence.zip!record.json#") for place in inside)


def test_another_archive_with_such_a_file_in_it_is_read_as_a_whole() -> None:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("record.json", encode_record(run_record("success")))
        archive.writestr("events.xml", b"nothing")

    case = case_from(folder_zip=target.getvalue())

    assert [item.name for item in case.files] == ["folder.zip!record.json", "folder.zip!events.xml", "folder.zip"]


@pytest.mark.parametrize(
    "spoiled",
    [
        {"scenarios": 7},
        {"scenarios": [7, {"join": 7}, {"join": {"debug_screen": 7, "exchanges": 7, "circumstances": 7}}]},
        {"scenarios": [{"join": {"exchanges": [7, {"request": 7, "reply": []}, {"reply": {"entries": [7, {}]}}]}}]},
        {"scenarios": [{"join": {"exchanges": [{"reply": {"entries": [{"dn": 7, "attributes": [7, ["a", 7]]}]}}]}}]},
        {"scenarios": [{"join": {"exchanges": [
            {"step": "mex", "request": {"method": "GET", "url": "x", "headers": [7]},
             "reply": {"status": 200, "body": {"base64": "?"}, "headers": 7}},
        ]}}]},
        {"scenarios": [{"join": {"circumstances": {
            "site": {"tenant_name": "a", "signing_certificates": [7]}, "habits": {"client_side_scp": [1, 2]},
        }}}]},
    ],
)  # fmt: skip
def test_a_record_with_members_of_other_types_tells_less_and_breaks_nothing(spoiled: dict[str, object]) -> None:
    case = case_from(record_json=json.dumps({"schema": "hybridjoin-record/2", **spoiled}))

    assert {fact.about for fact in case.facts} <= {"scp", "http"}
    assert case.parts == ()


def test_no_secret_of_a_record_is_a_fact() -> None:
    case = of_record("success", "refused-no-fallback")

    told = repr(case.facts)
    assert "eyJ" not in told
    assert "Bearer " not in told
