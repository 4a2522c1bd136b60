"""What is changed about a profile's attributes, read from the settings; mistakes stand where they were made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hybridjoin.doubles.idp.config import ConfigError, IdpConfig
from hybridjoin.doubles.idp.mapping import default_mappings, default_subject

ConfigMaker = Callable[..., IdpConfig]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"drop": True}, []),
        ({"value": '"dj"'}, [('"dj"',)]),
        ({"values": ['"DJ"', '"User"']}, [('"DJ"', '"User"')]),
        ({"values": []}, [()]),
        ({"duplicate": True}, [('"DJ"',), ('"DJ"',)]),
        ({"drop": False}, [('"DJ"',)]),
    ],
)
def test_a_claim_is_dropped_changed_or_doubled(
    make_config: ConfigMaker, change: dict[str, object], expected: list[tuple[str, ...]]
) -> None:
    mappings = make_config(claims={"accounttype": change}).mappings

    assert [item.values for item in mappings if item.name == "accounttype"] == expected
    rest = [item for item in mappings if item.name != "accounttype"]
    assert rest == [item for item in default_mappings("pingone") if item.name != "accounttype"]


def test_a_claim_is_renamed_and_moved_to_another_namespace(make_config: ConfigMaker) -> None:
    config = make_config(claims={"primarysid": {"name": "PrimarySid", "namespace": ""}})

    (found,) = [item for item in config.mappings if item.name == "PrimarySid"]
    assert (found.namespace, found.values) == ("", ("user.objectSid",))


def test_all_of_a_claims_attributes_change_and_each_stays_with_its_callers(make_config: ConfigMaker) -> None:
    mappings = make_config(profile="adfs", claims={"accounttype": {"value": '"X"'}}).mappings

    changed = [(item.values, item.only_for) for item in mappings if item.name == "accounttype"]
    assert changed == [(('"X"',), ("devices",)), (('"X"',), ("users",))]


def test_an_extra_claim_comes_last(make_config: ConfigMaker) -> None:
    extra = {"name": "colour", "namespace": "urn:paint", "value": '"red"'}

    assert make_config(extra_claims=[extra]).mappings[-1].name == "colour"


def test_the_issuers_own_claim_can_be_changed_too(make_config: ConfigMaker) -> None:
    config = make_config(issuer_id="urn:i", claims={"issuerid": {"duplicate": True}})

    assert [item.values for item in config.mappings if item.name == "issuerid"] == [('"urn:i"',), ('"urn:i"',)]


def test_half_a_subject_leaves_the_other_half_to_the_profile(make_config: ConfigMaker) -> None:
    subject = make_config(subject={"format": "urn:f"}).subject

    assert (subject.format, subject.expression) == ("urn:f", default_subject("pingone").expression)


def test_a_lifetime_may_be_a_part_of_a_second(make_config: ConfigMaker) -> None:
    assert make_config(lifetime_s=5400.0).lifetime_s == 5400


def test_a_mistake_in_a_change_stands_at_the_claim(plain: dict[str, Any]) -> None:
    with pytest.raises(ConfigError) as caught:
        IdpConfig.from_mapping(
            {
                **plain,
                "claims": {
                    "primarySid": {"drop": True},
                    "UPN": {"value": "user.userPrincipalname", "values": []},
                    "accounttype": {"dorp": True, "duplicate": 1},
                },
                "extra_claims": [
                    {"name": "a", "namespace": "urn:n"},
                    {"name": "b", "namespace": "urn:n", "value": "x"},
                ],
            }
        )

    assert caught.value.mistakes == (
        "claims.UPN.values: give either value (one expression) or values (several), not both",
        "claims.accounttype.duplicate: expected true or false, found 1",
        "claims.accounttype.dorp: unknown key; did you mean 'drop'?",
        "claims.primarySid: the profile issues no claim of that name; did you mean 'primarysid'?",
        "extra_claims[0].values: give either value (one expression) or values (several), found neither",
        "extra_claims[1].value: 'x' is no attribute; write user.<name>, ldap.<name> or a string in quotation marks",
    )
