from __future__ import annotations

import pytest
from lxml import etree

from hybridjoin.errors import PeerError
from hybridjoin.protocol.saml11 import Assertion, parse_assertion
from tests.protocol.documents import CLAIMS, DJ, REALM, AssertionText, with_claim


def read(text: AssertionText) -> Assertion:
    return parse_assertion(etree.fromstring(str(text)))


@pytest.mark.parametrize("prefix", ["saml", "q", ""])
def test_an_assertion_is_read_by_namespace(prefix: str) -> None:
    assertion = read(AssertionText(prefix=prefix))

    assert assertion.version == "1.1"
    assert assertion.audiences == (REALM,)
    assert [(item.namespace, item.name, item.values) for item in assertion.attributes] == list(CLAIMS)
    assert len(assertion.subjects) == 2
    assert assertion.subjects[0] == assertion.subjects[1]
    assert assertion.children == ("Conditions", "AttributeStatement", "AuthenticationStatement")
    assert assertion.not_before is not None
    assert assertion.malformed_times == ()


def test_values_are_kept_with_their_white_space_and_their_number() -> None:
    assertion = read(AssertionText(claims=with_claim("accounttype", (DJ, "accounttype", (" DJ ", "User")))))

    assert assertion.named("accounttype")[0].values == (" DJ ", "User")


def test_a_time_that_is_none_is_named() -> None:
    assertion = read(AssertionText(issued="09.07.2025 02:14"))

    assert assertion.issue_instant is None
    assert assertion.malformed_times == (
        'IssueInstant="09.07.2025 02:14"',
        'AuthenticationInstant="09.07.2025 02:14"',
    )


def test_what_is_missing_is_none() -> None:
    assertion = read(AssertionText(window=None, name_identifier=None, authentication=False))

    assert not assertion.has_conditions
    assert (assertion.not_before, assertion.not_on_or_after, assertion.audiences) == (None, None, ())
    assert assertion.subjects[0].name_identifier is None
    assert assertion.authentication_method is None


def test_a_comment_does_not_cut_the_name_identifier_short() -> None:
    assertion = read(AssertionText(name_identifier="admin<!-- -->istrator"))

    assert assertion.subjects[0].name_identifier == "administrator"


def test_an_element_that_is_no_assertion_is_refused() -> None:
    with pytest.raises(PeerError, match="expected a SAML assertion, found <a>"):
        parse_assertion(etree.fromstring("<a/>"))


@pytest.mark.parametrize(
    ("major", "minor", "version"),
    [
        ("01", "1", "1.1"),
        ("+1", " 001 ", "1.1"),
        ("1", "10", "1.10"),
        ("0", "1", "0.1"),
        ("-1", "1", "-1.1"),
        ("1.0", "1", "1.0.1"),
        ("\u0661", "1", "\u0661.1"),
        ("", "1", "?.1"),
    ],
)
def test_a_version_is_two_integers_whose_spelling_says_nothing(major: str, minor: str, version: str) -> None:
    assert read(AssertionText(version=(major, minor))).version == version
