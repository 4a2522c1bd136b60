"""`hybridjoin import`: a customer's files read, judged, and written as a case."""

from __future__ import annotations

import base64
import json
import os
import stat
from pathlib import Path

import jsonschema
import pytest
import yaml

from hybridjoin import given
from hybridjoin.errors import UsageError
from hybridjoin.intake.case.conclusions import Road, conclusions
from hybridjoin.intake.case.symptom import symptom_of
from hybridjoin.report.write import write_reports
from hybridjoin.scenario.case.case_file import load_case
from hybridjoin.scenario.case.read_back import read_case
from tests.cli.conftest import Run
from tests.device.events import run_record
from tests.intake.files import transcripts as t
from tests.intake.files.field_cases import FIELD_CASES
from tests.intake.files.reading import case_from
from tests.intake.files.test_bad_input import REFUSED
from tests.intake.test_computer_facts import ldif
from tests.protocol.documents import GUID, ISSUER, AssertionText, ReplyText, base64_guid, sign, signer, with_claim
from tests.protocol.metadata import metadata

SETTINGS = (
    'PS C:\\> Get-MgDomainFederationConfiguration -DomainId "fabrikam.example" | Format-List\n\n'
    f"ActiveSignInUri : https://sts.hybridjoin.test/sts\nIssuerUri : {ISSUER}\n"
    "MetadataExchangeUri : https://sts.hybridjoin.test/mex\n"
    f"SigningCertificate : {base64.b64encode(signer().certificate).decode()}\n"
)
WRONG_NAMESPACE = with_claim(
    "onpremobjectguid", ("http://schemas.xmlsoap.org/claims", "onpremobjectguid", (base64_guid(GUID),))
)


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    folder = tmp_path / "evidence"
    (folder / "more").mkdir(parents=True)
    (folder / "join.txt").write_text(t.FALLBACK)
    (folder / "federation.txt").write_text(SETTINGS)
    (folder / "more" / "ws01.ldf").write_bytes(ldif())
    signed = sign(str(AssertionText(claims=WRONG_NAMESPACE)))
    (folder / "more" / "rstr.xml").write_bytes(bytes(ReplyText(tokens=(signed,))))
    (folder / "more" / "mex.xml").write_bytes(metadata())
    (folder / "readme.txt").write_text("Dear support,\n")
    return folder


def test_a_folder_is_read_and_its_messages_are_judged_against_one_another(run: Run, sent: Path) -> None:
    done = run("import", sent)

    assert done.code == 0, done.err
    assert "road                by fallback  join.txt:" in done.out
    assert "codes               AADSTS51004, 0xcaa20003" in done.out
    assert "AzureAdJoined : YES hides that the federated join failed" in done.out
    assert "against the federation settings and the computer's object" in done.out
    assert "CLAIM-03 MUST  The onpremobjectguid claim is issued in its namespace" in done.out
    assert "FED-10" not in done.out  # the certificate was good at the time of the evidence
    assert "not recognised: no format that is known: 'Dear support,'" in done.out
    assert "reg query" in done.out
    assert done.out.endswith("next:   hybridjoin explain AADSTS51004\n        hybridjoin explain 0xcaa20003\n")


def test_the_case_is_of_the_published_form_and_can_be_read_back(run: Run, sent: Path, tmp_path: Path) -> None:
    target = tmp_path / "cases" / "one"

    done = run("import", sent, "-o", target)

    assert done.code == 0, done.err
    text = (target / "case.yaml").read_text("utf-8")
    schema = json.loads(run("schema", "case").out)
    jsonschema.Draft202012Validator(schema).validate(yaml.safe_load(text))
    case = load_case(target / "case.yaml")
    assert {(item.fact, item.value) for item in case.facts} >= {
        ("tenant.id", t.TENANT),
        ("attempt.aadsts", "AADSTS51004"),
    }
    assert {(item.kind, item.at) for item in case.parts} == {
        ("screen", "join.txt:2"),
        ("token", "more/rstr.xml:1"),
        ("mex", "more/mex.xml:1"),
    }
    assert {(target / item.file).is_file() for item in case.parts} == {True}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cases", "evidence"]
    assert sorted(path.name for path in target.iterdir()) == [
        "case.lab.yaml", "case.scenario.yaml", "case.signing.pem", "case.site.yaml", "case.yaml", "parts",
    ]  # fmt: skip


