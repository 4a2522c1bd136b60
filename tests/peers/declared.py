"""What peers and clients declare of themselves, as the README's table: `make interop` fails where one is not so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hybridjoin.checks.rules import BOOK
from hybridjoin.scenario.site.deviation_file import load_deviations
from tests.peers.callers import Caller, callers, doors
from tests.peers.catalogue import Client, Peer, clients, passive_peers, peers
from tests.peers.passport.party import PASSPORT
from tests.peers.visits import REFERENCES

SHAPES = ("reference-adfs", "reference-pingone")
"""Our own, without a fault."""
TRUSTS = {"1.3": "hybridjoin, WS-Trust 1.3", "2005": "hybridjoin, February 2005"}
BY_BROWSER, BY_TICKET = "hybridjoin, by browser", "hybridjoin, by browser with a ticket"
YES, NO, NOT_ASKED = "✓", "✕", "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Across:
    """One column: an identity provider; `peer` is what computers join by, `passive` what browsers come to.

    Neither is there where it is our own.
    """

    name: str
    title: str
    trusts: tuple[str, ...]
    peer: Peer | None = None
    passive: Peer | None = None

    @property
    def sides(self) -> tuple[Peer, ...]:
        """What is tried of it."""
        return tuple(side for side in (self.peer, self.passive) if side is not None)


def across() -> tuple[Across, ...]:
    """Return the columns: our own shapes, then every peer."""
    own = tuple(
        Across(name=name, title=REFERENCES[name].title.partition(", ")[2] or name, trusts=REFERENCES[name].trusts)
        for name in SHAPES
    )
    joined, passive = peers(), passive_peers()
    others = (
        Across(
            name=name,
            title=(joined.get(name) or passive[name]).title,
            trusts=joined[name].trusts if name in joined else (),
            peer=joined.get(name),
            passive=passive.get(name),
        )
        for name in sorted(joined.keys() | passive.keys())
    )
    return (*own, *others)


def table() -> str:
    """Draw the table in Markdown: clients down, identity providers across, and what is known of each."""
    columns = across()
    head = ["", *(f"ours, {one.title}" if not one.sides else one.title for one in columns)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *_rows(columns)))


def callers_table() -> str:
    """Draw the table of callers in Markdown: clients down, doors across."""
    across_it = doors()
    head = ["", *(f"`{door}`" for door in across_it)]
    rows = ([caller.title, *(_comes_through(caller, door) for door in across_it)] for caller in callers().values())
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))


def _comes_through(caller: Caller, door: str) -> str:
    refused = caller.refused_at.get(door)
    return f"{NO} {refused}" if refused else YES if door in caller.doors else NOT_ASKED


def _rows(columns: Sequence[Across]) -> Iterator[list[str]]:
    for trust, title in TRUSTS.items():
        yield [title, *(YES if trust in one.trusts else NOT_ASKED for one in columns)]
    yield [BY_BROWSER, *(NOT_ASKED if one.sides and one.passive is None else YES for one in columns)]
    tickets = ((one.passive is not None and one.passive.tickets) or not one.sides for one in columns)
    yield [BY_TICKET, *(YES if taken else NOT_ASKED for taken in tickets)]
    for client in clients().values():
        yield [client.title, *(_signs_in(client, one) for one in columns)]
    yield [PASSPORT.title, *(NOT_ASKED if one.sides else YES for one in columns)]
    told = (str(sum(len(side.mistakes) for side in one.sides)) if one.sides else NOT_ASKED for one in columns)
    yield ["mistakes told for their own reason", *told]
    for owner, title in {"peer": "deviations of its own", "glue": "deviations of what we wrote around it"}.items():
        yield [title, *(_deviations(one, owner) for one in columns)]


def _signs_in(client: Client, one: Across) -> str:
    if one.sides and not (one.peer is not None and client.visits(one.peer)):
        return NOT_ASKED
    refused = client.refused_at.get(one.name)
    return f"{NO} {refused}" if refused else YES


def _deviations(one: Across, owner: str) -> str:
    if not one.sides:
        return NOT_ASKED
    known = [item.id for item in BOOK]
    rows = (row for side in one.sides for row in load_deviations(side.file("deviations"), known))
    return str(sum(row.owner == owner for row in rows))


if __name__ == "__main__":
    print(f"{table()}\n\n{callers_table()}")
