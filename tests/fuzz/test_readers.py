"""The table of readers that `make fuzz` goes by: complete, alive, and tried a little each time."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from pkgutil import resolve_name
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hybridjoin
from tests.fuzz.readers import NOT_TARGETS, TARGETS
from tests.fuzz.target import Target

HARNESS = Path(hybridjoin.__file__).parent
ROOMS = ("protocol", "intake", "bundle", "doubles")
VERBS = ("decode", "load", "parse", "read", "split", "take", "verify")
OF_OTHERS = {"bytes", "str", "str | None", "Iterable[bytes]", "Iterable[str]"}
NAMES = [target.name for target in TARGETS]
SPOILERS = (b"", b"\x00", b"\xff\xfe", b"<!--", b'"')
QUIET = settings(suppress_health_check=[HealthCheck.too_slow], max_examples=25)


def readers() -> Iterator[str]:
    """Every public function of the rooms that begins with a reader's verb and takes octets or a text first."""
    for room in ROOMS:
        for path in sorted((HARNESS / room).rglob("*.py")):
            module = ".".join(path.relative_to(HARNESS).with_suffix("").parts)
            for node in ast.parse(path.read_text("utf-8")).body:
                if not isinstance(node, ast.FunctionDef) or node.name.split("_")[0] not in VERBS or not node.args.args:
                    continue
                annotation = node.args.args[0].annotation
                if annotation is not None and ast.unparse(annotation) in OF_OTHERS:
                    yield f"{module}.{node.name}"


def test_every_reader_of_octets_or_texts_is_fuzzed_or_said_why_not() -> None:
    told = {name for target in TARGETS for name in target.reads} | set(NOT_TARGETS)

    assert set(readers()) - told == set()


def test_every_name_in_the_table_is_there_and_stands_once() -> None:
    for name in (*(item for target in TARGETS for item in target.reads), *NOT_TARGETS):
        module, _, function = name.rpartition(".")
        assert callable(resolve_name(f"hybridjoin.{module}:{function}")), name

    assert len(set(NAMES)) == len(NAMES)
    assert len(NAMES) >= 35


def read_or_refuse(target: Target, octets: bytes) -> None:
    with suppress(*target.declared):
        target.call(octets)


@pytest.mark.parametrize("target", TARGETS, ids=NAMES)
def test_what_fuzzing_begins_with_is_read_or_refused(target: Target) -> None:
    assert target.seeds

    for seed in target.seeds:
        read_or_refuse(target, seed)


@pytest.mark.parametrize("target", TARGETS, ids=NAMES)
@QUIET
@given(seed=st.integers(0, 2**32), cuts=st.integers(1, 6))
def test_spoiled_seeds_are_read_or_refused(target: Target, seed: int, cuts: int) -> None:
    """Without libFuzzer's guidance, for every lane: octets of a seed are cut, doubled, flipped and exchanged."""
    chance = Random(seed)  # noqa: S311 - the same octets for the same seed, and no secret
    octets = bytearray(chance.choice(target.seeds))
    for _ in range(cuts):
        at = chance.randrange(len(octets) + 1)
        end = min(len(octets), at + chance.randrange(1, 32))
        octets[at:end] = chance.choice((octets[at:end] * 2, chance.randbytes(4), *SPOILERS))

    read_or_refuse(target, bytes(octets))