def test_the_folder_alone_tells_the_symptom_again(run: Run, sent: Path, tmp_path: Path) -> None:
    run("import", sent, "-o", tmp_path / "case")

    view, parts = read_case(tmp_path / "case")

    symptom = symptom_of(view, conclusions(view))
    assert symptom is not None
    assert (symptom.road, symptom.code, symptom.aadsts) == (Road.FALLBACK, "0xcaa20003", 51004)
    assert any("Try synchronized join" in line for line in symptom.transcript)
    assert symptom == case_from(join_txt=t.FALLBACK).symptom
    assert [part.kind.value for part in parts] == ["screen", "mex", "token"]


@pytest.mark.parametrize(
    ("text", "words"),
    [(None, "expected a case folder with case.yaml in it"), ("../../x", "expected a file below the case's folder"),
     ("parts/9-screen.txt", "cannot be read: No such file")],
)  # fmt: skip
def test_a_folder_that_cannot_be_read_back_is_refused(
    run: Run, sent: Path, tmp_path: Path, text: str | None, words: str
) -> None:
    if text is not None:
        run("import", sent, "-o", tmp_path / "case")
        file = tmp_path / "case" / "case.yaml"
        file.write_text(file.read_text().replace("parts/1-screen.txt", text))

    with pytest.raises(UsageError, match=words):
        read_case(tmp_path / "case")


def test_no_secret_comes_into_the_case(run: Run, sent: Path, tmp_path: Path) -> None:
    token = "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ1cm46eCJ9.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"
    (sent / "trace.har").write_text(
        json.dumps({"log": {"version": "1.2", "entries": [{
            "request": {"method": "GET", "url": f"https://x.example/?access_token={token}", "headers": []},
            "response": {"status": 200, "headers": [], "content": {"text": json.dumps({"access_token": token})}}}]}})
    )  # fmt: skip

    (sent / "chat.txt").write_text(f"AzureAdJoined : YES\nA Note Of Mine : {token} and {token.partition('.')[2]}\n")

    done = run("import", sent, "-o", tmp_path / "case")

    written = b"".join(path.read_bytes() for path in (tmp_path / "case").rglob("*") if path.is_file())
    value = sign(str(AssertionText(claims=WRONG_NAMESPACE))).partition("SignatureValue>")[2][:40]
    assert token not in done.out
    assert token.encode() not in written
    assert value.encode() not in written


def test_a_secret_that_one_file_tells_is_hidden_wherever_else_it_stands(run: Run, sent: Path, tmp_path: Path) -> None:
    ticket = base64.b64encode(os.urandom(600)).decode()
    asked = {
        "method": "POST",
        "url": "https://x.example/",
        "headers": [{"name": "Authorization", "value": f"Negotiate {ticket}"}],
    }
    entry = {"request": asked, "response": {"status": 401, "headers": [], "content": {}}}
    (sent / "trace.har").write_text(json.dumps({"log": {"version": "1.2", "entries": [entry]}}))
    for name in ("a-chat.txt", "z-chat.txt"):
        (sent / name).write_text(f"AzureAdJoined : YES\nA Note Of Mine : {base64.b64decode(ticket).hex()}\n")

    done = run("import", sent, "-o", tmp_path / "case")
    again = run("import", sent, "-o", tmp_path / "case", "--json")

    written = b"".join(path.read_bytes() for path in (tmp_path / "case").rglob("*") if path.is_file())
    assert done.code == again.code == 0, done.err
    assert b"A Note Of Mine" in written
    assert base64.b64decode(ticket).hex()[100:140] not in done.out + again.out + written.decode()


