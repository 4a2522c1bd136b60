"""`hybridjoin assertion`: judged by the requirements of a join, with what is known beside it."""

from __future__ import annotations

import base64
import io
import json
import sys
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from hybridjoin.checks.rules import BOOK
from tests.checks.breaking import SAML_2
from tests.cli.conftest import Done, Run
from tests.intake.test_computer_facts import ldif
from tests.protocol.documents import (
    ANCHOR,
    GUID,
    ISSUER,
    SID,
    AssertionText,
    ReplyText,
    base64_guid,
    fault_12,
    sign,
    signer,
    with_claim,
)

SIGNED = sign(str(AssertionText()))


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    path = tmp_path / "signing.pem"
    path.write_bytes(x509.load_der_x509_certificate(signer().certificate).public_bytes(Encoding.PEM))
    return path


@pytest.fixture
def computer(tmp_path: Path) -> Path:
    path = tmp_path / "ws01.ldif"
    path.write_bytes(ldif())
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return saved(tmp_path, bytes(ReplyText(tokens=(SIGNED,))))


def saved(folder: Path, body: bytes) -> Path:
    path = folder / "captured.txt"
    path.write_bytes(body)
    return path


def outcomes(done: Done) -> dict[str, str]:
    return {item["id"]: item["outcome"] for item in json.loads(done.out)["findings"]}


def test_a_good_response_passes_with_all_that_is_known(run: Run, file: Path, certificate: Path, computer: Path) -> None:
    done = run(
        "assertion", file, "--issuer", ISSUER, "--signing-certificate", certificate, "--computer", computer,
        "--at", "2025-07-09T02:14:22Z", "--json",
    )  # fmt: skip

    found = outcomes(done)
    assert done.code == 0
    assert set(found) == {item.id for area in ("CLAIM", "SAML", "SIG", "RSTR") for item in BOOK.select(f"{area}-*")}
    assert {name: outcome for name, outcome in found.items() if outcome not in {"passed", "skipped"}} == {}
    assert {name for name, outcome in found.items() if outcome == "skipped"} == {
        "CLAIM-12", "RSTR-01", "RSTR-02", "RSTR-03", "RSTR-04", "RSTR-07", "RSTR-16", "RSTR-18", "RSTR-19",
    }  # fmt: skip
    assert json.loads(done.out)["not_given"] == []


def test_the_claims_are_shown_decoded_and_compared(run: Run, file: Path, computer: Path) -> None:
    done = run("assertion", file, "--computer", computer)

    lines = done.out.splitlines()
    at = lines.index("  ✓ onpremobjectguid  http://schemas.microsoft.com/identity/claims")
    assert lines[at + 1] == f"      {base64_guid(GUID)}  = {GUID}"
    assert str(ANCHOR) in done.out
    assert SID in done.out


def test_what_is_not_known_is_said_not_to_be_tested(run: Run, file: Path) -> None:
    done = run("assertion", file)

    assert done.code == 0
    assert "its own time of issue: --at TIME judges another" in done.out
    assert "CLAIM-13 not tested: no computer was given to compare with" in done.out
    assert "SIG-03 not tested: no signing certificate was given to compare with" in done.out
    assert "SAML-06 not tested: it is judged at the time that it says itself" in done.out
    for option in ("--issuer URI", "--signing-certificate FILE", "--computer FILE", "--at TIME"):
        assert f"  more is tested with {option}" in done.out


def test_of_a_bare_assertion_no_response_is_judged(run: Run, tmp_path: Path) -> None:
    done = run("assertion", saved(tmp_path, SIGNED.encode()), "--json")

    assert {outcome for name, outcome in outcomes(done).items() if name.startswith("RSTR")} == {"skipped"}
    assert json.loads(done.out)["carrier"] == "a bare assertion"


def test_of_a_response_without_envelope_nothing_is_said_of_the_envelope(run: Run, tmp_path: Path) -> None:
    whole = bytes(ReplyText(tokens=(SIGNED,))).decode()
    start, end = whole.index("<x:RequestSecurityTokenResponse"), whole.index("</c:RequestSecurity")
    addressing = 'xmlns:w="http://www.w3.org/2005/08/addressing"'
    part = whole[start:end].replace("Response ", f"Response {addressing} ", 1)

    done = run("assertion", saved(tmp_path, part.encode()), "--json")

    found = outcomes(done)
    assert (found["RSTR-05"], found["RSTR-06"], found["RSTR-08"]) == ("skipped", "skipped", "passed")
    assert done.code == 0


