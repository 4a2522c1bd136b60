"""Federation settings are judged on their own, and against metadata and an assertion where they are given."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hybridjoin.checks import judge
from hybridjoin.checks.rules import BOOK
from hybridjoin.checks.rules.fed.certificates import registered_certificates
from hybridjoin.evidence.documents import federation_parts
from hybridjoin.intake.federation import FederationSettings, UnreadSetting, field_of
from hybridjoin.intake.federation_commands import Action
from hybridjoin.intake.handed_out import HandedOut, SiblingDomains
from hybridjoin.model.verdict import Outcome, Untested, Verdict
from hybridjoin.protocol.mex import parse_mex
from hybridjoin.protocol.rstr import TokenResponse
from tests.checks.evidence_factory import bent, reply_evidence, signed_evidence
from tests.checks.federation_cases import COMMAND, HOST, SETTINGS, later, text_of
from tests.protocol.documents import ISSUER, NOW, AssertionText, ReplyText, signer
from tests.protocol.metadata import metadata

# What only the tenant's other domains, a SAML domain, or the command that sets it all can be asked.
BESIDES = ("FED-20", "FED-21", "FED-23", "FED-24", "FED-25", "FED-27", "FED-28", "FED-29")


def findings(settings: FederationSettings = SETTINGS, *, days: int = 0, **given: Any) -> tuple[Verdict, ...]:  # noqa: ANN401 the documents, by their names
    return judge(federation_parts(settings, now=NOW + timedelta(days=days), **given), BOOK.select("FED-*"))


def outcomes(settings: FederationSettings = SETTINGS, *, days: int = 0, **given: Any) -> dict[str, Outcome]:  # noqa: ANN401 the documents, by their names
    found = findings(settings, days=days, **given)
    return {item.requirement: item.outcome for item in found}


def response(text: AssertionText | None = None, **how: object) -> TokenResponse:
    made = signed_evidence(text or AssertionText(), **how)["response"]
    assert isinstance(made, TokenResponse)
    return made


def loud(found: dict[str, Outcome]) -> set[str]:
    return {name for name, outcome in found.items() if outcome not in {Outcome.PASSED, Outcome.SKIPPED}}


def test_every_sentence_of_the_area_is_asked_by_what_is_known_of_settings_alone() -> None:
    assert len(findings()) >= 18


def test_good_settings_break_nothing_and_say_what_was_not_given() -> None:
    found = outcomes()

    assert loud(found) == set()
    assert {name for name, outcome in found.items() if outcome is Outcome.SKIPPED} == {
        "FED-12", "FED-16", "FED-17", "FED-18", *BESIDES,
    }  # fmt: skip
    silent = {
        item.requirement: item.not_tested
        for item in findings()
        if item.not_tested is not None and item.requirement not in BESIDES
    }
    assert {name: (reason.reason, reason.detail) for name, reason in silent.items()} == {
        "FED-12": (Untested.NOT_APPLICABLE, "there is no NextSigningCertificate"),
        "FED-16": (Untested.NOT_GIVEN, "no assertion was given to compare with"),
        "FED-17": (Untested.NOT_GIVEN, "no assertion was given to compare with"),
        "FED-18": (Untested.NOT_GIVEN, "no metadata was given to compare with"),
    }


def test_with_metadata_and_assertion_everything_is_compared() -> None:
    found = outcomes(document=parse_mex(metadata()), response=response())

    assert {name for name, outcome in found.items() if outcome is Outcome.SKIPPED} == {"FED-12", *BESIDES}
    assert loud(found) == set()


@pytest.mark.parametrize(
    ("issuer", "broken"),
    [
        (f"{ISSUER}/", {"FED-08", "FED-16"}),
        (ISSUER.replace("https", "http"), {"FED-16"}),
        ("http://hybridjoin.test/adfs/services/trust/", {"FED-16"}),
        ("", {"FED-01", "FED-16"}),
    ],
)
def test_the_issuer_is_compared_to_the_letter(issuer: str, broken: set[str]) -> None:
    assert loud(outcomes(replace(SETTINGS, issuer_uri=issuer), response=response())) == broken


def test_a_rollover_to_the_next_certificate_is_seen() -> None:
    settings = replace(SETTINGS, next_signing_certificate=later())
    found = findings(settings, response=response(by=signer("later")))

    assert next(item for item in found if item.requirement == "FED-17").outcome is Outcome.PASSED
    assert len(registered_certificates(settings)) == 2


def test_a_rollover_without_the_next_certificate_is_warned_of_thirty_five_days_before() -> None:
    assert outcomes(days=329)["FED-11"] is Outcome.PASSED
    assert outcomes(days=331)["FED-11"] is Outcome.WARNING
    assert outcomes(replace(SETTINGS, next_signing_certificate=later()), days=331)["FED-11"] is Outcome.PASSED


def test_another_key_than_the_registered_one_is_named_by_its_thumbprint() -> None:
    found = findings(response=response(by=signer("stranger")))
    verdict = next(item for item in found if item.requirement == "FED-17")

    assert verdict.outcome is Outcome.FAILED
    assert len(verdict.expected) == len(verdict.found) == 40
    assert verdict.expected != verdict.found


def test_in_a_certification_the_registered_key_counts_and_not_what_the_site_file_trusts() -> None:
    registered = replace(SETTINGS, signing_certificate=text_of(signer("stranger").certificate))

    found = {item.requirement: item.outcome for item in judge(bent(federation=registered).parts)}

    assert (found["SIG-03"], found["FED-17"]) == (Outcome.PASSED, Outcome.FAILED)
    bare = reply_evidence(bytes(ReplyText(tokens=(str(AssertionText()),))))
    unsigned = {item.requirement: item.outcome for item in judge(bent(federation=SETTINGS, **bare).parts)}
    assert (unsigned["SIG-01"], unsigned["FED-17"]) == (Outcome.FAILED, Outcome.SKIPPED)


def test_a_value_that_was_cut_short_is_told_as_one() -> None:
    found = findings(replace(SETTINGS, signing_certificate="MII..."))
    verdict = next(item for item in found if item.requirement == "FED-09")

    assert verdict.outcome is Outcome.FAILED
    assert "cut short" in verdict.found
    assert {item.outcome for item in found if item.requirement in {"FED-10", "FED-11", "FED-13"}} == {Outcome.SKIPPED}


def test_a_private_key_is_never_repeated() -> None:
    key = signer().pem.decode()
    found = findings(replace(SETTINGS, signing_certificate="".join(key.split())))

    assert "private key" in next(item for item in found if item.requirement == "FED-09").found
    assert all(key.splitlines()[1] not in f"{item.found}{item.expected}" for item in found)


def test_ad_fs_settings_with_their_http_issuer_are_good() -> None:
    trust = "https://sts.hybridjoin.test/adfs/services/trust"
    settings = replace(
        SETTINGS,
        issuer_uri="http://sts.hybridjoin.test/adfs/services/trust",
        metadata_exchange_uri=f"{trust}/mex",
        active_sign_in_uri=f"{trust}/2005/usernamemixed",
        passive_sign_in_uri=f"{HOST}/adfs/ls/",
        sign_out_uri=f"{HOST}/adfs/ls/",
    )

    assert loud(outcomes(settings)) == set()


@pytest.mark.parametrize("address", ["https://[::1", "https://sts:port/", "sts.hybridjoin.test", "https://", "\x00"])
def test_an_address_that_is_none_is_judged_and_not_fallen_over(address: str) -> None:
    found = outcomes(
        replace(SETTINGS, metadata_exchange_uri=address, active_sign_in_uri=address, issuer_uri=address),
        document=parse_mex(metadata()),
    )

    assert Outcome.INTERRUPTED not in found.values()


def test_an_issuer_that_ends_in_a_slash_is_expected_without_it() -> None:
    verdict = next(
        item for item in findings(replace(SETTINGS, issuer_uri=f"{ISSUER}/")) if item.requirement == "FED-08"
    )

    assert (verdict.outcome, verdict.expected, verdict.found) == (Outcome.REVIEW, ISSUER, f"{ISSUER}/")


@pytest.mark.parametrize("odd", [f"{ISSUER} ", f"{ISSUER}\u200b", f"{ISSUER[:20]}\u00a0{ISSUER[20:]}"])
def test_a_blank_that_nobody_sees_is_written_out(odd: str) -> None:
    found = findings(replace(SETTINGS, issuer_uri=odd), response=response())
    verdict = next(item for item in found if item.requirement == "FED-08")

    assert verdict.outcome is Outcome.REVIEW
    assert verdict.expected == ISSUER
    assert verdict.found == ascii(odd)


@pytest.mark.parametrize(
    ("changes", "told", "silent"),
    [
        ({"signing_certificate": ""}, "FED-28", "FED-09"),
        ({"preferred_authentication_protocol": ""}, "FED-24", "FED-14"),
        ({"federated_idp_mfa_behavior": ""}, "FED-25", "FED-15"),
    ],
)
def test_what_a_command_lacks_is_told_once(changes: dict[str, Any], told: str, silent: str) -> None:
    settings = replace(SETTINGS, **changes)

    commanded, retired = outcomes(settings, command=COMMAND), outcomes(settings, command=replace(COMMAND, retired=True))

    assert told in loud(commanded)
    assert commanded[silent] is Outcome.SKIPPED
    assert told not in loud(retired)
    assert silent in loud(retired)


def test_a_command_that_changes_a_domain_need_not_repeat_what_it_has() -> None:
    partial = FederationSettings(place="x:1", domain="hybridjoin.test", issuer_uri=ISSUER, partial=True)

    found = outcomes(partial, command=replace(COMMAND, action=Action.UPDATE, certificate=""))

    assert loud(found) == set()


@pytest.mark.parametrize("name", ["SigningCertificate", "IssuerUri", "MetadataExchangeUri", "PassiveSignInUri"])
def test_an_expression_is_never_taken_for_missing(name: str) -> None:
    field = field_of(name)
    assert field is not None
    unread = (UnreadSetting(name=name, line=4, text="$x"),)
    emptied: dict[str, Any] = {field: ""}
    settings = replace(SETTINGS, unread=unread, **emptied)

    found = outcomes(settings, document=parse_mex(metadata()), response=response(), command=COMMAND)

    assert loud(found) == set()


@pytest.mark.parametrize(
    ("certificate", "broken"), [("MII\nABC", True), ("-----BEGIN-----", True), ("MII..", True), ("MIIB+/==", False)]
)
def test_the_certificate_is_written_as_graph_shows_it(certificate: str, broken: bool) -> None:
    assert ("FED-23" in loud(outcomes(command=replace(COMMAND, certificate=certificate)))) is broken


def test_domains_of_one_text_are_held_against_each_other() -> None:
    other, nameless = replace(SETTINGS, domain="other.test"), replace(SETTINGS, domain="")
    handed = HandedOut(domains=((SETTINGS, None), (other, None), (nameless, None)))

    assert handed.siblings(SETTINGS) == SiblingDomains(issuers=(("other.test", ISSUER),))
    assert handed.siblings(nameless) is None
    assert "FED-21" in loud(outcomes(siblings=handed.siblings(SETTINGS)))
    assert "FED-21" not in loud(outcomes(siblings=SiblingDomains(issuers=(("other.test", f"{ISSUER}/2"),))))
