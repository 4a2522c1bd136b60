"""A sign-in by name and password against MSAL for Python's, at the same IdP and Entra double, in turn.

Each client has a process of its own, so that the CPU which is counted is the client's and not the servers'. Each
sign-in begins with nothing that a server has said: a new application and a new session for MSAL, which would keep
metadata for a day, and new hands for ours; no connection, TLS session, document or token of an earlier one is used.
What is the process' own may be kept by either: MSAL's session reads the authorities' file with each connection, as
requests does, and our TLS context is made once for each set of such files. Ours makes four exchanges, verifies the
assertion's signature by two libraries, reads all of the metadata, and masks and searches whatever it keeps. MSAL makes
five exchanges, for it looks up the authority's configuration.

The floor is what Python's own `http.client` takes to say the same octets as ours over two connections, with such a
context, and to read the answers: it understands, checks and keeps nothing.
"""

from __future__ import annotations

import http.client
import multiprocessing
import socket
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from typing import Any, Final, cast

import msal
import requests
from requests.adapters import HTTPAdapter

from benchmarks.figures import Figure
from hybridjoin.device.adapters.dialing import address_book, tls_context
from hybridjoin.device.driver import Hands, Sent
from hybridjoin.device.habits import Habits
from hybridjoin.device.needs import Manner
from hybridjoin.device.signin.run import find_credentials, open_program_hands, sign_in_at, sign_in_with
from hybridjoin.lab.lab import Lab
from hybridjoin.model.exchange import HttpRequest
from hybridjoin.model.record import SignInResult
from hybridjoin.model.site import Connect, Site
from hybridjoin.protocol.address import take_apart

PAIRS: Final = 40
WARM_UP: Final = 3
USER: Final = "carol"
AZURE_CLI: Final = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
_WITHIN_S: Final = 60
_GO, _STOP = "go", "stop"
SignIn = Callable[[Site], bool]


class Routed(HTTPAdapter):
    """Dials where the lab says, with name and certificate check of the host that was meant."""

    def __init__(self, routes: tuple[Connect, ...]) -> None:
        super().__init__()
        self._routes = {item.host: item for item in routes if item.port == 443}

    def build_connection_pool_key_attributes(self, request: Any, *rest: Any) -> Any:  # noqa: ANN401 - requests' own
        """Lead a name to its route."""
        host, pool = super().build_connection_pool_key_attributes(request, *rest)
        route = self._routes[host["host"]]
        request.headers["Host"] = host["host"]
        return (
            {**host, "host": route.address, "port": route.to_port},
            {**pool, "server_hostname": host["host"], "assert_hostname": host["host"]},
        )


def ours(site: Site) -> bool:
    """Sign in as hybridjoin does, without any judgement."""
    run = sign_in_at(site, find_credentials(site, USER))
    return run.evidence is not None and run.evidence.result is SignInResult.SIGNED_IN


def theirs(site: Site) -> bool:
    """Sign in as MSAL does."""
    credentials = find_credentials(site, USER)
    with requests.Session() as session, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of the password flow, which is what is measured
        session.verify = str(site.entra.ca_file)
        session.trust_env = False
        session.mount("https://", Routed(site.connect))
        application = msal.PublicClientApplication(
            AZURE_CLI,
            authority=f"https://login.microsoftonline.com/{site.entra.tenant_id}",
            instance_discovery=False,
            http_client=session,
        )
        scopes = ["https://graph.microsoft.com/User.Read"]
        answer = application.acquire_token_by_username_password(credentials.name, credentials.password, scopes)
    return "access_token" in answer


@dataclass(slots=True)
class NotingHands:
    """A program's hands that note what goes out, with every header."""

    hands: Hands
    said: list[HttpRequest] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the hands have
        return getattr(self.hands, name)

    def send(self, request: HttpRequest, *, as_computer: bool, manner: Manner = Manner.WHEN_ASKED) -> Sent:
        """Make an HTTP exchange."""
        sent = self.hands.send(request, as_computer=as_computer, manner=manner)
        self.said.append(sent.request)
        return sent


_SAID: Final[list[HttpRequest]] = []