@pytest.mark.parametrize(
    ("text", "options", "broken"),
    [
        (AssertionText(claims=with_claim("accounttype")), (), "CLAIM-01"),
        (AssertionText(), ("--issuer", f"{ISSUER}/"), "SAML-02"),
        (AssertionText(), ("--at", "2026-01-01T00:00:00Z"), "SAML-05"),
        (AssertionText(), ("--object-guid", str(ANCHOR), "--sid", SID), "CLAIM-04"),
        (AssertionText(), ("--object-guid", str(GUID), "--sid", f"{SID}9"), "CLAIM-06"),
    ],
    ids=["no accounttype", "another issuer", "another day", "another computer", "another SID"],
)
def test_a_broken_must_is_told_with_its_remedy(
    run: Run, tmp_path: Path, text: AssertionText, options: tuple[str, ...], broken: str
) -> None:
    done = run("assertion", saved(tmp_path, sign(str(text)).encode()), *options)

    assert done.code == 1
    assert f"✕ {broken} MUST" in done.out
    assert "what to do: " in done.out


def test_another_signing_certificate_is_a_broken_must(run: Run, file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.der"
    other.write_bytes(signer("stranger").certificate)

    done = run("assertion", file, "--signing-certificate", other)

    assert done.code == 1
    assert "✕ SIG-03 MUST" in done.out


def test_without_a_key_to_verify_with_the_signature_is_not_tested(run: Run, tmp_path: Path, certificate: Path) -> None:
    path = saved(tmp_path, sign(str(AssertionText()), key_info=False).encode())

    alone = run("assertion", path, "--json")
    known = run("assertion", path, "--signing-certificate", certificate, "--json")

    assert outcomes(alone)["SIG-02"] == "skipped"
    assert outcomes(known)["SIG-02"] == "passed"


def test_without_a_user_principal_name_upn_is_not_compared(run: Run, file: Path) -> None:
    known = ("--object-guid", str(GUID), "--sid", SID, "--anchor", str(ANCHOR))

    without = outcomes(run("assertion", file, *known, "--json"))
    right = outcomes(run("assertion", file, *known, "--upn", "WS01$@hybridjoin.test", "--json"))
    wrong = outcomes(run("assertion", file, *known, "--upn", "WS02$@hybridjoin.test", "--json"))

    assert (without["CLAIM-13"], right["CLAIM-13"], wrong["CLAIM-13"]) == ("skipped", "passed", "warning")
    assert without["CLAIM-09"] == "passed"


def test_an_altered_assertion_beside_its_signed_original_is_told(run: Run, tmp_path: Path) -> None:
    altered = SIGNED.replace(SID, f"{SID[:-4]}1104")

    done = run("assertion", saved(tmp_path, bytes(ReplyText(tokens=(f"<!--{SIGNED}-->{altered}",)))))

    assert done.code == 1
    assert "✕ SIG-02 MUST" in done.out


def test_a_saml_20_assertion_is_judged_for_its_version(run: Run, tmp_path: Path) -> None:
    bare, carried = saved(tmp_path, SAML_2.encode()), tmp_path / "response.xml"
    carried.write_bytes(bytes(ReplyText(tokens=(SAML_2,))))

    for path in (bare, carried):
        done = run("assertion", path)
        assert done.code == 1
        assert "✕ SAML-01 MUST" in done.out


def test_standard_input_is_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    pasted = b"PS C:\\> type token.b64\r\n" + base64.b64encode(SIGNED.encode("utf-16"))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(pasted), encoding="utf-8"))

    done = run("assertion", "-")

    assert done.code == 0
    assert done.out.startswith("standard input  a bare assertion (taken out of base64, UTF-16)")


def test_the_signature_itself_is_never_printed(run: Run, file: Path) -> None:
    value = SIGNED.partition("SignatureValue>")[2].partition("<")[0]

    for done in (run("assertion", file), run("assertion", file, "--json")):
        assert value[:40] not in done.out + done.err


