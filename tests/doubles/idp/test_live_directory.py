"""The reference IdP before a real directory: how accounts are found, and what the mappings make of them."""

from __future__ import annotations

import base64
import os
import socket
import uuid
from pathlib import Path

import pytest

from hybridjoin.doubles.idp.config import LdapConfig
from hybridjoin.doubles.idp.ldap_gateway import LdapGateway, cause_of
from tests.doubles.idp.caller import ADFS, Place, claims_of, fault_of, rst

pytestmark = pytest.mark.lab

WS01_OBJECT_GUID = base64.b64encode(uuid.UUID("0f3e9c51-7d24-4b86-a1c9-5e2f8b6d4a10").bytes_le).decode()


def test_a_computer_without_a_source_anchor_has_no_subject_until_the_mapping_is_mended(place: Place) -> None:
    refused = place.answer(place.idp(), account="WS02$")
    idp = place.idp(external_id="objectGUID")
    issued = place.answer(idp, account="WS02$")
    anchor = base64.b64encode(uuid.UUID("7b1d4f86-e9a2-4c35-8f70-2d6c9b03e5a4").bytes_le).decode()

    assert (refused.status_code, fault_of(refused)) == (500, "RequestFailed")
    assert claims_of(issued)["onpremobjectguid"] == (anchor,)


def test_a_filter_for_people_that_finds_computers_makes_users_of_them(place: Place) -> None:
    types = [
        {
            "name": "users",
            "filter": "(&(objectClass=user)(sAMAccountName=${identifier}))",
            "profile": {"username": "sAMAccountName", "externalId": "mS-DS-ConsistencyGuid"},
        }
    ]
    claims = claims_of(place.answer(place.idp(user_types=types)))

    assert "primarysid" not in claims
    assert claims["onpremobjectguid"] == (WS01_OBJECT_GUID,)


def test_a_person_is_not_called_a_device_by_adfs(place: Place) -> None:
    claims = claims_of(place.answer(place.idp(profile="adfs"), f"{ADFS}/13/windowstransport", account="alice"))

    assert claims["accounttype"] == ("User",)
    assert claims["UPN"] == ("alice@hybridjoin.test",)


def test_other_accounts_are_looked_up_live(place: Place) -> None:
    own = claims_of(place.answer(place.idp()))["primarysid"][0]
    mappings = [
        {"name": name, "namespace": "urn:n", "value": value}
        for name, value in {
            "group": '#lab.sidOf("Domain Computers")',
            "made": '#lab.domainSid(user.objectSid) + "-515"',
            "user": '#lab.sidOf("alice")',
            "guid": '#string.uuidAsBase64Guid(#lab.objectGuidOf("WS01$"),null)',
            "nobody": '#lab.sidOf("nobody")',
            "wild": '#lab.sidOf("WS0*")',
        }.items()
    ]
    claims = claims_of(place.answer(place.idp(mappings=mappings)))

    assert claims["group"] == claims["made"]
    assert claims["user"] != (own,)
    assert claims["guid"] == (WS01_OBJECT_GUID,)
    assert "nobody" not in claims
    assert "wild" not in claims


WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"


def with_password(name: str, password: str, trust: str = "1.3") -> bytes:
    token = f"<o:UsernameToken><o:Username>{name}</o:Username><o:Password>{password}</o:Password></o:UsernameToken>"
    return rst(trust, header=f'<o:Security xmlns:o="{WSSE}">{token}</o:Security>')


@pytest.mark.parametrize("name", ["alice", "alice@hybridjoin.test", "HYBRIDJOIN\\alice"])
def test_a_password_is_checked_against_the_directory(place: Place, name: str) -> None:
    idp = place.idp(profile="adfs")
    password = place.domain.passwords["alice"].read_text().strip()
    url = f"{idp.url}{ADFS}/13/usernamemixed"
    right = idp.client.post(url, data=with_password(name, password))
    wrong = idp.client.post(url, data=with_password(name, password + "x"))

    assert right.status_code == 200
    assert b"urn:oasis:names:tc:SAML:1.0:am:password" in right.content
    assert fault_of(wrong) == "FailedAuthentication"
    assert password not in "".join(idp.audit())


