"""`hybridjoin federation`."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from hybridjoin.model.redact import redact_text
from hybridjoin.model.steps import Step
from hybridjoin.report.json_report import write_record
from tests.cli.conftest import Run, Serve
from tests.intake.test_federation import APPLICATION, TEXT
from tests.protocol.documents import ISSUER, NOW, STS_HOST, AssertionText, ReplyText, fault_12, sign, signer
from tests.protocol.metadata import metadata
from tests.report.sample import answer, good_scenario, sample_record

SETTINGS = TEXT.replace("sso.example.test", STS_HOST)
SIGNED = sign(str(AssertionText()))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "settings.txt"
    path.write_bytes(b"\xef\xbb\xbf" + SETTINGS.replace("\n", "\r\n").encode())
    return path


@pytest.fixture(autouse=True)
def a_day_in_the_certificates_life(monkeypatch: pytest.MonkeyPatch) -> None:
    """The certificate of the tests is valid in 2025."""

    class Clock:
        @staticmethod
        def now(_zone: object) -> object:
            return NOW

    monkeypatch.setattr("hybridjoin.cli.explain.federation_work.datetime", Clock)


def test_good_settings_are_shown_and_pass(run: Run, file: Path) -> None:
    done = run("federation", file)

    assert done.code == 0
    assert done.out.startswith(f"example.test  {file}:3")
    assert f"https://{STS_HOST}/wsf/mex13/{APPLICATION}" in done.out
    assert "sentences hold" in done.out
    assert "skipped: no assertion was given" in done.out


def test_mex_instead_of_mex13_fails_with_the_consoles_words(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "settings.txt"
    path.write_text(SETTINGS.replace("/mex13/", "/mex/"))

    done = run("federation", path)

    assert done.code == 1
    assert "✕ FED-05 MUST" in done.out
    assert "Show WS-Trust 1.3" in done.out


def test_standard_input_is_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SETTINGS.encode("utf-16")), encoding="utf-8"))

    done = run("federation", "-")

    assert done.code == 0
    assert "standard input:3" in done.out


@pytest.mark.parametrize("body", [SIGNED.encode(), bytes(ReplyText(tokens=(SIGNED,)))])
def test_the_assertion_is_compared(run: Run, file: Path, tmp_path: Path, body: bytes) -> None:
    good, other = tmp_path / "good.xml", tmp_path / "other.xml"
    good.write_bytes(body)
    other.write_bytes(sign(str(AssertionText(issuer=f"{ISSUER}/")), by=signer("stranger")).encode())

    fits, differs = run("federation", file, "--assertion", good), run("federation", file, "--assertion", other)

    assert fits.code == 0
    assert "no assertion was given" not in fits.out
    assert differs.code == 1
    assert "✕ FED-16 MUST" in differs.out
    assert "✕ FED-17 MUST" in differs.out


def test_the_metadata_is_compared(run: Run, file: Path, tmp_path: Path) -> None:
    path = tmp_path / "mex.xml"
    path.write_bytes(metadata())

    data = json.loads(run("federation", file, "--mex", path, "--json").out)

    findings = {item["id"]: item["outcome"] for item in data["domains"][0]["findings"]}
    assert findings["FED-18"] == "passed"
    assert data["domains"][0]["domain"] == "example.test"
    assert data["domains"][0]["settings"]["preferred_authentication_protocol"] == "wsFed"


def test_a_recorded_assertion_is_compared_although_it_is_masked(run: Run, file: Path, tmp_path: Path) -> None:
    scenario = good_scenario()
    assert scenario.join is not None
    body = redact_text(bytes(ReplyText(tokens=(SIGNED,))).decode())
    exchanges = tuple(
        replace(item, reply=answer(body)) if item.step is Step.RST else item for item in scenario.join.exchanges
    )
    record = sample_record(replace(scenario, join=replace(scenario.join, exchanges=exchanges)))
    write_record(record, tmp_path)

    data = json.loads(run("federation", file, "--record", tmp_path, "--json").out)

    findings = {item["id"]: item["outcome"] for item in data["domains"][0]["findings"]}
    assert "[masked" in body
    assert (findings["FED-16"], findings["FED-17"]) == ("passed", "passed")


def test_several_domains_are_judged_one_by_one(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "settings.txt"
    path.write_text(SETTINGS + "\n" + SETTINGS.replace("example.test", "other.test").replace("wsFed", "saml"))

    done = run("federation", path)
    data = json.loads(run("federation", path, "--json").out)

    assert done.code == 1
    assert [item["domain"] for item in data["domains"]] == ["example.test", "other.test"]
    assert done.out.count("FED-14") == 1


@pytest.mark.parametrize("body", [b"", b"hello", b"{", b"[1]", b"\x00" * 9, b'{"issuerUri": 5}'])
def test_what_cannot_be_read_is_a_mistake(run: Run, tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "settings.txt"
    path.write_bytes(body)

    done = run("federation", path)

    assert done.code == 2
    assert str(path) in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("body", [b"", b"<html/>", b"AAAA", fault_12(), str(AssertionText()).encode()[:40]])
def test_an_assertion_that_is_none_is_a_mistake(run: Run, file: Path, tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "assertion.xml"
    path.write_bytes(body)

    done = run("federation", file, "--assertion", path)

    assert done.code == 2
    assert "expected an assertion or a token response" in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--mex", "nowhere.xml"),
        ("--assertion", "nowhere.xml"),
        ("--record", "nowhere"),
        ("--record", "a", "--assertion", "b"),
    ],
)
def test_what_is_not_there_is_a_mistake(run: Run, file: Path, arguments: tuple[str, ...]) -> None:
    assert run("federation", file, *arguments).code == 2


def test_the_least_that_a_domain_has_to_offer_comes_first(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "settings.txt"
    path.write_text(SETTINGS.replace(f"PassiveSignInUri                      : https://{STS_HOST}", "Odd : https://x"))

    done = run("federation", path)

    lines = done.out.splitlines()
    assert lines[0].startswith("example.test")
    assert [line.split("  ")[1] for line in lines[1:6]] == [
        "hybrid join", "PRT", "legacy clients", "OOBE, work account", "web",
    ]  # fmt: skip
    assert "without PassiveSignInUri: nobody of the domain signs in in a browser" in done.out


def test_the_vendors_commands_are_judged_and_expressions_named(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "federate.ps1"
    path.write_text(
        "New-MgDomainFederationConfiguration -DomainId example.test -IssuerUri http://it -SigningCertificate $c `\n"
        f"  -PassiveSignInUri https://{STS_HOST}/passive -PreferredAuthenticationProtocol wsFed\n"
        "Update-MgDomain -DomainId other.test -AuthenticationType Managed\n"
    )

    done = run("federation", path)
    data = json.loads(run("federation", path, "--json").out)

    assert "New-MgDomainFederationConfiguration, which federates it" in done.out
    assert "not read: SigningCertificate, an expression in line 1: $c" in done.out
    assert "Update-MgDomain makes other.test managed again" in " ".join(done.out.split())
    (domain,) = data["domains"]
    findings = {item["id"]: item["outcome"] for item in domain["findings"]}
    assert (findings["FED-01"], findings["FED-02"], findings["FED-09"]) == ("passed", "failed", "skipped")
    assert domain["unread"] == [{"name": "SigningCertificate", "line": 1, "text": "$c"}]
    assert {row["consumer"]: row["missing"] for row in domain["minimum"]}["web"] == []
    assert data["back"][0]["domain"] == "other.test"
    assert done.code == 1


@pytest.fixture
def site(run: Run, tmp_path: Path) -> Path:
    run("init", "site", "--into", tmp_path)
    return tmp_path / "contoso.site.yaml"


@pytest.mark.parametrize("form", ["powershell", "json"])
def test_the_commands_of_a_site_are_read_back_to_what_it_says(run: Run, site: Path, form: str) -> None:
    mex = site.with_name("mex.xml")
    mex.write_bytes(metadata())

    emitted = run("federation", "--emit", form, "--site", site, "--mex", mex)
    commands = site.with_name("federate")
    commands.write_text(emitted.out)
    (domain,) = json.loads(run("federation", commands, "--json").out)["domains"]

    assert emitted.code == 0
    assert "left out: PassiveSignInUri, SignOutUri" in emitted.err
    assert domain["domain"] == "contoso.example"
    assert domain["settings"] == {
        "issuer_uri": "https://sts.contoso.example/issuer",
        "metadata_exchange_uri": "https://sts.contoso.example/adfs/services/trust/mex",
        "active_sign_in_uri": f"https://{STS_HOST}/trust/13/usernamemixed",
        "passive_sign_in_uri": None,
        "preferred_authentication_protocol": "wsFed",
        "federated_idp_mfa_behavior": "acceptIfMfaDoneByFederatedIdp",
    }


def test_settings_that_entra_showed_are_written_as_commands(run: Run, file: Path) -> None:
    emitted = run("federation", "--emit", "powershell", file, "--step", "update")

    assert emitted.code == 0
    assert emitted.err == ""
    assert "Update-MgDomainFederationConfiguration -InternalDomainFederationId '49d756d3-5c24-411f-" in emitted.out


@pytest.mark.parametrize(
    "arguments", [(), ("--site", "x"), ("--emit", "json"), ("a", "--emit", "json", "--site", "x"), ("a", "--site", "x")]
)
def test_what_is_to_be_done_has_to_be_said_once(run: Run, arguments: tuple[str, ...]) -> None:
    done = run("federation", *arguments)

    assert done.code == 2
    assert "Name the FILE to judge or to write again, or --emit FORM --site FILE." in done.err


def test_a_site_file_that_is_broken_is_a_mistake(run: Run, site: Path) -> None:
    site.write_text(site.read_text("utf-8").replace("issuer:", "isuer:"), "utf-8")

    done = run("federation", "--emit", "json", "--site", site)

    assert done.code == 2
    assert "issuer" in done.err


@pytest.mark.parametrize("wrap", ["{}", "<html><body><pre>{}</pre></body></html>"])
def test_what_a_vendor_serves_at_an_address_is_fetched_and_judged(run: Run, serve: Serve, wrap: str) -> None:
    commands = wrap.format(
        f"New-MgDomainFederationConfiguration -DomainId hybridjoin.test -IssuerUri hybridjoin.test "
        f"-PassiveSignInUri https://{STS_HOST}/passive -PreferredAuthenticationProtocol wsFed"
    )
    path = "/wsfed/663a8fb979aa83c58df6081e/commands"
    port, ca_file = serve({path: commands.encode(), "/login": b"<html><title>Sign in</title></html>"})
    host = f"sts.hybridjoin.test:{port}"
    trust = ("--ca-file", ca_file, "--resolve", f"{host}:127.0.0.1")

    done = run("federation", f"https://{host}{path}", *trust, "--json")
    page, away = (run("federation", f"https://{host}/{name}", *trust) for name in ("login", "nowhere"))

    (domain,) = json.loads(done.out)["domains"]
    findings = {item["id"]: item["outcome"] for item in domain["findings"]}
    assert (domain["domain"], findings["FED-28"], findings["FED-02"]) == ("hybridjoin.test", "failed", "failed")
    assert {row["consumer"]: row["missing"] for row in domain["minimum"]}["web"] == []
    assert (page.code, "found an HTML page with the title 'Sign in'" in page.err) == (2, True)
    assert (away.code, "expected 200, found 404" in away.err) == (1, True)
