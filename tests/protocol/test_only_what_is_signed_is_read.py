"""What is read of an assertion, what its signature is verified over and what is sent on are the same octets.

An attacker who cannot sign puts the signed original where a search would find it, and an altered copy where the
reader looks. Whatever surrounds an assertion, its reading has to be that of the octets that were verified.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from hybridjoin.errors import PeerError
from hybridjoin.protocol import limits, xml
from hybridjoin.protocol.rstr import TokenResponse, parse_reply
from hybridjoin.protocol.saml11 import Assertion, parse_assertion
from hybridjoin.protocol.signature import SignatureReading, read_signature
from tests.protocol.documents import ASSERTION_ID, NOW, SID, AssertionText, ReplyText, sign, signer

SIGNED = sign(str(AssertionText()))
OTHER_SID = SID[:-4] + "1104"
SAML = "urn:oasis:names:tc:SAML:1.0:assertion"

ALTERATIONS = {
    "a claim": (SID, OTHER_SID),
    "the issuer": ('Issuer="https://sts.', 'Issuer="https://other.'),
    "the instant of issue": ('IssueInstant="2025', 'IssueInstant="2026'),
    "the version": ('MinorVersion="1"', 'MinorVersion="0"'),
    "the audience": ("urn:federation:MicrosoftOnline", "urn:federation:another"),
    "the name identifier": ("<saml:NameIdentifier", "<saml:NameIdentifier NameQualifier='x'"),
}
SURROUNDINGS = {
    "a comment": "<!--{original}-->{altered}",
    "a comment behind": "{altered}<!--{original}-->",
    "an instruction": "<?kept {original}?>{altered}",
    "a wrapper": "<w:Kept xmlns:w='urn:w'>{original}</w:Kept>{altered}",
    "a wrapper with the same name": f"<saml:Advice xmlns:saml='{SAML}'>{{original}}</saml:Advice>{{altered}}",
    "a text that looks the same": "<w:Kept xmlns:w='urn:w'><![CDATA[{original}]]></w:Kept>{altered}",
}


def read(*tokens: str, declared: str = "") -> TokenResponse:
    body = bytes(ReplyText(tokens=tokens, response_declarations=declared))
    answer = parse_reply(body, http_status=200, content_type="application/soap+xml")
    assert isinstance(answer, TokenResponse)
    return answer


def verified(response: TokenResponse) -> SignatureReading:
    assert response.assertion is not None
    return read_signature(
        response.assertion_xml,
        assertion_id=response.assertion.assertion_id,
        trusted_certificates=(signer().certificate,),
        issued_at=NOW,
    )


def without_lines(assertion: Assertion | None) -> Assertion:
    """Take the lines off, which tell where in the answer something stands and not what was signed."""
    assert assertion is not None
    return replace(
        assertion,
        line=0,
        attributes=tuple(replace(item, line=0) for item in assertion.attributes),
        subjects=tuple(replace(item, line=0) for item in assertion.subjects),
    )


def reading_of(octets: bytes) -> Assertion:
    return without_lines(parse_assertion(xml.parse(octets, where="verified octets")))


@pytest.mark.parametrize("altered", ALTERATIONS)
@pytest.mark.parametrize("around", SURROUNDINGS)
def test_an_altered_assertion_beside_its_signed_original_does_not_verify(around: str, altered: str) -> None:
    old, new = ALTERATIONS[altered]
    changed = SIGNED.replace(old, new)
    assert changed != SIGNED

    response = read(SURROUNDINGS[around].format(original=SIGNED, altered=changed))

    assert without_lines(response.assertion) == reading_of(response.assertion_xml) == reading_of(changed.encode())
    assert not verified(response).valid


@pytest.mark.parametrize("altered", ALTERATIONS)
@pytest.mark.parametrize("around", SURROUNDINGS)
def test_a_signed_assertion_beside_an_altered_copy_is_read_and_verifies(around: str, altered: str) -> None:
    changed = SIGNED.replace(*ALTERATIONS[altered])

    response = read(SURROUNDINGS[around].format(original=changed, altered=SIGNED))

    assert without_lines(response.assertion) == reading_of(response.assertion_xml) == reading_of(SIGNED.encode())
    assert response.assertion_xml == SIGNED.encode()
    assert verified(response).valid


@pytest.mark.parametrize("order", [1, -1], ids=["altered first", "original first"])
def test_of_two_siblings_with_the_same_id_the_one_that_is_read_is_the_one_that_is_verified(order: int) -> None:
    altered = SIGNED.replace(SID, OTHER_SID)

    response = read(*(altered, SIGNED)[::order])

    assert without_lines(response.assertion) == reading_of(response.assertion_xml)
    assert verified(response).valid is (response.assertion_xml == SIGNED.encode()) is (order == -1)


def test_a_prefix_bound_anew_does_not_let_another_element_be_read() -> None:
    """The start tag is the signed one's to the letter, and its prefix is bound to SAML 1.1 on a wrapper only."""
    start = SIGNED.index(">") + 1
    declaration = f' xmlns:saml="{SAML}"'
    borrowed = SIGNED[:start].replace(declaration, "") + SIGNED[start:].replace(SID, OTHER_SID)
    decoy = f"<!--{SIGNED[:start]}{SIGNED[start:]}--><w:Kept xmlns:w='urn:w'>{SIGNED}</w:Kept>"

    response = read(decoy + borrowed, declared=declaration)

    assert without_lines(response.assertion) == reading_of(response.assertion_xml)
    assert OTHER_SID.encode() in response.assertion_xml
    assert response.borrowed_namespaces == ("saml",)
    assert not verified(response).valid


