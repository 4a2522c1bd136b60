"""Lab files: what they mean, and what is said about their mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from hybridjoin.errors import UsageError
from hybridjoin.scenario.lab.lab_file import EncryptionType, LabFile
from hybridjoin.scenario.lab.load import load_lab_file
from tests.lab.conftest import ROOT

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
    assert read(tmp_path, SMALL + "service_connection_point: null\n").service_connection_point is None


SHORTEST = "domain: {name: corp.contoso.test}\ncomputers:\n- {name: PC1}\n- {name: PC2}\n"


def test_two_computers_take_four_lines(tmp_path: Path) -> None:
    lab = read(tmp_path, SHORTEST)
    point = lab.service_connection_point
    idp = lab.service_account_of("sts.corp.contoso.test")

    assert (lab.domain.netbios, lab.domain.domain_controller, lab.hosts) == ("CORP", "dc1", ("sts.corp.contoso.test",))
    assert (lab.tenant.name, lab.entra_domain) == ("corp.contoso.test", "corp.contoso.test")
    assert point is not None
    assert (point.azure_ad_name, point.azure_ad_id) == (lab.tenant.name, lab.tenant.id)
    assert idp is not None
    assert (idp.name, idp.encryption_types, idp.keytab) == (
        "svc-idp",
        (EncryptionType.AES256,),
        (EncryptionType.AES256,),
    )
    assert "host/sts.corp.contoso.test" in idp.service_principal_names
    assert [item.name for item in lab.service_accounts] == ["svc-idp", "svc-lookup"]
    assert lab.lookup_account == "svc-lookup"
    assert lab.digest == read(tmp_path, SHORTEST).digest, "what is filled in is the same wherever it is read"


@pytest.mark.parametrize(
    ("more", "accounts", "lookup"),
    [
        ("lookup_account: reader\n", ["svc-idp", "reader"], "reader"),
        ("service_accounts: [{name: svc}]\n", ["svc", "svc-lookup"], "svc-lookup"),
        ("service_accounts: [{name: svc-lookup}]\n", ["svc-lookup"], "svc-lookup"),
        ("service_accounts: [{name: svc}]\nlookup_account: svc\n", ["svc"], "svc"),
    ],
    ids=["look-up account named", "accounts told", "look-up account among them", "both told"],
)
def test_the_look_up_account_is_made_where_nobody_made_it(
    tmp_path: Path, more: str, accounts: list[str], lookup: str
) -> None:
    lab = read(tmp_path, SHORTEST + more)

    assert [item.name for item in lab.service_accounts] == accounts
    assert lab.lookup_account == lookup


@pytest.mark.parametrize(
    ("point", "name", "same_id"),
    [
        ("", "contoso.test", True),
        ("service_connection_point: {azureADName: other.test}\n", "other.test", True),
        ("service_connection_point: {azureADId: none}\n", "contoso.test", False),
    ],
    ids=["nothing", "name", "id"],
)
def test_a_service_connection_point_names_the_tenant(tmp_path: Path, point: str, name: str, same_id: bool) -> None:
    lab = read(tmp_path, SHORTEST + "tenant: {name: contoso.test}\n" + point)

    assert lab.service_connection_point is not None
    assert lab.service_connection_point.azure_ad_name == name
    assert (lab.service_connection_point.azure_ad_id == lab.tenant.id) is same_id


@pytest.mark.parametrize("name", ["a-name-of-more-than-fifteen.test", "exactly-fifteen--x.test", "x.test"])
def test_a_netbios_name_made_of_the_domains_is_one(tmp_path: Path, name: str) -> None:
    netbios = read(tmp_path, SHORTEST.replace("corp.contoso.test", name)).domain.netbios
    told = read(tmp_path, SHORTEST.replace("{name: corp.contoso.test}", f"{{name: {name}, netbios: {netbios}}}"))

    assert told.domain.netbios == netbios


def test_a_lab_extends_the_one_that_comes_along_by_its_name(tmp_path: Path, lab_file: LabFile) -> None:
    lab = read(tmp_path, "extends: default\ntenant: {name: contoso.example}\ncomputers: [{name: PC1}]\n")

    assert lab.domain == lab_file.domain
    assert (lab.tenant.name, lab.tenant.id) == ("contoso.example", lab_file.tenant.id)
    assert lab.entra_domain == "contoso.example", "the forest names the new tenant"
    assert [item.name for item in lab.computers] == ["PC1"], "lists are replaced"
    assert lab.users == lab_file.users
    staff = ("Staff", ("alice", "carol"))
    assert [(group.name, group.members) for group in lab.groups] == [("Hybrid Devices", ()), staff], (
        "whom there still is"
    )
    assert read(tmp_path, "extends: default\n").digest == lab_file.digest
    assert read(tmp_path, "extends: shipped:default.lab.yaml\n").digest == lab_file.digest


def test_an_inherited_look_up_account_outlives_the_accounts_that_are_replaced(tmp_path: Path) -> None:
    lab = read(tmp_path, "extends: default\nservice_accounts: [{name: mine}]\n")

    assert ([item.name for item in lab.service_accounts], lab.lookup_account) == (["mine", "svc-lookup"], "svc-lookup")


def test_a_lab_extends_a_file_that_extends_another(tmp_path: Path) -> None:
    (tmp_path / "base.lab.yaml").write_text(SHORTEST + "service_connection_point: {azureADName: base.test}\n")
    (tmp_path / "between.lab.yaml").write_text("extends: base.lab.yaml\ndomain: {netbios: OTHER}\n")
    lab = read(tmp_path, "extends: between.lab.yaml\nhosts: [idp.test]\n")
    without = read(tmp_path, "extends: between.lab.yaml\nservice_connection_point: null\n")

    assert (lab.domain.name, lab.domain.netbios, lab.hosts) == ("corp.contoso.test", "OTHER", ("idp.test",))
    assert lab.entra_domain == "base.test"
    assert lab.path == tmp_path / "some.lab.yaml"
    assert without.service_connection_point is None, "null is no service connection point, not the tenant's own"


def test_mistakes_of_both_files_are_named_where_they_stand(tmp_path: Path) -> None:
    (tmp_path / "base.lab.yaml").write_text(SHORTEST + "hots: [x.test]\n")
    found = mistakes_of(tmp_path, "extends: base.lab.yaml\ntenant:\n  nam: x.test\n")

    assert sorted(found) == [
        "base.lab.yaml:5:1: unknown key 'hots' (did you mean 'hosts'?)",
        "some.lab.yaml:3:3: unknown key 'nam' (did you mean 'name'?)",
    ]


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("defualt", "some.lab.yaml:1:10: expected the path of a file, found none at 'defualt'"),
        ("shipped:none.lab.yaml", "some.lab.yaml:1:10: expected the path of a file, found none at 'shipped:none"),
        ("some.lab.yaml", "some.lab.yaml:1:10: 'some.lab.yaml' extends itself, directly or through others"),
        ("[a]", "some.lab.yaml:1:10: expected the path of a file, found a list"),
    ],
)
def test_what_cannot_be_extended_is_told(tmp_path: Path, target: str, words: str) -> None:
    (told,) = mistakes_of(tmp_path, f"extends: {target}\n{SHORTEST}")

    assert told.startswith(words)


def test_the_lab_of_the_guide_is_one(tmp_path: Path) -> None:
    guide = (ROOT / "scenarios" / "README.md").read_text("utf-8").partition("## A lab of your own")[2]
    lab = read(tmp_path, guide.split("```yaml\n")[1].split("```")[0])

    assert (lab.domain.name, lab.entra_domain) == ("corp.contoso.example", "contoso.example")
    assert [item.name for item in lab.computers] == ["PC01", "PC02"]


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
    text = SMALL.replace("PC1", "A NAME").replace("EXAMPLE}", "E!}").replace("hosts", "host").replace("1111-", "")

    assert len(mistakes_of(tmp_path, text)) == 4


def test_a_file_that_is_not_there_is_a_mistake_too(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.lab\.yaml"):
        load_lab_file(tmp_path / "nowhere.lab.yaml")