@pytest.mark.parametrize("name", ["pipe", "/dev/zero"])
def test_what_has_no_end_is_a_mistake(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(given, "PATIENCE_S", 0.1)
    os.mkfifo(tmp_path / "pipe")

    done = run("import", tmp_path / name)

    assert done.code == 2
    assert ("nothing came within" in done.err) is (name == "pipe")
    assert ("expected at most" in done.err) is (name != "pipe")


def test_only_the_user_reads_a_case(run: Run, sent: Path, tmp_path: Path) -> None:
    for _ in range(2):  # made, and exchanged
        run("import", sent, "-o", tmp_path / "case")

        modes = {path.is_dir(): stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "case").rglob("*")}
        assert modes == {True: 0o700, False: 0o600}
        assert stat.S_IMODE((tmp_path / "case").stat().st_mode) == 0o700


def test_a_case_of_ours_is_written_again_and_nothing_else_in_it_is_touched(
    run: Run, sent: Path, tmp_path: Path
) -> None:
    target = tmp_path / "case"
    run("import", sent, "-o", target)
    (target / "notes.md").write_text("mine")
    (sent / "more" / "mex.xml").unlink()

    done = run("import", sent, "-o", target)

    assert done.code == 0, done.err
    assert (target / "notes.md").read_text() == "mine"
    assert sorted(path.name for path in (target / "parts").iterdir()) == ["1-screen.txt", "2-token.xml"]


def test_what_follows_from_a_case_is_written_shown_and_told_to_machines(run: Run, sent: Path, tmp_path: Path) -> None:
    target = tmp_path / "case"

    done = run("import", sent, "-o", target)
    machine = json.loads(run("import", sent, "-o", target, "--json").out)

    assert "what failed: joined by the fallback after the federated join failed, phase auth, 0xcaa20003" in done.out
    assert "proven    onpremobjectguid stands in another namespace than Entra reads.  more/rstr.xml:1" in done.out
    assert f"wrote   {target / 'case.lab.yaml'}" in done.out
    assert "to be put in: ws01.keytab" in done.out
    assert f"next:   hybridjoin reproduce {target}\n" in done.out
    assert machine["symptom"]["aadsts"] == 51004
    assert [(item["id"], item["standing"]) for item in machine["suspects"]][:1] == [
        ("onpremobjectguid-namespace", "proven")
    ]
    assert machine["written"] == [
        "case.yaml", "case.lab.yaml", "case.scenario.yaml", "case.site.yaml", "case.signing.pem",
    ]  # fmt: skip
    scenario = (target / "case.scenario.yaml").read_text("utf-8")
    assert "# onpremobjectguid stands in another namespace than Entra reads. more/rstr.xml:1" in scenario


def test_the_written_files_pass_the_check_and_the_site_says_what_it_lacks(run: Run, sent: Path, tmp_path: Path) -> None:
    run("import", sent, "-o", tmp_path / "case")

    scenario = run("check", tmp_path / "case" / "case.scenario.yaml")
    site = run("check", tmp_path / "case" / "case.site.yaml")

    assert (scenario.code, site.code) == (0, 0), (scenario.err, site.err)
    assert "'ws01.keytab' is not here" in site.out + site.err


@pytest.mark.parametrize("name", ["case.lab.yaml", "case.scenario.yaml", "case.site.yaml"])
def test_a_file_that_somebody_edited_is_kept_and_an_unedited_one_is_written_anew(
    run: Run, sent: Path, tmp_path: Path, name: str
) -> None:
    target = tmp_path / "case"
    run("import", sent, "-o", target)
    mine = (target / name).read_text("utf-8") + "# mine\n"
    (target / name).write_text(mine, "utf-8")
    (sent / "join.txt").write_text(t.FALLBACK.replace("FAB-DC01", "FAB-DC02"))

    done = run("import", sent, "-o", target)
    machine = json.loads(run("import", sent, "-o", target, "--json").out)

    assert (target / name).read_text("utf-8") == mine
    assert f"kept    {target / name}  (edited since; delete it to have it anew)" in done.out
    assert machine["kept"] == [name]
    if name != "case.lab.yaml":
        assert "fab-dc02" in (target / "case.lab.yaml").read_text("utf-8")