@pytest.mark.parametrize(
    ("name", "password"),
    [("alice", ""), ("*", "x"), ("a*", "x"), ("alice)(objectClass=*", "x"), ("nobody", "x")],
    ids=["no password", "everybody", "a wildcard", "another filter", "nobody"],
)
def test_a_name_is_never_a_filter_and_an_empty_password_never_binds(place: Place, name: str, password: str) -> None:
    idp = place.idp(profile="adfs")
    reply = idp.client.post(f"{idp.url}{ADFS}/13/usernamemixed", data=with_password(name, password))

    assert fault_of(reply) == "FailedAuthentication"


def test_passwords_are_tried_on_one_connection_which_is_opened_again_where_it_is_lost(place: Place) -> None:
    lookup = place.domain.lookup
    gateway = LdapGateway(
        LdapConfig(
            url=place.domain.ldaps_url,
            ca_file=place.domain.ca_file,
            bind_dn=lookup.dn,
            password_file=lookup.password_file,
            base_dn=place.domain.directory.base_dn,
        )
    )
    dn = gateway.attribute_of("alice", "distinguishedName") or ""
    password = place.domain.passwords["alice"].read_text().strip()

    assert gateway.password_problem(dn, password) == ""
    used = gateway._trier
    assert gateway.password_problem(dn, f"{password}x").startswith("wrong")
    assert gateway.password_problem(dn, password) == ""
    assert gateway._trier is used

    with socket.socket(fileno=os.dup(used.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)
    assert gateway.password_problem(dn, f"{password}x").startswith("wrong")
    assert gateway.password_problem(dn, password) == ""
    assert gateway._trier is not used


def test_a_wrong_lookup_password_is_the_idps_trouble_and_noted(place: Place, keys: Path) -> None:
    idp = place.idp(ldap={**place.plain["ldap"], "url": place.domain.ldaps_url, "ca_file": str(place.domain.ca_file)})
    reply = place.answer(idp)

    assert fault_of(reply) == "RequestFailed"
    assert "Invalid credentials" in idp.audit()[-2]
    assert "not a secret" not in "".join(idp.audit())


def test_a_directory_whose_certificate_is_not_trusted_is_not_asked(place: Place, keys: Path) -> None:
    ldap = {**place.plain["ldap"], "url": place.domain.ldaps_url, "ca_file": str(keys / "ca.pem")}
    reply = place.answer(place.idp(ldap=ldap))

    assert fault_of(reply) == "RequestFailed"


@pytest.mark.parametrize(
    ("name", "suffix", "noted"),
    [
        ("carol", "x", "Password Check Failed: carol: wrong (Invalid credentials"),
        ("dave", "", "Password Check Failed: dave: disabled (Invalid credentials"),
        ("nobody", "x", "User Lookup Failed"),
    ],
    ids=["a wrong password", "a disabled account", "a name that nobody has"],
)
def test_the_log_tells_apart_what_the_answer_does_not_and_holds_no_password(
    place: Place, name: str, suffix: str, noted: str
) -> None:
    idp = place.idp(profile="adfs")
    password = place.domain.passwords["carol" if name == "nobody" else name].read_text().strip() + suffix

    reply = idp.client.post(f"{idp.url}{ADFS}/2005/usernamemixed", data=with_password(name, password, "2005"))

    assert fault_of(reply) == "FailedAuthentication"
    assert "The name or the password is wrong." in reply.text
    assert any(line.startswith(noted) for line in idp.audit())
    assert password not in reply.text + "".join(idp.audit())


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        ("80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data 52e, v1db1", "wrong"),
        ("… data 775, v1db1", "locked"),
        ("… data 532, v1db1", "expired"),
        ("… data 773, v1db1", "must-change"),
        ("… data 701, v1db1", "account-expired"),
        ("… data 533, v1db1", "disabled"),
        ("… data 525, v1db1", "unknown"),
        ("… data ffff, v1db1", "refused"),
        ("Invalid credentials", "refused"),
    ],
)
def test_a_directorys_number_says_what_is_wrong_with_an_account(words: str, cause: str) -> None:
    assert cause_of(words) == cause
