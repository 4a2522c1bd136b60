from __future__ import annotations

import pytest

from hybridjoin.model.exchange import Entry
from hybridjoin.protocol.computer import read_computer, read_sid, read_sid_owner
from tests.protocol.documents import ANCHOR, GUID, SID

RAW_SID = bytes.fromhex("010500000000000515000000bc33dd3bb36a2b464294a628ec040000")


def entry(**changes: tuple[bytes, ...]) -> Entry:
    attributes = {
        "objectGUID": (GUID.bytes_le,),
        "objectSid": (RAW_SID,),
        "sAMAccountName": (b"WS01$",),
        "dNSHostName": (b"ws01.hybridjoin.test",),
        "mS-DS-ConsistencyGuid": (ANCHOR.bytes_le,),
        **changes,
    }
    return Entry(dn="CN=WS01,DC=hybridjoin,DC=test", attributes=tuple(attributes.items()))


def test_a_computer_is_read_from_its_entry() -> None:
    computer = read_computer(entry())

    assert computer.name == "WS01"
    assert computer.object_guid == GUID
    assert computer.object_sid == read_sid(RAW_SID)
    assert computer.consistency_guid == ANCHOR.bytes_le
    assert computer.primary_group_id == 515


def test_what_is_often_absent_may_be_absent() -> None:
    computer = read_computer(entry(**{"mS-DS-ConsistencyGuid": (), "primaryGroupID": (b"516",)}))

    assert computer.consistency_guid is None
    assert computer.primary_group_id == 516


@pytest.mark.parametrize("name", ["objectGUID", "objectSid", "sAMAccountName"])
def test_what_ad_never_leaves_out_is_missed(name: str) -> None:
    with pytest.raises(ValueError, match="lacks objectGUID, objectSid or sAMAccountName"):
        read_computer(entry(**{name: ()}))


@pytest.mark.parametrize("raw", [b"", b"\x01", RAW_SID[:-1], RAW_SID + b"\0"])
def test_a_sid_of_a_wrong_length_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match="sub-authorities"):
        read_sid(raw)


@pytest.mark.parametrize(
    ("classes", "kind"),
    [
        ((b"top", b"person", b"user", b"computer"), "computer"),
        ((b"top", b"person", b"user"), "user"),
        ((b"top", b"group"), "group"),
        ((b"top",), "other"),
    ],
)
def test_the_owner_of_a_sid_is_told_by_its_classes(classes: tuple[bytes, ...], kind: str) -> None:
    assert read_sid_owner(SID, entry(objectClass=classes)).kind == kind
