"""A gateway looks accounts up in a directory that a test answers for."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from hybridjoin.errors import LabError
from hybridjoin.intake.gateway_filter import filled_in
from hybridjoin.model.exchange import Entry, SearchReply, SearchRequest
from hybridjoin.run.gateway_play import look_up
from tests.checks.gateway_cases import DEVICES, ISSUED, SETUP, kinds

GUID = uuid.UUID("5c0c4151-e2aa-435e-987a-a97ae798c444")
SID = bytes.fromhex("0105000000000005150000001c00ffff1c00ffff1c00ffffec040000")
COMPUTER = Entry(
    dn="CN=WS01,DC=a",
    attributes=(
        ("mS-DS-ConsistencyGuid", (GUID.bytes_le,)),
        ("objectSid", (SID,)),
        ("sAMAccountName", (b"WS01$",)),
    ),
)


class Directory:
    """Answers searches with the entries of a filter, and keeps what it was asked."""

    def __init__(self, **entries: tuple[Entry, ...]) -> None:
        self.entries = entries
        self.asked: list[SearchRequest] = []

    def search(self, request: SearchRequest) -> SearchReply:
        self.asked.append(request)
        kind = "devices" if "computer" in request.filter else "people"
        return SearchReply(entries=self.entries.get(kind, ()))


def test_a_computer_is_found_and_every_value_comes_out() -> None:
    directory = Directory(devices=(COMPUTER,))

    found = look_up(SETUP, "WS01$", directory.search, base="DC=a")

    assert (found.dn, found.user_type, found.devices, found.whole) == ("CN=WS01,DC=a", "Devices", True, True)
    assert {item.name: item.value for item in found.issued if item.needed} == {
        "accounttype": "DJ",
        "onpremobjectguid": "UUEMXKriXkOYeql655jERA==",
        "primarysid": "S-1-5-21-4294901788-4294901788-4294901788-1260",
    }
    assert directory.asked[0].filter == "(&(objectClass=computer)(sAMAccountName=WS01$))"
    assert (directory.asked[0].base, "objectSid" in directory.asked[0].attributes) == ("DC=a", True)


def test_what_is_empty_in_the_directory_is_told_by_its_name() -> None:
    bare = replace(COMPUTER, attributes=COMPUTER.attributes[1:])

    found = look_up(SETUP, "WS01$", Directory(devices=(bare,)).search, base="DC=a")

    why = {item.name: item.why_not for item in found.issued}
    assert not found.whole
    assert why["onpremobjectguid"] == "mS-DS-ConsistencyGuid of the object is empty (user.externalId)"
    assert why["UPN"] == "Devices maps no upn"


@pytest.mark.parametrize(
    ("entries", "words"),
    [((), "no object below DC=a with"), ((COMPUTER, COMPUTER), "2 objects below DC=a with")],
)
def test_none_and_several_are_nobody(entries: tuple[Entry, ...], words: str) -> None:
    found = look_up(SETUP, "WS01$", Directory(devices=entries).search, base="DC=a")

    assert (found.dn, found.whole) == ("", False)
    assert found.tried[0].startswith(f"Devices: {words}")


def test_the_first_user_type_that_finds_one_gives_the_profile() -> None:
    found = look_up(SETUP, "carol", Directory(people=(COMPUTER,)).search, base="DC=a")

    assert (found.user_type, len(found.tried)) == ("People", 1)


def test_a_search_base_of_its_own_is_searched_below() -> None:
    directory = Directory()
    look_up(kinds(replace(DEVICES, search_base="OU=x,DC=a")), "WS01$", directory.search, base="DC=a")

    assert [item.base for item in directory.asked] == ["OU=x,DC=a", "DC=a"]


def test_a_filter_that_asks_for_nobody_is_not_sent() -> None:
    directory = Directory()
    found = look_up(kinds(replace(DEVICES, filter="(cn=computer)")), "WS01$", directory.search, base="DC=a")

    assert "its filter asks for nobody" in found.tried[0]
    assert len(directory.asked) == 1


def test_a_directory_that_is_away_is_no_finding() -> None:
    def away(_request: SearchRequest) -> SearchReply:
        raise LabError("the directory does not answer")

    with pytest.raises(LabError):
        look_up(SETUP, "WS01$", away, base="DC=a")


def test_an_expression_of_another_guide_is_said_to_be_unknown() -> None:
    setup = replace(SETUP, issued=(replace(ISSUED[2], value="#string.trim(user.nickname)"),))

    (issued,) = look_up(setup, "WS01$", Directory(devices=(COMPUTER,)).search, base="DC=a").issued

    assert (issued.value, issued.why_not) == ("", "#string.trim is not worked out here")


def test_a_name_never_becomes_part_of_the_filter() -> None:
    assert filled_in("(a=${identifier})", "*)(b=\\\0") == "(a=\\2a\\29\\28b=\\5c\\00)"
