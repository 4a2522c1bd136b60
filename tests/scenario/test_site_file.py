"""A site file becomes a site, its paths relative to it; every mistake is told with its place."""

from __future__ import annotations

import base64
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from hybridjoin.doubles.entra.config import EntraConfig
from hybridjoin.errors import UsageError
from hybridjoin.lab.provider import Provider
from hybridjoin.model.site import Connect
from hybridjoin.scenario.site.site_file import SiteFile, load_site_file

SMALLEST = """\
name: contoso
idp:
  issuer: http://sts.contoso.test/adfs/services/trust
  signing_certificate: signing.pem
  mex_url: https://sts.contoso.test/adfs/services/trust/mex
directory:
  domain: contoso.test
  kdc: dc1.contoso.test
devices:
  - {name: WS01$, password_file: ws01.password}
entra:
  tenant_id: 6F1D2C8E-3b5a-4c7d-9e0f-1a2b3c4d5e6f
  tenant_name: contoso.test
  double: {}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    pem = trustme.CA().cert_pem.bytes()
    der = x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)
    for name, content in {
        "signing.pem": pem,
        "signing.der": der,
        "signing.txt": base64.b64encode(der),
        "ca.pem": pem,
        "broken.pem": b"-----BEGIN CERTIFICATE-----\nno\n",
        "ws01.password": b"secret\n",
        "ws01.keytab": b"\x05\x02",
        "key.pem": b"",
        "krb5.conf": b"",
        "sync.password": b"secret",
    }.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def read(folder: Path, text: str) -> SiteFile:
    (folder / "a.site.yaml").write_text(dedent(text), "utf-8")
    return load_site_file(Path("a.site.yaml"))


def domain_of(site_file: SiteFile) -> dict[str, Any]:
    """The one domain of the Entra double."""
    domains: Any = dict(site_file.double or ())["domains"]
    (domain,) = domains
    return dict(domain)


def test_the_smallest_file_is_filled_in_from_the_domains_name(folder: Path) -> None:
    found = read(folder, SMALLEST)
    directory = found.site.directory
    assert (directory.realm, directory.netbios, directory.forest) == ("CONTOSO.TEST", "CONTOSO", "contoso.test")
    assert (directory.ldap_url, directory.base_dn) == ("ldap://dc1.contoso.test", "DC=contoso,DC=test")
    assert found.kdcs == ("dc1.contoso.test",)
    assert found.passwords == (("WS01", folder / "ws01.password"),)
    assert found.site.entra.tenant_id == "6f1d2c8e-3b5a-4c7d-9e0f-1a2b3c4d5e6f"
    assert domain_of(found)["metadata_exchange_uri"] == "https://sts.contoso.test/adfs/services/trust/mex"
    assert "secret" not in repr(found)


@pytest.mark.parametrize(
    ("more", "adapter", "immutable"),
    [
        ("", "adfs", None),
        ("  product: pingone\n", "pingone", True),
        ("  product: pingone\n  users: {immutable_id: false}\n", "pingone", False),
        ("  users: {immutable_id: true, smart_cards: true}\n", "adfs", True),
    ],
)
def test_the_idps_product_is_known_by_its_addresses_or_named(
    folder: Path, more: str, adapter: str, immutable: bool | None
) -> None:
    path = folder / "contoso.site.yaml"
    path.write_text(SMALLEST.replace("directory:\n", f"{more}directory:\n", 1))

    found = load_site_file(path)

    assert found.adapter is not None
    assert found.adapter.name == adapter
    assert found.site.idp.users.immutable_id is immutable
    assert found.site.idp.users.smart_cards is ("smart_cards" in more or None)


def test_the_fields_of_a_sign_in_page_may_be_named(folder: Path) -> None:
    path = folder / "contoso.site.yaml"
    page = "  sign_in_page: {user_field: uid, password_field: pw, hosts: [Login.Contoso.test]}\n"
    path.write_text(SMALLEST.replace("directory:\n", f"{page}directory:\n", 1))

    found = load_site_file(path).site.idp.sign_in_page

    assert (found.user_field, found.password_field, found.hosts) == ("uid", "pw", ("login.contoso.test",))


def test_the_address_of_the_federation_metadata_may_be_named(folder: Path) -> None:
    path, url = folder / "contoso.site.yaml", "https://sts.contoso.test/metadata.xml"
    path.write_text(SMALLEST.replace("directory:\n", f"  federation_metadata_url: {url}\ndirectory:\n", 1))

    assert load_site_file(path).site.idp.federation_metadata_url == url
    assert read(folder, SMALLEST).site.idp.federation_metadata_url == ""


def test_a_domain_may_be_federated_for_browsers_alone(folder: Path) -> None:
    passive = "https://sts.contoso.test/passive"
    alone = SMALLEST.replace("  mex_url: https://sts.contoso.test/adfs/services/trust/mex\n", "", 1)
    site_file = read(folder, alone.replace("double: {}", f"double: {{passive_sign_in_uri: {passive}}}"))

    domain = domain_of(site_file)
    assert (domain["metadata_exchange_uri"], domain["passive_sign_in_uri"]) == ("", passive)
    assert EntraConfig.from_mapping(dict(site_file.double or ())).domains[0].passive_sign_in_uri == passive


def test_a_product_that_nobody_knows_is_told_at_its_line(folder: Path) -> None:
    path = folder / "contoso.site.yaml"
    path.write_text(SMALLEST.replace("directory:\n", "  product: oktaa\ndirectory:\n", 1))

    with pytest.raises(
        UsageError, match=r"contoso\.site\.yaml:6:12: expected the name of an adapter .*did you mean 'okta'"
    ):
        load_site_file(path)


def test_the_fullest_file_is_read_whole(folder: Path) -> None:
    found = read(
        folder,
        """\
        name: contoso
        idp:
          issuer: urn:issuer
          signing_certificate: [signing.pem, signing.der]
          ca_file: ca.pem
        directory:
          domain: contoso.test
          realm: CONTOSO.TEST
          netbios: CONT
          forest: forest.test
          domain_controller: dc2.contoso.test
          base_dn: DC=other
          ldap_url: ldaps://dc2.contoso.test:3269
          ca_file: ca.pem
          krb5_config: krb5.conf
        devices:
          - {name: WS01, keytab: ws01.keytab, user_certificate_key: key.pem}
        entra:
          tenant_id: 6f1d2c8e-3b5a-4c7d-9e0f-1a2b3c4d5e6f
          tenant_name: contoso.test
          login_url: https://login.example.test/
          registration_url: https://drs.example.test
          ca_file: ca.pem
        connect:
          - {host: "STS.contoso.test:443", to: "127.0.0.1:8443"}
        """,
    )
    site = found.site
    assert (found.kdcs, found.passwords, found.double) == ((), (), None)
    assert site.directory.krb5_config == folder / "krb5.conf"
    assert site.devices[0].keytab == folder / "ws01.keytab"
    assert site.devices[0].user_certificate_key == folder / "key.pem"
    assert site.entra.login_url == "https://login.example.test"
    assert site.connect == (Connect(host="sts.contoso.test", port=443, address="127.0.0.1", to_port=8443),)
    assert site.idp.signing_certificates[0] == site.idp.signing_certificates[1]


@pytest.mark.parametrize("name", ["signing.pem", "signing.der", "signing.txt"])
def test_a_certificate_may_be_pem_der_or_graphs_base64(folder: Path, name: str) -> None:
    found = read(folder, SMALLEST.replace("signing.pem", name))
    x509.load_der_x509_certificate(found.site.idp.signing_certificates[0])


FEDERATION = "IssuerUri : https://sts.contoso.test/issuer\nMetadataExchangeUri : https://sts.contoso.test/mex\n"


def test_the_federation_settings_are_those_of_the_sites_own_domain(folder: Path) -> None:
    (folder / "fed.txt").write_text(
        f"PS> Get-MgDomainFederationConfiguration -DomainId other.test | fl\n\n{FEDERATION}\n"
        f"PS> Get-MgDomainFederationConfiguration -DomainId contoso.test | fl\n\n{FEDERATION}\n"
    )

    found = read(folder, SMALLEST + "  federation: fed.txt\n").federation

    assert found is not None
    assert (found.domain, found.issuer_uri) == ("contoso.test", "https://sts.contoso.test/issuer")
    assert found.place == "fed.txt:8"
    assert read(folder, SMALLEST).federation is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nothing of the kind", "fed.txt: expected a domain's federation settings, found 'nothing of the kind'"),
        ("", "fed.txt: expected a domain's federation settings, found nothing"),
        (
            f"Get-MgDomainFederationConfiguration -DomainId other.test\n\n{FEDERATION}",
            "fed.txt: expected the settings of contoso.test, found those of other.test",
        ),
    ],
    ids=["prose", "nothing", "another domain"],
)
def test_a_file_of_other_settings_is_refused_by_its_name(folder: Path, text: str, words: str) -> None:
    (folder / "fed.txt").write_text(text)

    with pytest.raises(UsageError) as refusal:
        read(folder, SMALLEST.replace("signing.pem", "broken.pem") + "  federation: fed.txt\n")

    told = [str(mistake) for mistake in refusal.value.mistakes]
    assert told[0].startswith("a.site.yaml:4:24: expected an X.509 certificate"), "every mistake at once"
    assert told[1].startswith(words)


BY_ADDRESS = SMALLEST.replace("  kdc: dc1.contoso.test\n", "  kdc: 10.0.0.7\n  ldap_url: ldap://10.0.0.7\n")
NAMED = BY_ADDRESS.replace("  kdc:", "  domain_controller: DC1.contoso.test\n  kdc:")


def test_a_domain_controller_given_by_address_is_meant_by_its_name(folder: Path) -> None:
    """The ticket is for ldap/<name>, and the name is led to the address."""
    site = read(folder, NAMED).site
    elsewhere = read(folder, NAMED + 'connect: [{host: "10.0.0.7:389", to: "127.0.0.1:1389"}]\n').site

    assert site.directory.ldap_url == "ldap://DC1.contoso.test:389"
    assert site.connect == (Connect(host="dc1.contoso.test", port=389, address="10.0.0.7", to_port=389),)
    assert elsewhere.connect[-1] == Connect(host="dc1.contoso.test", port=389, address="127.0.0.1", to_port=1389)


def test_connect_leads_the_directory_and_the_kdcs_elsewhere(folder: Path) -> None:
    text = SMALLEST.replace("kdc: dc1.contoso.test", "kdc: [DC1.contoso.test, 'dc2.contoso.test:1088', 10.0.0.7]")
    ways = """connect:
  - {host: "dc1.contoso.test:389", to: "127.0.0.1:1389"}
  - {host: "dc1.contoso.test:88", to: "127.0.0.1:8"}
  - {host: "dc2.contoso.test:1088", to: "a:9"}
