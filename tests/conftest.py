"""What every test shares: the lanes, told by marks and held here.

A test that needs an engine or Samba is skipped where there is none, unless it is required. A test without the mark
cannot start one: `make check` leaves the marked ones out, and would otherwise wait for a domain controller.
"""

from __future__ import annotations

import gc
import os
import signal
import subprocess
from collections.abc import Generator, Iterator
from functools import cache
from pathlib import Path

import platformdirs
import pytest
from hypothesis import settings

from hybridjoin.model.vault import VAULT

# How long an example takes says how busy the machine is; a test that hangs meets the time limit of every test.
settings.register_profile("house", deadline=None, max_examples=100)
# `make check`, after every edit; every other lane tries them all.
settings.register_profile("quick", deadline=None, max_examples=20)
settings.load_profile("house")

ROOT = Path(__file__).parent.parent
BACKEND_OF_MARK = {"docker": "docker", "lab": "process"}
# A session's lab outlives the marked test that asked for it; another one must not find it warm by chance.
MARKS_OF_FIXTURE = {"chromium": {"browser"}, "controller": {"docker"}, "domain": {"lab"}, "lab": {"lab"}}
CACHE_VARIABLE = "HYBRIDJOIN_CACHE"
# Told to every process: one with another home would provision a directory of its own, which takes longer than its test.
CACHE = os.environ.get(CACHE_VARIABLE) or str(platformdirs.user_cache_path("hybridjoin"))
NO_CACHE = os.devnull + "/a-test-that-starts-a-lab-carries-the-mark-lab-or-docker"


@pytest.fixture(autouse=True)
def _nothing_known() -> None:
    """Let no test hide what another one took for a secret."""
    VAULT.forget()


def pytest_configure() -> None:
    """Undo the deafness of `nohup` and of a shell's background jobs: what the tests start would inherit it.

    A signal that has a handler here is back at its default in a child; one that is ignored stays ignored.
    """
    for number, handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, lambda *_: None)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage among seventeen thousand tests, while they are collected and ever after: they all stay."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@cache
def backends() -> frozenset[str]:
    """Return the lab backends that can run here, as the bootstrap script sees them."""
    asked = subprocess.run(
        [ROOT / "requirements" / "bootstrap", "backends"], capture_output=True, text=True, check=True, timeout=30
    )
    return frozenset(asked.stdout.split())


def required() -> frozenset[str]:
    """Return the backends that HYBRIDJOIN_REQUIRE_BACKENDS demands: there, a missing one fails instead of skipping."""
    return frozenset(os.environ.get("HYBRIDJOIN_REQUIRE_BACKENDS", "").split())


def missing(item: pytest.Item) -> Iterator[str]:
    """Yield the backends that a test needs and this machine lacks."""
    for mark, backend in BACKEND_OF_MARK.items():
        if item.get_closest_marker(mark) and backend not in backends():
            yield backend


def unmarked(item: pytest.Item) -> Iterator[str]:
    """Yield what a test asks for and carries no mark of."""
    for fixture in getattr(item, "fixturenames", ()):
        wanted = MARKS_OF_FIXTURE.get(fixture, set())
        if wanted and not any(item.get_closest_marker(mark) for mark in wanted):
            yield f"the fixture {fixture} needs the mark {' or '.join(sorted(wanted))}"


def forbid_labs(item: pytest.Item) -> None:
    """Take the golden states away from a test without a mark, and from every process it starts: no lab comes up."""
    marked = any(item.get_closest_marker(mark) for mark in BACKEND_OF_MARK)
    os.environ[CACHE_VARIABLE] = CACHE if marked else NO_CACHE


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for reason in unmarked(item):
        pytest.fail(reason, pytrace=False)
    forbid_labs(item)
    for backend in missing(item):
        if backend in required():
            pytest.fail(f"HYBRIDJOIN_REQUIRE_BACKENDS asks for the {backend} backend: it is not there", pytrace=False)
        pytest.skip(f"the {backend} backend is not there")
