from __future__ import annotations

import pytest
from lxml import etree

from hybridjoin.errors import PeerError
from hybridjoin.protocol import limits, xml
from hybridjoin.protocol.limits import Limit

LOL = b"".join(b'<!ENTITY l%d "%s">' % (at, b"&l%d;" % (at - 1) * 10) for at in range(1, 10))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param(b"", "an empty body", id="nothing"),
        pytest.param(b" \r\n", "an empty body", id="white space"),
        pytest.param(b"<html><body>Sign in</body>", "an HTML page", id="HTML"),
        pytest.param(b"<!DOCTYPE html><html></html>", "without a DTD, found an HTML page", id="XHTML with a doctype"),
        pytest.param(b'{"error": 1}', "found JSON", id="JSON"),
        pytest.param(b"<a><b></a>", "found XML", id="tags that do not match"),
        pytest.param(b"<a>", "found XML", id="truncated"),
        pytest.param(b"<p:a/>", "Namespace prefix p on a is not defined", id="undeclared prefix"),
        pytest.param(b'<!DOCTYPE a SYSTEM "http://example.test/a.dtd"><a/>', "without a DTD", id="external DTD"),
        pytest.param(b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "without a DTD", id="entity"),
        pytest.param(b'<!DOCTYPE a [<!ENTITY l0 "lol">' + LOL + b"]><a>&l9;</a>", "amplification", id="entity bomb"),
        pytest.param(
            b'<!DOCTYPE a [<!ENTITY l0 "lol">' + LOL + b']><a b="&l9;"/>', "amplification", id="bomb in an attribute"
        ),
        pytest.param(
            b"<a>" * 65 + b"</a>" * 65,
            "at most 64 levels of elements, found 65 or more at <a> in line 1",
            id="too deep",
        ),
        pytest.param(b"<a>" * 300 + b"</a>" * 300, "Excessive depth", id="too deep for libxml2"),
        pytest.param(
            b"<a>" + b"<b/>" * 20_000 + b"</a>", "at most 20000 elements, found 20001", id="too many elements"
        ),
        pytest.param(b"<a>" + b" " * limits.XML_BYTES.most + b"</a>", "at most 4194304 bytes", id="too large"),
        pytest.param(b'<?xml version="1.0" encoding="no-such"?><a/>', "Unsupported encoding", id="unknown encoding"),
        pytest.param(b"<a>\x00</a>", "Invalid character", id="zero byte"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(body: bytes, words: str) -> None:
    with pytest.raises(PeerError) as caught:
        xml.parse(body, where="MEX")

    assert words in caught.value.problem
    assert caught.value.where == "MEX"
    assert "\n" not in str(caught.value)
    assert "XML_PARSE_HUGE" not in str(caught.value)


def test_sixty_four_levels_and_twenty_thousand_elements_are_still_read() -> None:
    assert xml.parse(b"<a>" * 64 + b"</a>" * 64, where="x").tag == "a"
    assert len(xml.parse(b"<a>" + b"<b/>" * 19_999 + b"</a>", where="x")) == 19_999


def test_a_limit_given_by_the_caller_is_the_one_that_counts() -> None:
    with pytest.raises(PeerError, match="at most 10 bytes of XML, found 11"):
        xml.parse(b"<a>1234</a>", where="x", limit=Limit(message="x", what="bytes of XML", most=10, usual=1))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_other_encodings_are_read(encoding: str) -> None:
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    body = f'<?xml version="1.0" encoding="{declared}"?><a>\u00e9</a>'.encode(encoding)

    assert xml.parse(body, where="x").text == "\u00e9"


def test_a_comment_does_not_cut_a_text_short() -> None:
    element = xml.parse(b"<a>adm<!-- -->in<?x y?>istrator</a>", where="x")

    assert xml.raw_text(element) == "administrator"


def test_text_is_stripped_and_raw_text_is_not() -> None:
    element = xml.parse(b"<a> DJ\n</a>", where="x")

    assert xml.raw_text(element) == " DJ\n"
    assert xml.text(element) == "DJ"
    assert xml.raw_text(None) == ""


def test_a_prefixed_name_is_resolved_by_the_declarations_in_scope() -> None:
    element = xml.parse(b'<a xmlns="urn:d" xmlns:t="urn:t"/>', where="x")

    assert xml.resolve_qname(element, " t:Fault ") == ("urn:t", "Fault")
    assert xml.resolve_qname(element, "Fault") == ("urn:d", "Fault")
    assert xml.resolve_qname(element, "u:Fault") == ("", "Fault")


def test_only_wants_exactly_one() -> None:
    root = xml.parse(b"<a><b/><b/></a>", where="x")

    with pytest.raises(PeerError, match="expected one b in a, found 2"):
        xml.only(root, "b", where="x")
    with pytest.raises(PeerError, match="expected one c in a, found 0"):
        xml.only(root, "c", where="x")


def test_an_element_is_cut_out_with_its_own_declarations_only() -> None:
    root = etree.fromstring(
        b'<e xmlns:e="urn:e" xmlns:s="urn:s"><r><s:A xmlns:s="urn:s" q="&gt;">x&#13;</s:A>tail</r></e>'
    )

    cut = xml.cut(root[0][0])

    assert cut.octets == b'<s:A xmlns:s="urn:s" q="&gt;">x&#13;</s:A>'
    assert cut.borrowed == ()


def test_a_redeclared_prefix_inside_is_left_as_it_is() -> None:
    inner = b'<s:A xmlns:s="urn:s"><K xmlns="urn:s"><s:L/></K></s:A>'
    root = etree.fromstring(b'<r xmlns:o="urn:s">' + inner + b"</r>")

    assert xml.cut(root[0]).octets == inner


def test_what_an_element_borrows_is_declared_and_named() -> None:
    root = etree.fromstring(b'<r xmlns:s="urn:s" xmlns:x="urn:x" xmlns:n="urn:n"><s:A t="x:y"><x:B/></s:A></r>')

    cut = xml.cut(root[0])

    assert cut.borrowed == ("s", "x")
    assert etree.fromstring(cut.octets).nsmap == {"s": "urn:s", "x": "urn:x"}


def test_a_borrowed_default_namespace_is_named_as_nothing() -> None:
    cut = xml.cut(etree.fromstring(b'<r xmlns="urn:d"><A><B/></A></r>')[0])

    assert cut.borrowed == ("",)
    assert etree.fromstring(cut.octets).tag == "{urn:d}A"


def test_a_root_is_cut_as_it_stands() -> None:
    assert xml.cut(etree.fromstring(b"<a><b/></a>")).octets == b"<a><b/></a>"


@pytest.mark.parametrize(
    "inner",
    [
        pytest.param(b'<s:A xmlns:s="urn:s"><a:B xmlns:a="urn:other"/></s:A>', id="otherwise"),
        pytest.param(b'<s:A xmlns:s="urn:s"><a:B xmlns:a="urn:a" a:c="1"/></s:A>', id="alike"),
        pytest.param(b'<s:A xmlns:s="urn:s"><B xmlns="urn:a"/></s:A>', id="as the default"),
        pytest.param(b'<s:A xmlns:s="urn:s"><C>a:b &lt;a:b/&gt; "a:b"</C></s:A>', id="in text only"),
    ],
)
def test_a_prefix_that_an_inner_element_declares_itself_is_not_borrowed(inner: bytes) -> None:
    root = etree.fromstring(b'<a:r xmlns:a="urn:a">' + inner + b"</a:r>")

    assert xml.cut(root[0]) == xml.CutElement(octets=inner)


def test_a_prefix_in_a_type_is_borrowed_too() -> None:
    xsi, xsd = "http://www.w3.org/2001/XMLSchema-instance", "http://www.w3.org/2001/XMLSchema"
    inner = f'<A xmlns:xsi="{xsi}"><B xsi:type="xs:string"/><C xmlns:x="{xsd}" xsi:type="x:int"/></A>'

    cut = xml.cut(etree.fromstring(f'<r xmlns:xs="{xsd}" xmlns:x="urn:x">{inner}</r>')[0])

    assert cut.borrowed == ("xs",)


def test_many_borrowed_prefixes_are_all_found() -> None:
    many = 300
    declared = "".join(f' xmlns:p{at}="urn:{at}"' for at in range(many))
    inner = "".join(f"<p{at}:B/>" for at in range(many))

    cut = xml.cut(etree.fromstring(f"<r{declared}><A>{inner}</A></r>")[0])

    assert len(cut.borrowed) == many
    assert len(etree.fromstring(cut.octets)) == many


def test_a_default_namespace_that_only_a_descendant_borrows_is_found() -> None:
    cut = xml.cut(etree.fromstring(b'<r xmlns="urn:d"><s:A xmlns:s="urn:s"><B/></s:A></r>')[0])

    assert cut.borrowed == ("",)


def test_more_borrowed_prefixes_than_the_parser_will_name_are_all_declared() -> None:
    many = 20
    declared = "".join(f' xmlns:p{at}="urn:{at}"' for at in range(many))
    inner = "".join(f"<p{at}:B/>" * 120 for at in range(many))

    cut = xml.cut(etree.fromstring(f"<r{declared}><A>{inner}</A></r>")[0])

    assert len(cut.borrowed) == many
    assert len(etree.fromstring(cut.octets)) == many * 120


def test_an_element_without_a_type_borrows_nothing_for_one() -> None:
    xsi = "http://www.w3.org/2001/XMLSchema-instance"
    cut = xml.cut(etree.fromstring(f'<r xmlns:o="urn:o" xmlns:i="{xsi}"><A i:nil="true" type="o:x"/></r>')[0])

    assert cut.borrowed == ("i",)