"""
    found = read(folder, text + ways)

    assert found.kdcs == ("127.0.0.1:8", "a:9", "10.0.0.7")
    assert Connect(host="dc1.contoso.test", port=389, address="127.0.0.1", to_port=1389) in found.site.connect


CORP = SMALLEST.replace("domain: contoso.test", "domain: corp.contoso.test")


@pytest.mark.parametrize(
    ("text", "federated", "managed", "place"),
    [
        (CORP, "contoso.test", [], "13:16"),
        (CORP.replace("name: contoso.test", "name: Contoso.Test"), "contoso.test", [], "13:16"),
        (CORP.replace("double: {}", "double: {domain: fed.test}"), "fed.test", [], "14:20"),
        (
            CORP.replace("name: contoso.test", "name: contoso.onmicrosoft.com"),
            "corp.contoso.test",
            ["contoso.onmicrosoft.com"],
            "13:16",
        ),
        (
            CORP.replace("name: contoso.test", "name: contoso.onmicrosoft.com").replace("{}", "{domain: fed.test}"),
            "fed.test",
            ["contoso.onmicrosoft.com"],
            "14:20",
        ),
    ],
    ids=["tenant_name", "in any case", "double.domain", "initial domain", "initial domain beside double.domain"],
)
def test_the_doubles_federated_domain_is_entras_name_and_not_ads(
    folder: Path, text: str, federated: str, managed: list[str], place: str
) -> None:
    found = read(folder, text)
    domains: Any = dict(found.double or ())["domains"]
    known = found.site.entra.double

    assert [(item["name"], item["authentication"]) for item in domains] == [
        (federated, "Federated"),
        *((name, "Managed") for name in managed),
    ]
    assert known is not None
    assert known.domains == (federated, *managed)
    assert (known.domain_place, known.tenant_id_place) == (f"a.site.yaml:{place}", "a.site.yaml:12:14")


def test_a_real_tenant_is_not_held_against_what_a_double_knows(folder: Path) -> None:
    assert read(folder, SMALLEST.replace("  double: {}\n", "")).site.entra.double is None


def test_the_double_gets_the_tenants_federation_settings(folder: Path) -> None:
    double = """double:
    metadata_exchange_uri: https://sts.contoso.test/mex
    next_signing_certificate: signing.der
    source_anchor: objectGUID
    connect: {url: "ldaps://dc1.contoso.test", bind_dn: "CN=sync", password_file: sync.password, ca_file: ca.pem}
