"""Each setting is spelled in the file's model and in the double that reads it: what one side lacks is named here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import get_args

import pytest
from pydantic import BaseModel

from hybridjoin.doubles.entra.config import EntraConfig
from hybridjoin.doubles.idp.config import IdpConfig
from hybridjoin.doubles.settings import keys_of
from hybridjoin.scenario.scenario_schema import EntraModel, FaultModel, IdpModel

FAULT = {"name": "wrong-audience", "options": {"audience": "urn:x"}}
CLAIM = {"name": "a", "namespace": "urn:n", "value": '"x"'}
WRITTEN = IdpModel.model_validate(
    {
        "subject": {"value": '"x"', "format": "urn:f"},
        "claims": {"UPN": {"drop": True}},
        "extra_claims": [CLAIM],
        "faults": [{"wrong-audience": FAULT["options"]}],
        "passive": {"door": "form"},
    }
)
LABS_OWN = {
    "application_id", "clock_offset_s", "keytab", "krb5_config", "mutations", "ldap", "ldap.base_dn", "ldap.bind_dn",
    "ldap.ca_file", "ldap.password_file", "ldap.url", "passive.reply_url", "signing_certificate", "signing_key",
}  # fmt: skip
"""What only the lab can know: its files, its directory, its clock."""

LABS_TENANT = {
    "clock_offset_s", "connect.base_dn", "connect.bind_dn", "connect.ca_file", "connect.late",
    "connect.password_file", "connect.url",
    "application.client_id", "application.display_name", "application.secrets",
    "display_name", "domain.active_sign_in_uri", "domain.brand", "domain.name", "domain.next_signing_certificate",
    "domain.signing_certificate", "seamless_keytab", "tenant_id", "tenant_name",
}  # fmt: skip

WITHOUT_A_LAB = {
    "mappings", "user_types", "domains", "devices", "users", "groups", "login_url", "registration_url", "graph_url",
    "applications", "domain.default",
}  # fmt: skip
"""What a double that runs alone is given; a scenario changes the profile and the directory instead."""

AN_ATTRIBUTE = {"extra_claims[].only_for", "extra_claims[].original_issuer"}
"""What an attribute of a whole profile may have, and AD FS' own have."""


def models_in(annotation: object) -> Iterator[tuple[str, type[BaseModel]]]:
    """Yield the models that an annotation holds, with what their place in it adds to a path."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield "", annotation
    origin = getattr(annotation, "__origin__", None)
    below = "[]" if origin is list else ".*" if origin is dict else ""
    for part in get_args(annotation):
        yield from ((below + deeper, model) for deeper, model in models_in(part))


def paths_of(model: type[BaseModel], place: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        path = f"{place}{field.serialization_alias or name}"
        yield path
        for below, inner in models_in(field.annotation):
            yield from paths_of(inner, f"{path}{below}.")


def test_the_idp_reads_every_setting_of_a_scenario_and_a_scenario_has_every_setting_of_the_idp() -> None:
    spelled = set(paths_of(IdpModel))
    read = set(keys_of({"profile": "pingone", "ldap": {}, **WRITTEN.settings()}, IdpConfig.read))

    assert sorted(spelled - read) == []
    assert sorted(read - spelled - LABS_OWN - WITHOUT_A_LAB - AN_ATTRIBUTE) == []


def test_entra_reads_every_setting_of_a_scenario_and_a_scenario_has_every_setting_of_entra() -> None:
    spelled = set(paths_of(EntraModel))
    read = set(
        keys_of(
            {"domain": {}, "connect": {}, "application": {}, "device_policy": {}, "faults": [{"name": "throttled"}]},
            EntraConfig.read,
        )
    )

    assert sorted(spelled - read) == []
    assert sorted(read - spelled - LABS_TENANT - WITHOUT_A_LAB) == []


@pytest.mark.parametrize("model", [IdpModel, EntraModel])
def test_nothing_bent_is_nothing_said(model: type[IdpModel | EntraModel]) -> None:
    assert model().settings() == {}
    assert model.model_validate({"faults": []}).settings() == {}


def test_entras_empty_sections_bend_nothing() -> None:
    assert EntraModel.model_validate({"domain": {}}).settings() == {}


def test_settings_have_the_doubles_names_and_cross_to_another_process() -> None:
    model = IdpModel.model_validate(
        {
            "host": "sts-rc4.example.test",
            "lifetime": "90m",
            "trust_versions": [2005],
            "claims": {"accounttype": "drop", "UPN": {"namespace": ""}},
            "faults": ["unsigned", {"mex-dtd": {"kind": "external"}}],
            "subject": {"value": '"x"'},
        }
    )

    settings = model.settings()

    assert settings == {
        "service_host": "sts-rc4.example.test",
        "lifetime_s": 5400.0,
        "trust_versions": ["2005"],
        "claims": {"accounttype": {"drop": True}, "UPN": {"namespace": ""}},
        "faults": [{"name": "unsigned"}, {"name": "mex-dtd", "options": {"kind": "external"}}],
        "subject": {"expression": '"x"'},
    }
    assert json.loads(json.dumps(settings)) == settings


def test_a_fault_is_its_name_and_what_was_chosen() -> None:
    assert FaultModel(name="unsigned").model_dump(exclude_defaults=True) == {"name": "unsigned"}
