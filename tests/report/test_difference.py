"""Where two values part."""

from __future__ import annotations

import pytest

from hybridjoin.report.compare.difference import mark


@pytest.mark.parametrize(
    ("text", "other", "shown"),
    [
        ("DJ", "DJ", "DJ"),
        ("http://a/ws/2012/01", "http://a/identity", "http://a/<mark>ws/2012/01</mark>"),
        ("UUEMXKriXkOY", "UUEMXKrIXkOY", "UUEMXKr<mark>i</mark>XkOY"),
        ("S-1-5-21-7-1260", "S-1-5-21-7-1260 ", "S-1-5-21-7-1260"),
        ("S-1-5-21-7-1260 ", "S-1-5-21-7-1260", "S-1-5-21-7-1260<mark>␣</mark>"),
        (
            "urn:federation:MicrosoftOnline",
            "urn:federation:SomebodyElse",
            "urn:federation:<mark>MicrosoftOnline</mark>",
        ),
        ("urn:federation:SomebodyElse", "urn:federation:MicrosoftOnline", "urn:federation:<mark>SomebodyElse</mark>"),
        ("http://a.test/ws/2012/01", "http://a.test/identity/claims", "http://a.test/<mark>ws/2012/01</mark>"),
        ("CN=WS01,OU=A,DC=x", "CN=WS02,OU=B,DC=x", "CN=<mark>WS01</mark>,OU=<mark>A</mark>,DC=x"),
        ("the token is signed", "the token is not signed", "the token is signed"),
        ("the token is not signed", "the token is signed", "the token is <mark>not␣</mark>signed"),
        ("an access token", "AADSTS50008: SAML token is invalid.", "an access token"),
        ("federated", "synchronized", "federated"),
        ("", "x", ""),
        ("   ", "x", "␣␣␣"),
        ("<b>&abcd", "<i>&abcd", "&lt;<mark>b</mark>&gt;&amp;abcd"),
    ],
)
def test_the_part_that_differs_is_marked(text: str, other: str, shown: str) -> None:
    assert mark(text, other) == shown
