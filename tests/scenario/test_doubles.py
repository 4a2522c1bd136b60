"""What a scenario bends reaches the doubles' configurations, and nothing else does."""

from __future__ import annotations

from typing import Any

import pytest

from hybridjoin.scenario.doubles import entra_mapping, idp_mapping
from hybridjoin.scenario.scenario import ClaimChange, EntraSettings, ExtraClaim, FaultUse, IdpSettings


def mappings(settings: IdpSettings) -> list[dict[str, Any]]:
    found = idp_mapping(settings)["mappings"]
    assert isinstance(found, list)
    return found


def named(settings: IdpSettings, name: str) -> list[dict[str, Any]]:
    return [item for item in mappings(settings) if item["name"] == name]


def test_nothing_bent_is_the_profile_as_it_is() -> None:
    mapping = idp_mapping(IdpSettings())
    assert (mapping["profile"], mapping["faults"]) == ("pingone", [])
    assert set(mapping) == {"profile", "mappings", "subject", "faults"}
    assert entra_mapping(EntraSettings()) == {"faults": [], "domain": {}, "connect": {"exclude": []}}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (ClaimChange(claim="accounttype", drop=True), []),
        (ClaimChange(claim="accounttype", values=('"dj"',)), [('"dj"',)]),
        (ClaimChange(claim="accounttype", values=('"DJ"', '"User"')), [('"DJ"', '"User"')]),
        (ClaimChange(claim="accounttype", duplicate=True), [('"DJ"',), ('"DJ"',)]),
    ],
)
def test_a_claim_is_dropped_changed_or_doubled(change: ClaimChange, expected: list[tuple[str, ...]]) -> None:
    found = named(IdpSettings(claims=(change,)), "accounttype")
    assert [tuple(item["values"]) for item in found] == expected
    assert len(mappings(IdpSettings(claims=(change,)))) == len(mappings(IdpSettings())) - 1 + len(expected)


def test_a_claim_is_renamed_and_moved_to_another_namespace() -> None:
    change = ClaimChange(claim="primarysid", name="PrimarySid", namespace="urn:other")
    (found,) = named(IdpSettings(claims=(change,)), "PrimarySid")
    assert found["namespace"] == "urn:other"
    assert found["values"] == ["user.objectSid"]


def test_an_extra_claim_comes_last() -> None:
    extra = ExtraClaim(name="colour", namespace="urn:paint", values=('"red"',))
    assert mappings(IdpSettings(extra_claims=(extra,)))[-1]["name"] == "colour"


def test_settings_keep_the_names_of_the_doubles_configurations() -> None:
    settings = IdpSettings(
        profile="adfs", host="sts-rc4.example.test", mex="mex", trust_versions=("2005",), issuer="urn:i",
        issuer_id="urn:j", audience="urn:a", lifetime_s=60.0, external_id="objectGUID", subject_format="urn:f",
        faults=(FaultUse(name="mex-dtd", options=(("kind", "external"),)),),
    )  # fmt: skip
    mapping = idp_mapping(settings)
    assert mapping["service_host"] == "sts-rc4.example.test"
    assert mapping["trust_versions"] == ["2005"]
    assert (mapping["mex"], mapping["issuer"], mapping["issuer_id"]) == ("mex", "urn:i", "urn:j")
    assert (mapping["audience"], mapping["lifetime_s"]) == ("urn:a", 60.0)
    assert mapping["faults"] == [{"name": "mex-dtd", "options": {"kind": "external"}}]
    assert "user_types" in mapping
    assert named(settings, "issuerid")[0]["values"] == ['"urn:j"']


def test_entras_settings_stand_where_the_lab_looks_for_them() -> None:
    settings = EntraSettings(
        source_anchor="objectGUID",
        authentication="Managed",
        issuer_uri="urn:i",
        exclude=("WS01",),
        faults=(FaultUse(name="throttled", options=(("where", ("join",)),)),),
    )
    assert entra_mapping(settings) == {
        "source_anchor": "objectGUID",
        "domain": {"authentication": "Managed", "issuer_uri": "urn:i"},
        "connect": {"exclude": ["WS01"]},
        "faults": [{"name": "throttled", "options": {"where": ["join"]}}],
    }