def test_a_value_cannot_steer_the_terminal(run: Run, tmp_path: Path) -> None:
    hidden = "CSI \u009b31m bell"
    text = AssertionText(claims=with_claim("UPN", ("http://schemas.xmlsoap.org/claims", "UPN", (hidden,))))

    done = run("assertion", saved(tmp_path, str(text).encode()))

    assert "\u009b" not in done.out
    assert "CSI \\u009b31m bell" in done.out


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "found an empty body"),
        (b"hello", "an assertion, a token response or an envelope is read, bare or in base64"),
        (b"<html><body>Sign in</body></html>", "found <html>"),
        (fault_12(), "found the SOAP fault FailedAuthentication"),
        (bytes(ReplyText(tokens=())), "a token response without any token"),
    ],
    ids=["nothing", "text", "a page", "a fault", "no token"],
)
def test_what_is_no_assertion_is_a_usage_error(run: Run, tmp_path: Path, body: bytes, words: str) -> None:
    done = run("assertion", saved(tmp_path, body))

    assert done.code == 2
    assert words in done.err
    assert done.out == ""


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--at", "yesterday"), "expected a time as 2025-07-09T02:14:21Z"),
        (("--sid", SID), "--object-guid and --sid are needed together"),
        (("--sid", "S-1", "--object-guid", str(GUID)), "expected a SID"),
        (("--sid", SID, "--object-guid", "WS01"), "expected a GUID"),
        (("--computer", "nowhere.ldif"), "cannot be read"),
        (("--computer", "x", "--sid", SID), "two ways to give the same"),
        (("--signing-certificate", "nowhere.pem"), "cannot be read"),
    ],
    ids=["a time", "a SID alone", "a SID", "a GUID", "no LDIF", "both", "no certificate"],
)
def test_an_option_that_is_not_what_it_should_be_is_a_usage_error(
    run: Run, file: Path, options: tuple[str, ...], words: str
) -> None:
    done = run("assertion", file, *options)

    assert done.code == 2
    assert words in done.err


USER_CLAIMS = (
    ("http://schemas.microsoft.com/LiveID/Federation/2008/05", "ImmutableID", (base64_guid(ANCHOR),)),
    ("http://schemas.xmlsoap.org/claims", "UPN", ("carol@hybridjoin.test",)),
)
PERSONS = AssertionText(claims=USER_CLAIMS, method="urn:oasis:names:tc:SAML:1.0:am:password")


def test_a_persons_assertion_is_judged_by_what_people_need(run: Run, tmp_path: Path) -> None:
    path = saved(tmp_path, bytes(ReplyText(tokens=(sign(str(PERSONS)),))))

    hers = run("assertion", path, "--user", "carol@hybridjoin.test", "--json")
    by_itself = run("assertion", path)
    computers = run("assertion", path, "--object-guid", str(ANCHOR), "--sid", "S-1-5-21-1-2-3-1260")

    found = outcomes(hers)
    assert hers.code == 0
    assert not [name for name in found if name.startswith("CLAIM")]
    of_people = {name: outcome for name, outcome in found.items() if name.startswith("USER")}
    assert set(of_people.values()) == {"passed", "skipped"}
    judged = {"USER-02", "USER-03", "USER-04", "USER-05", "USER-06", "USER-07", "USER-08", "USER-09", "USER-21"}
    assert {name for name in judged if of_people[name] != "passed"} == set()
    assert of_people["USER-01"] == "skipped", "there is no metadata"
    assert by_itself.code == 0
    assert "judged as  carol@hybridjoin.test's, signed in by name and password" in by_itself.out
    assert "it says itself whose it is" in by_itself.out
    assert "--computer FILE" not in by_itself.out
    assert computers.code == 1
    assert "✕ CLAIM-01 MUST" in computers.out


def test_a_person_without_an_immutable_id_is_told(run: Run, tmp_path: Path) -> None:
    text = AssertionText(claims=USER_CLAIMS[1:], name_identifier=None)

    done = run("assertion", saved(tmp_path, sign(str(text)).encode()), "--user", "carol@hybridjoin.test")

    assert done.code == 1
    assert "✕ USER-02 MUST" in done.out
    assert "judged as  carol@hybridjoin.test's, signed in by name and password" in done.out


def test_an_assertion_is_not_a_computers_and_a_persons(run: Run, file: Path, computer: Path) -> None:
    done = run("assertion", file, "--user", "carol@hybridjoin.test", "--computer", computer)

    assert done.code == 2
    assert "whose assertion is it?" in done.err
