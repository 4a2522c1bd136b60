"""The limits: one table in code, one on paper, and every real document far inside of both."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hybridjoin.checks.rules.mex import strict_reader
from hybridjoin.checks.rules.mex.strict_reader import strict_reader_loads_the_wsdl
from hybridjoin.doubles.entra import assertion, signature_form
from hybridjoin.intake.captured_token import CapturedToken, read_token
from hybridjoin.model.exchange import HttpReply
from hybridjoin.protocol import discovery, limits, mex, oauth, signature
from hybridjoin.protocol.federation_metadata import parse_federation_metadata
from hybridjoin.protocol.limits import LIMITS, Limit
from hybridjoin.protocol.page import read_page
from tests.checks.browser_cases import page as signing_in_page
from tests.checks.fedmeta_cases import entity, key, signed
from tests.documents.shapes import METADATA, REPLIES
from tests.protocol.documents import NOW, AssertionText, ReplyText, sign
from tests.protocol.test_discovery_documents import DISCOVERY
from tests.protocol.test_oauth import REFUSAL

PAGE = Path(__file__).parents[2] / "docs" / "limits.md"
# Small numbers, which nothing grows towards: a service has its depth and its transforms, whatever its size.
NEARER = {limits.XML_DEPTH: 5, limits.TRANSFORMS: 2}
DOUBLES = {
    "bytes of an assertion": assertion.LIMIT_BYTES,
    "nodes in an assertion": assertion.LIMIT_NODES,
    "attributes on one element": assertion.LIMIT_ATTRIBUTES,
    "namespace declarations in scope": assertion.LIMIT_NAMESPACES,
    "X509Certificate in KeyInfo": signature_form.LIMIT_CERTIFICATES,
    "characters of base64 in an X509Certificate": signature_form.LIMIT_CERTIFICATE,
    "characters of base64 in a key, digest or signature": signature_form.LIMIT_NUMBER,
    "elements in KeyInfo": signature_form.LIMIT_KEY_INFO,
    "characters in a PrefixList": signature_form.LIMIT_PREFIX_LIST,
}


def test_the_page_is_the_table() -> None:
    device = [f"| {item.message} | {item.most:,} | {item.what} | {item.usual or 'none'} |" for item in LIMITS]
    double = [f"| {most:,} | {what} |" for what, most in DOUBLES.items()]
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ") and "---" not in line]

    heads = {"| message | at most | of | real ones |", "| at most | of |"}
    assert [row for row in rows if row not in heads] == [*device, *double]


def test_no_limit_is_left_out_of_the_table() -> None:
    named = {name for name, value in vars(limits).items() if isinstance(value, Limit)}

    assert len(named) == len(LIMITS) == len({(item.message, item.what) for item in LIMITS})


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> dict[Limit, int]:
    """The most that was found of each limit, while something is read."""
    most: dict[Limit, int] = {}
    held = Limit.hold

    def hold(self: Limit, found: int, *, where: str, at: str = "") -> None:
        most[self] = max(found, most.get(self, 0))
        held(self, found, where=where, at=at)

    monkeypatch.setattr(Limit, "hold", hold)
    return most


def test_real_documents_stay_far_inside_of_every_limit(seen: dict[Limit, int]) -> None:
    """AD FS' own shapes, and a healthy join's messages: a tenth of each limit is more than they need."""
    strict_reader._load.cache_clear()
    for shape in METADATA.values():
        strict_reader_loads_the_wsdl.check(mex.parse_mex(shape.body()))
    healthy = bytes(ReplyText(tokens=(sign(str(AssertionText())),)))
    for body in (*(shape.body() for shape in REPLIES.values()), healthy):
        captured = read_token(body)
        assert isinstance(captured, CapturedToken)
        answer = captured.response
        if answer.assertion is not None:
            identifier = answer.assertion.assertion_id
            signature.read_signature(
                answer.assertion_xml, assertion_id=identifier, trusted_certificates=(), issued_at=NOW
            )
    discovery.parse_discovery(json.dumps(DISCOVERY).encode())

    parse_federation_metadata(signed(entity(keys="".join(key() for _ in range(limits.PUBLISHED_CERTIFICATES.usual)))))
    read_page(signing_in_page(), content_type="text/html", url="https://sts.hybridjoin.test/adfs/ls/")
    oauth.parse_token_reply(HttpReply(status=400, body=json.dumps(REFUSAL).encode()))

    only_where_broken = {limits.XML_DEPTH, limits.ELEMENT_ATTRIBUTES}  # XPath looks for what is beyond them
    elsewhere = {limits.REPLY_BYTES, limits.PREFIXES}  # the wire's own; nobody writes a PrefixList
    assert set(LIMITS) - set(seen) == only_where_broken | elsewhere
    near = {
        f"{item.what}: {found} of {item.most}"
        for item, found in seen.items()
        if found * NEARER.get(item, 10) > item.most
    }
    assert near == set()


def test_what_is_written_as_usual_is_far_inside_too() -> None:
    assert [item.what for item in LIMITS if item.usual * NEARER.get(item, 10) > item.most] == []
