"""The least that one federated domain has to offer, by consumer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hybridjoin.checks.minimum import Offer, losses, minimum
from hybridjoin.intake.federation import FederationSettings, UnreadSetting
from hybridjoin.protocol.mex import parse_mex
from tests.checks.federation_cases import SETTINGS
from tests.protocol.documents import T2005
from tests.protocol.metadata import USERNAME_13, WAYS, WINDOWS_13, Way, metadata

USERNAME_2005 = replace(USERNAME_13, name="Username2005", path="/trust/2005/usernamemixed", trust=T2005)


def missing(settings: FederationSettings = SETTINGS, *ways: Way) -> dict[str, tuple[str, ...]]:
    document = parse_mex(metadata(ways)) if ways else None
    return {consumer.name: consumer.missing for consumer in minimum(settings, document) if consumer.missing}


def test_a_whole_domain_lacks_nothing_for_anybody() -> None:
    found = minimum(SETTINGS, parse_mex(metadata((*WAYS, USERNAME_2005))))

    assert [consumer.name for consumer in found] == [
        "hybrid join",
        "PRT",
        "legacy clients",
        "OOBE, work account",
        "web",
    ]
    assert {need.offer for consumer in found for need in consumer.needs} == {Offer.THERE}
    assert list(losses(found)) == []


def test_without_the_metadata_its_endpoints_are_not_known_and_not_missing() -> None:
    needs = {need.name: need.offer for consumer in minimum(SETTINGS, None) for need in consumer.needs}

    assert (needs["windowstransport"], needs["usernamemixed"]) == (Offer.UNKNOWN, Offer.UNKNOWN)
    assert missing() == {}


@pytest.mark.parametrize(
    ("changes", "lost"),
    [
        ({"passive_sign_in_uri": ""}, {
            "OOBE, work account": ("PassiveSignInUri",), "web": ("PassiveSignInUri",),
        }),
        ({"metadata_exchange_uri": ""}, {
            "hybrid join": ("MetadataExchangeUri", "windowstransport"),
            "PRT": ("MetadataExchangeUri", "usernamemixed"),
            "legacy clients": ("MetadataExchangeUri", "usernamemixed"),
        }),
        ({"metadata_exchange_uri": "http://sts.test/mex"}, dict.fromkeys(
            ("hybrid join", "PRT", "legacy clients"), ("MetadataExchangeUri",)
        )),
        ({"preferred_authentication_protocol": "saml"}, dict.fromkeys(
            ("hybrid join", "PRT", "legacy clients"), ("PreferredAuthenticationProtocol wsFed",)
        )),
        ({"preferred_authentication_protocol": ""}, {}),
        ({"passive_sign_in_uri": "", "unread": (UnreadSetting(name="PassiveSignInUri", line=1, text="$x"),)}, {}),
        ({"passive_sign_in_uri": "", "metadata_exchange_uri": "", "partial": True}, {}),
    ],
)  # fmt: skip
def test_what_a_setting_takes_away_is_told_of_whom_it_hurts(
    changes: dict[str, Any], lost: dict[str, tuple[str, ...]]
) -> None:
    assert missing(replace(SETTINGS, **changes)) == lost


@pytest.mark.parametrize(
    ("ways", "lost"),
    [
        ((WINDOWS_13,), {"PRT": ("usernamemixed",), "legacy clients": ("usernamemixed",)}),
        ((USERNAME_13,), {"hybrid join": ("windowstransport",)}),
    ],
)
def test_what_the_metadata_lacks_is_told_of_whom_it_hurts(
    ways: tuple[Way, ...], lost: dict[str, tuple[str, ...]]
) -> None:
    assert missing(SETTINGS, *ways) == lost


def test_of_two_versions_the_one_that_is_not_there_is_not_called_missing() -> None:
    needs = [need for item in minimum(SETTINGS, parse_mex(metadata(WAYS))) if item.name == "PRT" for need in item.needs]

    assert (needs[-1].name, needs[-1].offer, needs[-1].detail) == (
        "usernamemixed 2005",
        Offer.UNKNOWN,
        "only 1.3 there",
    )
