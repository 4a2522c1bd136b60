"""`hybridjoin assertion` on files that somebody kept: what the keeper did to them is not the issuer's fault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from tests.cli.conftest import Run
from tests.cli.test_assertion import outcomes, saved
from tests.documents.adfs_replies import ALICE, OLD_REALM, AdfsReply, indented, masked, of_computer
from tests.protocol.documents import signer


def test_an_indented_file_is_for_review_and_says_what_to_do(run: Run, tmp_path: Path) -> None:
    done = run("assertion", saved(tmp_path, indented(bytes(of_computer()))))

    assert done.code == 0
    assert "? SIG-02 MUST" in done.out
    assert "holds once the indentation between the elements is taken out" in " ".join(done.out.split())
    assert "Save the reply as it came" in done.out


def test_an_indented_file_in_which_something_else_is_changed_is_broken(run: Run, tmp_path: Path) -> None:
    altered = indented(bytes(of_computer())).replace(b">DJ<", b">User<")

    done = run("assertion", saved(tmp_path, altered), "--json")

    assert done.code == 1
    assert outcomes(done)["SIG-02"] == "failed"


def test_a_changed_file_that_is_not_indented_is_broken(run: Run, tmp_path: Path) -> None:
    done = run("assertion", saved(tmp_path, bytes(of_computer()).replace(b">DJ<", b"> DJ<")), "--json")

    assert outcomes(done)["SIG-02"] == "failed"


def test_with_a_masked_certificate_the_signature_is_tested_by_the_domains(run: Run, tmp_path: Path) -> None:
    path, certificate = saved(tmp_path, masked(bytes(of_computer()))), tmp_path / "signing.der"
    certificate.write_bytes(signer().certificate)

    alone = run("assertion", path)
    known = outcomes(run("assertion", path, "--signing-certificate", certificate, "--json"))

    assert alone.code == 0
    assert "SIG-02, SIG-06 not tested: the certificate in KeyInfo cannot be read" in alone.out
    assert "SIG-14 not tested: there is no certificate to verify with" in alone.out
    assert (known["SIG-02"], known["SIG-03"]) == ("passed", "passed")


@pytest.mark.parametrize("change", [bytes, masked], ids=["as it came", "masked"])
def test_a_signature_that_is_refused_for_its_form_is_broken_with_any_key_or_none(
    run: Run, tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    altered = change(bytes(of_computer())).replace(b"</ds:Signature>", b"<ds:Object/></ds:Signature>")

    done = run("assertion", saved(tmp_path, altered), "--json")

    assert (done.code, outcomes(done)["SIG-02"]) == (1, "failed")


@pytest.mark.parametrize(("realm", "outcome"), [(OLD_REALM, "passed"), ("urn:federation:elsewhere", "failed")])
def test_the_realm_is_one_of_entras_two_names(run: Run, tmp_path: Path, realm: str, outcome: str) -> None:
    done = run("assertion", saved(tmp_path, bytes(AdfsReply(realm=realm))), "--user", ALICE, "--json")

    assert outcomes(done)["SAML-08"] == outcome


def test_a_persons_assertion_is_recognised(run: Run, tmp_path: Path) -> None:
    hint = "it says itself whose it is"
    path = saved(tmp_path, bytes(AdfsReply()))

    assert hint in run("assertion", path).out
    assert hint not in run("assertion", path, "--user", ALICE).out
    assert hint not in run("assertion", saved(tmp_path, bytes(of_computer()))).out


def test_indentation_of_the_values_is_for_review_where_all_is_indented(run: Run, tmp_path: Path) -> None:
    root = etree.fromstring(bytes(of_computer()))
    for element in root.iter("{*}X509Certificate"):
        element.text = f"{element.text}\n    "
    broken = etree.tostring(root)

    alone = run("assertion", saved(tmp_path, broken), "--json")
    whole = run("assertion", saved(tmp_path, indented(broken)), "--json")

    assert (outcomes(alone)["SIG-11"], outcomes(whole)["SIG-11"]) == ("warning", "review")


def test_what_only_the_exchange_could_tell_is_not_put_on_a_join(run: Run, tmp_path: Path) -> None:
    done = run("assertion", saved(tmp_path, bytes(of_computer())))

    assert "RSTR-01, RSTR-02, RSTR-03, RSTR-07 not tested: the answer alone was captured" in done.out
    assert "no join came about" not in done.out
