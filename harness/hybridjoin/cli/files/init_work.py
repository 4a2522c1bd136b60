"""What `hybridjoin init` does: files are written all, or none of them, and never over what is there unasked."""

from __future__ import annotations

import errno
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from hybridjoin.cli.exits import mistake
from hybridjoin.cli.files.starters import FOLDER, STARTERS, Starter
from hybridjoin.cli.next_steps import tell_next
from hybridjoin.errors import Mistake, UsageError
from hybridjoin.report.fitting import ListRow
from hybridjoin.report.terminal import console, put_listing
from hybridjoin.scenario.schema import json_schema

if TYPE_CHECKING:
    from hybridjoin.scenario.schema import Kind

_SCHEMAS: Final = Path("schemas")
_LAB_LINE: Final = "# lab: ../contoso.lab.yaml"


def write_starters(kinds: tuple[str, ...], folder: Path, *, force: bool) -> None:
    """Write the files of some kinds, say what was written and what to type next.

    Raises:
        UsageError: a file is there already, or cannot be written; nothing was.
    """
    starters = [starter for kind in kinds for starter in STARTERS[kind]]
    with_lab = "lab" in kinds or (folder / "contoso.lab.yaml").is_file()
    bodies = {folder / item.target: _body(item, with_lab=with_lab) for item in starters}
    there = [path for path in bodies if path.exists() or path.is_symlink()]
    if there and not force:
        hint = "--force writes over it"
        raise UsageError(*(Mistake(place=str(path), problem="is there already", hint=hint) for path in there))
    told = {folder / item.target: item.sentence for item in starters}
    for name, body in _schemas(starters):
        path = folder / name
        if force or not path.exists():
            bodies[path], told[path] = body, "for editors"
    _Writing().all(bodies)
    put_listing(console(), (ListRow(name=f"wrote {path}", sentence=told[path]) for path in bodies))
    tell_next(*_next(kinds, folder))


def _body(starter: Starter, *, with_lab: bool) -> bytes:
    text = (FOLDER / starter.source).read_text("utf-8")
    if starter.schema == "scenario" and with_lab:
        text = text.replace(_LAB_LINE, _LAB_LINE.removeprefix("# "))
    if starter.schema:
        depth = "../" * starter.target.count("/")
        schema = f"{depth}{_SCHEMAS.as_posix()}/{starter.schema}.schema.json"
        text = f"# yaml-language-server: $schema={schema}\n{text}"
    return text.encode()


def _schemas(starters: list[Starter]) -> Iterator[tuple[Path, bytes]]:
    for name in dict.fromkeys(item.schema for item in starters if item.schema):
        schema = json.dumps(json_schema(cast("Kind", name)), indent=1, ensure_ascii=False)
        yield _SCHEMAS / f"{name}.schema.json", f"{schema}\n".encode()


def _next(kinds: tuple[str, ...], folder: Path) -> Iterator[tuple[str, ...]]:
    where = () if folder == Path() else (str(folder),)
    yield ("check", *where)
    if "scenario" in kinds:
        yield ("run", str(folder / "scenarios"))


@dataclass(slots=True)
class _Writing:
    """Writes files whole, and takes everything away again where one of them cannot be written."""

    drafts: dict[Path, Path] = field(default_factory=dict)
    folders: list[Path] = field(default_factory=list)

    def all(self, bodies: Mapping[Path, bytes]) -> None:
        """Write the files.

        Raises:
            UsageError: one cannot be written; none was.
        """
        at = Path()
        try:
            for path, body in bodies.items():
                at = path
                self._draft(path, body)
            for path, draft in self.drafts.items():
                at = path
                os.replace(draft, path)  # noqa: PTH105 - Path.replace would do the same; os.replace says atomic
        except OSError as error:
            self._undo()
            raise mistake(str(at), f"cannot be written: {error.strerror}", "nothing was written") from error

    def _draft(self, path: Path, body: bytes) -> None:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        new = [parent for parent in path.parents if not parent.exists()]
        for parent in reversed(new):
            parent.mkdir()
            self.folders.append(parent)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        self.drafts[path] = draft
        draft.write_bytes(body)

    def _undo(self) -> None:
        for draft in self.drafts.values():
            with suppress(OSError):
                draft.unlink(missing_ok=True)
        for folder in reversed(self.folders):
            with suppress(OSError):
                folder.rmdir()