"""
    site_file = read(folder, SMALLEST.replace("double: {}\n", double))
    domain, found = domain_of(site_file), dict(site_file.double or ())
    assert domain["metadata_exchange_uri"] == "https://sts.contoso.test/mex"
    assert domain["next_signing_certificate"] == domain["signing_certificate"]
    assert found["connect"] == {
        "url": "ldaps://dc1.contoso.test",
        "ca_file": str(folder / "ca.pem"),
        "bind_dn": "CN=sync",
        "password_file": str(folder / "sync.password"),
        "base_dn": "DC=contoso,DC=test",
        "exclude": [],
    }


def test_accounts_for_probes_have_a_role_each_and_are_no_devices(folder: Path) -> None:
    accounts = """accounts:
  - {name: alice, role: user, keytab: ws01.keytab}
  - {name: WS09$, role: disabled, keytab: ws01.keytab}
"""
    site = read(folder, SMALLEST + accounts).site

    assert [(item.sam_account_name, item.role) for item in site.accounts] == [("alice", "user"), ("WS09$", "disabled")]
    assert site.account("user") == site.accounts[0]
    assert [item.name for item in site.devices] == ["WS01"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("mex_url:", "mexurl:", "5:3: unknown key 'mexurl' (did you mean 'mex_url'?)"),
        ("signing.pem", "none.pem", "4:24: expected the path of a file, found none at 'none.pem'"),
        ("signing.pem", "broken.pem", "4:24: expected an X.509 certificate in PEM or DER, found something else"),
        ("kdc: dc1.contoso.test", "ldap_url: ldap://x", "7:3: expected either 'kdc'"),
        ("password_file: ws01.password", "keytab: a, password_file: b", "10:5: expected either 'keytab' or"),
        ("ws01.password", "none", "10:34: expected the path of a file, found none at 'none'"),
        ("6F1D2C8E-", "", "12:14: expected a GUID like"),
        (
            "https://sts.contoso.test/adfs",
            "http://sts.contoso.test/adfs",
            "5:12: expected an address that begins with https://, found",
        ),
        ("double: {}", "double: {}\n  login_url: https://x", "12:3: expected either 'double' or addresses"),
        (
            "  mex_url: https://sts.contoso.test/adfs/services/trust/mex\n",
            "",
            "13:11: expected 'metadata_exchange_uri' here or 'mex_url' at the idp, or 'passive_sign_in_uri' for "
            "browsers alone, found none of them",
        ),
        (
            "double: {}",
            "double: {connect: {url: 'ldap://x', bind_dn: y, password_file: sync.password}}",
            "14:27: expected an address that begins with ldaps://",
        ),
        (
            "double: {}",
            "double: {connect: {url: 'ldaps://x', bind_dn: y, password_file: sync.password}}",
            "14:21: expected 'ca_file' here or at the directory",
        ),
        (
            "  - {name: WS01$, password_file: ws01.password}\n",
            "  - {name: WS01$, keytab: ws01.keytab}\n  - {name: ws01, keytab: ws01.keytab}\n",
            "11:12: the device 'ws01' is named twice",
        ),
        (
            "kdc: dc1.contoso.test",
            "kdc: 10.0.0.7",
            "8:8: expected the domain controller's name, found the address 10.0.0.7",
        ),
        (
            "kdc: dc1.contoso.test",
            "kdc: dc1.contoso.test\n  ldap_url: ldap://[::1]:389",
            "9:13: expected the domain controller's name, found the address ::1: a ticket is for ldap/<name>, never "
            "for an address (write ldap://[::1] and domain_controller: NAME; `ldapsearch -x -H ldap://[::1] -s base",
        ),
        (
            "kdc: dc1.contoso.test",
            "kdc: dc1.contoso.test\n  domain_controller: dc1.contoso.test\n  ldap_url: ldaps://10.0.0.7",
            "10:13: expected the domain controller's name, found the address 10.0.0.7: a ticket is for ldap/<name> and "
            "a certificate for the name",
        ),
        (
            "kdc: dc1.contoso.test",
            "kdc: dc1.contoso.test\n  ldap_url: ldap://dc1.contoso.test:99999",
            "9:13: expected ldap://NAME or ldap://NAME:PORT, found 'ldap://dc1.contoso.test:99999'",
        ),
        (
            "kdc: dc1.contoso.test\n",
            "ldap_url: ldaps://dc1.contoso.test\n  kdc: x\nconnect: [{host: 'DC1.contoso.test:636', to: 'a:1'}]\n",
            "10:18: ldaps://dc1.contoso.test:636 is dialled by its name and cannot be led elsewhere",
        ),
        (
            "kdc: dc1.contoso.test\n",
            "krb5_config: krb5.conf\nconnect: [{host: 'dc1.contoso.test:88', to: 'a:1'}]\n",
            "9:18: where the KDC is, krb5_config says: write the address there",
        ),
        (
            "double: {}\n",
            "double: {connect: {url: 'ldaps://x', bind_dn: y, password_file: sync.password, ca_file: ca.pem}}\n"
            "connect: [{host: 'x:636', to: 'a:1'}]\n",
            "15:18: ldaps://x:636 is dialled by its name",
        ),
        (
            "name: contoso\n",
            "name: contoso\npeople: [{name: a@corp.contoso.test, password_file: ws01.password}]\n",
            "2:17: expected a name in a domain that the Entra double knows, found 'a@corp.contoso.test' "
            "(it knows contoso.test",
        ),
        (
            "name: contoso\n",
            "name: contoso\naccounts: [{name: a, role: user, keytab: none}]\n",
            "2:42: expected the path of a file, found none at 'none'",
        ),
        (
            "name: contoso\n",
            "name: contoso\naccounts:\n  - {name: a, role: user, keytab: ws01.keytab}\n"
            "  - {name: b, role: user, keytab: ws01.keytab}\n",
            "4:21: two accounts have the role 'user'",
        ),
        (
            "  double: {}\n",
            "  double: {}\n  federation: none.txt\n",
            "15:15: expected the path of a file, found none at 'none.txt'",
        ),
        (
            "name: contoso\n",
            "name: contoso\nconnect: [{host: sts, to: 'a:1'}]\n",
            "2:18: expected name:port, found 'sts'",
        ),
    ],
)
def test_each_mistake_is_told_at_its_place(folder: Path, old: str, new: str, expected: str) -> None:
    assert old in SMALLEST
    with pytest.raises(UsageError) as refusal:
        read(folder, SMALLEST.replace(old, new, 1))
    assert str(refusal.value.mistakes[0]).startswith(f"a.site.yaml:{expected}")


def test_a_site_file_knows_where_its_parts_begin(folder: Path) -> None:
    assert dict(read(folder, SMALLEST).lines) == {"idp": 2, "idp.mex_url": 5, "directory": 6, "entra": 11}


def test_the_record_names_the_site_file_as_it_is_called_from_here(folder: Path) -> None:
    read(folder, SMALLEST)
    with Provider(site_file=folder / "a.site.yaml") as provider:
        assert provider.place.file == "a.site.yaml"
        assert provider.place.line_of("entra.federation") == 11


BRIDGED = """\
bridge:
  client_id: 8F0B7A52-6a1c-4f4e-9d7b-0c2f5be4d811
  client_secret_file: sync.password
  redirect_uri: https://sso.bridge.example/cb?pod=eu
  scopes: [openid, email]
"""


def test_the_application_of_a_bridge_is_read_and_its_secret_stays_in_its_file(folder: Path) -> None:
    bridge = read(folder, SMALLEST + BRIDGED).site.bridge

    assert bridge is not None
    assert bridge.client_id == "8f0b7a52-6a1c-4f4e-9d7b-0c2f5be4d811"
    assert (bridge.secret_file.name, bridge.discovery_url, bridge.scopes) == ("sync.password", "", ("openid", "email"))
    assert bridge.cloud_password_validation
    assert read(folder, SMALLEST).site.bridge is None
    told = read(folder, f"{SMALLEST}{BRIDGED}  cloud_password_validation: false\n").site.bridge
    assert told is not None
    assert not told.cloud_password_validation


def test_a_metadata_document_at_microsofts_own_host_is_a_live_one(folder: Path) -> None:
    document = "https://login.microsoftonline.com/x/v2.0/.well-known/openid-configuration"
    site = read(folder, f"{SMALLEST}{BRIDGED}  discovery_url: {document}\n").site

    assert "login.microsoftonline.com" in site.live_hosts
