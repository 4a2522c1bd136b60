"""The files that come along: made again they are the same, and who has not our code finds all he needs in them."""

from __future__ import annotations

import hashlib
import json
import zlib
from base64 import b64decode
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from hybridjoin.errors import UsageError
from hybridjoin.vectors.files import SHIPPED, read_files
from hybridjoin.vectors.notes import NOTES
from hybridjoin.vectors.suite import SCHEMA, documents_by_name
from hybridjoin.vectors.vector import LIMIT_BYTES, Result

MADE = dict(documents_by_name())
ROOT = Path(__file__).parents[2]
PACKED_BYTES = 3 * 1024 * 1024


def document(name: str) -> dict[str, Any]:
    read = json.loads((SHIPPED / name).read_bytes())
    assert isinstance(read, dict)
    return read


def test_every_file_that_is_made_comes_along_and_no_other() -> None:
    assert {path.name for path in SHIPPED.glob("*.json")} == {*MADE, SCHEMA}


@pytest.mark.parametrize("name", MADE)
def test_a_file_made_again_is_the_same_to_the_octet(name: str) -> None:
    hint = "run `hybridjoin vectors --generate harness/hybridjoin/vectors/data`, and look at what changed"

    assert (SHIPPED / name).read_bytes() == MADE[name], hint


@pytest.mark.parametrize("name", MADE)
def test_a_file_is_as_its_schema_says(name: str) -> None:
    schema = json.loads((SHIPPED / SCHEMA).read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)

    jsonschema.Draft202012Validator(schema).validate(document(name))


@pytest.mark.parametrize("name", MADE)
def test_numbers_flags_and_digests_are_right(name: str) -> None:
    read = document(name)
    tests = [test for group in read["testGroups"] for test in group["tests"]]

    assert sorted(test["tcId"] for test in tests) == list(range(1, read["numberOfTests"] + 1))
    assert {flag for test in tests for flag in test["flags"]} == set(read["notes"])
    wrong = [test["name"] for test in tests if hashlib.sha256(b64decode(test["message"])).hexdigest() != test["sha256"]]
    assert wrong == []


def test_there_are_enough_of_every_kind_and_none_is_large() -> None:
    trials = read_files()
    names = [trial.name for trial in trials]

    assert len(trials) >= 260
    assert len(set(names)) == len(names)
    assert sum(trial.result is Result.VALID for trial in trials) >= 40
    assert {flag for trial in trials for flag in trial.flags} == set(NOTES)
    assert max(len(trial.message) for trial in trials) <= LIMIT_BYTES
    assert len({trial.message for trial in trials}) == len(trials)
    assert sum(len(zlib.compress(octets)) for octets in MADE.values()) < PACKED_BYTES


def test_the_key_in_a_file_is_that_of_its_certificate() -> None:
    group = document("saml11_rstr_usual.json")["testGroups"][0]

    key = serialization.load_pem_private_key(group["privateKeyPem"].encode(), password=None)
    certificate = x509.load_der_x509_certificate(b64decode(group["certificate"]))

    assert key.public_key() == certificate.public_key()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("{}", "expected vectors as vectors.schema.json says"),
        ("[1", "expected vectors as vectors.schema.json says"),
        ('{"family": "x", "testGroups": [{"certificate": "?", "tests": []}]}', "expected vectors"),
    ],
)
def test_a_file_of_another_form_is_told(tmp_path: Path, body: str, words: str) -> None:
    (tmp_path / "a_rstr_b.json").write_text(body)

    with pytest.raises(UsageError, match=words):
        read_files(tmp_path)


def test_a_folder_without_vectors_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="found none"):
        read_files(tmp_path)


def test_the_paper_counts_them() -> None:
    text = " ".join((ROOT / "docs" / "vectors.md").read_text("utf-8").split())
    results = [trial.result for trial in read_files()]
    refused, accepted, either = (results.count(item) for item in (Result.INVALID, Result.VALID, Result.ACCEPTABLE))

    assert f"{len(results)} token responses" in text
    assert f"{refused} that have to be refused, {accepted} that have to be accepted, and {either} that may be" in text
