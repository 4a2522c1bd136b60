"""The configuration is read whole, and every mistake of it is named at its place."""

from __future__ import annotations

import base64
import copy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.doubles.entra.app import build_entra
from hybridjoin.doubles.entra.config import ConfigError, EntraConfig
from hybridjoin.doubles.entra.connect import SyncError
from tests.doubles.entra import forge

CONNECT = {
    "url": "ldaps://dc1.hybridjoin.test",
    "ca_file": "ca.pem",
    "bind_dn": "svc-lookup@hybridjoin.test",
    "password_file": "password",
    "base_dn": "DC=hybridjoin,DC=test",
}


def mistakes(data: object) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        EntraConfig.from_mapping(data)  # type: ignore[arg-type]
    return caught.value.mistakes


def test_a_good_configuration_is_read_as_it_is_written() -> None:
    config = EntraConfig.from_mapping(forge.mapping(faults=[{"name": "throttled"}], clock_offset_s=-360))

    assert str(config.tenant_id) == forge.TENANT_ID
    assert [domain.federated for domain in config.domains] == [True, True, False]
    assert config.domains[0].signing_certificates == (forge.certificate("idp"), forge.certificate("next"))
    assert config.clock_offset_s == -360
    throttled = config.fault("throttled")
    assert throttled is not None
    assert dict(throttled.options) == {"where": ("join", "sync-join"), "retry_after_s": 300, "status": 400}
    assert config.fault("proxy-page") is None


def test_a_directory_to_sync_from_is_read() -> None:
    data = forge.mapping(connect={**CONNECT, "exclude": ["WS04"]}, devices=[], users=[])

    config = EntraConfig.from_mapping(data)

    assert config.connect is not None
    assert (config.connect.base_dn, config.connect.exclude) == ("DC=hybridjoin,DC=test", ("WS04",))


def test_all_mistakes_are_named_at_once_with_their_places() -> None:
    found = mistakes(
        {
            "tenant_id": "not-a-guid",
            "tenant_nane": "hybridjoin.test",
            "domains": [
                forge.domain("a.test", "urn:a", signing_certificate="????", autentication="Federated"),
                forge.domain("A.test", "urn:b", authentication="federated"),
                {"name": "c.test"},
                "d.test",
            ],
            "source_anchor": "objectGuid",
            "clock_offset_s": "6 minutes",
            "faults": [
                {"name": "throtled"},
                {"name": "throttled", "options": {"wher": ["join"], "retry_after_s": -1}},
                {"name": "server-error", "options": {"where": ["everywhere"], "status": 200}},
                {"name": "realm-unknown", "options": {"x": 1}},
            ],
        }
    )

    for expected in (
        "tenant_id: expected a GUID",
        "tenant_name: expected a text, found nothing",
        "tenant_nane: unknown key; did you mean 'tenant_name'?",
        "domains[0].signing_certificate: expected an X.509 certificate",
        "domains[0].autentication: unknown key; did you mean 'authentication'?",
        "domains[1].authentication: expected one of Federated, Managed, found 'federated'; did you mean 'Federated'?",
        "domains[2].issuer_uri: expected a text, found nothing",
        "domains[2].signing_certificate: a federated domain needs",
        "domains[3]: expected a mapping, found 'd.test'",
        "domains: the domain 'a.test' stands there more than once",
        "source_anchor: expected one of auto, mS-DS-ConsistencyGuid, objectGUID, found 'objectGuid'; did you mean",
        "clock_offset_s: expected a number, found '6 minutes'",
        "faults[0].name: no fault is called 'throtled'; did you mean 'throttled'?",
        "faults[1].options.wher: throttled has no option 'wher'; it has: where, retry_after_s, status; "
        "did you mean 'where'?",
        "faults[1].options.retry_after_s: expected a number not below 0, found -1",
        "faults[2].options.where: expected a list out of realm, discover, token, join, sync-join, leave, found the",
        "faults[2].options.status: expected an integer from 500 to 599, found 200",
        "faults[3].options.x: realm-unknown has no option 'x'; it has: none",
    ):
        assert any(mistake.startswith(expected) for mistake in found), expected
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({"domains": []}, "domains: expected at least one domain", id="no domain"),
        pytest.param({"connect": CONNECT}, "connect: expected either a directory", id="directory and data"),
        pytest.param(
            {"devices": [], "users": [], "connect": {**CONNECT, "url": "ldap://dc1"}},
            "connect.url: expected ldaps://",
            id="password in the clear",
        ),
        pytest.param({"devices": 7}, "devices: expected a list of mappings, found 7", id="no list"),
        pytest.param({"faults": [{"name": "throttled", "options": []}]}, "faults[0].options: expected a map", id="map"),
        pytest.param(
            {"users": [{"name": "a", "upn": "b", "object_guid": str(forge.ALICE), "sid": 5}]},
            "users[0].sid: expected a text, found 5",
            id="no text",
        ),
    ],
)
def test_a_mistake_is_named(change: dict[str, object], expected: str) -> None:
    found = mistakes(forge.mapping(**change))

    assert len(found) == 1
    assert found[0].startswith(expected)


