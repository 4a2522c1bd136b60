"""A package that is honestly signed and large costs whoever verifies it a few times its size, and no more."""

from __future__ import annotations

import zlib
from dataclasses import replace

import pytest

from hybridjoin.bundle.manifest import FORMAT
from hybridjoin.bundle.verify import verify
from hybridjoin.bundle.zip_layout import Sums, ZipMember, consists_of, entry, read_zip, sums, unpack
from tests.bundle.evidence import clean_record, packed
from tests.peak import forget_peak, peak_mib

MOST = 5  # times what it unpacks to
JOINS = 200


def test_a_large_package_costs_a_few_times_its_size() -> None:
    record = clean_record()
    scenario = record.scenarios[0]
    many = tuple(replace(scenario, id=f"s{number}", title=f"t{number}") for number in range(JOINS))
    body = packed(replace(record, scenarios=many))
    size_mib = sum(item.size for item in read_zip(body, FORMAT)[0]) / 1024 / 1024
    assert size_mib > 8
    assert verify(packed(record), place="small.zip").holds, "everything is imported"
    forget_peak()
    before = peak_mib()

    assert verify(body, place="large.zip").holds

    assert peak_mib() - before < MOST * size_mib


BODIES = {
    "nothing": b"",
    "a word": b"word",
    "a piece": b"x" * 65536,
    "many pieces": bytes(range(256)) * 4096,
    "zeros": bytes(5_000_000),
}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("compress", [True, False], ids=["deflated", "stored"])
def test_a_member_is_summed_up_as_it_unpacks(name: str, compress: bool) -> None:
    body = BODIES[name]
    item = entry(name, body, compress=compress)
    again = entry(name, unpack(item, len(body))[0], compress=False)

    assert sums(item, len(body)) == sums(again, len(body))
    assert (sums(item, len(body)) or Sums(sha256="", crc=-1)).crc == zlib.crc32(body)
    assert sums(item, len(body) - 1) is None


@pytest.mark.parametrize("name", BODIES)
def test_what_cannot_be_unpacked_to_its_end_has_no_sum(name: str) -> None:
    item = entry(name, BODIES[name])
    broken: list[ZipMember] = [
        replace(item, packed=item.packed[:-1]),
        replace(item, packed=item.packed + b"x"),
        replace(item, packed=item.packed + bytes(200_000)),
        replace(item, packed=b"\xff" + item.packed[1:]),
    ]

    for one in broken:
        assert unpack(one, len(BODIES[name]))[1]
        assert sums(one, len(BODIES[name])) is None


def test_a_file_consists_of_its_parts_or_does_not() -> None:
    assert consists_of(b"abcdef", [b"ab", b"", b"cdef"])
    assert not consists_of(b"abcdef", [b"ab", b"cdeg"])
    assert not consists_of(b"abcdef", [b"ab", b"cde"])
    assert not consists_of(b"abcdef", [b"ab", b"cdef", b"g"])
