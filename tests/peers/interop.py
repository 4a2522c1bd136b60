"""Holds every peer against the harness and every client against every peer; each is a column of the page."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from hybridjoin.lab.external import External
from hybridjoin.lab.lab import Lab
from hybridjoin.model.site import Site
from hybridjoin.scenario.site.site_file import load_site_file
from tests.peers import trials
from tests.peers.catalogue import Client, Peer, PeerMissing
from tests.peers.fetched import brought
from tests.peers.passport.party import PASSPORT, trial
from tests.peers.standing import Ground, Running, standing
from tests.peers.trials import Came, Told, Trial
from tests.peers.visits import REFERENCES, references, visited

REQUIRED = "HYBRIDJOIN_REQUIRE_PEERS"
TRUSTS = ("1.3", "2005")
# What Entra makes of a mistake, and what a document says that tells the same issuer, stands beside the mistake itself.
_REFUSED = frozenset({"TOKEN-01"})
BESIDE: Mapping[str, frozenset[str]] = {
    "name-as-anchor": _REFUSED,
    "other-audience": _REFUSED,
    "other-issuer": _REFUSED | {"FEDMETA-02"},
    "other-wctx": _REFUSED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What came of one peer, or of one caller; `missing` says why there is nothing, where it could not be had."""

    title: str
    trials: tuple[Trial, ...] = ()
    ready_s: float = 0.0
    start_cpu_s: float = 0.0
    missing: str = ""
    required: bool = False
    caller: bool = False

    @property
    def failed(self) -> bool:
        """Whether somebody has to look: a trial failed, or a peer is missing that has to be here."""
        return any(item.came is Came.FAILED for item in self.trials) or (bool(self.missing) and self.required)


