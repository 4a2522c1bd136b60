"""A domain's federation settings, as people paste them and as programs print them."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hybridjoin.errors import UsageError
from hybridjoin.intake.certificate_text import CertificateReading, NoCertificate, read_certificate
from hybridjoin.intake.federation import FederationSettings, field_of, read_settings, settings_of
from tests.protocol.documents import signer

CERTIFICATE = base64.b64encode(signer().certificate).decode()
WRAPPED = "\n".join(CERTIFICATE[start : start + 116] for start in range(0, len(CERTIFICATE), 116))
INDENTED = WRAPPED.replace("\n", "\n" + " " * 40)
APPLICATION = "4afaa6b9-1497-44b6-b1ce-1a6d396f7f7e"
TEXT = f"""\
PS C:\\Windows\\System32> Get-MgDomainFederationConfiguration -DomainId "example.test" | Format-List

ActiveSignInUri                       : https://sso.example.test/wsf/sts/{APPLICATION}
DisplayName                           : An IdP with a name that is
                                        longer than the window
FederatedIdpMfaBehavior               : acceptIfMfaDoneByFederatedIdp
Id                                    : 49d756d3-5c24-411f-b66c-fb8bc7625eaa
IsSignedAuthenticationRequestRequired :
IssuerUri                             : https://sso.example.test/applications/{APPLICATION}
MetadataExchangeUri                   : https://sso.example.test/wsf/mex13/4afaa6b9-1497-
                                        44b6-b1ce-1a6d396f7f7e
