"""A sign-in by name and password against MSAL for Python's, at the same IdP and Entra double, in turn.

Each client has a process of its own, so that the CPU which is counted is the client's and not the servers'. Each
sign-in begins with nothing: a new application and a new session for MSAL, which would keep metadata for a day, and new
hands for ours, which reads the assertion's signature and masks what it keeps besides.
"""

from __future__ import annotations

import multiprocessing
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import Any, Final

import msal
import requests
from requests.adapters import HTTPAdapter

from benchmarks.figures import Figure
from hybridjoin.device.signin.run import find_credentials, sign_in_at
from hybridjoin.lab.lab import Lab
from hybridjoin.model.record import SignInResult
from hybridjoin.model.site import Connect, Site

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


def no_cycle() -> None:
    """Leave Entra Connect alone: what a site does by itself stays in the process that the lab is in."""


CLIENTS: Final[dict[str, SignIn]] = {"hybridjoin": ours, "MSAL": theirs}


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
