"""The command as a process: quick to start, and nothing heavy imported before it is needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from hybridjoin.cli.group import COMMANDS

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
PROBE = """
import json, sys
from hybridjoin.cli.exits import run_guarded
from hybridjoin.cli.group import root
code = run_guarded(root, sys.argv[1:])
print(json.dumps([code, sorted({name.partition('.')[0] for name in sys.modules})]), file=sys.stderr)
"""


@cache
def hybridjoin(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Start the command; what it prints of itself is the same every time, so it is asked once."""
    return subprocess.run(
        [sys.executable, "-m", "hybridjoin", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=120,
    )


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), *((name, "--help") for name in COMMANDS)])
def test_help_imports_nothing_heavy(arguments: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments], capture_output=True, text=True, check=True, cwd=ROOT, timeout=120
    )

    code, modules = json.loads(done.stderr)
    assert code == 0
    assert HEAVY & set(modules) == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    done = hybridjoin(name, "--help")

    assert done.returncode == 0
    assert f"hybridjoin {name}" in done.stdout.partition("Example")[2]


@pytest.mark.parametrize("name", ["up", "status", "env", "down", "prune"])
def test_every_lab_command_has_help_with_an_example(name: str) -> None:
    done = hybridjoin("lab", name, "--help")

    assert done.returncode == 0
    assert f"hybridjoin lab {name}" in done.stdout.partition("Example")[2]


def test_the_list_of_commands_says_what_the_commands_say_of_themselves() -> None:
    told = {name: " ".join(hybridjoin(name, "--help").stdout.split()) for name in COMMANDS}

    assert {name for name, row in COMMANDS.items() if row.summary not in told[name]} == set()


def test_a_misspelled_command_is_a_usage_error_with_a_guess() -> None:
    done = hybridjoin("doctro")

    assert done.returncode == 2
    assert "Did you mean 'doctor'?" in done.stderr


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
