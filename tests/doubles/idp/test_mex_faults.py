"""Every fault of the area mex changes its thing in the metadata and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from lxml import etree

from hybridjoin.doubles.idp import mex
from hybridjoin.doubles.idp.config import IdpConfig

PORT = "{http://schemas.xmlsoap.org/wsdl/}port"
BINDING = "{http://schemas.xmlsoap.org/wsdl/}binding"
POLICY = "{http://schemas.xmlsoap.org/ws/2004/09/policy}Policy"
ConfigMaker = Callable[..., IdpConfig]


def rendered(config: IdpConfig) -> bytes:
    document = "mex13" if config.profile == "pingone" else "mex"
    return mex.finished(config, mex.mex_document(config, document=document, base_url="https://sts", spn_host="sts"))


def faulty(make_config: ConfigMaker, name: str, profile: str = "adfs", **options: object) -> bytes:
    return rendered(make_config(profile=profile, faults=[{"name": name, "options": options}]))


def flattened(root: etree._Element) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for element in root.iter("*"):
        name = etree.QName(element).localname
        found[name, "element"] += 1
        for attribute, value in element.attrib.items():
            found[f"{name}@{etree.QName(attribute).localname}", str(value)] += 1
        if element.text:
            found[name, element.text] += 1
    return found


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("mex-over-http", {"address@location", "Address"}),
        ("mex-without-spn", {"Identity", "Spn"}),
        ("mex-without-addresses", {"address", "address@location", "EndpointReference", "Address", "Identity", "Spn"}),
        ("mex-unprefixed-binding", {"port@binding"}),
        ("mex-dangling-policy", {"PolicyReference@URI"}),
        ("mex-other-id-prefix", set()),
        ("mex-other-policy-prefix", set()),
        ("duplicate-policy-ids", {"Policy@Id"}),
    ],
)
@pytest.mark.parametrize("profile", ["pingone", "adfs"])
def test_a_fault_of_the_document_changes_its_thing_and_nothing_else(
    make_config: ConfigMaker, profile: str, name: str, names: set[str]
) -> None:
    before = flattened(etree.fromstring(rendered(make_config(profile=profile))))
    after = flattened(etree.fromstring(faulty(make_config, name, profile)))

    assert {changed for changed, _ in (before - after) + (after - before)} == names


def test_without_windowstransport_its_ports_bindings_and_policies_are_gone(make_config: ConfigMaker) -> None:
    before = etree.fromstring(rendered(make_config(profile="adfs")))
    after = etree.fromstring(faulty(make_config, "mex-without-windowstransport"))

    assert not list(after.iter("{*}NegotiateAuthentication"))
    for tag in (PORT, BINDING):
        kept = {e.get("name") for e in before.iter(tag)} - {
            f"CustomBinding_IWSTrust{v}Async" for v in ("13", "Feb2005")
        }
        assert {e.get("name") for e in after.iter(tag)} == kept


@pytest.mark.parametrize("profile", ["pingone", "adfs"])
def test_without_usernamemixed_nobody_is_asked_for_a_name(make_config: ConfigMaker, profile: str) -> None:
    before = etree.fromstring(rendered(make_config(profile=profile)))
    after = etree.fromstring(faulty(make_config, "mex-without-usernamemixed", profile))

    assert list(before.iter("{*}UsernameToken"))
    assert not list(after.iter("{*}UsernameToken"))
    assert len(list(after.iter("{*}NegotiateAuthentication"))) == len(list(before.iter("{*}NegotiateAuthentication")))


@pytest.mark.parametrize(("name", "short"), [("mex-only-13", "13"), ("mex-only-2005", "2005")])
@pytest.mark.parametrize("profile", ["pingone", "adfs"])
def test_one_version_alone_is_offered(make_config: ConfigMaker, profile: str, name: str, short: str) -> None:
    root = etree.fromstring(faulty(make_config, name, profile))
    actions = {operation.get("soapAction") for operation in root.iter("{*}operation")} - {None}

    assert len(actions) == 1
    assert ("200512" in str(actions)) == (short == "13")


def test_addresses_over_http_are_otherwise_the_same(make_config: ConfigMaker) -> None:
    body = faulty(make_config, "mex-over-http")

    assert body.replace(b"http://sts/", b"https://sts/") == rendered(make_config(profile="adfs"))


def test_duplicate_ids_are_really_alike(make_config: ConfigMaker) -> None:
    root = etree.fromstring(faulty(make_config, "duplicate-policy-ids"))
    ids = [value for policy in root.iter(POLICY) for key, value in policy.attrib.items() if str(key).endswith("}Id")]

    assert len(ids) > 1
    assert len(set(ids)) == 1


def test_what_is_not_xml_or_cut_short_cannot_be_parsed(make_config: ConfigMaker) -> None:
    truncated = faulty(make_config, "mex-truncated")

    assert rendered(make_config(profile="adfs")).startswith(truncated)
    for body in (truncated, faulty(make_config, "mex-not-xml")):
        with pytest.raises(etree.XMLSyntaxError):
            etree.fromstring(body)


@pytest.mark.parametrize(
    ("kind", "declaration"),
    [("internal", '[<!ENTITY service "SecurityTokenService">]'), ("external", 'SYSTEM "https://elsewhere')],
)
@pytest.mark.parametrize("profile", ["pingone", "adfs"])
def test_a_document_type_declaration_comes_before_the_same_root(
    make_config: ConfigMaker, profile: str, kind: str, declaration: str
) -> None:
    body = faulty(make_config, "mex-dtd", profile, kind=kind)
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)
    root = etree.fromstring(body, parser)

    assert f"<!DOCTYPE {'definitions' if profile == 'pingone' else 'wsdl:definitions'} {declaration}" in body.decode()
    assert flattened(root) == flattened(etree.fromstring(rendered(make_config(profile=profile))))


@pytest.mark.parametrize("profile", ["pingone", "adfs"])
def test_a_billion_laughs_take_little_room_until_they_are_expanded(make_config: ConfigMaker, profile: str) -> None:
    body = faulty(make_config, "mex-dtd", profile, kind="billion-laughs")

    assert len(body) < 2 * len(rendered(make_config(profile=profile)))
    assert body.count(b"<!ENTITY") == 10
    assert b"&l9;</documentation>" in body
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(body)


def test_depth_beyond_reason_is_as_deep_as_asked(make_config: ConfigMaker) -> None:
    body = faulty(make_config, "mex-deep", depth=300)

    assert body.count(b"<deep>") == body.count(b"</deep>") == 300
    with pytest.raises(etree.XMLSyntaxError, match="depth"):
        etree.fromstring(body)
