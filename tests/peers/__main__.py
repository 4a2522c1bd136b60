"""`python -m tests.peers`: bring a peer up, or hold all of them against the harness (`make interop`)."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Collection, Mapping
from itertools import chain
from pathlib import Path

from hybridjoin.errors import HarnessError
from hybridjoin.lab.places import state_root
from hybridjoin.model.shown import one_line
from tests.peers import page
from tests.peers.called import caller_columns
from tests.peers.callers import callers
from tests.peers.catalogue import Peer, PeerMissing, clients, passive_peers, peers
from tests.peers.fetched import brought
from tests.peers.interop import Column, columns
from tests.peers.standing import standing


def main(arguments: list[str]) -> int:
    """Carry out one command; 1 where a peer was not as it has to be, 3 where the one that is wanted cannot be had."""
    wanted = _read(arguments)
    try:
        return {"up": _up, "down": _down, "interop": _interop}[wanted.command](wanted)
    except PeerMissing as error:
        print(error, file=sys.stderr)
        return 3


def _read(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.peers", description=(__doc__ or "").partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    up = commands.add_parser("up", help="bring one up, print READY and its site file, and stay until `down`")
    up.add_argument("peer", choices=peers())
    up.add_argument("--mistake", default="", help="one of the peer's switches")
    down = commands.add_parser("down", help="end the one that is up")
    down.add_argument("peer", choices=peers())
    interop = commands.add_parser("interop", help="hold them against the harness, and write the page")
    interop.add_argument("peers", nargs="*", help="which peers and callers; all of them where none is named")
    interop.add_argument("--page", type=Path, default=Path("reports/interop"), help="the folder of the page")
    return parser.parse_args(arguments)


def _up(wanted: argparse.Namespace) -> int:
    peer = peers()[wanted.peer]
    if wanted.mistake and wanted.mistake not in peer.mistakes:
        print(f"{peer.name} cannot be wrong in {wanted.mistake}; it can in {', '.join(peer.mistakes)}", file=sys.stderr)
        return 2
    mark = _mark(peer.name)
    # SIGTERM is this command's own end, and takes down what stands on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with standing(peer, brought(peer)) as ground, ground.running(wanted.mistake):
        mark.write_text(str(os.getpid()), "utf-8")
        print(f"READY {ground.site_file}", flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            return 0
        finally:
            mark.unlink(missing_ok=True)
    return 0


def _down(wanted: argparse.Namespace) -> int:
    mark = _mark(wanted.peer)
    if not mark.exists():
        print(f"{wanted.peer} is not up", file=sys.stderr)
        return 2
    os.kill(int(mark.read_text("utf-8")), signal.SIGTERM)
    return 0


def _interop(wanted: argparse.Namespace) -> int:
    """Try everything, tell it as it comes, and write the page; 1 where somebody has to look."""
    known, passive, calling = peers(), passive_peers(), callers()
    every = tuple(dict.fromkeys((*known, *passive, *calling)))
    unknown = sorted(set(wanted.peers) - set(every))
    if unknown:
        print(f"there is no {', '.join(unknown)}; there are {', '.join(every)}", file=sys.stderr)
        return 2
    named = wanted.peers or every
    joined, browsed = _of(named, known), _of(named, passive)
    visiting = columns(joined, clients() if joined else {}, browsed)
    done: list[Column] = []
    for item in chain(visiting, caller_columns({name: calling[name] for name in named if name in calling})):
        if isinstance(item, Column):
            done.append(item)
            print(f"{item.title}: {item.missing or 'done'}", flush=True)
        else:
            print(f"  {item.came:10} {item.name:32} {item.wall_s:5.1f} s  {one_line(item.words)}", flush=True)
    wanted.page.mkdir(parents=True, exist_ok=True)
    for name, draw in {"index.md": page.markdown, "index.html": page.html}.items():
        (wanted.page / name).write_text(draw(done), "utf-8")
    print(f"page: {wanted.page / 'index.html'}")
    return 1 if any(item.failed for item in done) else 0


def _of(names: Collection[str], known: Mapping[str, Peer]) -> dict[str, Peer]:
    return {name: peer for name, peer in known.items() if name in names}


def _mark(name: str) -> Path:
    return state_root() / f"peer-{name}.pid"


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except HarnessError as error:
        print(error, file=sys.stderr)
        sys.exit(3)
