"""Variables are a fixed set of names and filters, each checked at load and resolved later; nothing is executed."""

from __future__ import annotations

import uuid

import pytest

from hybridjoin.scenario.variables import FILTERS, NAMES, Value, mistakes_in, resolve

GUID = uuid.UUID("5c0c4151-e2aa-435e-987a-a97ae798c444")
VALUES: dict[str, Value] = {
    "device.objectGUID": GUID,
    "device.objectSid": "S-1-5-21-1-2-3-1260",
    "device.mS-DS-ConsistencyGuid": GUID.bytes_le,
    "device.name": "WS01",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${device.objectGUID | base64guid}", "UUEMXKriXkOYeql655jERA=="),
        ("${device.mS-DS-ConsistencyGuid|base64}", "UUEMXKriXkOYeql655jERA=="),
        ("${device.objectGUID | bigendian | base64}", "XAxBUeKqQ16Yeql655jERA=="),
        ("${device.objectGUID | hex}", "51410c5caae25e43987aa97ae798c444"),
        ("${device.objectGUID}", str(GUID)),
        ("${device.objectGUID | upper}", str(GUID).upper()),
        ("${device.name | lower}.example.test", "ws01.example.test"),
        ("${device.objectSid | base64}", "Uy0xLTUtMjEtMS0yLTMtMTI2MA=="),
        ("${device.objectGUID | text | lower}", str(GUID)),
        ("no variable $ {here}", "no variable $ {here}"),
    ],
)
def test_a_variable_is_written_out(text: str, expected: str) -> None:
    assert mistakes_in(text, "a:1:1") == ()
    assert resolve(text, VALUES) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${device.objectguid}", "unknown variable 'device.objectguid' (did you mean 'device.objectGUID'?)"),
        ("${user.name}", "unknown variable 'user.name' (did you mean 'site.name'?)"),
        ("${weather}", "unknown variable 'weather' (names begin with device, site)"),
        ("${device.name | rot13}", "unknown filter 'rot13'"),
        ("${device.name | hex}", "the filter 'hex' does not take text (these do: base64, text, lower, upper)"),
        ("${device.mS-DS-ConsistencyGuid}", "'device.mS-DS-ConsistencyGuid' is bytes and cannot be compared with text"),
        ("${device.name", "expected '}' after '${'"),
        ("${__import__('os')}", "unknown variable"),
    ],
)
def test_what_cannot_be_resolved_is_told(text: str, expected: str) -> None:
    (mistake,) = mistakes_in(text, "a:1:1")
    assert str(mistake).startswith(f"a:1:1: {expected}")


def test_a_value_that_is_not_there_is_named() -> None:
    with pytest.raises(KeyError, match=r"site\.issuer"):
        resolve("${site.issuer}", VALUES)


def test_every_filter_fits_some_name() -> None:
    kinds = set(NAMES.values())
    assert all(each.takes & kinds for each in FILTERS.values())
