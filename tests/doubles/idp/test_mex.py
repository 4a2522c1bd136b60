"""The metadata loads in a strict WSDL reader, offers what its profile offers, and reflects its own address."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import zeep
from lxml import etree
from zeep.transports import Transport

from hybridjoin.doubles.idp import mex
from hybridjoin.doubles.idp.config import IdpConfig

WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
WSP = "{http://schemas.xmlsoap.org/ws/2004/09/policy}"
WSU_ID = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd}Id"
NEGOTIATE = "{http://schemas.microsoft.com/ws/06/2004/policy/http}NegotiateAuthentication"
ADDRESS = "{http://schemas.xmlsoap.org/wsdl/soap12/}address"
SOAP_OPERATION = "{http://schemas.xmlsoap.org/wsdl/soap12/}operation"
SPN = "{http://schemas.xmlsoap.org/ws/2006/02/addressingidentity}Spn"
BASE = "https://sts.hybridjoin.test:8443"
ConfigMaker = Callable[..., IdpConfig]
DOCUMENTS = [("pingone", "mex"), ("pingone", "mex13"), ("adfs", "mex")]
documents = pytest.mark.parametrize(("profile", "document"), DOCUMENTS, ids=[" ".join(pair) for pair in DOCUMENTS])


class Memory(Transport):
    """A transport that answers from memory and never from a network."""

    def __init__(self, documents: dict[str, bytes]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._documents = documents

    def load(self, url: str) -> bytes:
        return self._documents[url]


def rendered(config: IdpConfig, document: str) -> bytes:
    return mex.finished(
        config, mex.mex_document(config, document=document, base_url=BASE, spn_host="sts.hybridjoin.test")
    )


def windows_ports(root: etree._Element) -> dict[str, etree._Element]:
    """Walk as a client does: policies that ask for Negotiate, bindings that refer to them, ports of those bindings."""
    policies = {f"#{p.get(WSU_ID)}" for p in root.iter(f"{WSP}Policy") if p.find(f".//{NEGOTIATE}") is not None}
    bindings = {
        binding.get("name"): binding
        for binding in root.iter(f"{WSDL}binding")
        if any(reference.get("URI") in policies for reference in binding.iter(f"{WSP}PolicyReference"))
    }
    found = {}
    for port in root.iter(f"{WSDL}port"):
        name = (port.get("binding") or "").rpartition(":")[2]
        if name in bindings:
            operation = bindings[name].find(f".//{SOAP_OPERATION}")
            assert operation is not None
            found[str(operation.get("soapAction"))] = port
    return found


@documents
def test_zeep_loads_it_with_its_schemas_from_memory(make_config: ConfigMaker, profile: str, document: str) -> None:
    config = make_config(profile=profile)
    memory = {"https://memory/mex": rendered(config, document)}
    for trust in ("1.3", "2005"):
        memory[f"{BASE}/adfs/services/trust/mex?xsd=trust{trust}"] = mex.schema(trust).encode()
    client = zeep.Client("https://memory/mex", transport=Memory(memory))  # type: ignore[no-untyped-call]
    (service,) = client.wsdl.services.values()

    loaded = {port.binding_options["address"] for port in service.ports.values()}
    assert loaded == {BASE + endpoint.path for endpoint in mex.described_endpoints(config, document)}
    assert all(len(port.binding._operations) == 1 for port in service.ports.values())


@pytest.mark.parametrize(
    ("profile", "trusts", "paths"),
    [
        ("pingone", ["1.3"], {"1.3": "/wsf/sts/{id}"}),
        ("pingone", ["1.3", "2005"], {"1.3": "/wsf/sts/{id}", "2005": "/wsf/sts/{id}"}),
        (
            "adfs",
            ["1.3", "2005"],
            {"1.3": "/adfs/services/trust/13/windowstransport", "2005": "/adfs/services/trust/2005/windowstransport"},
        ),
        ("adfs", ["2005"], {"2005": "/adfs/services/trust/2005/windowstransport"}),
    ],
)
def test_a_client_finds_the_windows_transport_of_each_version(
    make_config: ConfigMaker, profile: str, trusts: list[str], paths: dict[str, str]
) -> None:
    config = make_config(profile=profile, trust_versions=trusts)
    ports = windows_ports(etree.fromstring(rendered(config, "mex13" if profile == "pingone" else "mex")))
    namespaces = {
        "1.3": "http://docs.oasis-open.org/ws-sx/ws-trust/200512",
        "2005": "http://schemas.xmlsoap.org/ws/2005/02/trust",
    }
    addresses = {action: str(next(port.iter(ADDRESS)).get("location")) for action, port in ports.items()}

    assert addresses == {
        f"{namespaces[trust]}/RST/Issue": BASE + path.format(id=config.application_id) for trust, path in paths.items()
    }


def test_pingones_older_document_leads_windows_nowhere(make_config: ConfigMaker) -> None:
    root = etree.fromstring(rendered(make_config(trust_versions=["1.3", "2005"]), "mex"))

    assert windows_ports(root) == {}
    assert [o.get("soapAction") for o in root.iter(SOAP_OPERATION)] == [
        "http://schemas.xmlsoap.org/ws/2005/02/trust/RST/Issue"
    ]


@pytest.mark.parametrize(
    ("profile", "spn"), [("pingone", "HTTP/sts.hybridjoin.test"), ("adfs", "host/sts.hybridjoin.test")]
)
def test_windows_transport_names_its_service_principal(make_config: ConfigMaker, profile: str, spn: str) -> None:
    root = etree.fromstring(rendered(make_config(profile=profile), "mex13" if profile == "pingone" else "mex"))

    assert {element.text for element in root.iter(SPN)} == {spn}


@documents
def test_ids_are_unique_and_every_reference_leads_somewhere(
    make_config: ConfigMaker, profile: str, document: str
) -> None:
    root = etree.fromstring(rendered(make_config(profile=profile), document))
    ids = [p.get(WSU_ID) for p in root.iter(f"{WSP}Policy") if p.get(WSU_ID)]
    bindings = [binding.get("name") for binding in root.iter(f"{WSDL}binding")]

    assert len(set(ids)) == len(ids) == len(bindings) == len(set(bindings))
    assert {r.get("URI") for r in root.iter(f"{WSP}PolicyReference")} == {f"#{name}" for name in ids}
    for port in root.iter(f"{WSDL}port"):
        prefix, _, name = (port.get("binding") or "").partition(":")
        assert port.nsmap[prefix] == root.get("targetNamespace")
        assert name in bindings


def test_adfs_lists_all_three_credentials_of_both_versions(make_config: ConfigMaker) -> None:
    root = etree.fromstring(rendered(make_config(profile="adfs"), "mex"))
    paths = {(address.get("location") or "").removeprefix(BASE) for address in root.iter(ADDRESS)}

    assert paths == {
        f"/adfs/services/trust/{short}/{kind}"
        for short in ("13", "2005")
        for kind in ("windowstransport", "usernamemixed", "certificatemixed")
    }


@pytest.mark.parametrize(
    ("wrapper", "outermost"),
    [
        ("bare", "{http://schemas.xmlsoap.org/wsdl/}definitions"),
        ("metadata", "{http://schemas.xmlsoap.org/ws/2004/09/mex}Metadata"),
        ("soap", "{http://www.w3.org/2003/05/soap-envelope}Envelope"),
    ],
)
@documents
def test_all_three_wrappers_hold_the_same_definitions(
    make_config: ConfigMaker, profile: str, document: str, wrapper: str, outermost: str
) -> None:
    config = make_config(profile=profile)
    bare = mex.mex_document(config, document=document, base_url=BASE, spn_host="h")
    root = etree.fromstring(mex.finished(config, mex.wrapped(config, bare, wrapper=wrapper)))
    definitions = next(root.iter(f"{WSDL}definitions"))

    assert root.tag == outermost
    assert canonical(definitions) == canonical(etree.fromstring(bare))


def canonical(element: etree._Element) -> bytes:
    return etree.tostring(element, method="c14n", exclusive=True)


def test_a_hostile_host_cannot_leave_its_attribute(make_config: ConfigMaker) -> None:
    text = mex.mex_document(make_config(), document="mex13", base_url='https://a"><x y="', spn_host="<b>")

    assert not list(etree.fromstring(text).iter("{*}x"))
