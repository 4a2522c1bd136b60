"""`hybridjoin import --anonymise`: a case that may be shown to strangers, and comes to the same."""

from __future__ import annotations

import base64
import json
import re
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from hybridjoin.bundle.anonymise_case import CaseRenamer
from hybridjoin.model.spellings import forms
from hybridjoin.scenario.case.case_file import load_case
from tests.cli.conftest import Run
from tests.intake.customers import CASES, CUSTOMERS
from tests.intake.files import transcripts as t
from tests.intake.files.configuration_cases import CONFIGURATION_CASES
from tests.intake.files.field_cases import FIELD_CASES
from tests.intake.files.test_bad_input import archive

GUID: Final = re.compile(r"(?<![0-9A-Fa-f-])[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![0-9A-Fa-f-])")
SID: Final = re.compile(r"S-1-5-21-(\d+-\d+-\d+)")
# Whose places the evidence is made up of; nothing of the formats, of Microsoft or of ours is called so.
PLACES: Final = re.compile(
    r"(?i)fabrikam|contoso|litware|wingtip|adatum|proseware|northwind|tailspin|woodgrove|margies|coho\b|lucerne"
    r"|ws-0042|fab-dc01|nb-4711|ws-2203|lw-srv19|wt-l0088|ada-pc-311|pw-tab-19|nw-kiosk-7|ts-0452|wg-t480-33|mt-pos-02"
    r"|cv-5541|lp-desk-05|svc-ping|svc-federation|wg-fed01|192\.0\.2\.7"
)
EVERYBODYS: Final = {
    "62a0ff2e-97b9-4513-943f-0d221bd30080", "dd762716-544d-4aeb-a526-687b73838a22",
    "23b8d46b-67dd-40a3-b636-d43e50552c6d",
}  # fmt: skip
FIELD: Final = FIELD_CASES | CONFIGURATION_CASES


@pytest.fixture(params=[*FIELD, *CUSTOMERS])
def evidence(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The evidence of a field case or of a customer."""
    chosen: str = request.param
    if chosen in CUSTOMERS:
        return CASES / chosen / "evidence"
    folder = tmp_path / "evidence"
    folder.mkdir()
    for name, content in FIELD[chosen].files.items():
        (folder / name.replace("_", ".")).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def _spoken(bodies: Iterable[bytes]) -> Iterator[str]:
    for body in bodies:
        yield from (form.decode("latin-1") for form in forms(body))


def _told(case: dict[str, Any]) -> dict[str, Any]:
    """What a case comes to, without its words."""
    return {
        "conclusions": [(item["question"], item["answer"], item["times"]) for item in case["conclusions"]],
        "remarks": [item["id"] for item in case["remarks"]],
        "missing": [item["id"] for item in case["missing"]],
        "contradictions": [item["about"] for item in case["contradictions"]],
        "facts": len(case["facts"]),
    }


def test_no_real_name_is_left_and_it_comes_to_the_same(run: Run, evidence: Path, tmp_path: Path) -> None:
    plain = run("import", evidence, "-o", tmp_path / "plain", "--json")
    done = run("import", evidence, "-o", tmp_path / "case", "--anonymise", "--json")

    assert (plain.code, done.code) == (0, 0), done.err
    assert _told(json.loads(done.out)) == _told(json.loads(plain.out))
    bodies = [path.read_bytes() for path in (tmp_path / "case").rglob("*") if path.is_file()]
    told = "\n".join([*_spoken(bodies), *_spoken([done.out.encode()])])
    sent = "\n".join(_spoken(path.read_bytes() for path in evidence.rglob("*") if path.is_file()))
    assert PLACES.findall(told) == []
    for guid in {item.lower() for item in GUID.findall(sent)} - EVERYBODYS:
        octets = uuid.UUID(guid)
        spelled = {
            guid,
            octets.hex,
            base64.b64encode(octets.bytes_le).decode(),
            base64.b64encode(octets.bytes).decode(),
        }
        assert [item for item in spelled if item.lower() in told.lower()] == []
        assert octets.bytes_le.decode("latin-1") not in told
    assert [item for item in SID.findall(sent) if item in told] == []
    assert load_case(tmp_path / "case" / "case.yaml").facts != []


@pytest.mark.parametrize("name", ["aadsts51004-namespace", "aadsts51004-anchor", "signing-certificate-rolled"])
def test_the_messages_are_judged_as_the_written_ones_are(run: Run, name: str, tmp_path: Path) -> None:
    run("import", CASES / name / "evidence", "-o", tmp_path / "plain")
    run("import", CASES / name / "evidence", "-o", tmp_path / "other", "--anonymise")
    verdicts = [
        json.loads(run("assertion", min((tmp_path / folder / "parts").glob("*-token.xml")), "--json").out)
        for folder in ("plain", "other")
    ]

    first, second = ([(item["id"], item["outcome"]) for item in told["findings"]] for told in verdicts)
    assert first == second
    assert len(first) > 40


def test_one_computer_is_one_computer_in_every_spelling(run: Run, tmp_path: Path) -> None:
    done = run("import", CASES / "aadsts51004-anchor" / "evidence", "-o", tmp_path / "case", "--anonymise", "--json")

    facts = {(item["fact"], item["value"]) for item in json.loads(done.out)["facts"]}
    (guid,) = {value for fact, value in facts if fact == "object.object_guid"}
    (sid,) = {value for fact, value in facts if fact == "object.object_sid"}
    claims = {fact.rpartition("/")[2]: value for fact, value in facts if fact.startswith("claim.")}
    assert claims["onpremobjectguid"] == base64.b64encode(uuid.UUID(guid).bytes_le).decode()
    assert claims["primarysid"] == sid


def test_a_name_that_would_stay_stops_everything(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CaseRenamer, "text", lambda _, text: text)

    done = run("import", CASES / "scp-missing" / "evidence", "-o", tmp_path / "case", "--anonymise")

    assert done.code == 8
    assert done.out == ""
    assert "case.yaml: a host or a domain" in done.err
    assert "lucerne" not in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_message_in_a_form_is_written_without_its_signature(run: Run, tmp_path: Path) -> None:
    run("import", CASES / "aadsts51004-anchor" / "evidence", "-o", tmp_path / "case")

    written = [path.read_bytes() for path in (tmp_path / "case" / "parts").iterdir()]
    values = [found for text in _spoken(written) for found in re.findall(r"<\w+:SignatureValue>([^<]*)", text)]
    assert len(values) >= 2
    assert [value for value in values if not value.startswith("[masked")] == []


def test_what_is_refused_and_mixed_is_told_under_other_names_too(run: Run, tmp_path: Path) -> None:
    sent = tmp_path / "sent"
    sent.mkdir()
    (sent / "fabrikam.txt").write_text(t.FALLBACK)
    (sent / "contoso.txt").write_text(t.FALLBACK.replace(t.TENANT, t.TRACE).replace("fabrikam", "contoso"))
    (sent / "fabrikam.zip").write_bytes(archive(("../../fabrikam", b"x")))

    done = run("import", sent, "-o", tmp_path / "case", "--anonymise")

    assert done.code == 2
    assert "expected one tenant.id, found" in done.err
    assert "found one that leads out of it" in done.err
    assert PLACES.findall(done.out + done.err) == []
    assert {path.name for path in tmp_path.iterdir()} == {"sent", "case"}