def required(name: str, environment: Mapping[str, str]) -> bool:
    """Tell whether a peer has to be had: named in HYBRIDJOIN_REQUIRE_PEERS, which `all` and a CI system fill."""
    named = environment.get(REQUIRED, "").split()
    return name in named or "all" in named or environment.get("CI", "").lower() in {"1", "true"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """A client, and the folder that it was brought into; or why it cannot be had."""

    client: Client
    folder: Path | None
    missing: str = ""

    def at(self, site: Site, *, where: str, trusts: tuple[str, ...]) -> Trial:
        """Let it sign in at a site, if it is here."""
        if self.folder is not None:
            return visited(self.client, self.folder, site, where=where, trusts=trusts)
        came = Came.FAILED if required(self.client.name, os.environ) else Came.SKIPPED
        return Trial(name=f"client {self.client.title}", came=came, words=self.missing)


def guests(clients: Mapping[str, Client]) -> tuple[Guest, ...]:
    """Bring every client that can be had."""
    return tuple(_guest(client) for client in clients.values())


def _guest(client: Client) -> Guest:
    try:
        return Guest(client=client, folder=brought(client))
    except PeerMissing as error:
        return Guest(client=client, folder=None, missing=str(error))


def column(peer: Peer, visitors: tuple[Guest, ...], reports: Path) -> Iterator[Trial | Column]:
    """Try everything with one peer: yield each trial as it ends, and the whole column last."""
    must = required(peer.name, os.environ)
    try:
        folder = brought(peer)
    except PeerMissing as error:
        yield Column(title=peer.title, missing=str(error), required=must)
        return
    done: list[Trial] = []
    with standing(peer, folder) as ground:
        with ground.running() as running:
            ready_s, start_cpu_s = running.ready_s, running.cpu_s()
            good: dict[str, Told] = {}
            for trust in TRUSTS:
                done.append(_join(ground, running, reports, trust, good))
                yield done[-1]
            for more in ((), ("--hostile",)):
                done.append(trials.certify(ground, running, reports / f"certify{len(more)}", *more))
                yield done[-1]
            for guest in (item for item in visitors if item.client.visits(peer)):
                with External(load_site_file(ground.site_file)) as site:
                    done.append(guest.at(site, where=peer.name, trusts=peer.trusts))
                yield done[-1]
        for mistake in peer.mistakes:
            done.append(_mistake(ground, reports, mistake, good))
            yield done[-1]
    yield Column(title=peer.title, trials=tuple(done), ready_s=ready_s, start_cpu_s=start_cpu_s, required=must)


def _join(ground: Ground, running: Running, reports: Path, trust: str, good: dict[str, Told]) -> Trial:
    name = f"join, WS-Trust {trust}"
    if trust not in ground.peer.trusts:
        return Trial(name=name, came=Came.SILENT, words="")
    done = trials.join(ground, running, reports / f"join-{trust}", trust)
    scenario = trials.the_join(done)
    if scenario is not None and scenario.join is not None:
        good[trust] = trials.said_of(scenario.join)
    return done.trial(name, trials.faults_of_a_join(done), "AzureAdJoined : YES, federated")


def _mistake(ground: Ground, reports: Path, mistake: str, good: Mapping[str, Told]) -> Trial:
    """Make one mistake in every version of WS-Trust; it has to be told for exactly its own reason in each."""
    faults: list[str] = []
    values: set[str] = set()
    with ground.running(mistake) as running:
        done = trials.run(ground, running, reports / mistake, mistake)
    scenarios = done.record.scenarios if done.record is not None else ()
    for trust in ground.peer.trusts:
        scenario = next((item for item in scenarios if f"trust={trust}" in item.id), None)
        if scenario is None or scenario.join is None:
            faults.append(f"by {trust}: exit code {done.code}: {done.words}")
            continue
        told = (*trials.unmet(scenario), *trials.faults_of_a_mistake(scenario, good.get(trust, frozenset())))
        faults += [f"by {trust}: {said}" for said in told]
        values.add(trials.named_value(scenario))
    if done.code != 0 and not faults:
        faults.append(f"exit code {done.code}: {done.words}")
    return done.trial(f"mistake {mistake}", faults, " | ".join(sorted(values)))


def passive_column(peer: Peer, reports: Path) -> Iterator[Trial | Column]:
    """Sign a person in by browser at one peer, certify that door, make each mistake; the whole column comes last."""
    title, must = f"{peer.title}, by browser", required(peer.name, os.environ)
    try:
        folder = brought(peer)
    except PeerMissing as error:
        yield Column(title=title, missing=str(error), required=must)
        return
    done: list[Trial] = []
    with standing(peer, folder) as ground:
        with ground.running() as running:
            ready_s, start_cpu_s = running.ready_s, running.cpu_s()
            first = trials.browse(ground, running, reports / "none", "none")
            done.append(first.trial(trials.SIGN_IN, trials.faults_of_a_join(first), "signed in"))
            yield done[-1]
            if peer.tickets:
                by_ticket = trials.browse(ground, running, reports / "by-ticket", "by-ticket")
                done.append(by_ticket.trial(trials.BY_TICKET, trials.faults_of_a_join(by_ticket), "signed in"))
                yield done[-1]
            done.append(trials.certify(ground, running, reports / "certify", "--doors", "browser,bridge"))
            yield done[-1]
        scenario = trials.the_join(first)
        good = trials.said_of(scenario.join) if scenario is not None and scenario.join is not None else frozenset()
        for mistake in peer.mistakes:
            done.append(_mistake_by_browser(ground, reports, mistake, good))
            yield done[-1]
    yield Column(title=title, trials=tuple(done), ready_s=ready_s, start_cpu_s=start_cpu_s, required=must)


def _mistake_by_browser(ground: Ground, reports: Path, mistake: str, good: Told) -> Trial:
    """Make one mistake at the passive door; it has to be told for its own reason."""
    with ground.running(mistake) as running:
        done = trials.browse(ground, running, reports / mistake, mistake)
    faults, scenario = list(trials.faults_of_a_join(done)), trials.the_join(done)
    if scenario is None or scenario.join is None:
        return done.trial(f"mistake {mistake}", faults, "")
    faults += trials.faults_of_a_mistake(scenario, good, beside=BESIDE.get(mistake, frozenset()))
    return done.trial(f"mistake {mistake}", faults, trials.named_value(scenario))


def reference_columns(visitors: tuple[Guest, ...]) -> Iterator[Trial | Column]:
    """Let every client sign in at our own reference identity provider, in each of its shapes."""
    with references() as lab:
        for name, shape in REFERENCES.items():
            done: list[Trial] = []
            for guest in visitors:
                with lab.site(idp=shape.settings, explicit_ports=True) as site:
                    done.append(guest.at(site, where=name, trusts=shape.trusts))
                yield done[-1]
            if not shape.settings.get("faults"):
                done.append(_at_the_party(lab, shape.settings))
                yield done[-1]
            yield Column(title=shape.title, trials=tuple(done))


def _at_the_party(lab: Lab, settings: Mapping[str, object]) -> Trial:
    """Let a relying party judge what a shape of ours answers browsers with, if it can be had."""
    try:
        return trial(brought(PASSPORT), lab, settings)
    except PeerMissing as error:
        came = Came.FAILED if required(PASSPORT.name, os.environ) else Came.SKIPPED
        return Trial(name=f"client {PASSPORT.title}", came=came, words=str(error))


def columns(
    peers: Mapping[str, Peer], clients: Mapping[str, Client], passive: Mapping[str, Peer]
) -> Iterator[Trial | Column]:
    """Try every peer, one at a time: a JVM and a directory are enough for a small machine."""
    visitors = guests(clients)
    with tempfile.TemporaryDirectory(prefix="hj-interop-") as name:
        for peer in peers.values():
            yield from column(peer, visitors, Path(name) / peer.name)
        for peer in passive.values():
            yield from passive_column(peer, Path(name) / f"{peer.name}-by-browser")
    if visitors:
        yield from reference_columns(visitors)
