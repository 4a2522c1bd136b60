"""The indentation that an editor brings into an assertion, and its removal."""

from __future__ import annotations

import pytest

from hybridjoin.errors import PeerError
from hybridjoin.protocol.indentation import without_indentation


def test_only_what_stands_between_elements_is_taken_out() -> None:
    found = without_indentation(b"<a>\n  <b> one\n two </b>\n  <c><!-- said -->\n  <d/>\n  </c>\n</a>")

    assert found == b"<a><b> one\n two </b><c><!-- said -->\n  <d/></c></a>"


@pytest.mark.parametrize("body", [b"<a><b>one</b></a>", b"<a> <b>one</b> </a>", b"<a>\n</a>", b"<a>word\n<b/></a>"])
def test_without_a_line_between_elements_nothing_is_taken_out(body: bytes) -> None:
    assert without_indentation(body) is None


def test_what_is_no_xml_is_the_peers_fault() -> None:
    with pytest.raises(PeerError, match="well-formed"):
        without_indentation(b"<a>")
