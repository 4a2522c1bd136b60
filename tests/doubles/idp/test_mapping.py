"""The default mappings say what PingOne's guide and AD FS' claim rules say."""

from __future__ import annotations

import pytest

from hybridjoin.doubles.idp.encodings import Facts
from hybridjoin.doubles.idp.mapping import (
    AttributeMapping,
    Claim,
    default_mappings,
    default_subject,
    default_user_types,
    expression_problem,
    resolve,
)

GUID = "f24f116f-6e80-425d-8236-09803da7dfbe"
ANCHOR = "bxFP8oBuXUKCNgmAPaffvg=="
SID = "S-1-5-21-1-2-3-1104"
FACTS = Facts(
    values={
        "user.externalId": GUID,
        "user.objectGUID": GUID,
        "user.objectSid": SID,
        "kerberos.upn": "WS01$@hybridjoin.test",
    },
    lookup=lambda _account, _attribute: None,
)


def names_of(claims: tuple[Claim, ...]) -> dict[tuple[str, str], tuple[str, ...]]:
    return {(claim.namespace, claim.name): claim.values for claim in claims}


def test_pingone_gives_a_device_the_claims_of_its_guide() -> None:
    claims = names_of(resolve(default_mappings("pingone"), FACTS, "devices"))

    assert claims == {
        ("http://schemas.microsoft.com/LiveID/Federation/2008/05", "ImmutableID"): (ANCHOR,),
        ("http://schemas.microsoft.com/ws/2012/01", "accounttype"): ("DJ",),
        ("http://schemas.microsoft.com/identity/claims", "onpremobjectguid"): (ANCHOR,),
        ("http://schemas.microsoft.com/ws/2008/06/identity/claims", "primarysid"): (SID,),
    }


def test_adfs_gives_a_device_its_own_claims_on_top() -> None:
    claims = names_of(resolve(default_mappings("adfs"), FACTS, "devices"))

    assert claims["http://schemas.xmlsoap.org/claims", "UPN"] == ("WS01$@hybridjoin.test",)
    assert claims["http://schemas.microsoft.com/ws/2012/01", "accounttype"] == ("DJ",)
    assert claims["http://schemas.microsoft.com/ws/2012/01", "insidecorporatenetwork"] == ("true",)
    assert claims["http://schemas.microsoft.com/claims", "authnmethodsreferences"] == (
        "http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/windows",
    )


def test_adfs_does_not_call_a_person_a_domain_joined_device() -> None:
    claims = names_of(resolve(default_mappings("adfs"), FACTS, "users"))

    assert claims["http://schemas.microsoft.com/ws/2012/01", "accounttype"] == ("User",)
    assert not any(name == "onpremobjectguid" for _, name in claims)


@pytest.mark.parametrize("profile", ["pingone", "adfs"])
def test_an_issuer_id_adds_the_claim_for_several_verified_domains(profile: str) -> None:
    issuer_id = 'http://a "quoted" \\ domain/adfs/services/trust/'
    claims = names_of(resolve(default_mappings(profile, issuer_id=issuer_id), FACTS, "devices"))

    assert claims["http://schemas.microsoft.com/ws/2008/06/identity/claims", "issuerid"] == (issuer_id,)


def test_a_mapping_without_any_value_is_left_out_and_one_with_an_empty_value_is_not() -> None:
    mappings = (
        AttributeMapping(name="null", namespace="urn:n", values=("user.nothing",)),
        AttributeMapping(name="empty", namespace="urn:n", values=("#lab.empty()",)),
        AttributeMapping(name="half", namespace="urn:n", values=("user.nothing", '"b"')),
    )

    assert names_of(resolve(mappings, FACTS, "devices")) == {("urn:n", "empty"): ("",), ("urn:n", "half"): ("b",)}


def test_a_doubled_mapping_gives_two_attributes() -> None:
    mapping = AttributeMapping(name="accounttype", namespace="urn:n", values=('"DJ"',))

    assert len(resolve((mapping, mapping), FACTS, "devices")) == 2


def test_people_are_looked_for_before_devices_and_devices_by_the_filter_of_the_guide() -> None:
    people, devices = default_user_types("pingone")

    assert (people.name, devices.name) == ("users", "devices")
    assert devices.filter == "(&(objectClass=computer)(sAMAccountName=${identifier}))"
    assert devices.lookup == ("objectGUID", "objectSid", "dn", "sAMAccountName")
    assert dict(devices.profile)["username"] == dict(devices.profile)["externalId"] == "mS-DS-ConsistencyGuid"


def test_the_source_anchor_of_devices_can_be_another_attribute() -> None:
    _, devices = default_user_types("pingone", external_id="objectGUID")

    assert dict(devices.profile)["username"] == dict(devices.profile)["externalId"] == "objectGUID"


def test_the_subject_formats_are_those_of_the_products() -> None:
    assert default_subject("pingone").format.endswith(":emailAddress")
    assert default_subject("adfs").format.endswith(":unspecified")


@pytest.mark.parametrize("profile", ["pingone", "adfs"])
def test_every_default_expression_can_be_read(profile: str) -> None:
    expressions = [value for mapping in default_mappings(profile) for value in mapping.values]

    assert [expression_problem(text) for text in [*expressions, default_subject(profile).expression]] == [
        None for _ in range(len(expressions) + 1)
    ]


def test_a_bad_expression_has_a_problem_in_words() -> None:
    assert "did you mean #lab.hex" in (expression_problem("#lab.hexx(user.externalId)") or "")