def test_a_link_in_the_place_of_a_file_is_left_alone(run: Run, sent: Path, tmp_path: Path) -> None:
    run("import", sent, "-o", tmp_path / "case")
    (tmp_path / "elsewhere").write_text("theirs")
    (tmp_path / "case" / "case.lab.yaml").unlink()
    (tmp_path / "case" / "case.lab.yaml").symlink_to(tmp_path / "elsewhere")

    done = run("import", sent, "-o", tmp_path / "case")

    assert done.code == 0, done.err
    assert (tmp_path / "elsewhere").read_text() == "theirs"
    assert (tmp_path / "case" / "case.lab.yaml").is_symlink()


def test_a_site_that_the_evidence_no_longer_tells_is_taken_away(run: Run, sent: Path, tmp_path: Path) -> None:
    run("import", sent, "-o", tmp_path / "case")
    (sent / "federation.txt").unlink()

    done = run("import", sent, "-o", tmp_path / "case")

    assert "no case.site.yaml: it takes the domain's federation settings" in done.out
    assert not (tmp_path / "case" / "case.site.yaml").exists()
    assert not (tmp_path / "case" / "case.signing.pem").exists()


def test_no_message_is_kept_that_the_case_does_not_name(run: Run, sent: Path, tmp_path: Path) -> None:
    entry = {"request": {"method": "GET", "url": "https://sts.hybridjoin.test/mex", "headers": []}, "response": {
        "status": 200, "headers": [], "content": {"text": metadata().decode()}}}  # fmt: skip
    (sent / "trace.har").write_text(json.dumps({"log": {"version": "1.2", "entries": [entry] * 350}}))
    run("import", sent, "-o", tmp_path / "case")
    many = {path.name for path in (tmp_path / "case" / "parts").iterdir()}
    (sent / "trace.har").unlink()

    run("import", sent, "-o", tmp_path / "case")

    named = {Path(item.file).name for item in load_case(tmp_path / "case" / "case.yaml").parts}
    assert len(many) == 300
    assert {path.name for path in (tmp_path / "case" / "parts").iterdir()} == named
    assert len(named) == 3


def test_a_folder_that_is_none_of_ours_is_not_written_into(run: Run, sent: Path, tmp_path: Path) -> None:
    target = tmp_path / "theirs"
    target.mkdir()
    (target / "case.yaml").write_text("version: 1\n")

    done = run("import", sent, "-o", target)

    assert done.code == 2
    assert "is there already, and is no case of ours" in done.err
    assert (target / "case.yaml").read_text() == "version: 1\n"
    assert [path.name for path in target.iterdir()] == ["case.yaml"]


@pytest.mark.parametrize("link", [False, True], ids=["a folder", "a link"])
def test_the_case_folder_is_not_read_as_evidence(run: Run, sent: Path, link: bool) -> None:
    run("import", sent, "-o", sent / "case")
    if link:
        (sent / "loop").symlink_to(sent)

    done = run("import", sent, "-o", sent / "case", "--json")

    assert {item["name"] for item in json.loads(done.out)["files"]} == {
        "federation.txt", "join.txt", "more/mex.xml", "more/rstr.xml", "more/ws01.ldf", "readme.txt",
    }  # fmt: skip