def nothing_else(site: Site) -> bool:
    """Say what ours said at the first time again, and read the answers."""
    if not _SAID:
        with open_program_hands(site, Habits()) as hands:
            noting = NotingHands(hands)
            sign_in_with(cast("Hands", noting), site, find_credentials(site, USER), Habits())
            _SAID.extend(noting.said)
    context = tls_context((site.directory.ca_file, site.idp.ca_file, site.entra.ca_file))
    book, good = address_book(site.connect), True
    with ExitStack() as opened:
        connections: dict[tuple[str, int], http.client.HTTPSConnection] = {}
        for request in _SAID:
            parts = take_apart(request.url)
            place = (parts.hostname or "", parts.port or 443)
            if place not in connections:
                connection = http.client.HTTPSConnection(*place, context=context)
                connections[place] = opened.enter_context(closing(connection))
                line = socket.create_connection(book[place])
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connections[place].sock = context.wrap_socket(line, server_hostname=place[0])
            connection = connections[place]
            connection.putrequest(
                request.method, parts._replace(scheme="", netloc="").geturl(), skip_accept_encoding=True
            )
            for name, value in request.headers:
                connection.putheader(name, value)
            connection.endheaders(request.body or None)
            answer = connection.getresponse()
            good = bool(answer.read()) and answer.status == 200 and good
    return good


def no_cycle() -> None:
    """Leave Entra Connect alone: what a site does by itself stays in the process that the lab is in."""


CLIENTS: Final[dict[str, SignIn]] = {"hybridjoin": ours, "MSAL": theirs, "http.client": nothing_else}


def measure(lab: Lab) -> Iterator[Figure]:
    """Sign the same person in by both, in turn, and compare time and CPU pair by pair."""
    with lab.site(idp={"profile": "adfs"}) as site:
        samples = _in_turn(replace(site, overheard=tuple, synchronize=no_cycle))
    (our_s, our_cpu), (their_s, their_cpu) = samples["hybridjoin"], samples["MSAL"]
    rates = tuple(their / own for own, their in zip(our_s, their_s, strict=True))
    effort = tuple(own / their for own, their in zip(our_cpu, their_cpu, strict=True))
    yield Figure(name="sign-in by password, hybridjoin", unit="ms", samples=_ms(our_s))
    yield Figure(name="sign-in by password, MSAL for Python", unit="ms", samples=_ms(their_s))
    yield Figure(name="sign-in by password, hybridjoin's own CPU", unit="ms", samples=_ms(our_cpu))
    yield Figure(name="sign-in by password, MSAL's own CPU", unit="ms", samples=_ms(their_cpu))
    floor = _ms(samples["http.client"][1])
    yield Figure(name="  the floor: http.client's CPU for the same exchanges", unit="ms", samples=floor)
    yield Figure(name="sign-in by password, MSAL's time / ours, pair by pair", unit="x", samples=rates)
    yield Figure(name="sign-in by password, our CPU / MSAL's", unit="x", samples=effort, budget=1.0)


def _ms(seconds: list[float]) -> tuple[float, ...]:
    return tuple(1000 * item for item in seconds)


def _in_turn(site: Site) -> dict[str, tuple[list[float], list[float]]]:
    """Return seconds and CPU seconds of each client's sign-ins."""
    context = multiprocessing.get_context("spawn")
    samples: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in CLIENTS}
    workers = {}
    for name in CLIENTS:
        near, far = context.Pipe()
        process = context.Process(target=_serve, args=(name, site, far), daemon=True)
        process.start()
        workers[name] = (near, process)
    try:
        for number in range(PAIRS + WARM_UP):
            for name, (pipe, _) in workers.items():
                pipe.send(_GO)
                if not pipe.poll(_WITHIN_S):
                    raise SystemExit(f"{name} did not sign in within {_WITHIN_S} s")
                good, wall_s, cpu_s = pipe.recv()
                if not good:
                    raise SystemExit(f"{name} did not sign {USER} in")
                if number >= WARM_UP:
                    samples[name][0].append(wall_s)
                    samples[name][1].append(cpu_s)
    finally:
        for pipe, process in workers.values():
            pipe.send(_STOP)
            process.join(_WITHIN_S)
    return samples


def _serve(name: str, site: Site, pipe: Connection) -> None:
    """Sign in each time somebody asks, and say how long it took."""
    while pipe.recv() == _GO:
        wall, cpu = time.perf_counter(), time.process_time()
        good = CLIENTS[name](site)
        pipe.send((good, time.perf_counter() - wall, time.process_time() - cpu))
