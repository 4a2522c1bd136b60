"""The command as a process: quick to start, and nothing heavy imported before it is needed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from hybridjoin.cli.group import COMMANDS
from tests.cli.forked import Printed, carry_out

HEAVY = {
    "cryptography",
    "docker",
    "gssapi",
    "jinja2",
    "ldap",
    "lxml",
    "pydantic",
    "requests",
    "rich",
    "starlette",
    "testcontainers",
    "uvicorn",
    "yaml",
    "zeep",
}
ROOT = Path(__file__).parents[2]
LAB_COMMANDS = ("up", "status", "env", "down", "prune")
MISSPELLED = ("doctro",)


def text(printed: bytes) -> str:
    return printed.decode("utf-8")


@pytest.fixture(scope="module")
def told() -> Mapping[tuple[str, ...], Printed]:
    """What every kind of help prints, each by a process that had loaded nothing but itself."""
    helps = [*((name,) for name in COMMANDS), *(("lab", name) for name in LAB_COMMANDS), ()]
    return carry_out([("--version",), MISSPELLED, *((*name, "--help") for name in helps)], cwd=ROOT)


def test_help_imports_nothing_heavy(told: Mapping[tuple[str, ...], Printed]) -> None:
    helps = {arguments: done for arguments, done in told.items() if arguments != MISSPELLED}

    assert {arguments: done.code for arguments, done in helps.items() if done.code} == {}
    assert {arguments: HEAVY & done.modules for arguments, done in helps.items() if HEAVY & done.modules} == {}


def test_every_command_has_help_with_an_example(told: Mapping[tuple[str, ...], Printed]) -> None:
    names = [*((name,) for name in COMMANDS), *(("lab", name) for name in LAB_COMMANDS)]
    examples = {name: text(told[(*name, "--help")].out).partition("Example")[2] for name in names}

    assert [name for name, shown in examples.items() if f"hybridjoin {' '.join(name)}" not in shown] == []


def test_the_list_of_commands_says_what_the_commands_say_of_themselves(told: Mapping[tuple[str, ...], Printed]) -> None:
    said = {name: " ".join(text(told[(name, "--help")].out).split()) for name in COMMANDS}

    assert {name for name, row in COMMANDS.items() if row.summary not in said[name]} == set()


def test_a_misspelled_command_is_a_usage_error_with_a_guess(told: Mapping[tuple[str, ...], Printed]) -> None:
    done = told[MISSPELLED]

    assert done.code == 2
    assert "Did you mean 'doctor'?" in text(done.err)


@pytest.mark.parametrize("arguments", [("schema", "record"), ("certify", "--list"), ("--help",)], ids=" ".join)
def test_a_reader_that_hangs_up_is_no_fault_and_no_failed_check(arguments: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as nobody:
        done = subprocess.run(
            [sys.executable, "-m", "hybridjoin", *arguments],
            stdout=nobody,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd=ROOT,
            timeout=120,
        )

    assert done.returncode == 141
    assert done.stderr == ""
