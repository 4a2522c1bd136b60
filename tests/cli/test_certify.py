"""`hybridjoin certify` without a lab: what is listed, planned and refused."""

from __future__ import annotations

import datetime as dt
import json
import socket
from pathlib import Path

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from hybridjoin.checks.rules import BOOK
from hybridjoin.model.record import CertificationRecord, RunRecord
from hybridjoin.model.requirement_row import RequirementRow
from hybridjoin.model.verdict import Level, Outcome
from hybridjoin.report.json_report import write_record
from hybridjoin.run.certification.doors import book_of, chosen_doors
from hybridjoin.scenario.vocabulary import FAULTS
from tests.cli.conftest import Run

TENANT = "6f1d2c8e-3b5a-4c7d-9e0f-1a2b3c4d5e6f"
NOW = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def certificate() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "signing")])
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = built.serial_number(1).not_valid_before(NOW).not_valid_after(NOW + dt.timedelta(days=9))
    return built.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


@pytest.fixture
def site(tmp_path: Path, certificate: bytes) -> Path:
    """A site whose every part is nowhere."""
    (tmp_path / "signing.pem").write_bytes(certificate)
    (tmp_path / "ws01.keytab").write_bytes(b"\x05\x02")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = {
        "name": "nowhere",
        "idp": {
            "issuer": "https://sts.example.test/issuer",
            "signing_certificate": "signing.pem",
            "mex_url": f"https://sts.example.test:{port}/wsf/mex13/4f1c9b52-6a0d-4c1e-8f5e-2b7d9a3e6c18",
        },
        "directory": {"domain": "example.test", "kdc": "127.0.0.1", "ldap_url": "ldap://dc1.example.test"},
        "devices": [{"name": "WS01", "keytab": "ws01.keytab"}],
        "entra": {"tenant_id": TENANT, "tenant_name": "example.test", "double": {}},
        "connect": [{"host": f"sts.example.test:{port}", "to": f"127.0.0.1:{port}"}],
    }
    path = tmp_path / "nowhere.site.yaml"
    path.write_text(yaml.safe_dump(data, sort_keys=False), "utf-8")
    return path


def test_the_list_for_machines_holds_every_requirement_and_nothing_else(run: Run, own_state: Path) -> None:
    done = run("certify", "--list", "--json")

    data = json.loads(done.out)
    assert (done.code, list(data)) == (0, ["requirements"])
    book = list(book_of(chosen_doors(None)))
    assert [row["id"] for row in data["requirements"]] == [item.id for item in book]
    assert len(data["requirements"]) >= 100
    keys = ["id", "level", "area", "specification", "section", "url", "sentence", "verified", "breaks"]
    assert all(list(row) == keys and all(row[key] for key in keys[:-2]) for row in data["requirements"])
    assert [row["verified"] for row in data["requirements"]] == [item.verified for item in book]
    told = {row["id"]: [loss["client"] for loss in row["breaks"]] for row in data["requirements"]}
    assert (told["MEX-11"], told["NEG-01"]) == (["MSAL .NET"], [])
    assert list(own_state.iterdir()) == []


def test_a_list_follows_selection_and_profile(run: Run) -> None:
    rows = json.loads(run("certify", "--list", "--json", "--only", "mex-1[0-2]", "--profile", "strict").out)[
        "requirements"
    ]

    assert {row["id"][:5] for row in rows} == {"MEX-1"}
    assert {row["level"] for row in rows} == {"MUST"}
    assert "MEX-11  SHOULD" in run("certify", "--list", "--only", "MEX-11").out


def test_a_list_for_people_marks_the_sections_that_nobody_could_read(run: Run) -> None:
    lines = " ".join(run("certify", "--list", "--only", "MEX-2*").out.split())

    assert "WSMEX 5.1 unverified" in lines
    assert "WSDL11 2.1" in lines
    assert "WSDL11 2.1 unverified" not in lines