NextSigningCertificate                :
PassiveSignInUri                      : https://sso.example.test/wsf/prp/{APPLICATION}
PasswordResetUri                      :
PreferredAuthenticationProtocol       : wsFed
PromptLoginBehavior                   :
SignOutUri                            : https://sso.example.test/wsf/prp/{APPLICATION}
SigningCertificate                    : {WRAPPED}
SigningCertificateUpdateStatus        : Microsoft.Graph.PowerShell.Models.MicrosoftGraphSigningCertificateUpdateStatus
AdditionalProperties                  : {{}}
"""
GRAPH = {
    "id": "49d756d3-5c24-411f-b66c-fb8bc7625eaa",
    "issuerUri": f"https://sso.example.test/applications/{APPLICATION}",
    "metadataExchangeUri": f"https://sso.example.test/wsf/mex13/{APPLICATION}",
    "activeSignInUri": f"https://sso.example.test/wsf/sts/{APPLICATION}",
    "signingCertificate": CERTIFICATE,
    "nextSigningCertificate": None,
    "preferredAuthenticationProtocol": "wsFed",
    "isSignedAuthenticationRequestRequired": True,
    "signingCertificateUpdateStatus": {"certificateUpdateResult": "Success"},
}


def one(body: bytes | str) -> FederationSettings:
    found = read_settings(body if isinstance(body, bytes) else body.encode(), place="here")
    assert len(found) == 1
    return found[0]


def test_format_list_is_read_as_it_was_pasted() -> None:
    found = one(TEXT)

    assert found.domain == "example.test"
    assert found.place == "here:3"
    assert found.display_name == "An IdP with a name that is longer than the window"
    assert found.metadata_exchange_uri == f"https://sso.example.test/wsf/mex13/{APPLICATION}"
    assert found.issuer_uri == f"https://sso.example.test/applications/{APPLICATION}"
    assert found.signing_certificate == CERTIFICATE
    assert found.next_signing_certificate == ""
    assert found.preferred_authentication_protocol == "wsFed"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(TEXT.replace("\n", "\r\n").encode(), id="Windows line ends"),
        pytest.param(b"\xef\xbb\xbf" + TEXT.encode(), id="UTF-8 with a mark"),
        pytest.param(TEXT.encode("utf-16"), id="UTF-16 with a mark"),
        pytest.param(b"\xfe\xff" + TEXT.encode("utf-16-be"), id="UTF-16 big-endian"),
        pytest.param(TEXT.encode("utf-16-le"), id="UTF-16 without a mark"),
        pytest.param(TEXT.replace(WRAPPED, INDENTED).encode(), id="certificate indented"),
        pytest.param(TEXT.replace(WRAPPED, WRAPPED.replace("\n", "\n\n")).encode(), id="certificate with empty lines"),
        pytest.param("\n".join(f"> {line}" for line in TEXT.split("\n")).encode(), id="quoted in a mail"),
        pytest.param(("Hello,\nplease find below:\n\n" + TEXT + "\nPS C:\\>\nRegards\n").encode(), id="in a letter"),
        pytest.param((TEXT.rstrip() + "\nPS C:\\Windows> exit").encode(), id="prompt right behind"),
        pytest.param(TEXT.replace("An IdP", "Identit\u00e4t").encode("cp1252"), id="an old code page"),
    ],
)
def test_the_way_of_pasting_changes_nothing(body: bytes) -> None:
    found = one(body)

    assert found.signing_certificate == CERTIFICATE
    assert found.metadata_exchange_uri == f"https://sso.example.test/wsf/mex13/{APPLICATION}"
    assert found.domain == "example.test"


def test_several_domains_are_told_apart_by_command_or_by_a_name_that_comes_again() -> None:
    second = TEXT.replace("example.test", "other.test")
    with_commands = read_settings((TEXT + "\n" + second).encode(), place="x")
    without = read_settings(
        "\n".join(line for line in (TEXT + second).split("\n") if "PS " not in line).encode(), place="x"
    )

    assert [item.domain for item in with_commands] == ["example.test", "other.test"]
    assert [item.domain for item in without] == ["", ""]
    assert [item.issuer_uri.split("/")[2] for item in without] == ["sso.example.test", "sso.other.test"]


def named(*domains: str) -> tuple[FederationSettings, ...]:
    return tuple(FederationSettings(place=f"x:{line}", domain=domain) for line, domain in enumerate(domains, 1))


@pytest.mark.parametrize(
    ("domains", "names", "line"),
    [
        (("a.test", "B.test"), ("b.test",), 2),
        (("a.test", "b.test"), ("", "none.test", "B.TEST"), 2),
        (("a.test",), (), 1),
        (("",), ("b.test",), 1),
    ],
)
def test_of_several_domains_the_one_that_was_meant_is_taken(
    domains: tuple[str, ...], names: tuple[str, ...], line: int
) -> None:
    assert settings_of(named(*domains), names, place="x").place == f"x:{line}"


@pytest.mark.parametrize(
    ("domains", "names", "words"),
    [
        (("a.test", "b.test"), (), "x: expected the settings of one domain, found those of a.test, b.test"),
        (("a.test", ""), ("c.test",), "x: expected the settings of c.test, found those of a.test, one without a name"),
        (("a.test",), ("c.test", "d.test"), "x: expected the settings of c.test or d.test, found those of a.test"),
    ],
)
def test_settings_of_another_domain_are_refused_by_name(
    domains: tuple[str, ...], names: tuple[str, ...], words: str
) -> None:
    with pytest.raises(UsageError) as refusal:
        settings_of(named(*domains), names, place="x")

    assert str(refusal.value) == words


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(GRAPH, id="Graph"),
        pytest.param({name[0].upper() + name[1:]: value for name, value in GRAPH.items()}, id="ConvertTo-Json"),
        pytest.param([GRAPH], id="a list"),
        pytest.param(
            {"@odata.context": "https://graph/$metadata#domains('example.test')/x", "value": [GRAPH]}, id="REST"
        ),
    ],
)
def test_json_is_read_in_every_wrapping(document: object) -> None:
    found = one(json.dumps(document))

    assert found.issuer_uri == GRAPH["issuerUri"]
    assert found.signing_certificate == CERTIFICATE
    assert found.next_signing_certificate == ""
    assert found.is_signed_authentication_request_required == "true"


def test_graph_names_the_domain_in_its_context() -> None:
    document = {"@odata.context": "https://graph/v1.0/$metadata#domains('example.test')/x", "value": [GRAPH, GRAPH]}

    assert [item.domain for item in read_settings(json.dumps(document).encode(), place="x")] == ["example.test"] * 2


def test_text_and_json_come_to_the_same_nouns() -> None:
    text, document = one(TEXT), one(json.dumps(GRAPH))

    assert text.signing_certificate == document.signing_certificate
    assert (text.issuer_uri, text.metadata_exchange_uri) == (document.issuer_uri, document.metadata_exchange_uri)


def test_the_retired_module_is_understood() -> None:
    found = one(
        "ActiveLogOnUri : https://a/\nPassiveLogOnUri : https://b/\nIssuerUri : urn:x\nLogOffUri : https://c/\n"
    )

    assert (found.active_sign_in_uri, found.passive_sign_in_uri, found.sign_out_uri) == (
        "https://a/",
        "https://b/",
        "https://c/",
    )


def test_every_name_of_the_settings_is_known_and_ours_are_not() -> None:
    assert field_of("METADATAEXCHANGEURI") == "metadata_exchange_uri"
    assert field_of("place") is None
    assert field_of("domain") is None
    assert field_of("SigningCertificateUpdateStatus") is None
    assert {item.name for item in fields(FederationSettings)} >= {"issuer_uri", "next_signing_certificate"}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "found nothing"),
        (b"   \n", "found nothing"),
        (b"Dear support,\nit does not work.", "found 'Dear support,'"),
        (b"ActiveSignInUri        DisplayName\n---------------  ------\nhttps://sso.e...  My IdP", "found a table"),
        (b"IssuerUri :\nMetadataExchangeUri :\n", "none of them set"),
        (b'{"issuerUri": ', "expected JSON"),
        (b'{"issuerUri": 7}', "issuerUri: expected text, found a number"),
        (b'[{"signingCertificate": ["a"], "issuerUri": {}}]', "expected text, found a list"),
        (b"{}", "none of them set"),
        (b"[]", "expected a domain's federation settings"),
        (b"[" * 100_000, "expected JSON"),
        (b"\x00\x01\x02\x03", "binary"),
        (b"x" * (1024 * 1024 + 1), "at most 1048576 bytes"),
    ],
)
def test_what_is_something_else_is_told_by_what_it_is(body: bytes, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_settings(body, place="file.txt")

    assert words in str(caught.value)
    assert "file.txt" in str(caught.value)


def test_every_wrong_member_is_named_at_once() -> None:
    with pytest.raises(UsageError) as caught:
        read_settings(b'{"issuerUri": 1, "activeSignInUri": 2}', place="x")

    assert len(caught.value.mistakes) == 2


@given(body=st.binary(max_size=400))
def test_arbitrary_octets_are_read_or_refused(body: bytes) -> None:
    with suppress(UsageError):
        read_settings(body, place="x")


@given(data=st.data())
def test_spoiled_settings_are_read_or_refused(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([TEXT, json.dumps(GRAPH, indent=1)]))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 60)))
        text = (
            text[:start]
            + data.draw(st.sampled_from(["", text[start:end] * 2, "\ud800", ":", "\n", "null", "{"]))
            + text[end:]
        )

    with suppress(UsageError):
        for item in read_settings(text.encode("utf-8", "surrogatepass"), place="x"):
            read_certificate(item.signing_certificate)
            names = {field.name for field in fields(item)} - {"unread", "partial"}
            assert all(isinstance(getattr(item, name), str) for name in names)


@settings(deadline=None)
@given(st.one_of(st.text(max_size=200), st.binary(max_size=200).map(lambda b: base64.b64encode(b).decode())))
def test_a_certificate_is_read_or_said_to_be_none(text: str) -> None:
    assert isinstance(read_certificate(text), CertificateReading | NoCertificate)


def test_a_certificate_is_read_with_and_without_pem_lines() -> None:
    bare = read_certificate(CERTIFICATE)
    pem = read_certificate(f"-----BEGIN CERTIFICATE-----\n{WRAPPED}\n-----END CERTIFICATE-----\n")

    assert isinstance(bare, CertificateReading)
    assert bare == pem
    assert bare.bits == 2048
    assert bare.subject == "CN=signer"
    assert len(bare.thumbprint) == 40


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("MII...", "cut short after 3 characters"),
        ("no base64!", "no base64"),
        ("AAAA", "3 bytes that are no X.509 certificate"),
        (signer().pem.decode(), "a private key"),
    ],
)
def test_what_is_no_certificate_is_told_by_what_it_is(text: str, words: str) -> None:
    found = read_certificate(text)

    assert isinstance(found, NoCertificate)
    assert words in found.found


def test_a_blank_in_json_stays_for_the_checks_and_control_letters_do_not() -> None:
    found = one(json.dumps({**GRAPH, "issuerUri": "https://x/ ", "displayName": "\x1b[31mred"}))

    assert found.issuer_uri == "https://x/ "
    assert "\x1b" not in found.display_name
