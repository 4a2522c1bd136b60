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
        ("federated", "synchronized", "federated"),
        ("", "x", ""),
        ("   ", "x", "␣␣␣"),
        ("<b>&abcd", "<i>&abcd", "&lt;<mark>b</mark>&gt;&amp;abcd"),
    ],
)
def test_the_part_that_differs_is_marked(text: str, other: str, shown: str) -> None:
    assert mark(text, other) == shown
