"""The reference IdP's federation metadata: without fault in each profile, and each fault caught by its own alone."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hybridjoin.checks import judge
from hybridjoin.checks.rules import BOOK
from hybridjoin.doubles.idp import federation_metadata_faults as faults
from hybridjoin.doubles.idp.config import IdpConfig
from hybridjoin.doubles.idp.faults import FAULTS
from hybridjoin.doubles.idp.federation_metadata import federation_metadata
from hybridjoin.doubles.idp.signing import SigningIdentity
from hybridjoin.model.verdict import Outcome
from hybridjoin.protocol.passive import read_request
from hybridjoin.protocol.signing_certificate import key_digests
from tests.checks import fedmeta_cases
from tests.checks.browser_cases import browsed
from tests.doubles.idp.conftest import ConfigMaker
from tests.doubles.idp.test_faults import only_once

HOST = "sts.hybridjoin.test"
PASSIVE = {"adfs": "/adfs/ls/", "pingone": "/wsf/{id}", "jumpcloud": "/wsfed/{id}"}
CAUGHT_BY = {
    "fedmeta-missing": set(),
    "fedmeta-truncated": {"FEDMETA-01"},
    "fedmeta-other-issuer": {"FEDMETA-02"},
    "fedmeta-other-role": {"FEDMETA-03"},
    "fedmeta-other-prefix": {"FEDMETA-04"},
    "fedmeta-without-active": {"FEDMETA-05"},
    "fedmeta-other-passive": {"FEDMETA-06"},
    "fedmeta-passive-over-http": {"FEDMETA-07"},
    "fedmeta-other-certificate": {"FEDMETA-08"},
    "fedmeta-broken-certificate": {"FEDMETA-09"},
    "fedmeta-without-use": {"FEDMETA-10"},
    "fedmeta-ended-certificate": {"FEDMETA-11"},
    "fedmeta-past": {"FEDMETA-12"},
    "fedmeta-unsigned": {"FEDMETA-13"},
    "fedmeta-touched": {"FEDMETA-14"},
    "fedmeta-saml20-alone": {"FEDMETA-15"},
    "fedmeta-nameless-claims": {"FEDMETA-16"},
    "fedmeta-of-ws-trust-alone": {"FEDMETA-17"},
    "fedmeta-as-html": {"FEDMETA-18"},
}


def broken(config: IdpConfig, identity: SigningIdentity) -> set[str]:
    """Ask every requirement of the document that the IdP writes, beside a sign-in whose assertion it signed."""
    written = federation_metadata(config, identity, host=HOST)
    published = (
        fedmeta_cases.read(b"", status=404) if written is None else fedmeta_cases.read(written[0], kind=written[1])
    )
    healthy = browsed()
    assert healthy.signature is not None
    (key,) = key_digests((base64.b64decode(identity.certificate),))
    path = PASSIVE[config.profile].format(id=config.application_id)
    evidence = replace(
        healthy,
        published=published,
        issuer=config.issuer,
        started_at=datetime.now(UTC),
        request=read_request(f"https://{HOST}{path}?wa=wsignin1.0"),
        signature=replace(healthy.signature, key_sha256=key),
    )
    verdicts = judge(evidence.parts, BOOK.select("FEDMETA-*"))
    assert {item.requirement for item in verdicts} == {item.id for item in BOOK if item.area == "FEDMETA"}
    return {item.requirement for item in verdicts if item.outcome not in {Outcome.PASSED, Outcome.SKIPPED}}


def test_every_fault_of_the_federation_metadata_has_one_table_that_carries_it_out() -> None:
    tables = (faults.DESCRIBED, faults.TREE, faults.SIGNED, faults.BYTES)
    elsewhere = [faults.MISSING, faults.UNSIGNED, faults.OTHER_PREFIX]

    only_once([name for table in tables for name in table] + elsewhere, "fedmeta")


@pytest.mark.parametrize("profile", PASSIVE)
def test_the_document_is_without_fault(profile: str, make_config: ConfigMaker, identity: SigningIdentity) -> None:
    assert broken(make_config(profile=profile), identity) == set()


@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if fault.area == "fedmeta"])
def test_a_fault_is_caught_by_its_own_requirement_alone(
    name: str, make_config: ConfigMaker, identity: SigningIdentity
) -> None:
    config = make_config(faults=[{"name": name}])

    assert broken(config, identity) == CAUGHT_BY[name]
