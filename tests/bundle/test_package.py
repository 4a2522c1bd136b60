"""Evidence packages: made the same twice, refused where they are none, and held to every byte."""

from __future__ import annotations

import io
import json
import lzma
import stat
import subprocess
import zipfile
import zlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hybridjoin.bundle import verify as bundle_verify
from hybridjoin.bundle.differing import finding_text
from hybridjoin.bundle.load import load_run
from hybridjoin.bundle.manifest import FORMAT, Manifest, decode_manifest, digest, encode_manifest, member
from hybridjoin.bundle.package import (
    COPIES,
    COPY_OF_MANIFEST,
    COPY_OF_SIGNATURE,
    MANIFEST,
    SIGNATURE,
    Refused,
    build_package,
    write_package,
)
from hybridjoin.bundle.verification import Verification
from hybridjoin.bundle.verify import verify
from hybridjoin.bundle.zip_layout import LIMIT_BYTES, LOCAL_BYTES, ZipMember, entry, read_zip, unpack, write_zip
from hybridjoin.errors import LabError, UsageError
from hybridjoin.model.record import RunRecord
from hybridjoin.model.recorded import HttpRequestRecord
from hybridjoin.model.verdict import Outcome
from hybridjoin.report.formats.catalogue import FORMATS
from tests.bundle.evidence import (
    ED25519,
    PACKED_AT,
    certification,
    clean_record,
    deviation,
    packed,
    requirement,
    signer,
)
from tests.report.sample import large_record, lost_scenario, sample_record

PACKAGE = packed()


def check(body: bytes) -> Verification:
    return verify(body, place="evidence.zip")


def entries(body: bytes = PACKAGE) -> dict[str, ZipMember]:
    return {item.name: item for item in read_zip(body, FORMAT)[0]}


def zipped(members: dict[str, ZipMember]) -> bytes:
    return write_zip(list(members.values()), FORMAT)


def manifest_of(body: bytes = PACKAGE) -> Manifest:
    return decode_manifest(entries(body)[MANIFEST].packed)


def signed(members: dict[str, ZipMember], manifest: Manifest) -> bytes:
    """A package that a signer of bad will, or with another tool, made: signed all the same."""
    body = encode_manifest(manifest)
    signature = ED25519.sign(body)
    stored = {MANIFEST: body, SIGNATURE: signature, COPY_OF_MANIFEST: body, COPY_OF_SIGNATURE: signature}
    return zipped({**members, **{name: entry(name, data, compress=False) for name, data in stored.items()}})


def changed(at: int, mask: int) -> bytes:
    """The package with one byte changed."""
    body = bytearray(PACKAGE)
    body[at] ^= mask
    return bytes(body)


def offsets(done: Verification) -> list[int]:
    """Where the zip file itself is said to differ."""
    return [item.offset for item in done.findings if not item.member and item.offset is not None]


def files(body: bytes = PACKAGE) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_the_coverage_sheet_names_the_probes_and_not_what_they_said() -> None:
    probes = json.loads(files()["coverage.json"])["probes"]

    assert [set(row) & {"id", "exchanges"} for row in probes] == [{"id"}]


def test_what_probes_said_is_masked_once_more() -> None:
    (probe,) = certification().probes
    said = probe.exchanges[0]
    assert isinstance(said.request, HttpRequestRecord)
    ticket = "YIIB" + "A" * 400
    request = replace(said.request, headers=(("Authorization", f"Negotiate {ticket}"),))
    loose = replace(probe, exchanges=(replace(said, request=request),))

    body = packed(clean_record(certification(probes=(loose,))))

    assert [name for name, data in files(body).items() if ticket.encode() in data] == []
    record = check(body).record
    assert record is not None
    assert record.certification is not None
    (kept,) = record.certification.probes
    assert isinstance(kept.exchanges[0].request, HttpRequestRecord)
    ((_, shown),) = kept.exchanges[0].request.headers
    assert shown.startswith("Negotiate [masked 303 bytes ")


def test_a_package_holds_and_gives_its_record_back() -> None:
    done = check(PACKAGE)

    assert done.findings == ()
    assert done.record == clean_record(certification())
    assert not done.vouched