def test_a_dry_run_says_what_would_be_asked_and_sends_nothing(run: Run, site: Path) -> None:
    done = run("certify", "--site", site, "--dry-run", "--timeout", "2.5")

    assert done.code == 0, done.err
    assert "each may take 2.5 s" in done.out
    assert "WS01, once for each WS-Trust version" in done.out
    assert "not allowed without --hostile" in done.out
    assert "the site file names no account of the role user" in done.out
    assert "Nothing was sent." in done.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--only", "MEX-99"), "--only: unknown requirement 'MEX-99'"),
        (("--only", "MEX"), "did you mean 'MEX-*'?"),
        (("--only", "MEX-01", "--only", "QQQ-*"), "--only: unknown requirement 'QQQ-*'"),
        (("--profile", "strikt"), "did you mean 'strict'?"),
        (("--site", "nowhere-at-all.site.yaml"), "nowhere-at-all.site.yaml"),
        (("--deviations", "nowhere.deviations.yaml"), "nowhere.deviations.yaml: cannot be read"),
        (("--rerun-failed", "nowhere"), "nowhere: cannot be read"),
        (("--federation", "nowhere.txt"), "nowhere.txt: cannot be read"),
        (("--federation", __file__), "expected a domain's federation settings, found"),
        (("--device", "WS99", "--lab", "process"), "--device: unknown device 'WS99'"),
        (("--idp-profile", "keycloak"), "'keycloak' is not one of"),
    ],
)
def test_what_cannot_be_certified_is_told_and_nothing_is_written(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    done = run("certify", *arguments, "--report", tmp_path / "reports")

    assert done.code == 2, done.err
    assert words in done.err
    assert "Traceback" not in done.err
    assert not (tmp_path / "reports").exists()


def test_an_unreachable_mex_is_a_mistake_of_the_site_file(run: Run, site: Path, tmp_path: Path) -> None:
    done = run("certify", "--site", site, "--report", tmp_path / "reports")

    line = next(i for i, text in enumerate(site.read_text("utf-8").splitlines(), 1) if "mex_url" in text)
    assert done.code == 2, done.err
    assert f"{site}:{line}:" in done.err
    assert "expected the address of an IdP's metadata, found nobody there" in done.err
    assert not (tmp_path / "reports").exists()


def test_a_name_that_nobody_knows_is_a_mistake_of_the_site_file_too(run: Run, site: Path) -> None:
    text = site.read_text("utf-8")
    site.write_text(text[: text.index("connect:")].replace("sts.example.test", "sts.example.invalid"), "utf-8")

    done = run("certify", "--site", site)

    line = next(i for i, text in enumerate(site.read_text("utf-8").splitlines(), 1) if "mex_url" in text)
    assert (done.code, f"{site}:{line}:12: expected the address" in done.err) == (2, True), done.err
    assert "the server's name cannot be resolved" in done.err


@pytest.mark.parametrize("seconds", ["0", "601", "soon"])
def test_a_limit_that_is_none_is_refused(run: Run, seconds: str) -> None:
    done = run("certify", "--timeout", seconds)

    assert (done.code, "'--timeout'" in done.err) == (2, True), done.err


def test_a_signing_certificate_that_is_none_is_told_with_its_place(run: Run, site: Path) -> None:
    (site.parent / "signing.pem").write_text("-----BEGIN CERTIFICATE-----\nnot one\n-----END CERTIFICATE-----\n")

    done = run("certify", "--site", site)

    assert done.code == 2
    assert "expected an X.509 certificate" in done.err
    assert f"{site}:" in done.err


def test_federation_settings_that_are_none_are_told_with_their_place(run: Run, site: Path) -> None:
    settings = site.with_name("federation.txt")
    settings.write_text("IssuerUri :\n")
    site.write_text(
        site.read_text("utf-8").replace("tenant_name:", "federation: federation.txt\n  tenant_name:"), "utf-8"
    )

    done = run("certify", "--site", site)

    assert done.code == 2
    assert f"{settings}: expected IssuerUri, MetadataExchangeUri or a sign-in address" in done.err


def test_a_dry_run_names_the_federation_settings_that_would_be_used(run: Run, site: Path) -> None:
    settings = site.with_name("other.txt")
    settings.write_text("IssuerUri : https://sts.example.test/issuer\n")

    done = run("certify", "--site", site, "--dry-run", "--federation", settings)

    assert done.code == 0, done.err
    assert "other.txt:1" in "".join(done.out.split())
    assert "no settings were given" in run("certify", "--site", site, "--dry-run").out


def test_an_unknown_requirement_in_the_lists_beside_the_site_is_told_with_its_place(run: Run, site: Path) -> None:
    lists = site.with_name("nowhere.deviations.yaml")
    lists.write_text("known:\n- {requirement: MEX-99, owner: me, reason: so, expires: 2030-01-01}\n")

    done = run("certify", "--site", site)

    assert done.code == 2
    assert f"{lists}:2:17: unknown requirement 'MEX-99'" in done.err


def test_hostile_needs_the_site_files_leave_and_the_labs_idp_is_not_a_sites(run: Run, site: Path) -> None:
    hostile, profile = (
        run("certify", "--site", site, "--hostile"),
        run("certify", "--site", site, "--idp-profile", "adfs"),
    )

    assert (hostile.code, profile.code) == (2, 2)
    assert "allow_hostile" in hostile.err
    assert "only the lab's own IdP can be set up" in profile.err


def record(certification: CertificationRecord | None) -> RunRecord:
    return RunRecord(
        schema="hybridjoin-record/1", run_id="r", tool="t", site="s", backend="external", started_at=NOW,
        finished_at=NOW, scenarios=(), certification=certification,
    )  # fmt: skip


def certified(**outcomes: Outcome) -> CertificationRecord:
    rows = tuple(
        RequirementRow(
            id=name.replace("_", "-"), level=Level.MUST, area="MEX", specification="s", section="1", url="u",
            sentence="A sentence.", remedy="", outcome=outcome,
        )
        for name, outcome in outcomes.items()
    )  # fmt: skip
    return CertificationRecord(profile="default", adapter="", requirements=rows)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--fault", "wrong-audienc"), "no fault is called 'wrong-audienc' (did you mean 'wrong-audience'?)"),
        (("--fault", "foo"), "no fault is called 'foo' (try --list-faults)"),
        (("--fault", "unsigned", "--site"), "only the lab's own IdP can be set up"),
    ],
)
def test_a_fault_is_one_of_the_labs_own_idp(run: Run, site: Path, arguments: tuple[str, ...], words: str) -> None:
    done = run("certify", *arguments, *([site] if "--site" in arguments else []))

    assert done.code == 2
    assert words in done.err


