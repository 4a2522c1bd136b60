"""Every folder of a peer is whole: what it needs lies there, and each of its mistakes is expected for a reason."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hybridjoin.checks.rules import BOOK
from hybridjoin.model.flows import FLOWS
from hybridjoin.scenario.lab.load import load_lab_file
from hybridjoin.scenario.load import load_file
from hybridjoin.scenario.scenario import Expected
from hybridjoin.scenario.site.deviation_file import Deviation, load_deviations
from tests.peers.callers import Caller, callers
from tests.peers.catalogue import (
    BROWSER_MISTAKES,
    MISTAKES,
    Client,
    Peer,
    clients,
    passive_peers,
    peers,
    scenario_of,
)
from tests.peers.declared import NO, NOT_ASKED, across, callers_table, table
from tests.peers.fetched import digests
from tests.peers.passport.party import PASSPORT
from tests.peers.visits import REFERENCES

PEERS, PASSIVE = peers(), passive_peers()
PAPER = (Path(__file__).parents[2] / "docs" / "strangers.md").read_text("utf-8")
README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
OWNERS = {"peer", "glue"}
DIGEST = re.compile(r"[0-9a-f]{64}|h1:[A-Za-z0-9+/]{43}=|sha512-[A-Za-z0-9+/]{86}==")
GLUE = {".cjs", ".go", ".java", ".php", ".py"}
each = pytest.mark.parametrize("peer", PEERS.values(), ids=PEERS)
by_browser = pytest.mark.parametrize("peer", PASSIVE.values(), ids=PASSIVE)
EVERY = (*PEERS.values(), *PASSIVE.values())
either = pytest.mark.parametrize("peer", EVERY, ids=[f"{peer.name} {peer.stem}".strip() for peer in EVERY])


def deviations(peer: Peer) -> tuple[Deviation, ...]:
    return load_deviations(peer.file("deviations"), [item.id for item in BOOK])


def test_there_are_peers_and_each_is_named_as_its_folder() -> None:
    assert PEERS.keys() >= {"go", "metro", "node", "simplesamlphp"}
    assert {name: peer.name for name, peer in PEERS.items()} == {name: name for name in PEERS}


@each
def test_a_peer_has_its_lab_its_site_and_a_lock_with_digests(peer: Peer) -> None:
    assert peer.host in load_lab_file(peer.file("lab")).hosts
    assert f"https://{peer.host}/" in peer.file("site").read_text("utf-8")
    assert peer.host in (peer.folder / "mex.wsdl").read_text("utf-8")
    lock = digests(peer.folder / peer.lock)
    assert lock
    assert {digest for digest in lock.values() if not DIGEST.fullmatch(digest)} == set()
    assert [name for name in lock if not re.search(r"\d", name)] == [], "each file's name tells its version"


@pytest.mark.parametrize("client", clients().values(), ids=clients())
def test_a_client_has_a_lock_with_digests_and_knows_where_it_is_refused(client: Client) -> None:
    lock = digests(client.folder / client.lock)

    assert lock
    assert {digest for digest in lock.values() if not DIGEST.fullmatch(digest)} == set()
    assert client.refused_at.keys() <= PEERS.keys() | REFERENCES.keys()
    assert all(client.refused_at.values())


@pytest.mark.parametrize("caller", callers().values(), ids=callers())
def test_a_caller_has_a_lock_with_digests_and_comes_through_doors_of_ours(caller: Caller) -> None:
    lock = digests(caller.folder / caller.lock) if caller.lock else {}

    assert caller.doors
    assert caller.doors.keys() <= {flow.name for flow in FLOWS}
    assert caller.refused_at.keys() <= caller.doors.keys()
    assert all((*caller.doors.values(), *caller.refused_at.values()))
    assert lock or caller.name == "curl", "the machine's own; whatever else is brought has a lock"
    assert {digest for digest in lock.values() if not DIGEST.fullmatch(digest)} == set()


def test_who_has_to_call_does() -> None:
    assert callers().keys() >= {
        "adal",
        "authlib",
        "curl",
        "mod_auth_openidc",
        "msal",
        "msal4j",
        "oauth2_proxy",
        "roadlib",
        "roadtx",
    }


@each
def test_a_peer_makes_five_mistakes_or_more_and_each_is_a_switch_of_its_glue(peer: Peer) -> None:
    folders = (peer.folder, PEERS[peer.glue].folder) if peer.glue else (peer.folder,)
    glue = "".join(path.read_text("utf-8") for one in folders for path in one.iterdir() if path.suffix in GLUE)

    assert len(set(peer.mistakes)) == len(peer.mistakes) >= 5
    assert [name for name in peer.mistakes if glue.count(f'"{name}"') + glue.count(f"'{name}'") < 2] == []


def test_the_relying_party_is_brought_by_a_lock_with_digests() -> None:
    lock = digests(PASSPORT.folder / PASSPORT.lock)

    assert "passport-wsfed-saml2@4.6.1" in lock
    assert {digest for digest in lock.values() if not DIGEST.fullmatch(digest)} == set()


@by_browser
def test_a_peer_at_the_passive_door_has_its_site_its_lock_and_switches(peer: Peer) -> None:
    lock = digests(peer.folder / peer.lock)
    glue = "".join(path.read_text("utf-8") for path in peer.folder.rglob("*") if path.suffix in GLUE)

    assert peer.host in load_lab_file(peer.file("lab")).hosts
    assert f"passive_sign_in_uri: https://{peer.host}/" in peer.file("site").read_text("utf-8")
    assert lock
    assert {digest for digest in lock.values() if not DIGEST.fullmatch(digest)} == set()
    assert len(peer.mistakes) >= 3
    assert [name for name in peer.mistakes if glue.count(f'"{name}"') + glue.count(f"'{name}'") < 2] == []


def test_every_scenario_of_a_browsers_mistake_is_made_by_some_peer_and_names_its_requirement() -> None:
    made = {name for peer in PASSIVE.values() for name in peer.mistakes}
    files = {path.name.partition(".")[0]: path for path in BROWSER_MISTAKES.glob("*.scenario.yaml")}

    assert files.keys() == made | {"none", "by-ticket"}
    for name in made:
        (scenario,) = load_file(scenario_of(name, of=BROWSER_MISTAKES))
        assert scenario.flow == "sign-in-browser"
        assert len([one for one in scenario.expectations if one.about is Expected.VERDICT]) == 1


def test_every_scenario_of_a_mistake_is_made_by_some_peer() -> None:
    made = {name for peer in PEERS.values() for name in peer.mistakes}

    assert {path.name.partition(".")[0] for path in MISTAKES.glob("*.scenario.yaml")} == made | {"none"}


@pytest.mark.parametrize("mistake", sorted({name for peer in PEERS.values() for name in peer.mistakes}))
def test_a_mistake_names_the_requirement_that_tells_of_it_in_both_versions(mistake: str) -> None:
    scenarios = load_file(scenario_of(mistake))

    assert {item.device.trust for item in scenarios} == {"1.3", "2005"}
    for item in scenarios:
        assert {one.target for one in item.expectations if one.about is Expected.VERDICT} - {"TOKEN-01"}


@either
def test_every_deviation_has_an_owner_a_reason_and_a_day(peer: Peer) -> None:
    rows = deviations(peer)

    assert {row.owner for row in rows} <= OWNERS
    assert [row.requirement for row in rows if len(row.reason.split()) < 4] == []
    assert [row.requirement for row in rows if row.expires <= datetime.now(UTC).date()] == []
    assert len({row.requirement for row in rows}) == len(rows)


@either
def test_what_a_peer_itself_breaks_is_argued_on_the_page_of_strangers(peer: Peer) -> None:
    told = set(re.findall(rf"^\| {re.escape(product(peer))} \| ([A-Z]+-\d+) \|", PAPER, re.MULTILINE))

    assert told
    assert {row.requirement for row in deviations(peer) if row.owner == "peer"} <= told | by_choice(peer)


def test_the_readme_tells_who_gets_a_token_where() -> None:
    assert table() in README, "python -m tests.peers.declared prints the table"
    assert callers_table() in README, "python -m tests.peers.declared prints the table"


def test_a_refusal_that_is_foreseen_stands_in_its_cell() -> None:
    rows = {cells[0]: cells[1:] for line in table().splitlines() if (cells := line.strip("| ").split(" | "))}
    named = [one.name for one in across()]

    for client in clients().values():
        told = dict(zip(named, rows[client.title], strict=True))
        assert {name for name, cell in told.items() if cell.startswith(NO)} == client.refused_at.keys() & set(named)
        not_asked = {name for name, cell in told.items() if cell == NOT_ASKED}
        for_browsers_alone = PASSIVE.keys() - PEERS.keys()
        assert not_asked == {name for name, peer in PEERS.items() if not client.visits(peer)} | for_browsers_alone


def product(peer: Peer) -> str:
    """How the page calls it."""
    return peer.title.removeprefix("Eclipse ").replace(" STS", "")


def by_choice(peer: Peer) -> set[str]:
    """What the page tells of it in words instead of in a row."""
    paragraphs = [part for part in PAPER.split("\n\n") if part.startswith(f"Of {product(peer)}")]
    return {name for part in paragraphs for name in re.findall(r"[A-Z]+-\d\d", part)}
