"""Lab files: what they mean, and what is said about their mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from hybridjoin.errors import UsageError
from hybridjoin.scenario.lab.lab_file import EncryptionType, LabFile
from hybridjoin.scenario.lab.load import load_lab_file

SMALL = """\
domain: {name: example.test, netbios: EXAMPLE}
tenant: {name: example.test, id: 11111111-2222-3333-4444-555555555555}
computers:
  - name: PC1
service_accounts:
  - name: svc
    servicePrincipalName: [HTTP/sts.example.test]
lookup_account: svc
hosts: [sts.example.test]
"""


def read(tmp_path: Path, text: str) -> LabFile:
    path = tmp_path / "some.lab.yaml"
    path.write_text(text, "utf-8")
    return load_lab_file(path)


def mistakes_of(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(UsageError) as caught:
        read(tmp_path, text)
    return [str(mistake).replace(f"{tmp_path}/", "") for mistake in caught.value.mistakes]


def test_the_default_lab_has_every_computer_the_scenarios_count_on(lab_file: LabFile) -> None:
    computers = {computer.name: computer for computer in lab_file.computers}

    assert lab_file.domain.realm == "HYBRIDJOIN.TEST"
    assert lab_file.domain.base_dn == "DC=hybridjoin,DC=test"
    assert lab_file.everyday_device is computers["WS01"]
    assert computers["WS02"].consistency_guid is None
    assert not computers["WS03"].enabled
    assert not computers["WS04"].user_certificate
    assert computers["WS01"].consistency_guid == "objectGUID"
    assert computers["WS05"].consistency_guid not in {None, "objectGUID", computers["WS05"].object_guid}


def test_the_default_lab_knows_which_account_serves_which_host(lab_file: LabFile) -> None:
    everyday, rc4 = (lab_file.service_account_of(host) for host in lab_file.hosts[:2])

    assert everyday is not None
    assert everyday.encryption_types == (EncryptionType.AES256,)
    assert rc4 is not None
    assert rc4.encryption_types is None
    assert EncryptionType.RC4 not in rc4.keytab
    assert lab_file.service_account_of("sts-nospn.hybridjoin.test") is None


def test_a_lab_may_do_without_a_service_connection_point(tmp_path: Path) -> None:
    assert read(tmp_path, SMALL).service_connection_point is None


@pytest.mark.parametrize(
    ("point", "entra_domain"),
    [
        ("", "example.test"),
        ("service_connection_point: {azureADName: Contoso.Test, azureADId: x}\n", "contoso.test"),
    ],
    ids=["the tenant's name", "azureADName"],
)
def test_entras_name_of_the_domain_need_not_be_ads(tmp_path: Path, point: str, entra_domain: str) -> None:
    people = "users:\n- {name: alice}\n- {name: bob, userPrincipalName: bob@other.test}\n"
    lab = read(tmp_path, SMALL.replace("{name: example.test, netbios", "{name: corp.test, netbios") + point + people)

    assert (lab.domain.name, lab.entra_domain) == ("corp.test", entra_domain)
    assert [lab.user_principal_name(user) for user in lab.users] == [f"alice@{entra_domain}", "bob@other.test"]


def test_the_digest_knows_the_meaning_and_not_the_spelling(tmp_path: Path) -> None:
    first = read(tmp_path, SMALL)
    respelled = read(
        tmp_path,
        "# another comment\n"
        + SMALL.replace("{name: example.test, netbios: EXAMPLE}", "\n  netbios: EXAMPLE\n  name: example.test"),
    )
    changed = read(tmp_path, SMALL.replace("PC1", "PC2"))

    assert first.digest == respelled.digest
    assert first.digest != changed.digest


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(
            ("computers:", "compters:"), "3:1: unknown key 'compters' (did you mean 'computers'?)", id="unknown key"
        ),
        pytest.param(
            ("- name: PC1", "- nam: PC1"), "4:5: unknown key 'nam' (did you mean 'name'?)", id="unknown key inside"
        ),
        pytest.param(
            ("example.test, netbios", "EXAMPLE, netbios"), "1:16: expected a lower-case DNS name", id="no DNS name"
        ),
        pytest.param(("EXAMPLE}", "ANAMEOF16LETTERS}"), "1:39: expected a NetBIOS name", id="NetBIOS name too long"),
        pytest.param(("11111111-", "1-"), "2:34: expected a GUID like", id="no GUID"),
        pytest.param(
            ("- name: PC1", "- name: PC1\n    enabled: 1"), "5:14: expected true or false, found", id="no boolean"
        ),
        pytest.param(
            ("- name: PC1", "- name: PC1\n    msDS-SupportedEncryptionTypes: [AES265]"),
            "5:37: expected one of AES256, AES128, RC4, found 'AES265'",
            id="no encryption type",
        ),
        pytest.param(
            ("- name: PC1", "- name: PC1\n    mS-DS-ConsistencyGuid: objectguid"),
            "5:28: expected a GUID like",
            id="no anchor",
        ),
        pytest.param(("HTTP/sts", "sts"), "7:28: expected a service principal name", id="no SPN"),
        pytest.param(("hosts: [sts.example.test]", "hosts: []"), "9:8: ", id="no host"),
        pytest.param(
            ("lookup_account: svc", "lookup_account: svk"),
            "8:17: expected one of the service accounts, found 'svk' (did you mean 'svc'?)",
            id="lookup account of no one",
        ),
        pytest.param(
            ("- name: PC1", "- name: PC1\n  - name: pc1"),
            "5:11: expected a name of its own, found 'pc1$'",
            id="twin computers",
        ),
        pytest.param(
            ("name: svc", "name: krbtgt"), "6:11: expected a name of its own, found 'krbtgt'", id="built-in account"
        ),
        pytest.param(
            ("- name: PC1", "- name: PC1\n    servicePrincipalName: [http/STS.example.test]"),
            "8:28: the service principal name 'HTTP/sts.example.test' stands at some.lab.yaml:5:28 already",
            id="twin SPNs",
        ),
        pytest.param(
            ("hosts:", "users:\n- {name: a, userPrincipalName: x@y}\n- {name: b, userPrincipalName: X@y}\nhosts:"),
            "11:32: the userPrincipalName 'X@y' stands at some.lab.yaml:10:32 already",
            id="twin user principal names",
        ),
        pytest.param(
            ("hosts:", "groups:\n  - {name: G, members: [PC1]}\nhosts:"),
            "10:25: expected the name of an account in this file, found 'PC1' (did you mean 'PC1$'?)",
            id="member of no one",
        ),
        pytest.param(
            ("- name: PC1", "- name: PC1\n    enabled: false"),
            "4:3: expected at least one enabled computer",
            id="all off",
        ),
    ],
)
def test_a_mistake_is_named_at_its_place(tmp_path: Path, change: tuple[str, str], expected: str) -> None:
    found = mistakes_of(tmp_path, SMALL.replace(*change))

    assert any(mistake.startswith(f"some.lab.yaml:{expected}") for mistake in found), found


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    text = SMALL.replace("PC1", "A NAME").replace("EXAMPLE}", "E!}").replace("hosts", "host")

    assert len(mistakes_of(tmp_path, text)) == 4


def test_a_file_that_is_not_there_is_a_mistake_too(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.lab\.yaml"):
        load_lab_file(tmp_path / "nowhere.lab.yaml")
