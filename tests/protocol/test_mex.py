from __future__ import annotations

from dataclasses import replace

import pytest

from hybridjoin.errors import PeerError
from hybridjoin.protocol.mex import Credential, Trust, Wrapper, choose_msal, choose_windows, parse_mex
from tests.protocol.documents import T2005, fault_12
from tests.protocol.metadata import (
    HTTPS,
    NEGOTIATE,
    USERNAME_13,
    WAYS,
    WINDOWS_13,
    WINDOWS_2005,
    Way,
    declarations,
    definitions,
    in_metadata,
    in_soap,
    metadata,
)


@pytest.mark.parametrize(
    ("body", "wrapper"),
    [
        pytest.param(definitions(), Wrapper.BARE, id="bare"),
        pytest.param(in_metadata(definitions()), Wrapper.METADATA, id="in mex:Metadata"),
        pytest.param(in_soap(in_metadata(definitions())), Wrapper.SOAP, id="in SOAP"),
        pytest.param(f"<other>{definitions()}</other>", Wrapper.OTHER, id="in something else"),
    ],
)
def test_the_same_endpoints_are_found_whatever_the_wrapper(body: str, wrapper: Wrapper) -> None:
    document = parse_mex(body.encode())

    assert document.wrapper is wrapper
    assert [(item.url, item.trust, item.credential, item.spn) for item in document.endpoints] == [
        (WINDOWS_2005.url, Trust.FEB2005, Credential.WINDOWS, "host/sts.hybridjoin.test"),
        (USERNAME_13.url, Trust.V13, Credential.USERNAME, None),
        (WINDOWS_13.url, Trust.V13, Credential.WINDOWS, "host/sts.hybridjoin.test"),
    ]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param(b"<a/>", "found <a> without any", id="another document"),
        pytest.param(b"<definitions xmlns='urn:x'/>", "of the namespace 'urn:x'", id="another namespace"),
        pytest.param(fault_12(reason="No."), "found the SOAP fault 'No.'", id="a fault"),
        pytest.param(
            b'<m:Metadata xmlns:m="http://schemas.xmlsoap.org/ws/2004/09/mex"><m:MetadataSection>'
            b"<m:Location>https://x</m:Location></m:MetadataSection></m:Metadata>",
            "only a mex:Location",
            id="a pointer",
        ),
    ],
)
def test_a_document_without_wsdl_is_refused_in_words(body: bytes, words: str) -> None:
    with pytest.raises(PeerError) as caught:
        parse_mex(body)

    assert words in caught.value.problem


def test_prefixes_and_order_do_not_matter() -> None:
    body = definitions(tuple(reversed(WAYS)))
    for prefix in ("wsdl", "wsp", "http", "sp", "soap12", "wsa"):
        body = body.replace(f"<{prefix}:", f"<q{prefix}:").replace(f"</{prefix}:", f"</q{prefix}:")
        body = body.replace(f"xmlns:{prefix}=", f"xmlns:q{prefix}=")

    chosen = choose_windows(parse_mex(body.encode()))

    assert chosen is not None
    assert chosen.url == WINDOWS_13.url


NESTED = (
    f"<wsp:All><wsp:ExactlyOne><wsp:All><wsp:ExactlyOne><wsp:All>{NEGOTIATE}"
    "</wsp:All></wsp:ExactlyOne></wsp:All></wsp:ExactlyOne></wsp:All>"
)
V15 = 'xmlns:v="http://www.w3.org/ns/ws-policy"'
OTHER_TOKEN = f"<sp:EndorsingSupportingTokens><wsp:Policy>{NEGOTIATE}</wsp:Policy></sp:EndorsingSupportingTokens>"


@pytest.mark.parametrize(
    ("policy", "negotiate"),
    [
        pytest.param(f'<wsp:Policy wsu:Id="p">{NESTED}</wsp:Policy>', True, id="nested operators"),
        pytest.param(f'<wsp:Policy wsu:Id="p">{NEGOTIATE}</wsp:Policy>', True, id="compact form"),
        pytest.param(f'<wsp:Policy wsu:Id="p">{OTHER_TOKEN}</wsp:Policy>', False, id="inside another assertion"),
        pytest.param('<wsp:Policy wsu:Id="p"/>', False, id="empty"),
        pytest.param(f'<wsp:Policy xml:id="p">{NEGOTIATE}</wsp:Policy>', True, id="xml:id"),
        pytest.param(
            f'<wsp:Policy wsu:Id="p"><wsp:All><wsp:PolicyReference URI="#q"/></wsp:All></wsp:Policy>'
            f'<wsp:Policy wsu:Id="q">{NEGOTIATE}</wsp:Policy>',
            True,
            id="by reference to another policy",
        ),
        pytest.param(
            '<wsp:Policy wsu:Id="p"><wsp:PolicyReference URI="#q"/></wsp:Policy>'
            '<wsp:Policy wsu:Id="q"><wsp:PolicyReference URI="#p"/></wsp:Policy>',
            False,
            id="references in a ring",
        ),
        pytest.param(
            f'<v:Policy xmlns:v="http://www.w3.org/ns/ws-policy" wsu:Id="p"><v:ExactlyOne><v:All>{NEGOTIATE}'
            "</v:All></v:ExactlyOne></v:Policy>",
            True,
            id="WS-Policy 1.5",
        ),
    ],
)
def test_negotiate_is_found_through_operators_and_references_only(policy: str, negotiate: bool) -> None:
    way = replace(WINDOWS_13, policy=policy, reference='<wsp:PolicyReference URI="#p"/>')

    document = parse_mex(metadata((way,)))

    assert document.policies[0].negotiate is negotiate
    assert (choose_windows(document) is not None) is negotiate


