"""Bends of the forest's one service connection point, written with the values of before in a file first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from hybridjoin.errors import Mistake, UsageError
from hybridjoin.lab.dial.admin import Admin
from hybridjoin.lab.dial.bench import Bench
from hybridjoin.lab.dial.services import Options
from hybridjoin.lab.domain import Domain
from hybridjoin.protocol.scp import SCP_RDN

UNDO_FILE: Final = "dial-undo.json"
_SOMEBODY_ELSE: Final = "azureADName:fabrikam.example", "azureADId:0d9b4f1c-7a52-4e6f-8c13-2b95d7e08f64"


def missing(bench: Bench, _: Options) -> None:
    """Delete the object; another one with the same keywords is put back."""
    _remember(bench)
    bench.admin.remove(_dn(bench.domain))


def empty(bench: Bench, _: Options) -> None:
    """Take all keywords away."""
    _remember(bench)
    bench.admin.write(_dn(bench.domain), {"keywords": ()})


def of_two_tenants(bench: Bench, _: Options) -> None:
    """Put the keywords of another tenant beside ours."""
    ours = _remember(bench)
    bench.admin.write(_dn(bench.domain), {"keywords": (*ours, *_SOMEBODY_ELSE)})


def of_another_tenant(bench: Bench, _: Options) -> None:
    """Name another tenant alone."""
    _remember(bench)
    bench.admin.write(_dn(bench.domain), {"keywords": _SOMEBODY_ELSE})


def put_back(admin: Admin, domain: Domain) -> None:
    """Undo what a process wrote, here or before it was killed; call it with the lab to oneself."""
    file, dn = _undo_file(domain), _dn(domain)
    if not file.is_file():
        return
    keywords = tuple(json.loads(file.read_text("utf-8")))
    if admin.read(dn, "keywords") is None:
        admin.add(dn, {"objectClass": "serviceConnectionPoint", "keywords": keywords})
    admin.write(dn, {"keywords": keywords})
    file.unlink()


def needs_undoing(state_dir: Path) -> bool:
    """Whether somebody was killed with the forest bent."""
    return (state_dir / UNDO_FILE).is_file()


def _remember(bench: Bench) -> tuple[str, ...]:
    """Keep the keywords in a file, to be put back at the end, and return them."""
    found = bench.admin.read(_dn(bench.domain), "keywords")
    if found is None:
        problem = "the lab's forest has no service connection point that could be bent"
        raise UsageError(Mistake(place="dial", problem=problem, hint="name it in the lab file, or leave the row out"))
    keywords = tuple(value.decode("utf-8") for value in found)
    file = _undo_file(bench.domain)
    draft = file.with_suffix(".draft")
    draft.write_text(json.dumps(keywords), "utf-8")
    draft.replace(file)
    bench.stack.callback(put_back, bench.admin, bench.domain)
    return keywords


def _undo_file(domain: Domain) -> Path:
    return domain.state_dir / UNDO_FILE


def _dn(domain: Domain) -> str:
    return f"{SCP_RDN},{domain.directory.base_dn}"