def test_something_else_than_a_mapping_is_named() -> None:
    assert "the configuration: expected a mapping, found the list []" in mistakes([])


@forge.PATIENT
@given(
    st.dictionaries(
        st.sampled_from(["tenant_id", "tenant_name", "domains", "connect", "devices", "users", "faults", "x"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=8),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
            max_leaves=6,
        ),
    )
)
def test_whatever_stands_in_a_configuration_only_config_error_is_raised(data: dict[str, object]) -> None:
    before = copy.deepcopy(data)

    assert mistakes(data)
    assert data == before


def test_the_source_anchor_is_the_consistency_guid_where_it_is_set() -> None:
    anchors = {
        choice: [
            device.synced.source_anchor
            for device in build_entra(
                EntraConfig.from_mapping(forge.mapping(source_anchor=choice))
            ).state.tenant.devices
            if device.synced
        ]
        for choice in ("auto", "objectGUID")
    }

    assert anchors == {
        "auto": [forge.guid64(forge.WS01_CONSISTENCY), forge.guid64(forge.WS02)],
        "objectGUID": [forge.guid64(forge.WS01), forge.guid64(forge.WS02)],
    }


def test_a_computer_without_a_user_certificate_is_not_exported() -> None:
    tenant = build_entra(EntraConfig.from_mapping(forge.mapping())).state.tenant

    assert sorted(device.display_name for device in tenant.devices) == ["WS01", "WS02"]
    assert [user.upn for user in tenant.users] == ["alice@hybridjoin.test"]
    assert tenant.user_by_anchor(base64.b64encode(forge.ALICE.bytes_le).decode()) is tenant.users[0]


def test_a_directory_that_does_not_answer_is_named(tmp_path: Path, tls: tuple[Path, Path, Path]) -> None:
    password = tmp_path / "password"
    password.write_text("never sent")
    connect = {**CONNECT, "url": "ldaps://127.0.0.1:9", "ca_file": str(tls[0]), "password_file": str(password)}
    config = EntraConfig.from_mapping(forge.mapping(connect=connect, devices=[], users=[]))

    with pytest.raises(SyncError, match=r"cannot bind to ldaps://127\.0\.0\.1:9 as .*Can't contact") as caught:
        build_entra(config)

    assert "never sent" not in str(caught.value)


def test_a_password_file_that_is_not_there_is_named(tls: tuple[Path, Path, Path]) -> None:
    connect = {**CONNECT, "ca_file": str(tls[0]), "password_file": "/nowhere/at/all"}
    config = EntraConfig.from_mapping(forge.mapping(connect=connect, devices=[], users=[]))

    with pytest.raises(SyncError, match="cannot read its password file: No such file"):
        build_entra(config)