@pytest.mark.parametrize("circle", [False, True], ids=["ever deeper", "round and round"])
def test_references_that_multiply_are_followed_once_each(circle: bool) -> None:
    depth, wide = 190, 3
    last = f'<wsp:PolicyReference URI="#p"/>{NEGOTIATE}' if circle else NEGOTIATE
    names = ["p", *(f"p{number}" for number in range(depth))]
    links = [f'<wsp:PolicyReference URI="#{after}"/>' * wide for after in names[1:]]
    policies = "".join(
        f'<wsp:Policy wsu:Id="{name}">{inside}</wsp:Policy>' for name, inside in zip(names, [*links, last], strict=True)
    )
    way = replace(WINDOWS_13, policy=policies, reference='<wsp:PolicyReference URI="#p"/>')

    document = parse_mex(metadata((way,)))

    assert document.policies[0].http_schemes == ("NegotiateAuthentication",)


@pytest.mark.parametrize(
    "way",
    [
        pytest.param(
            replace(WINDOWS_13, policy="", reference=f"<wsp:Policy><wsp:All>{NEGOTIATE}</wsp:All></wsp:Policy>"),
            id="policy written inside the binding",
        ),
        pytest.param(
            replace(
                WINDOWS_13,
                reference=f'<v:PolicyReference {V15} URI="#{WINDOWS_13.name}_policy"/>',
            ),
            id="reference of WS-Policy 1.5",
        ),
        pytest.param(
            replace(WINDOWS_13, epr=f'<wsp:PolicyReference URI="#{WINDOWS_13.name}_policy"/>', reference=""),
            id="reference on the port",
        ),
    ],
)
def test_a_policy_may_be_attached_in_other_ways(way: Way) -> None:
    chosen = choose_windows(parse_mex(metadata((way,))))

    assert chosen is not None
    assert chosen.url == WINDOWS_13.url


@pytest.mark.parametrize(
    ("assertions", "credential"),
    [
        (HTTPS.replace('"false"', '"true"'), Credential.CERTIFICATE),
        (
            f"{HTTPS}<sp:EndorsingSupportingTokens><sp:X509Token/></sp:EndorsingSupportingTokens>",
            Credential.CERTIFICATE,
        ),
        (
            f"{HTTPS}<sp:EndorsingSupportingTokens><sp:KerberosToken/></sp:EndorsingSupportingTokens>",
            Credential.KERBEROS,
        ),
        (
            f"{HTTPS}<sp:EndorsingSupportingTokens><sp:IssuedToken><sp:X509Token/></sp:IssuedToken>"
            "</sp:EndorsingSupportingTokens>",
            Credential.ISSUED,
        ),
        (HTTPS, Credential.UNKNOWN),
        ("<http:BasicAuthentication/>", Credential.UNKNOWN),
    ],
)
def test_a_policy_says_what_it_asks_for(assertions: str, credential: Credential) -> None:
    document = parse_mex(metadata((replace(WINDOWS_13, assertions=assertions),)))

    assert [item.credential for item in document.endpoints] == [credential]


def test_alternatives_of_one_policy_are_endpoints_of_one_port() -> None:
    both = f"<wsp:ExactlyOne><wsp:All>{NEGOTIATE}</wsp:All><wsp:All>{USERNAME_13.assertions}</wsp:All></wsp:ExactlyOne>"
    policy = f'<wsp:Policy wsu:Id="{WINDOWS_13.name}_policy">{both}</wsp:Policy>'

    document = parse_mex(metadata((replace(WINDOWS_13, policy=policy),)))

    assert [item.credential for item in document.endpoints] == [Credential.WINDOWS, Credential.USERNAME]


