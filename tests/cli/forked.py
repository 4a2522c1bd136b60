"""Many command lines from one interpreter: it starts once, and each command is carried out by a child of its own.

As a program, `python forked.py MODULES` reads command lines, a JSON document a line, and answers each document with a
JSON list of what came of them. What an interpreter takes from its surroundings (a locale above all) it takes at its
start; the children inherit it.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hybridjoin.cli import main


@dataclass(frozen=True, slots=True)
class Printed:
    """What one command line left with and printed, and which modules it had loaded in the end."""

    code: int
    out: bytes
    err: bytes
    modules: frozenset[str]


class Resident:
    """An interpreter that stays: whoever asks it often pays for loading the command's modules once.

    Each command line has a process of its own all the same, with its own folder, environment, signals and libraries.
    """

    def __init__(self, *loaded: str, python: Path, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [python, "-P", __file__, *loaded],
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        atexit.register(self.close)

    def run(
        self, *arguments: str | Path, cwd: Path, environment: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """Carry out a command line, as `subprocess.run` would."""
        asked, told = self._process.stdin, self._process.stdout
        assert asked is not None
        assert told is not None
        words = [str(item) for item in arguments]
        asked.write(json.dumps({"lines": [words], "cwd": str(cwd), "environment": dict(environment)}).encode() + b"\n")
        asked.flush()
        answer = told.readline()
        assert answer, f"the interpreter ended with {self._process.wait()} at {words}"
        printed = _printed(json.loads(answer)[0])
        return subprocess.CompletedProcess(
            words, printed.code, printed.out.decode("utf-8"), printed.err.decode("utf-8")
        )

    def close(self) -> None:
        """Let the interpreter go."""
        self._process.communicate(timeout=30)


def carry_out(
    command_lines: Iterable[tuple[str, ...]],
    *,
    cwd: Path,
    environment: Mapping[str, str] | None = None,
    loaded: tuple[str, ...] = (),
) -> dict[tuple[str, ...], Printed]:
    """Start one interpreter that knows nothing but `loaded`, and have it carry out each command line apart."""
    wanted = list(command_lines)
    done = subprocess.run(
        [sys.executable, __file__, *loaded],
        input=json.dumps({"lines": wanted}).encode(),
        cwd=cwd,
        env=environment,
        capture_output=True,
        check=True,
        timeout=240,
    )
    rows = json.loads(done.stdout)
    return {arguments: _printed(row) for arguments, row in zip(wanted, rows, strict=True)}


def _printed(row: dict[str, Any]) -> Printed:
    return Printed(
        code=row["code"],
        out=bytes.fromhex(row["out"]),
        err=bytes.fromhex(row["err"]),
        modules=frozenset(row["modules"]),
    )


def _child(arguments: list[str], out: int, err: int, note: Path) -> None:
    """Be the command: its streams are files, its end is this process' end."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    sys.argv = ["hybridjoin", *(os.fsdecode(item.encode()) for item in arguments)]  # as an interpreter reads its own
    try:
        main()
    except SystemExit as left:
        sys.stdout.flush()
        sys.stderr.flush()
        loaded = sorted({name.partition(".")[0] for name in sys.modules})
        note.write_text(json.dumps([left.code, loaded]), "ascii")
        os._exit(0)
    os._exit(1)


def _carried_out(arguments: list[str], cwd: str | None, environment: dict[str, str] | None) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
            pid = os.fork()
            if pid == 0:
                if environment is not None:
                    os.environ.clear()
                    os.environ.update(environment)
                os.chdir(cwd or ".")
                _child(arguments, out.fileno(), err.fileno(), folder / "note")
            _, status = os.waitpid(pid, 0)
        printed = {stream: (folder / stream).read_bytes() for stream in ("out", "err")}
        if status != 0:
            sys.exit(f"{arguments} ended with {status}: {printed['err'].decode(errors='replace')}")
        code, modules = json.loads((folder / "note").read_text("ascii"))
    return {"code": code, "modules": modules} | {stream: octets.hex() for stream, octets in printed.items()}


if __name__ == "__main__":
    for module in sys.argv[1:]:
        importlib.import_module(module)
    for line in sys.stdin:
        asked = json.loads(line)
        rows = [_carried_out(item, asked.get("cwd"), asked.get("environment")) for item in asked["lines"]]
        sys.stdout.write(json.dumps(rows) + "\n")
        sys.stdout.flush()