def test_all_faults_are_listed_with_what_may_be_chosen(run: Run) -> None:
    rows = json.loads(run("certify", "--list-faults", "--json").out)["faults"]
    text = run("certify", "--list-faults").out

    listed = {place: [row["name"] for row in rows if row["place"] == place] for place in FAULTS}
    assert listed == {place: list(faults) for place, faults in FAULTS.items()}
    assert [row["name"] for row in rows if f"  {row['name']} " not in text or row["sentence"] not in text] == []
    (window,) = (row for row in rows if row["name"] == "expired-window")
    assert (window["mutation"], window["options"][0]["default"]) == ("conditions-expired", 3600)
    assert "The Conditions window has ended. (conditions-expired)\n" in text
    assert "by_s: 3600  How long ago, in seconds.\n" in text
    assert "ending: lf (or crlf)  What ends a line.\n" in text


@pytest.mark.lab
def test_a_faulty_idp_shows_how_a_broken_requirement_is_told(run: Run, tmp_path: Path) -> None:
    done = run("certify", "--lab", "process", "--fault", "wrong-audience", "--report", tmp_path)

    assert done.code == 1
    assert "✕ SAML-08  MUST" in done.out
    assert "urn:federation:SomebodyElse" in done.out
    assert "breaks    nobody known" in done.out


def test_what_failed_is_run_again_and_a_run_without_failures_is_no_error(run: Run, tmp_path: Path) -> None:
    write_record(record(certified(MEX_01=Outcome.PASSED, MEX_02=Outcome.FAILED, MEX_03=Outcome.INTERRUPTED)), tmp_path)
    again = json.loads(run("certify", "--rerun-failed", tmp_path, "--list", "--json").out)["requirements"]
    write_record(record(certified(MEX_01=Outcome.PASSED)), tmp_path)
    nothing = run("certify", "--rerun-failed", tmp_path)
    write_record(record(None), tmp_path)
    foreign = run("certify", "--rerun-failed", tmp_path)

    assert [row["id"] for row in again] == ["MEX-02", "MEX-03"]
    assert (nothing.code, "nothing had failed" in nothing.out) == (0, True)
    assert (foreign.code, "expected the record of a certification" in foreign.err) == (2, True)


def test_a_lab_that_cannot_start_is_told_in_one_sentence(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is nothing to count, no vendor to recognise, and one reason, not one for each requirement."""
    state = tmp_path / "state"
    state.write_text("a file where a folder is needed")
    monkeypatch.setenv("HYBRIDJOIN_STATE", str(state))

    done = run("certify", "--lab", "process", "--report", tmp_path / "reports")

    said = " ".join(done.out.split())
    assert done.code == 3, done.err
    assert said.startswith(f"Nothing could be asked. cannot make the directory {state}: File exists | what to do: set")
    assert "vendor" not in said
    assert not any(item.id in said for item in BOOK)
    assert said.count("File exists") == 1