def test_any_zip_reader_opens_it() -> None:
    with zipfile.ZipFile(io.BytesIO(PACKAGE)) as file:
        assert file.testzip() is None
        assert file.namelist() == [
            "manifest.json",
            "manifest.sig",
            "public-key.pem",
            *(form.file_name for form in FORMATS if form.packed),
            "coverage.json",
            "copies/files.xz",
            "copies/manifest.json",
            "copies/manifest.sig",
        ]
        coverage = json.loads(file.read("coverage.json"))
        manifest = json.loads(file.read("manifest.json"))
    assert coverage["not_tested"] == 1
    assert coverage["requirements"][2]["why_not"] == "the IdP offers 1.3 only"
    assert coverage["untested"][0]["reason"] == "unused"
    assert (manifest["site"], manifest["run_id"], manifest["profile"]) == ("lab", "0f6f2c1b", "default")


def test_a_run_that_is_no_certification_has_no_coverage_sheet() -> None:
    body = packed(clean_record())

    assert check(body).holds
    assert "coverage.json" not in entries(body)


def test_the_same_run_makes_the_same_bytes() -> None:
    assert packed() == PACKAGE


@pytest.mark.parametrize("kind", ["ed25519", "rsa", "ec"])
def test_each_kind_of_key_signs_and_openssl_agrees(kind: str, tmp_path: Path) -> None:
    body = packed(key=signer(kind))
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        file.extractall(tmp_path)
    files = ["manifest.sig", "manifest.json"]
    command = ["openssl", "dgst", "-sha256", "-verify", "public-key.pem", "-signature", *files]
    if kind == "ed25519":
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "public-key.pem", "-rawin", "-sigfile"]
        command += [files[0], "-in", files[1]]

    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert check(body).holds
    assert told.returncode == 0, told.stderr


