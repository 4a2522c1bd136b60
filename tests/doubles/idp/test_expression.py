"""The expression language of attribute mappings: documented vectors, every mistake of the laboratory, and bad input."""

from __future__ import annotations

import base64
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.doubles.idp.encodings import FUNCTIONS, Facts
from hybridjoin.doubles.idp.expression import ExpressionError, evaluate, parse

GUID = "f24f116f-6e80-425d-8236-09803da7dfbe"
SID = "S-1-5-21-1004336348-1177238915-682003330-1260"
DIRECTORY = {("Domain Computers", "objectSid"): "S-1-5-21-1-2-3-515", ("WS02$", "objectGUID"): GUID.upper()}
FACTS = Facts(
    values={
        "user.externalId": GUID,
        "user.objectSid": SID,
        "user.name.family": "Lovelace",
        "ldap.objectguid": GUID,
        "kerberos.upn": "WS01$@hybridjoin.test",
    },
    lookup=lambda account, attribute: DIRECTORY.get((account, attribute)),
)


def value_of(text: str) -> str | None:
    return evaluate(parse(text), FACTS)


# AADInternals' device assertion, MSAL's test assertion, an AD FS response, PingOne's documentation, guid-to-base64.
@pytest.mark.parametrize(
    ("guid", "encoded"),
    [
        ("5c0c4151-e2aa-435e-987a-a97ae798c444", "UUEMXKriXkOYeql655jERA=="),
        ("f24f116f-6e80-425d-8236-09803da7dfbe", "bxFP8oBuXUKCNgmAPaffvg=="),
        ("663cb1d1-bd4b-412f-a673-14f04ea55622", "0bE8Zku9L0GmcxTwTqVWIg=="),
        ("7754d487-1fc3-4206-9e95-ce012f1586e5", "h9RUd8MfBkKelc4BLxWG5Q=="),
        ("7ea2e22f-31cb-4c97-89eb-1b4501aafe40", "L+Kifssxl0yJ6xtFAar+QA=="),
    ],
    ids=["aadinternals", "msal", "adfs", "pingone", "guid-to-base64"],
)
def test_uuid_as_base64_guid_gives_what_real_products_give(guid: str, encoded: str) -> None:
    assert value_of(f'#string.uuidAsBase64Guid("{guid}",null)') == encoded


@given(st.uuids())
def test_uuid_as_base64_guid_is_windows_byte_order_for_every_guid(guid: uuid.UUID) -> None:
    encoded = value_of(f'#string.uuidAsBase64Guid("{guid}",null)')

    assert encoded is not None
    assert uuid.UUID(bytes_le=base64.b64decode(encoded)) == guid


