"""Commands that are written are read back to the same settings, whatever the values, and no value becomes a command."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridjoin.errors import UsageError
from hybridjoin.intake.federation import FederationSettings, UnreadSetting
from hybridjoin.intake.federation_commands import Action
from hybridjoin.intake.federation_writer import Direction, powershell, requests
from hybridjoin.intake.handed_out import read_handed_out
from hybridjoin.intake.powershell.script import read_commands
from tests.intake.test_federation import CERTIFICATE

SETTINGS = FederationSettings(
    place="here",
    domain="contoso.example",
    issuer_uri="urn:it",
    signing_certificate=CERTIFICATE,
    preferred_authentication_protocol="wsFed",
)
LETTERS = st.one_of(
    st.sampled_from("'\"`$(){};|&#@\u2018\u2019\u201a\u201b\u201c\u201d\u2013"),
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")),
)
TEXTS = st.text(LETTERS, max_size=30)
BASE64 = st.text(st.sampled_from("ABCxyz019+/="), max_size=40)
NAMES = st.from_regex(r"[a-z]{1,9}(\.[a-z0-9]{1,9}){1,2}", fullmatch=True)
ANY_SETTINGS = st.builds(
    FederationSettings,
    place=st.just("x"),
    domain=NAMES,
    id=st.from_regex(r"[a-z0-9-]{1,20}", fullmatch=True),
    display_name=TEXTS,
    issuer_uri=TEXTS.filter(bool),
    metadata_exchange_uri=TEXTS,
    active_sign_in_uri=TEXTS,
    passive_sign_in_uri=TEXTS,
    sign_out_uri=TEXTS,
    password_reset_uri=TEXTS,
    signing_certificate=BASE64.filter(bool),
    next_signing_certificate=BASE64,
    preferred_authentication_protocol=TEXTS,
    federated_idp_mfa_behavior=TEXTS,
    prompt_login_behavior=TEXTS,
    is_signed_authentication_request_required=st.sampled_from(["", "true", "false"]),
)
KINDS = {Direction.CREATE: Action.CREATE, Direction.UPDATE: Action.UPDATE}


def back(text: str) -> FederationSettings:
    ((settings, command),) = read_handed_out(text.encode(), place="x").domains
    assert command is not None
    return replace(settings, place="x", partial=False)


@given(ANY_SETTINGS)
def test_what_is_written_as_powershell_is_read_back(wanted: FederationSettings) -> None:
    created, updated = back(powershell(wanted, Direction.CREATE)), back(powershell(wanted, Direction.UPDATE))

    assert created == replace(wanted, id="")
    # The id of the present configuration is a parameter of its own, and no setting.
    assert updated == replace(wanted, id="")


@given(ANY_SETTINGS)
def test_what_is_written_as_json_is_read_back(wanted: FederationSettings) -> None:
    assert back(requests(wanted, Direction.CREATE)) == replace(wanted, id="")
    assert back(requests(wanted, Direction.UPDATE)) == wanted


@given(ANY_SETTINGS)
def test_no_value_becomes_a_command(wanted: FederationSettings) -> None:
    names = [item.name for item in read_commands(powershell(wanted, Direction.CREATE))]

    assert names == [
        "Connect-MgGraph", "Get-MgDomain", "Select-Object", "New-MgDomainFederationConfiguration", "Get-MgDomain",
        "Select-Object",
    ]  # fmt: skip


@pytest.mark.parametrize("direction", [Direction.CREATE, Direction.UPDATE])
def test_both_forms_say_which_way_they_go(direction: Direction) -> None:
    known = replace(SETTINGS, id="49d756d3")
    found = [read_handed_out(write(known, direction).encode(), place="x") for write in (powershell, requests)]

    assert [[command.action for _, command in item.domains if command] for item in found] == [[KINDS[direction]]] * 2


def test_a_change_asks_for_the_id_where_nobody_knows_it() -> None:
    text = powershell(SETTINGS, Direction.UPDATE)

    assert "$present = Get-MgDomainFederationConfiguration -DomainId 'contoso.example'" in text
    with pytest.raises(UsageError, match="expected the id of the domain's present configuration, found 'none'"):
        requests(SETTINGS, Direction.UPDATE)


def test_the_way_back_is_a_managed_domain() -> None:
    bare = replace(SETTINGS, signing_certificate="", issuer_uri="")
    (command,) = read_handed_out(powershell(bare, Direction.BACK).encode(), place="x").back

    assert (command.domain, command.action) == ("contoso.example", Action.BACK)
    (row,) = json.loads(requests(bare, Direction.BACK))["requests"]
    assert (row["method"], row["url"], row["body"]) == (
        "PATCH", "/domains/contoso.example", {"authenticationType": "Managed"},
    )  # fmt: skip


@pytest.mark.parametrize("write", [powershell, requests])
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"domain": ""}, "expected a domain's name"),
        ({"domain": "a.test'; Remove-Item"}, "expected a domain's name"),
        ({"domain": "a.test\n"}, "expected a domain's name"),
        ({"issuer_uri": "urn:a\nRemove-Item x"}, "IssuerUri: expected text without control letters"),
        ({"signing_certificate": ""}, "expected a certificate, found none"),
        ({"is_signed_authentication_request_required": "$x"}, "expected true or false"),
        ({"unread": (UnreadSetting(name="IssuerUri", line=3, text="$x"),)}, "found an expression in line 3: "),
    ],
)
def test_what_cannot_be_written_safely_is_not_written(write: Any, changes: dict[str, Any], words: str) -> None:  # noqa: ANN401 the function
    with pytest.raises(UsageError, match=words.replace("$", r"\$")):
        write(replace(SETTINGS, **changes), Direction.CREATE)