@pytest.mark.parametrize(("body", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_is_told_and_nothing_is_written_outside_the_case(
    run: Run, tmp_path: Path, body: bytes, words: str
) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / "sent.saz").write_bytes(body)
    (folder / "join.txt").write_text(t.FALLBACK)

    done = run("import", folder, "-o", folder / "case")

    assert done.code == 2
    assert words in done.err
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert {name for name in written if not name.startswith("here/case/parts/")} == {
        "here/case/case.lab.yaml", "here/case/case.scenario.yaml", "here/case/case.yaml",
        "here/join.txt", "here/sent.saz",
    }  # fmt: skip
    assert words in (folder / "case" / "case.yaml").read_text("utf-8").replace("\n  ", " ").replace("''", "'")


@pytest.mark.parametrize("body", [b"", b"Dear support,\n", bytes(range(256)), "Gerätestatus: ja\n".encode()])
def test_nothing_that_is_known_is_a_usage_error_and_writes_nothing(run: Run, tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "sent.txt"
    path.write_bytes(body)

    done = run("import", path, "-o", tmp_path / "case")

    assert done.code == 2
    assert "sent.txt: expected evidence of a join, found" in done.err
    assert not (tmp_path / "case").exists()


def test_two_customers_are_told_side_by_side(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(t.FALLBACK)
    (tmp_path / "b.txt").write_text(t.FEDERATED.replace(t.TENANT, "99999999-7a3e-4d0c-9a5e-2f6d1c8b4e70"))

    done = run("import", tmp_path)

    assert done.code == 2
    assert f"expected one tenant.id, found {t.TENANT} (a.txt:" in done.err
    assert "are two customers' files mixed?" in done.err
    assert "contradiction: tenant.id" in done.out


@pytest.mark.parametrize("name", FIELD_CASES)
def test_every_field_case_can_be_written_and_read_back(run: Run, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "evidence"
    folder.mkdir()
    for file, content in FIELD_CASES[name].files.items():
        (folder / file).write_bytes(content.encode() if isinstance(content, str) else content)

    done = run("import", folder, "-o", tmp_path / "case")

    assert done.code == 0, done.err
    case = load_case(tmp_path / "case" / "case.yaml")
    assert {item.id for item in case.remarks} >= FIELD_CASES[name].remarks
    assert {item.fact for item in case.facts} >= set(FIELD_CASES[name].found)
    assert case.left_out == 0


def test_what_a_customer_sent_steers_no_terminal(run: Run, tmp_path: Path) -> None:
    text = "AADSTS50107: \u001b]0;title\u0007 \u202e ::error::x"
    (tmp_path / "refused.json").write_text(json.dumps({"error": "invalid_grant", "error_description": text}))

    done = run("import", tmp_path / "refused.json", "-o", tmp_path / "case")
    machine = run("import", tmp_path / "refused.json", "--json")

    assert (done.code, machine.code) == (0, 0), done.err
    assert "AADSTS50107" in done.out
    assert {"\u001b", "\u0007", "\u202e"} & {*done.out, *done.err, *machine.out} == set()
    assert not (tmp_path / "case" / "case.yaml").read_text("utf-8").count("\u001b")


def test_a_path_that_is_not_there_is_a_usage_error(run: Run, tmp_path: Path) -> None:
    done = run("import", tmp_path / "nothing.txt")

    assert done.code == 2
    assert "nothing.txt: cannot be read" in done.err


def test_a_reports_folder_is_its_record_and_any_other_page_is_evidence(run: Run, tmp_path: Path) -> None:
    written = write_reports(run_record("refused-fallback-succeeds"), tmp_path / "reports")

    done = run("import", written)
    (written / "record.json").unlink()
    alone = run("import", written)

    assert done.code == 0, done.err
    assert [line for line in done.out.splitlines() if "windows-events" in line or "index.html" in line] == []
    assert "windows-events.evtx" in alone.out


def test_a_report_of_ours_becomes_a_case_with_the_verdict_first(run: Run, tmp_path: Path) -> None:
    written = write_reports(run_record("refused-fallback-succeeds"), tmp_path / "reports")

    done = run("import", written / "record.json", "-o", tmp_path / "case")

    assert done.code == 0, done.err
    assert done.out.index("by fallback") < done.out.index("AzureAdJoined : YES hides")
    case = load_case(tmp_path / "case" / "case.yaml")
    assert [item.kind for item in case.parts] == ["screen", "mex", "request", "token"]
    assert {item.fact for item in case.facts} >= {"object.object_guid", "federation.issuer_uri", "client.fallback"}
