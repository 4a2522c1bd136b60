"""Addresses come from peers: one that cannot be taken apart is empty in all its parts, and nobody falls over it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.protocol.address import host_of, leads_to, split_address

UNREADABLE = (
    *("https://[sts.example.test/mex", "https://sts].example.test/", "//[::1", "https://[x]:1/"),
    *("https://sts.test:99999/", "https://sts.test:abc/", "https://%5b/", "https://[", "https://\u2100.test/"),
)
# A reader who stops elsewhere dials another host than the one that was asked about.
TWO_FACED = (
    *("https://other.test:1\\@allowed.test:2/sts", "https://other.test\\allowed.test/", "https://a@allowed.test/"),
    *("https://allowed.test:x@other.test/", "https://allowed.test\t.other.test/", "https://allowed\n.test/"),
    *("https://allowed.test%00.other.test/", "https://\uff41llowed.test/", "https://allowed.test /"),
)


@pytest.mark.parametrize("address", UNREADABLE + TWO_FACED)
def test_what_cannot_be_taken_apart_is_empty(address: str) -> None:
    assert host_of(address) == split_address(address).scheme == ""


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://STS.example.test:8443/mex?x", "sts.example.test"),
        ("https://[::1]/", "::1"),
        ("https://sts_1.example.test:/a b\\c@d", "sts_1.example.test"),
        ("sts.test", ""),
        ("", ""),
    ],
)
def test_the_host_is_named_as_it_is_compared(address: str, host: str) -> None:
    assert host_of(address) == host


@given(st.text(alphabet=st.sampled_from("htps:/[]@.#?%1a\x00\u2100")) | st.text())
def test_no_text_makes_it_fall_over(address: str) -> None:
    assert host_of(address) == host_of(address).lower()


@pytest.mark.parametrize(
    ("written", "leads"),
    [
        ("login.srf", "https://sts.test/adfs/login.srf"),
        ("", "https://sts.test/adfs/ls/"),
        ("https://elsewhere.test/", "https://elsewhere.test/"),
        ("https://[sts", "https://[sts"),
        ("https://[::1", "https://[::1"),
    ],
)
def test_an_address_on_a_page_leads_somewhere_or_stays_as_it_is_written(written: str, leads: str) -> None:
    assert leads_to("https://sts.test/adfs/ls/", written.replace("login.srf", "../login.srf")) == leads
    assert leads_to("https://[sts", "https://[::1") == "https://[::1"