def test_claims_under_a_prefix_bound_anew_on_the_start_tag_are_not_read_for_the_signed_ones() -> None:
    """All below the start tag is the same text; the signed start tag makes no claim of it, the altered one does."""
    claim = (
        '<c:Attribute AttributeName="x" AttributeNamespace="urn:x"><c:AttributeValue>1</c:AttributeValue></c:Attribute>'
    )
    text = str(AssertionText()).replace("</saml:AttributeStatement>", claim + "</saml:AttributeStatement>", 1)
    original = sign(text.replace("<saml:Assertion", '<saml:Assertion xmlns:c="urn:other"', 1))
    altered = original.replace('xmlns:c="urn:other"', f'xmlns:c="{SAML}"', 1)

    response = read(f"<!--{original}-->{altered}")

    assert without_lines(response.assertion) == reading_of(response.assertion_xml) == reading_of(altered.encode())
    assert response.assertion is not None
    assert response.assertion.named("x")
    assert not verified(response).valid


def test_two_assertions_are_each_read_from_their_own_octets() -> None:
    second = sign(str(AssertionText(assertion_id="_second", issuer="https://second.hybridjoin.test")))

    response = read(SIGNED, second)

    assert [item.assertion_id for item in response.assertions] == [ASSERTION_ID, "_second"]
    assert response.assertion_xml == SIGNED.encode()


def test_lines_are_those_of_the_answer() -> None:
    lines = SIGNED.replace("<saml:Attribute ", "\n<saml:Attribute\n ")

    response = read("\n\n" + lines)

    assert response.assertion is not None
    assert response.assertion.line == 3
    assert [item.line for item in response.assertion.attributes] == [5, 7, 9, 11, 13]


def test_a_response_in_the_shape_of_ad_fs_is_cut_to_the_octet() -> None:
    """Prefixes redeclared on the assertion that the envelope declares too; KeyInfo under a default namespace."""
    dsig = "http://www.w3.org/2000/09/xmldsig#"
    key_info = SIGNED[SIGNED.index("<ds:KeyInfo>") : SIGNED.index("</ds:KeyInfo>") + len("</ds:KeyInfo>")]
    plain = key_info.replace("ds:", "").replace("<KeyInfo>", f'<KeyInfo xmlns="{dsig}">')
    signed = SIGNED.replace(key_info, plain)

    response = read(signed, declared=f' xmlns:saml="{SAML}" xmlns:ds="{dsig}"')

    assert response.assertion_xml == signed.encode()
    assert response.borrowed_namespaces == ()
    assert verified(response).valid


def test_more_namespaces_than_any_service_declares_are_refused_at_once() -> None:
    many = "".join(f' xmlns:p{at}="urn:{at}"' for at in range(limits.NAMESPACES_IN_SCOPE.most + 1))

    with pytest.raises(PeerError, match="expected at most 200 namespace declarations in scope, found"):
        read(SIGNED, declared=many)


_NAMES = st.sampled_from(["saml", "a", "b", "c"])
_SPACES = st.sampled_from([SAML, "urn:a", "urn:b"])
_BINDINGS = st.dictionaries(_NAMES, _SPACES, max_size=4)
_FILLINGS = st.lists(
    st.sampled_from(["<!--{0}-->", "<?x {0}?>", "<![CDATA[{0}]]>", "text", "<w>{0}</w>", "{1}"]), max_size=4
)


def _declarations(bindings: dict[str, str]) -> str:
    return "".join(f' xmlns:{prefix}="{space}"' for prefix, space in sorted(bindings.items()))


@given(before=_FILLINGS, after=_FILLINGS, outside=_BINDINGS, inside=_BINDINGS, declare=st.booleans())
def test_whatever_surrounds_an_assertion_its_reading_is_that_of_the_verified_octets(
    before: list[str], after: list[str], outside: dict[str, str], inside: dict[str, str], declare: bool
) -> None:
    """By construction: any filling, any bindings around the assertion and on an element within it."""
    uses = "".join(f'<{prefix}:U {prefix}:v="1"/>' for prefix in outside | inside)
    extra = f"<saml:Advice{_declarations(inside)}>{uses}</saml:Advice>"
    text = str(AssertionText(declare=declare, extra=extra))
    altered = str(AssertionText(claims=(), issuer="urn:altered"))
    parts = [item.format(SIGNED, altered) for item in before], [item.format(SIGNED, altered) for item in after]
    scope = _declarations({**outside, "saml": SAML})

    response = read("".join(parts[0]) + text + "".join(parts[1]), declared=scope)

    assert without_lines(response.assertion) == reading_of(response.assertion_xml)
    for reading in response.assertions:
        assert reading.issuer in {"urn:altered", AssertionText().issuer}


@given(outside=_BINDINGS, own=_BINDINGS, inside=_BINDINGS, default=st.sampled_from(["", ' xmlns="urn:d"']))
def test_a_cut_means_what_the_element_meant_in_its_document(
    outside: dict[str, str], own: dict[str, str], inside: dict[str, str], default: str
) -> None:
    """Exclusive C14N, by libxml2, of the element in its place and of the cut alone: the same octets."""
    uses = "".join(f'<{prefix}:U {prefix}:v="1"><V/></{prefix}:U>' for prefix in outside | own | inside)
    document = (
        f"<r{default}{_declarations(outside)}><A{_declarations(own)}><B{_declarations(inside)}>{uses}</B></A></r>"
    )
    element = etree.fromstring(document)[0]

    cut = xml.cut(element)

    alone = etree.fromstring(cut.octets)
    assert etree.tostring(alone, method="c14n", exclusive=True) == etree.tostring(
        element, method="c14n", exclusive=True
    )
    added = set(cut.borrowed) - {""}
    assert added <= outside.keys() - own.keys()
    assert alone.nsmap.keys() - {None} == own.keys() | added
