"""What a vendor's console hands out: commands of both modules, JSON, a page with either, and what Entra showed."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.errors import UsageError
from hybridjoin.intake.federation import FederationSettings, UnreadSetting
from hybridjoin.intake.federation_commands import Action, DomainCommand
from hybridjoin.intake.handed_out import HandedOut, read_handed_out
from tests.intake.test_federation import CERTIFICATE, GRAPH, TEXT

STS = "https://sts.example.test"
NAMED = f"""\
Connect-MgGraph -Scopes "Domain.ReadWrite.All", "Directory.AccessAsUser.All"
New-MgDomainFederationConfiguration -DomainId "example.test" `
    -ActiveSignInUri "{STS}/active" -PassiveSignInUri "{STS}/passive" `
    -MetadataExchangeUri "{STS}/mex" `
    -IssuerUri "example.test" -DisplayName "It's ""ours`"" -SigningCertificate "{CERTIFICATE}" `
    -PreferredAuthenticationProtocol "wsFed" -FederatedIdpMfaBehavior "acceptIfMfaDoneByFederatedIdp"
"""
WANTED = FederationSettings(
    place="x:2",
    domain="example.test",
    display_name='It\'s "ours"',
    issuer_uri="example.test",
    metadata_exchange_uri=f"{STS}/mex",
    active_sign_in_uri=f"{STS}/active",
    passive_sign_in_uri=f"{STS}/passive",
    signing_certificate=CERTIFICATE,
    preferred_authentication_protocol="wsFed",
    federated_idp_mfa_behavior="acceptIfMfaDoneByFederatedIdp",
)
SPLATTED = f"""\
$domain = 'example.test'
$base = "{STS}"
$params = @{{
    DomainId = $domain
    DisplayName = 'It''s "ours"'
    IssuerUri = $domain
    MetadataExchangeUri = "$base/mex"; ActiveSignInUri = "$base/active"
    "PassiveSignInUri" = "${{base}}/passive"
    SigningCertificate = @"
{CERTIFICATE}
"@
    PreferredAuthenticationProtocol = 'wsFed'
    FederatedIdpMfaBehavior = 'acceptIfMfaDoneByFederatedIdp'
}}
New-MgDomainFederationConfiguration @params
"""
BODY = f"""\
Import-Module Microsoft.Graph.Identity.DirectoryManagement
$params = @{{
    "@odata.type" = "#microsoft.graph.internalDomainFederation"
    displayName = 'It''s "ours"'
    issuerUri = "example.test"
    metadataExchangeUri = "{STS}/mex"
    signingCertificate = "{CERTIFICATE}"
    passiveSignInUri = "{STS}/passive"
    preferredAuthenticationProtocol = "wsFed"
    activeSignInUri = "{STS}/active"
    federatedIdpMfaBehavior = "acceptIfMfaDoneByFederatedIdp"
}}
New-MgDomainFederationConfiguration -DomainId example.test -BodyParameter $params
"""
MSOLINE = f"""\
Set-MsolDomainAuthentication -DomainName example.test -Authentication Federated -FederationBrandName 'It''s "ours"' `
  -IssuerUri example.test -ActiveLogOnUri {STS}/active -PassiveLogOnUri {STS}/passive -MetadataExchangeUri {STS}/mex `
  -SigningCertificate {CERTIFICATE} -PreferredAuthenticationProtocol wsFed -SupportsMfa $true
"""


def read(text: str | bytes) -> HandedOut:
    return read_handed_out(text if isinstance(text, bytes) else text.encode(), place="x")


def one(text: str | bytes) -> tuple[FederationSettings, DomainCommand]:
    ((settings, command),) = read(text).domains
    assert command is not None
    return settings, command


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param(NAMED, 2, id="named parameters"),
        pytest.param(NAMED.replace("\n", "\r\n"), 2, id="Windows line ends"),
        pytest.param(NAMED.replace("New-Mg", "PS C:\\> New-Mg"), 2, id="a prompt"),
        pytest.param(NAMED.replace("New-Mg", "$done = New-Mg"), 2, id="kept in a variable"),
        pytest.param(NAMED.replace(' "', " \u201c").replace('" ', "\u201d "), 2, id="a word processor's marks"),
        pytest.param(SPLATTED, 15, id="splatting"),
        pytest.param(BODY, 13, id="a body"),
    ],
)
def test_commands_of_every_shape_come_to_the_same_settings(text: str, line: int) -> None:
    settings, command = one(text)

    assert settings == replace(WANTED, place=f"x:{line}")
    assert (command.action, command.domain, command.retired, command.conditional) == (
        Action.CREATE, "example.test", False, False,
    )  # fmt: skip
    assert command.gives("IssuerUri")
    assert not command.gives("SignOutUri")


def test_the_retired_module_comes_to_the_same_settings() -> None:
    settings, command = one(MSOLINE)

    assert settings == replace(WANTED, place="x:1", federated_idp_mfa_behavior="")
    assert (command.action, command.retired) == (Action.CREATE, True)
    assert command.gives("PassiveSignInUri")


@pytest.mark.parametrize(
    "text",
    [
        "Set-MsolDomainAuthentication -DomainName example.test -Authentication Managed",
        "Update-MgDomain -DomainId example.test -AuthenticationType 'Managed'",
        "Remove-MgDomainFederationConfiguration -DomainId example.test -InternalDomainFederationId 1",
    ],
)
def test_a_command_that_takes_it_back_sets_nothing(text: str) -> None:
    found = read(text)

    assert found.domains == ()
    assert [(item.action, item.domain) for item in found.back] == [(Action.BACK, "example.test")]


def test_an_expression_is_unread_with_its_line_and_is_not_missing() -> None:
    text = NAMED.replace(f'"{CERTIFICATE}"', "([Convert]::ToBase64String($c))").replace(f'"{STS}/mex"', "$mex")
    settings, command = one(text)

    assert settings.unread == (
        UnreadSetting(name="MetadataExchangeUri", line=4, text="$mex"),
        UnreadSetting(name="SigningCertificate", line=5, text="([Convert]::ToBase64String($c))"),
    )
    assert (settings.signing_certificate, settings.metadata_exchange_uri) == ("", "")
    assert "line 5" in settings.silence_about("SigningCertificate")
    assert settings.silence_about("IssuerUri") == ""
    assert settings.silence_about("SignOutUri") == ""
    assert command.gives("SigningCertificate")


def test_an_update_alone_says_nothing_of_what_it_leaves() -> None:
    settings, command = one("Update-MgDomainFederationConfiguration -DomainId a.test -IssuerUri urn:x")

    assert command.action is Action.UPDATE
    assert settings.silence_about("IssuerUri") == ""
    assert settings.silence_about("PassiveSignInUri") == "the command leaves PassiveSignInUri as it is"


def test_an_update_is_laid_over_what_the_same_text_federated() -> None:
    text = f"{NAMED}Update-MgDomainFederationConfiguration -DomainId EXAMPLE.test -SignOutUri urn:out -IssuerUri $x\n"
    settings, command = one(text)

    assert (settings.sign_out_uri, settings.issuer_uri, settings.passive_sign_in_uri) == (
        "urn:out", "", f"{STS}/passive",
    )  # fmt: skip
    assert [item.name for item in settings.unread] == ["IssuerUri"]
    assert command.action is Action.CREATE


@pytest.mark.parametrize(
    ("text", "passive"),
    [
        (
            "New-MgDomainFederationConfiguration -DomainI a.test -Issu urn:x -Passive https://p -Sign AAAA -I no",
            "https://p",
        ),
        ("Set-MsolDomainAuthentication -DomainN a.test -Iss urn:x -PassiveL https://p -A no", "https://p"),
        ("New-MgDomainFederationConfiguration -DomainI a.test -Issu urn:x -PassiveL https://p", ""),
    ],
)
def test_parameters_may_be_shortened_as_powershell_lets_them(text: str, passive: str) -> None:
    """A beginning that several parameters have, as -Sign and -I, is none of them."""
    settings, _ = one(text)

    assert (settings.domain, settings.issuer_uri, settings.passive_sign_in_uri) == ("a.test", "urn:x", passive)
    assert (settings.signing_certificate, settings.id) == ("", "")


def test_a_command_within_braces_is_said_to_be_there() -> None:
    _, command = one(f"if ($sure) {{\n{NAMED}}}\n")

    assert command.conditional


def test_a_page_is_read_by_what_it_shows() -> None:
    escaped = NAMED.replace('"', "&quot;")
    page = f"<!DOCTYPE html><html><head><title>x</title><script>New-X</script></head><body><pre>{escaped}</pre></body>"

    assert replace(one(page)[0], place="") == replace(WANTED, place="")


def test_a_page_to_sign_in_at_is_named() -> None:
    with pytest.raises(UsageError) as caught:
        read("<html><head><title>Log in to your\n account</title></head><body><form></form></body></html>")

    assert "found an HTML page with the title 'Log in to your account'" in str(caught.value)


def test_settings_that_entra_showed_stand_behind_the_commands_of_the_same_text() -> None:
    found = read(f"{NAMED}\n{TEXT}")

    assert [command.name if command else None for _, command in found.domains] == [
        "New-MgDomainFederationConfiguration", None,
    ]  # fmt: skip


@pytest.mark.parametrize("document", [GRAPH, [GRAPH], {"value": [GRAPH]}])
def test_json_of_settings_is_read_as_ever(document: object) -> None:
    ((settings, command),) = read(json.dumps(document)).domains

    assert command is None
    assert settings.issuer_uri == GRAPH["issuerUri"]


def test_requests_to_graph_are_commands_too() -> None:
    rows = [
        {"method": "PATCH", "url": "https://graph.microsoft.com/v1.0/domains/a.test", "body": {"isDefault": False}},
        {"method": "POST", "url": "https://graph/v1.0/domains/b.test/federationConfiguration", "body": GRAPH},
    ]
    settings, command = one(json.dumps({"requests": rows}))

    assert (settings.domain, command.action, command.certificate) == ("b.test", Action.CREATE, CERTIFICATE)


@pytest.mark.parametrize(
    "text", ["", "hello", "Get-MgDomain", '[{"body": 1}]', "# New-MgDomainFederationConfiguration"]
)
def test_what_is_neither_is_a_mistake(text: str) -> None:
    with pytest.raises(UsageError, match="x"):
        read(text)


def test_a_command_that_sets_nothing_sets_nothing() -> None:
    settings, _ = one("New-MgDomainFederationConfiguration")

    assert not any(getattr(settings, item.name) for item in fields(settings) if item.name != "place")


def test_a_table_that_holds_itself_is_gone_through_once() -> None:
    doubling = "$p = @{ AdditionalProperties = $p; BodyParameter = $p; IssuerUri = 'urn:x' }\n" * 60
    settings, _ = one(f"$p = @{{ IssuerUri = 'urn:x' }}\n{doubling}New-MgDomainFederationConfiguration @p")

    assert settings.issuer_uri == "urn:x"


@given(st.binary(max_size=300))
def test_arbitrary_octets_are_read_or_refused(body: bytes) -> None:
    with suppress(UsageError):
        assert read(body).domains is not None


@given(st.data())
def test_spoiled_commands_are_read_or_refused(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([NAMED, SPLATTED, BODY, MSOLINE]))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 40))
        put = data.draw(st.sampled_from(["", "'", '"', "`", "@{", "}", "$(", "\n"]))
        text = text[:start] + put + text[start + cut :]

    with suppress(UsageError):
        for settings, _ in read(text).domains:
            assert settings.place.startswith("x:")
