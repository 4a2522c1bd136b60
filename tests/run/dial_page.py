"""docs/dial.md, written from the table: `.venv/bin/python -m tests.run.dial_page > docs/dial.md`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hybridjoin.lab.backend import BACKENDS
from hybridjoin.model.dial.row import BendPlace, DialRow
from hybridjoin.model.dial.table import DIAL
from hybridjoin.scenario.load import load_scenarios

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "dial.md"
COLLECTIONS = tuple(ROOT / "scenarios" / name for name in ("dial", "guides", "managed", "seamless"))

_HEAD = """\
# The dial

What a scenario may bend of a lab's *real* directory, KDC, network and certificate: `dial: [NAME]`, or
`dial: [{NAME: {OPTION: VALUE}}]`. `hybridjoin list dial WORD` tells a row with its options, the remedy and the sources.
This page is written from that table (`python -m tests.run.dial_page`), and a test holds it there.

Each row has scenarios, which `make scenarios` runs on every backend that is there. They expect what the row predicts of
Windows: phase, code, and the Kerberos error by its name, at the device or in the identity provider's own log. A row
without a phase is one that a join does not mind. How sure a prediction is: d documented, o observed, a assumed.
"""
_UNDOING = """
## Where a bend is carried out, and what undoes it
"""
_STANDING_FOR = """
## What stands for something else

- `srv-record-missing`: a lab has no DNS that a record could be taken out of. Its names are led to their addresses by
  the device's own table, and libkrb5 asks the machine's resolver alone, whose settings no scenario may change. So the
  device's Kerberos configuration names no KDC; libkrb5 says the same of it as of a realm that has no records in DNS.
- `loss`: TCP hides what is lost; what it costs, the time until it is sent again, is waited for.
- `spn-duplicate`, `service-without-aes-keys`: written into Samba's database behind its back, since Samba lets nobody do
  it. The first is what replication leaves after a conflict, the second what a password older than AES keys leaves.
"""
_NEW_ROW = """
## A row more

1. The row: `harness/hybridjoin/model/dial/accounts.py` or `surroundings.py`; what Windows shows of it is in `shown.py`,
   with how sure that is and why. An inference says that it is one. A Kerberos error that comes up needs its words in
   `device/adapters/krb5_errors.py` and its article in `knowledge/kerberos.py`.
2. The function that carries it out, in `harness/hybridjoin/lab/dial/`, and its row in `bends.py` there. It adds to the
   bench what is the scenario's own (an account by `services.service` or `people.computer`, a proxy by `network`), and
   puts what undoes it on `bench.stack` in the same breath. What the forest has only once is `BendPlace.FOREST`, and is
   kept in a file before it is written.
3. The cause in `harness/hybridjoin/knowledge/dial.py`: what brings it about in the field, what proves and mends it.
4. A scenario in `scenarios/dial/` or `scenarios/guides/`, which expects phase, code and error as the row predicts them.
5. `.venv/bin/python -m pytest -q tests/run/test_dial.py tests/lab/test_dial.py` names what is missing;
   `.venv/bin/hybridjoin run scenarios/dial -k NAME --lab process`, and `--lab docker`, show it.
"""


def page() -> str:
    """Return the whole page."""
    return "\n".join((_HEAD, *_rows(), _UNDOING, *_places(), _STANDING_FOR, _NEW_ROW)).rstrip() + "\n"


def _rows() -> Iterator[str]:
    backends = sorted(BACKENDS)
    shown: dict[str, str] = {}
    for scenario in load_scenarios(COLLECTIONS):
        for bend in scenario.dial:
            shown.setdefault(bend.name, Path(scenario.file).name.removesuffix(".scenario.yaml"))
    for area in dict.fromkeys(row.area for row in DIAL.values()):
        yield f"## {area[0].upper()}{area[1:]}\n"
        yield f"| row | what is bent | error | Windows | scenario | {' | '.join(backends)} |"
        yield f"|---|---|---|---|---|{'---|' * len(backends)}"
        for row in DIAL.values():
            if row.area == area:
                there = f"`{shown[row.name]}`" if row.name in shown else ""
                ticks = " | ".join("✔" if there else "" for _ in backends)
                yield f"| `{row.name}` | {row.sentence} | {_code(row.error)} | {_windows(row)} | {there} | {ticks} |"
        yield ""


def _windows(row: DialRow) -> str:
    parts = [row.shown.phase.value if row.shown.phase else "", _code(row.shown.code), row.shown.event]
    return f"{' '.join(part for part in parts if part) or 'nothing'} ({row.shown.certainty.value[0]})"


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _places() -> Iterator[str]:
    for place in BendPlace:
        rows = [row for row in DIAL.values() if row.place is place]
        names = ", ".join(f"`{row.name}`" for row in rows)
        yield f"- {place.value}: {rows[0].undone}. {names}."


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - the page itself