@pytest.mark.parametrize(
    ("ways", "trust", "url"),
    [
        pytest.param(WAYS, None, WINDOWS_13.url, id="1.3 before 2005/02"),
        pytest.param(WAYS, Trust.FEB2005, WINDOWS_2005.url, id="restricted to 2005/02"),
        pytest.param((WINDOWS_2005,), None, WINDOWS_2005.url, id="2005/02 where there is nothing else"),
        pytest.param((WINDOWS_2005,), Trust.V13, None, id="restricted to 1.3, which is not there"),
        pytest.param(
            (replace(WINDOWS_13, scheme="http"), WINDOWS_2005), None, WINDOWS_2005.url, id="http is passed over"
        ),
        pytest.param((replace(WINDOWS_13, action="urn:x"),), None, None, id="unknown action"),
        pytest.param((replace(WINDOWS_13, soap="soap11"),), None, None, id="SOAP 1.1"),
        pytest.param((replace(WINDOWS_13, transport="urn:tcp"),), None, None, id="not over HTTP"),
        pytest.param((replace(WINDOWS_13, reference='<wsp:PolicyReference URI="#no"/>'),), None, None, id="dangling"),
        pytest.param((USERNAME_13,), None, None, id="user name only"),
        pytest.param((replace(WINDOWS_13, prefix=""),), None, WINDOWS_13.url, id="no prefix on the binding"),
        pytest.param((replace(WINDOWS_13, epr=""),), None, WINDOWS_13.url, id="no EndpointReference"),
        pytest.param((), None, None, id="no ports"),
        pytest.param((replace(WINDOWS_13, epr="", soap="other"),), None, None, id="no address"),
    ],
)
def test_windows_chooses(ways: tuple[Way, ...], trust: Trust | None, url: str | None) -> None:
    chosen = choose_windows(parse_mex(metadata(ways)), trust)

    assert (chosen.url if chosen else None) == url


@pytest.mark.parametrize(
    ("ways", "url"),
    [
        pytest.param(WAYS, WINDOWS_13.url, id="1.3 before 2005/02"),
        pytest.param(
            (replace(WINDOWS_13, scheme="http"),), WINDOWS_13.url.replace("https", "http"), id="http is taken"
        ),
        pytest.param((replace(WINDOWS_13, prefix=""), WINDOWS_2005), WINDOWS_2005.url, id="no prefix on the binding"),
        pytest.param((replace(WINDOWS_13, epr=""), WINDOWS_2005), WINDOWS_2005.url, id="no EndpointReference"),
        pytest.param(
            (replace(WINDOWS_13, assertions=NEGOTIATE), WINDOWS_2005), WINDOWS_2005.url, id="no TransportBinding"
        ),
        pytest.param((WINDOWS_13, WINDOWS_13), None, id="twins"),
        pytest.param((USERNAME_13,), None, id="user name only"),
    ],
)
def test_msal_chooses(ways: tuple[Way, ...], url: str | None) -> None:
    chosen = choose_msal(parse_mex(metadata(ways)))

    assert (chosen.url if chosen else None) == url


def test_msal_goes_by_the_endpoint_reference_and_windows_by_the_soap_address() -> None:
    other = "<wsa:EndpointReference><wsa:Address>https://other.test/sts</wsa:Address></wsa:EndpointReference>"
    document = parse_mex(metadata((replace(WINDOWS_13, epr=other),)))

    windows, msal = choose_windows(document), choose_msal(document)

    assert windows is not None
    assert msal is not None
    assert (windows.url, msal.url) == (WINDOWS_13.url, "https://other.test/sts")


def test_twins_and_dangling_references_are_kept_as_they_came() -> None:
    lost = replace(WINDOWS_2005, reference='<wsp:PolicyReference URI="#lost"/>')

    document = parse_mex(metadata((WINDOWS_13, WINDOWS_13, lost)))

    assert [item.id for item in document.policies].count("Windows13_policy") == 2
    assert [item.name for item in document.bindings] == ["Windows13", "Windows13", "Windows2005"]
    assert document.bindings[2].policies == ("#lost",)
    assert document.endpoints[-1].credential is Credential.UNKNOWN


def test_policies_may_stand_in_a_section_of_their_own() -> None:
    loose = WINDOWS_13.policy_text().replace("<wsp:Policy ", f"<wsp:Policy{declarations()} ", 1)
    body = in_metadata(loose + definitions((WINDOWS_13,), policies=""))

    chosen = choose_windows(parse_mex(body.encode()))

    assert chosen is not None
    assert chosen.trust is Trust.V13


def test_the_issue_operation_is_found_among_others() -> None:
    cancel = '<wsdl:operation name="Cancel"><soap12:operation soapAction="urn:cancel"/></wsdl:operation>'
    issue = '<wsdl:operation name="Issue"><soap12'
    body = definitions((WINDOWS_2005,)).replace(issue, cancel * 2 + issue, 1)

    assert parse_mex(body.encode()).endpoints[0].soap_action == f"{T2005}/RST/Issue"


def test_a_port_whose_binding_is_not_there_asks_for_nothing_known() -> None:
    body = definitions((WINDOWS_13,)).replace('binding="tns:Windows13"', 'binding="tns:Lost"')
    reference = f'<wsp:PolicyReference URI="#{WINDOWS_13.name}_policy"/><wsa:EndpointReference>'

    lost = parse_mex(body.encode())
    with_policy = parse_mex(body.replace("<wsa:EndpointReference>", reference).encode())

    assert [item.credential for item in lost.endpoints] == [Credential.UNKNOWN]
    assert [item.credential for item in with_policy.endpoints] == [Credential.WINDOWS]
    assert choose_windows(with_policy) is None
    assert choose_msal(with_policy) is None


def test_a_soap_envelope_without_wsdl_and_without_a_fault_is_refused() -> None:
    with pytest.raises(PeerError, match="found <Envelope> without any"):
        parse_mex(in_soap("<a/>").encode())
