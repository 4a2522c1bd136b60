"""No planted secret is found again in any artefact, and none stands where other processes of the machine can look."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

import pytest

from hybridjoin.errors import HarnessError
from hybridjoin.model.vault import VAULT
from tests.attacks import secrets_table
from tests.attacks.secrets_in_files import EVIDENCE, IN_THE_RECORD, UNKNOWN_KEYS, evidence_of, imported
from tests.model.test_hiding import SPELLINGS

PAPER = Path(__file__).parents[2] / "docs" / "hardening.md"
SCENARIOS = Path(__file__).parents[2] / "scenarios" / "joins"
IMPORTED = {f"import{way}: {name}" for way in ("", " --json", " --anonymise") for name in ("screen", "case.yaml")}
SECRET_FILES = ("*.keytab", "*password*", "*.key", "*key.pem")


def test_what_is_planted_is_nowhere_found_again_and_the_paper_has_the_count() -> None:
    rows, artefacts = secrets_table.table()

    assert {row.place: row.found for row in rows if row.found} == {}
    assert len(artefacts) > 20
    planted_at = {*secrets_table.TEXTS, *secrets_table.OCTETS, *EVIDENCE, *IN_THE_RECORD, *UNKNOWN_KEYS}
    assert {row.place for row in rows} == planted_at | {*secrets_table.LABELS}
    assert all(row.planted == row.spellings > 20 for row in rows if row.place not in secrets_table.LABELS)
    assert all(row.planted > 0 for row in rows)
    assert {name.partition(", ")[2] for name in artefacts if ", import" in name} >= IMPORTED
    planted = sum(row.planted for row in rows)
    assert f"| {len(rows)} places by {len(SPELLINGS)} spellings: {planted} planted, 0 found" in PAPER.read_text("utf-8")


@pytest.mark.parametrize("place", [*secrets_table.TEXTS, *secrets_table.OCTETS])
def test_the_search_is_not_blind(place: str) -> None:
    """Where nothing hides what is planted in base64, the search finds it."""
    VAULT.forget()
    secret = os.urandom(secrets_table.SECRET_BYTES)
    names = [name for name, _ in secrets_table.spellings(place)]
    plant = secrets_table.plants_at(place, secret)[names.index("base64")]

    told = vars(plant.answer) if isinstance(plant.answer, HarnessError) else plant.answer
    said = f"{plant.asked!r} {told!r} {plant.answer}"

    assert any(needle in said.encode() for needle in secrets_table.needles(secret))


@pytest.mark.parametrize("place", EVIDENCE)
def test_nor_is_the_search_of_cases(place: str) -> None:
    """What a customer sends holds the secret, and a note of it that nobody knew to be one is in the case."""
    VAULT.forget()
    secret = os.urandom(secrets_table.SECRET_BYTES)
    files = evidence_of(place, secret, secrets_table.written(place, secret))
    sought = tuple(secrets_table.needles(secret))

    assert all(any(needle in body for needle in sought) for body in files.values())
    unknown = dict(imported({"a-note.txt": files["a-note.txt"]}))
    assert any(needle in unknown["import: case.yaml"] for needle in sought)


@dataclass
class Watched:
    """What could be seen of the processes of a run while it ran, and the secrets that its files held."""

    environments: dict[str, bytes] = field(default_factory=dict)
    commands: dict[str, bytes] = field(default_factory=dict)
    cores: dict[str, str] = field(default_factory=dict)
    secrets: set[bytes] = field(default_factory=set)

    def look(self, root: int, folders: tuple[Path, ...]) -> None:
        """Look at every process below one, and at the files of the run that hold secrets."""
        for pid in _below(root):
            try:
                folder = Path(f"/proc/{pid}")
                name = f"{(folder / 'comm').read_text().strip()} {pid}"
                self.environments[name] = (folder / "environ").read_bytes()
                self.commands[name] = (folder / "cmdline").read_bytes()
                limits = (folder / "limits").read_text()
                self.cores[name] = next(line for line in limits.splitlines() if "core file" in line).split()[4]
            except (OSError, StopIteration):
                continue  # gone meanwhile
        for path in (found for folder in folders for found in _files(folder)):
            try:
                body = path.read_bytes().strip()
            except OSError:
                continue
            middle = len(body) // 2
            secret = body if len(body) < 64 else body[middle : middle + 24]
            if len(set(secret)) >= 8:  # zeros stand everywhere
                self.secrets.add(secret)


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder that hold secrets; what goes away meanwhile is passed over."""
    for place, _, names in os.walk(folder):
        yield from (Path(place, name) for name in names if any(fnmatch(name, one) for one in SECRET_FILES))


def _below(root: int) -> set[int]:
    """Return the processes that descend from one, itself included."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


@pytest.mark.lab
def test_no_process_of_a_run_shows_a_secret_or_may_leave_a_core() -> None:
    with tempfile.TemporaryDirectory(prefix="hj-") as state, tempfile.TemporaryDirectory(prefix="hj-") as temporary:
        environment = {**os.environ, "HYBRIDJOIN_STATE": state, "TMPDIR": temporary}
        command = [str(Path(sys.executable).with_name("hybridjoin")), "run", "--lab", "process", "-n", "2"]
        watched = Watched()
        run = subprocess.Popen(
            [*command, "--report-dir", f"{temporary}/reports", str(SCENARIOS)],
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        while run.poll() is None:
            watched.look(run.pid, (Path(state),))
            time.sleep(0.05)

    assert run.returncode == 0
    assert len(watched.environments) > 4, "command, workers, directory, doubles"
    assert any("samba" in name for name in watched.cores)
    assert watched.secrets
    seen = {**{f"environment of {name}": body for name, body in watched.environments.items()},
            **{f"command of {name}": body for name, body in watched.commands.items()}}  # fmt: skip
    assert [(name, len(secret)) for name, body in seen.items() for secret in watched.secrets if secret in body] == []
    late = {name: core for name, core in watched.cores.items() if core != "0"}
    assert late == {}
