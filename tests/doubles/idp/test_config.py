"""The configuration is read whole: defaults of both profiles, and every mistake at once."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.doubles.idp.config import ConfigError, IdpConfig
from hybridjoin.doubles.idp.mapping import default_mappings, default_subject, default_user_types

ConfigMaker = Callable[..., IdpConfig]


def mistakes_of(data: dict[str, Any]) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        IdpConfig.from_mapping(data)
    return caught.value.mistakes


def test_pingone_has_its_defaults(make_config: ConfigMaker) -> None:
    config = make_config()

    assert config.issuer == f"https://sts.hybridjoin.test/applications/{config.application_id}"
    assert config.audience == "urn:federation:MicrosoftOnline"
    assert config.trust_versions == ("1.3",)
    assert config.mappings == default_mappings("pingone")
    assert 23 not in config.ticket_etypes


def test_adfs_has_its_defaults_and_needs_no_application_id(plain: dict[str, Any]) -> None:
    data = {key: value for key, value in plain.items() if key != "application_id"}
    config = IdpConfig.from_mapping({**data, "profile": "adfs"})

    assert config.issuer == "http://sts.hybridjoin.test/adfs/services/trust"
    assert config.trust_versions == ("1.3", "2005")
    assert config.ticket_etypes >= {17, 18, 23}


@pytest.mark.parametrize("profile", ["pingone", "adfs"])
def test_the_defaults_written_out_as_plain_data_are_the_defaults(make_config: ConfigMaker, profile: str) -> None:
    spelled_out = make_config(
        profile=profile,
        mappings=[asdict(mapping) for mapping in default_mappings(profile)],
        subject=asdict(default_subject(profile)),
        user_types=[{**asdict(item), "profile": dict(item.profile)} for item in default_user_types(profile)],
    )

    assert spelled_out == make_config(profile=profile)


def test_a_fault_is_settled_with_its_defaults(make_config: ConfigMaker) -> None:
    config = make_config(faults=[{"name": "expired-window"}, {"name": "slow-answer", "options": {"seconds": 0.5}}])

    assert config.faults[0].integer("by_s") == 3600
    assert config.faults[1].number("seconds") == 0.5
    assert config.faults[1].text("where") == "sts"


def test_every_mistake_is_named_at_once(plain: dict[str, Any]) -> None:
    mistakes = mistakes_of(
        {
            **plain,
            "profile": "okta",
            "audiense": "x",
            "service_host": 7,
            "keytab": "/nowhere/service.keytab",
            "lifetime_s": "long",
            "accept_rc4": "yes",
            "trust_versions": ["1.4"],
            "ldap": {**plain["ldap"], "url": "ldap://dc1", "bind_dn": None},
            "mappings": [
                {"name": "accounttype", "namespace": "urn:n", "value": "DJ"},
                {"name": "both", "namespace": "urn:n", "value": '"a"', "values": ['"b"']},
                "text",
            ],
            "user_types": [{"name": "d", "filter": "(cn=x)", "profile": {"username": 1}}],
            "subject": {"expression": "#lab.hexx(user.externalId)", "fromat": "x"},
            "faults": [{"name": "expired-windw"}, {"name": "slow-answer", "options": {"where": "ldap", "second": 1}}],
        }
    )

    for place, problem in {
        "profile": "expected one of pingone, adfs, jumpcloud, found 'okta'",
        "audiense": "unknown key; did you mean 'audience'?",
        "service_host": "expected a text, found 7",
        "keytab": "no such file: /nowhere/service.keytab",
        "lifetime_s": "expected a number, found 'long'",
        "accept_rc4": "expected true or false, found 'yes'",
        "trust_versions": "expected one or more of 1.3, 2005, found ['1.4']",
        "ldap.url": "a simple bind needs ldaps://, found 'ldap://dc1'",
        "ldap.bind_dn": "expected a text, found nothing",
        "mappings[0].value": "'DJ' is no attribute",
        "mappings[1].values": "give either value",
        "mappings[2]": "expected a mapping, found 'text'",
        "user_types[0].filter": "the filter must hold ${identifier}",
        "user_types[0].profile": "expected a mapping of text to text",
        "subject.expression": "did you mean #lab.hex?",
        "subject.fromat": "did you mean 'format'?",
        "faults[0].name": "did you mean 'expired-window'?",
        "faults[1].options.second": "no option 'second'; it has: where, seconds, manner; did you mean 'seconds'?",
        "faults[1].options.where": "expected one of mex, sts, found 'ldap'",
    }.items():
        assert any(mistake.startswith(f"{place}: ") and problem in mistake for mistake in mistakes), (place, mistakes)


@pytest.mark.parametrize("missing", ["profile", "application_id", "service_host", "keytab", "signing_key", "ldap"])
def test_what_is_missing_is_named(plain: dict[str, Any], missing: str) -> None:
    mistakes = mistakes_of({key: value for key, value in plain.items() if key != missing})

    assert any(mistake.startswith(missing) for mistake in mistakes)


def test_a_misspelled_attribute_is_found_before_it_would_silently_be_null(plain: dict[str, Any]) -> None:
    mistakes = mistakes_of(
        {
            **plain,
            "mappings": [
                {"name": "a", "namespace": "urn:n", "value": "#lab.hex(user.externalID)"},
                {"name": "b", "namespace": "urn:n", "value": '"x" + kerberos.user'},
                {"name": "c", "namespace": "urn:n", "value": '"x"', "only_for": ["device"]},
            ],
            "subject": {"expression": "user.externalid"},
        }
    )

    assert mistakes == (
        "mappings[0].value: nothing is called 'user.externalID'; did you mean 'user.externalId'?",
        "mappings[1].value: nothing is called 'kerberos.user'; did you mean 'kerberos.upn'?",
        "mappings[2].only_for: nothing is called 'device'; did you mean 'devices'?",
        "subject.expression: nothing is called 'user.externalid'; did you mean 'user.externalId'?",
    )


def test_ldap_attributes_that_expressions_name_are_read_too(make_config: ConfigMaker) -> None:
    mappings = [{"name": "a", "namespace": "urn:n", "value": '#lab.hex(ldap.objectGUID) + "" + ldap.description'}]

    assert make_config(mappings=mappings).ldap_references == ("description", "objectGUID")


def test_no_mistake_tells_a_secret(plain: dict[str, Any], keys: Path) -> None:
    mistakes = mistakes_of({**plain, "ldap": {**plain["ldap"], "url": "ldap://x"}, "lifetime_s": "x"})

    assert not any("not a secret" in mistake for mistake in mistakes)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "profile",
                "ldap",
                "mappings",
                "claims",
                "extra_claims",
                "subject",
                "user_types",
                "faults",
                "mutations",
                "x",
            ]
        ),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=8),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
            max_leaves=6,
        ),
    )
)
def test_whatever_stands_in_a_configuration_only_config_error_is_raised(data: dict[str, object]) -> None:
    before = copy.deepcopy(data)

    assert mistakes_of(data)
    assert data == before
