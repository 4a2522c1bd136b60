from __future__ import annotations

import base64
import json
from urllib.parse import parse_qs

import pytest

from hybridjoin.errors import PeerError
from hybridjoin.model.exchange import HttpReply
from hybridjoin.protocol.oauth import EntraError, Token, build_grant, parse_token_reply, read_jwt_claims


def jwt(claims: dict[str, object]) -> str:
    parts = (
        base64.urlsafe_b64encode(json.dumps(item).encode()).rstrip(b"=").decode() for item in ({"alg": "x"}, claims)
    )
    return ".".join((*parts, "c2ln"))


def reply(document: object, status: int = 200) -> HttpReply:
    return HttpReply(status=status, body=json.dumps(document).encode())


REFUSAL = {
    "error": "invalid_grant",
    "error_description": "AADSTS51004: The user account does not exist in the directory. Trace ID: t",
    "error_codes": [51004],
    "timestamp": "2025-07-09 02:14:21Z",
    "trace_id": "a441252e",
    "correlation_id": "7b690c51",
}


def test_the_grant_carries_the_assertion_in_the_padded_standard_alphabet() -> None:
    assertion = b"<a>\xc3\xbf\xc3\xbe~~~</a>"

    form = parse_qs(build_grant(assertion).decode(), strict_parsing=True)

    assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:saml1_1-bearer"]
    assert base64.b64decode(form["assertion"][0], validate=True) == assertion
    assert form["client_id"] == ["dd762716-544d-4aeb-a526-687b73838a22"]
    assert form["resource"] == ["urn:ms-drs:enterpriseregistration.windows.net"]
    assert form["scope"] == ["openid"]


@pytest.mark.parametrize("expires_in", [3900, "3900"], ids=["number", "text"])
def test_a_token_and_its_claims_are_read(expires_in: object) -> None:
    access_token = jwt({"aud": "01cb2876", "amr": ["wia", "pwd"], "in_corp": True})

    token = parse_token_reply(
        reply({"access_token": access_token, "token_type": "Bearer", "expires_in": expires_in, "resource": "urn:r"})
    )

    assert isinstance(token, Token)
    assert token.expires_in == 3900
    assert dict(read_jwt_claims(token.access_token)) == {"aud": "01cb2876", "amr": "wia pwd", "in_corp": "true"}
    assert access_token not in repr(token)


@pytest.mark.parametrize("token", ["opaque", "a.b", "a.b.c", "a.!.c", "a." + "W10" + ".c"])
def test_an_opaque_token_has_no_claims(token: str) -> None:
    assert read_jwt_claims(token) == ()


def test_entras_error_is_read() -> None:
    error = parse_token_reply(reply(REFUSAL, 400))

    assert isinstance(error, EntraError)
    assert (error.code, error.error, error.http_status) == (51004, "invalid_grant", 400)
    assert (error.trace_id, error.correlation_id, error.timestamp) == ("a441252e", "7b690c51", "2025-07-09 02:14:21Z")
    assert json.loads(error.raw) == REFUSAL


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"error_codes": []}, 51004),
        ({"error_codes": None}, 51004),
        ({"error_codes": None, "error_description": ""}, None),
    ],
)
def test_the_code_is_taken_from_the_description_where_there_is_no_list(
    change: dict[str, object], code: int | None
) -> None:
    error = parse_token_reply(reply({**REFUSAL, **change}, 400))

    assert isinstance(error, EntraError)
    assert error.code == code


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (HttpReply(status=502, body=b"<html>proxy</html>"), "found an HTML page"),
        (reply({}), "expected access_token or error, found no members"),
        (reply({"access_token": "x"}, 400), "found access_token"),
    ],
)
def test_a_reply_that_is_neither_is_refused_without_its_secrets(answer: HttpReply, words: str) -> None:
    with pytest.raises(PeerError) as caught:
        parse_token_reply(answer)

    assert words in caught.value.problem