INTERRUPTED = Outcome.INTERRUPTED


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (sample_record(lost_scenario()), "scenario directory-dies was interrupted"),
        (replace(clean_record(), interrupted="by hand"), "the run was interrupted: by hand"),
        (clean_record(certification(requirement(outcome=INTERRUPTED))), "requirement CLAIM-02 was interrupted"),
        (
            clean_record(certification(probes=(replace(certification().probes[0], outcome=INTERRUPTED),))),
            "probe rst-wrong-applies-to was interrupted",
        ),
        (clean_record(certification(complete=False)), "the certification is not complete"),
        (
            clean_record(certification(deviations=(deviation(expires=PACKED_AT.date() - timedelta(days=1)),))),
            "the known deviation MEX-07 of IdP team is past its date, 2026-07-13",
        ),
    ],
)
def test_what_is_no_evidence_is_refused_with_the_reason(record: RunRecord, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        build_package(record, ED25519, created_at=PACKED_AT)

    assert [item for item in caught.value.reasons if item.startswith(reason)]


def test_an_interrupted_requirement_of_a_single_join_is_refused_too() -> None:
    record = clean_record()
    first = record.scenarios[0]
    assert first.join is not None
    lost = replace(first.join.verdicts[0], outcome=INTERRUPTED)
    record = replace(record, scenarios=(replace(first, join=replace(first.join, verdicts=(lost,))),))

    with pytest.raises(Refused, match="requirement MEX-01 was interrupted in pingone-trust-13"):
        build_package(record, ED25519, created_at=PACKED_AT)


def test_a_package_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    package = build_package(clean_record(), ED25519, created_at=PACKED_AT)
    (tmp_path / "taken.zip").mkdir()

    write_package(package, tmp_path / "new" / "evidence.zip")
    with pytest.raises(LabError, match="-o"):
        write_package(package, tmp_path / "taken.zip")

    assert (tmp_path / "new" / "evidence.zip").read_bytes() == package.body
    assert stat.S_IMODE((tmp_path / "new" / "evidence.zip").stat().st_mode) == 0o600
    assert sorted(item.name for item in tmp_path.iterdir()) == ["new", "taken.zip"]
    assert len(list((tmp_path / "new").iterdir())) == 1


@given(at=st.integers(0, len(PACKAGE) - 1), mask=st.integers(1, 255))
@example(at=0, mask=1)
@example(at=len(PACKAGE) - 1, mask=0x20)
@example(at=6, mask=8)
@example(at=10, mask=1)
@example(at=19, mask=112)  # the manifest's size, so large that the key and its copy seem to lie within the manifest
@example(at=19, mask=196)
@example(at=27, mask=112)  # the length of the manifest's name, likewise
def test_a_changed_byte_is_found_and_named_wherever_it_is(at: int, mask: int) -> None:
    done = check(changed(at, mask))

    assert not done.holds
    assert done.record is None
    assert offsets(done) == [at]


@pytest.mark.parametrize("member", entries().values(), ids=entries())
def test_a_size_that_swallows_other_members_is_named_too(member: ZipMember) -> None:
    header = member.at - len(member.name) - LOCAL_BYTES
    numbers = range(header + 14, header + LOCAL_BYTES)

    found = {at: offsets(check(changed(at, 0x70))) for at in numbers}

    assert found == {at: [at] for at in numbers}


@given(data=st.data())
def test_many_changed_bytes_never_pass_and_never_break_the_reader(data: st.DataObject) -> None:
    body = bytearray(PACKAGE)
    spots = data.draw(st.dictionaries(st.integers(0, len(body) - 1), st.integers(1, 255), min_size=2, max_size=40))
    for at, mask in spots.items():
        body[at] ^= mask

    try:
        done = check(bytes(body))
    except UsageError:
        return  # nothing of the format was left

    assert not done.holds
    assert all(finding_text(item) for item in done.findings)


@given(st.one_of(st.integers(0, 400), st.integers(0, len(PACKAGE) - 1)))
def test_a_package_cut_short_never_passes(size: int) -> None:
    try:
        done = check(PACKAGE[:size])
    except UsageError:
        assert size < 80  # not even the format's name
        return

    assert not done.holds
    assert any("ends" in item.problem or item.offset == size for item in done.findings)


@pytest.mark.parametrize("more", [b"\0", b"PK", PACKAGE], ids=len)
def test_a_package_with_something_after_it_or_before_it_does_not_hold(more: bytes) -> None:
    assert not check(PACKAGE + more).holds
    assert not check(more + PACKAGE).holds


def test_a_verdict_made_better_is_named_with_line_and_column() -> None:
    members = entries()
    record, _ = unpack(members["record.json"], 10_000_000)
    at = record.index(b'"failed"', 1000) + 1
    better = record[:at] + b"passed" + record[at + 6 :]

    done = check(zipped({**members, "record.json": entry("record.json", better)}))

    named = next(item for item in done.findings if item.member == "record.json")
    line = record.count(b"\n", 0, at) + 1
    assert (named.offset, named.line, named.exact) == (at, line, True)
    assert (named.expected, named.found) == (f"0x{ord('f'):02x}", f"0x{ord('p'):02x}")
    assert f"record.json, first byte that differs: {at} (line {line}, column" in finding_text(named)


def test_where_the_copy_was_changed_too_the_block_is_named_and_no_byte_is_made_up() -> None:
    record = large_record(scenarios=7, requirements=4)
    members = entries(packed(record))
    body, _ = unpack(members["record.json"], 10_000_000)
    assert len(body) > 70_001
    worse = body[:70_000] + bytes([body[70_000] ^ 1]) + body[70_001:]
    copies = lzma.compress(worse)

    changed = {**members, "record.json": entry("record.json", worse), COPIES: entry(COPIES, copies, compress=False)}
    named = next(item for item in check(zipped(changed)).findings if item.member == "record.json")

    assert (named.offset, named.exact) == (65536, False)


def test_missing_added_and_renamed_members_are_named() -> None:
    members = entries()
    without = {name: item for name, item in members.items() if name != "junit.xml"}
    added = {**members, "extra.txt": entry("extra.txt", b"more")}

    assert ("junit.xml", "missing") in {(item.member, item.problem) for item in check(zipped(without)).findings}
    assert ("extra.txt", "not in the manifest") in {
        (item.member, item.problem) for item in check(zipped(added)).findings
    }


def test_members_in_another_order_or_packed_in_another_way_do_not_hold() -> None:
    members = entries()
    page, _ = unpack(members["index.html"], 10_000_000)
    stored = {**members, "index.html": entry("index.html", page, compress=False)}
    turned = dict(reversed(members.items()))

    assert any("packed in another way" in item.problem for item in check(zipped(stored)).findings)
    assert not check(zipped(turned)).holds


@pytest.mark.parametrize(
    "name", ["../evil.txt", "/etc/evil.txt", "a/../../b.txt", "C:\\evil.txt", "a\\b.txt", "ev\0il", ""]
)
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    body = write_zip([*entries().values(), entry(name, b"x")], FORMAT)

    assert any("the name leads elsewhere" in item.problem for item in check(body).findings)


def test_a_name_that_comes_twice_is_refused() -> None:
    members = list(entries().values())

    findings = check(write_zip([*members, entry("record.json", b"{}")], FORMAT)).findings

    assert [(item.member, item.found) for item in findings] == [("record.json", "2")]


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    # The rule is the same at any size, and a small one costs no half minute.
    assert LIMIT_BYTES < 1 << 30
    monkeypatch.setattr(bundle_verify, "LIMIT_BYTES", 1 << 20)
    size = 16 << 20
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    bomb = packer.compress(bytes(size)) + packer.flush()
    members = entries()
    members["record.json"] = replace(members["record.json"], packed=bomb, size=size)
    manifest = manifest_of()
    rows = tuple(
        replace(item, size=size, packed_sha256=digest(bomb), packed_size=len(bomb))
        if item.name == "record.json"
        else item
        for item in manifest.members
    )

    assert not check(zipped(members)).holds
    findings = check(signed(members, replace(manifest, members=rows))).findings
    assert any("unpacks to more than" in item.problem for item in findings)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"run_id": "another"}, "the manifest speaks of another run id"),
        ({"site": "elsewhere"}, "the manifest speaks of another site"),
        ({"plan_sha256": "0" * 64}, "the manifest speaks of another plan digest"),
        ({"public_key_sha256": "0" * 64}, "the manifest speaks of another key"),
        ({"created_at": "2027-01-01T00:00:00+00:00"}, "no evidence: the known deviation MEX-07"),
        ({"created_at": "noon"}, "expected a time"),
    ],
)
def test_a_signed_manifest_that_says_another_thing_than_the_record_does_not_hold(
    changes: dict[str, str], problem: str
) -> None:
    body = signed(entries(), replace(manifest_of(), **changes))  # type: ignore[arg-type]  # by the names of its fields

    assert any(item.problem.startswith(problem) for item in check(body).findings)