@given(st.text(max_size=40).filter(lambda text: len(text) != 36))
def test_uuid_as_base64_guid_gives_its_default_for_what_is_no_uuid(text: str) -> None:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')

    assert value_of(f'#string.uuidAsBase64Guid("{quoted}","other")') == "other"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('"DJ"', "DJ"),
        ("'DJ'", "DJ"),
        ('"say \\"DJ\\""', 'say "DJ"'),
        ("null", None),
        ("user.objectSid", SID),
        ("user.name.family", "Lovelace"),
        ("user.nothing", None),
        ("ldap.objectGUID", GUID),
        ("ldap.OBJECTguid", GUID),
        ("kerberos.upn", "WS01$@hybridjoin.test"),
        ('user.objectSid + "-" + "x"', f"{SID}-x"),
        ('user.nothing + "x"', None),
        ("#string.uuidAsBase64Guid(user.nothing,null)", None),
        ('#string.uuidAsBase64Guid(user.nothing,"none")', "none"),
        ("#lab.bigEndianBase64(user.externalId)", "8k8Rb26AQl2CNgmAPaffvg=="),
        ("#lab.base64OfText(user.externalId)", base64.b64encode(GUID.encode()).decode()),
        ("#lab.doubleBase64(user.externalId)", base64.b64encode(b"bxFP8oBuXUKCNgmAPaffvg==").decode()),
        ("#lab.hex(user.externalId)", "6f114ff2806e5d42823609803da7dfbe"),
        ("#lab.guidText(user.externalId)", GUID),
        ("#lab.braces(user.externalId)", f"{{{GUID}}}"),
        ('#lab.urlSafeBase64("7ea2e22f-31cb-4c97-89eb-1b4501aafe40")', "L-Kifssxl0yJ6xtFAar-QA=="),
        ("#lab.unpaddedBase64(user.externalId)", "bxFP8oBuXUKCNgmAPaffvg"),
        ("#lab.guidAsMojibake(user.externalId)", "o\ufffdO\ufffdn]B\ufffd6\ufffd\ufffd=\ufffd\u07fe"),
        ('#lab.binarySidAsText("S-1-5-32-544")', r"\01\02\00\00\00\00\00\05\20\00\00\00\20\02\00\00"),
        ('#lab.binarySidAsBase64("S-1-5-32-544")', "AQIAAAAAAAUgAAAAIAIAAA=="),
        ('#lab.binarySidAsHex("S-1-5-32-544")', "01020000000000052000000020020000"),
        ('#lab.binarySidAsText("no SID")', None),
        ("#lab.domainSid(user.objectSid)", "S-1-5-21-1004336348-1177238915-682003330"),
        ('#lab.domainSid(user.objectSid) + "-515"', "S-1-5-21-1004336348-1177238915-682003330-515"),
        ('#lab.lowerCase("DJ")', "dj"),
        ('#lab.upperCase("dj")', "DJ"),
        ('#lab.trailingSpace("DJ")', "DJ "),
        ('#lab.leadingSpace("DJ")', " DJ"),
        ('#lab.lineBreaks("abcd")', "ab\ncd"),
        ('#lab.carriageReturns("abcd")', "ab\r\ncd"),
        ("#lab.empty()", ""),
        ('#lab.sidOf("Domain Computers")', "S-1-5-21-1-2-3-515"),
        ('#lab.sidOf("nobody")', None),
        ('#lab.objectGuidOf("WS02$")', GUID.upper()),
        ("#lab.trailingSpace( #string.uuidAsBase64Guid( user.externalId , null ) )", "bxFP8oBuXUKCNgmAPaffvg== "),
    ],
)
def test_an_expression_has_its_value(expression: str, expected: str | None) -> None:
    assert value_of(expression) == expected


def test_every_function_is_in_the_table_above() -> None:
    parameters = test_an_expression_has_its_value.pytestmark[0].args[1]  # type: ignore[attr-defined]
    tried = " ".join(expression for expression, _ in parameters)

    assert [name for name in FUNCTIONS if f"#{name}(" not in tried] == []


def test_each_wrong_encoding_of_a_guid_differs_from_the_right_one_and_from_the_others() -> None:
    guid = "7ea2e22f-31cb-4c97-89eb-1b4501aafe40"
    encodings = ("bigEndianBase64", "base64OfText", "doubleBase64", "hex", "guidText", "braces", "urlSafeBase64")
    values = [value_of(f'#lab.{name}("{guid}")') for name in (*encodings, "unpaddedBase64", "guidAsMojibake")]

    assert None not in values
    assert len({*values, value_of(f'#string.uuidAsBase64Guid("{guid}",null)')}) == len(values) + 1


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("", "expected a string in quotation marks"),
        ("DJ", "'DJ' is no attribute"),
        ('"DJ', "is no token"),
        ("device.name", "'device.name' is no attribute"),
        ("user.", "is no attribute"),
        ("#string.uuidAsBase64Guid(user.externalId)", "takes 2 arguments, not 1"),
        ("#string.uuidAsBase64guid(user.externalId,null)", "did you mean #string.uuidAsBase64Guid"),
        ("#lab.hex(user.externalId", "expected ','"),
        ("#lab.hex(,)", "expected a string in quotation marks"),
        ('"a" "b"', "expected the end of the expression"),
        ('"a" +', "found the end"),
        ("{user.externalId}", "'{' is no token"),
        ("#lab.lowerCase(" * 40 + '"x"' + ")" * 40, "nest deeper"),
    ],
)
def test_what_is_no_expression_is_refused_with_the_place_and_a_reason(expression: str, problem: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(expression)

    assert problem in str(caught.value)


@given(st.text(alphabet="#lab.hexuserDJ\"'(),+ \\", max_size=60))
def test_no_text_makes_the_parser_fail_in_another_way(text: str) -> None:
    try:
        node = parse(text)
    except ExpressionError:
        return
    assert evaluate(node, FACTS) is None or isinstance(evaluate(node, FACTS), str)
