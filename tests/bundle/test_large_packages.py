"""A package that is honestly signed and large costs whoever verifies it a few times its size, and no more."""

from __future__ import annotations

import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path, PurePath

import pytest

from hybridjoin.bundle import package
from hybridjoin.bundle.manifest import FORMAT
from hybridjoin.bundle.verify import verify
from hybridjoin.bundle.zip_layout import LIMIT_BYTES, Sums, ZipMember, consists_of, entry, read_zip, sums, unpack
from tests.bundle.evidence import clean_record, packed
from tests.peak import forget_peak, peak_mib

ROOT = Path(__file__).parents[2]
MOST = 2.5  # times what it unpacks to
JOINS = 200
MOST_AT_THE_LIMIT_MIB = 200
LOOKS = """
import sys
from pathlib import Path
from hybridjoin.bundle.differing import finding_text
from hybridjoin.bundle.verify import verify
from tests.peak import peak_mib
path = sys.argv[1]
print(*map(finding_text, verify(Path(path).read_bytes(), place=path).findings), peak_mib(), sep="|")
"""


def package_of(joins: int) -> tuple[bytes, float]:
    """Return a package of so many joins, and how many MiB it unpacks to."""
    record = clean_record()
    scenario = record.scenarios[0]
    many = tuple(replace(scenario, id=f"s{number}", title=f"t{number}") for number in range(joins))
    body = packed(replace(record, scenarios=many))
    return body, sum(item.size for item in read_zip(body, FORMAT)[0]) / 1024 / 1024


@pytest.mark.thorough
def test_a_large_package_costs_a_few_times_its_size() -> None:
    body, size_mib = package_of(JOINS)
    assert size_mib > 8
    assert verify(packed(), place="small.zip").holds, "everything is imported"
    forget_peak()
    before = peak_mib()

    assert verify(body, place="large.zip").holds

    assert peak_mib() - before < MOST * size_mib


@pytest.mark.thorough
def test_one_at_the_limit_takes_less_than_200_mib_whole_or_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "_refuse_leaks", lambda *_: None)  # the search for secrets takes as long as all else
    few, more = (package_of(joins)[1] for joins in (10, 20))
    limit_mib = LIMIT_BYTES / 1024 / 1024
    body, size_mib = package_of(10 + int((limit_mib - 1 - few) * 10 / (more - few)))
    assert limit_mib - 4 < size_mib < limit_mib
    (tmp_path / "whole.zip").write_bytes(body)
    members = {item.name: item.packed for item in read_zip(body, FORMAT)[0]}
    for name in ("record.json", "copies/files.xz"):
        at = body.index(members[name]) + len(members[name]) // 2
        damaged = bytearray(body)
        damaged[at] ^= 1
        (tmp_path / f"{PurePath(name).stem}.zip").write_bytes(damaged)

    told = {}
    for name in ("whole", "record", "files"):
        done = subprocess.run(
            [sys.executable, "-c", LOOKS, tmp_path / f"{name}.zip"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        *findings, peak = done.stdout.strip().split("|")
        assert float(peak) < MOST_AT_THE_LIMIT_MIB, name
        told[name] = findings

    assert told["whole"] == []
    assert "record.json, first byte that differs" in told["record"][0]
    assert "copies/files.xz, from byte" in told["files"][0]


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