@pytest.mark.parametrize(
    "text", [b"[]", b'{"format": "hybridjoin-package/1"}', b'{"format": "hybridjoin-package/1", "members": [7]}']
)
def test_a_signed_manifest_that_is_none_does_not_hold(text: bytes) -> None:
    signature = ED25519.sign(text)
    stored = {MANIFEST: text, SIGNATURE: signature}
    members = {**entries(), **{name: entry(name, data, compress=False) for name, data in stored.items()}}

    assert not check(zipped(members)).holds


def test_a_package_signed_anew_by_another_key_holds_only_for_who_does_not_ask() -> None:
    forged = packed(key=signer("ec"))
    known = check(PACKAGE).fingerprint

    assert check(forged).holds
    assert not verify(forged, place="x", known=known).holds
    assert not verify(forged, place="x", key=ED25519.public).holds
    assert verify(PACKAGE, place="x", key=ED25519.public).vouched
    assert verify(PACKAGE, place="x", known=known).holds


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "found another file"),
        (b"PK\x05\x06" + bytes(18), "found another file"),
        (b'{"schema": "hybridjoin-record/1"}', "found another file"),
        (PACKAGE.replace(b"hybridjoin-package/1", b"hybridjoin-package/2"), "found hybridjoin-package/2"),
    ],
    ids=["empty", "empty zip", "record", "newer"],
)
def test_a_foreign_or_newer_file_is_a_usage_error(body: bytes, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        check(body)


def test_a_package_of_a_newer_record_is_a_usage_error() -> None:
    members = entries()
    record, _ = unpack(members["record.json"], 10_000_000)
    newer = record.replace(b"hybridjoin-record/2", b"hybridjoin-record/3")
    members["record.json"] = entry("record.json", newer)
    manifest = manifest_of()
    rows = [member(members[item.name], newer) if item.name == "record.json" else item for item in manifest.members]

    with pytest.raises(UsageError, match="a newer hybridjoin wrote it"):
        check(signed(members, replace(manifest, members=tuple(rows))))


def test_a_run_is_read_from_a_package_that_holds_and_from_no_other(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    good.write_bytes(PACKAGE)
    bad.write_bytes(PACKAGE[:-1] + b"!")

    assert load_run(good) == clean_record(certification())
    with pytest.raises(UsageError, match="not what was signed"):
        load_run(bad)


def test_what_was_masked_on_entry_is_packed_as_it_is() -> None:
    record = clean_record()

    assert check(packed(record)).record == record
