"""A person's sign-in by ticket against MSAL for Java's, at the same IdP and Entra double, in turn, both of them warm.

Each has a process of its own, which counts its own time and CPU. Both keep their connections and the ticket of the
logon, and begin anew with the user realm: metadata, Negotiate, RequestSecurityToken, grant at v2.0. The JVM is as it
comes, and has signed in often enough before that what is measured is compiled.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from benchmarks.figures import Figure
from benchmarks.sign_in import AZURE_CLI, USER, no_cycle
from hybridjoin.device.adapters.hands import open_hands
from hybridjoin.device.habits import Habits
from hybridjoin.device.signin.run import find_credentials, sign_in_integrated_with
from hybridjoin.errors import LabError
from hybridjoin.lab.lab import Lab
from hybridjoin.model.record import SignInResult
from hybridjoin.model.site import USER_ROLE, DeviceAccount, Site
from tests.peers import java
from tests.peers.catalogue import Visit
from tests.peers.fetched import brought
from tests.peers.msal4j.client import CLIENT, HERE

PAIRS: Final = 60
WARM_UP: Final = 60
GRAPH: Final = "https://graph.microsoft.com/User.Read"
_WARM: Final = HERE / "Warm.java"
_WITHIN_S: Final = 60
_GO, _STOP = "go", "stop"
Cost = tuple[float, float]
"""Seconds and CPU seconds of one sign-in."""


def measure(lab: Lab) -> Iterator[Figure]:
    """Sign the same person in by both, in turn, and compare time and CPU pair by pair."""
    folder = brought(CLIENT)
    java.fetch(folder, _WARM, HERE / CLIENT.lock)
    with lab.site(idp={"profile": "adfs"}, explicit_ports=True) as site:
        pairs = list(_in_turn(replace(site, overheard=tuple, synchronize=no_cycle), folder))
    ours, theirs = zip(*pairs, strict=True)
    rates = tuple(their[0] / own[0] for own, their in pairs)
    effort = tuple(own[1] / their[1] for own, their in pairs)
    for name, costs in {"hybridjoin": ours, "MSAL for Java": theirs}.items():
        yield Figure(name=f"sign-in by ticket, {name}", unit="ms", samples=tuple(1000 * wall for wall, _ in costs))
        yield Figure(name=f"sign-in by ticket, {name}'s CPU", unit="ms", samples=tuple(1000 * cpu for _, cpu in costs))
    yield Figure(name="sign-in by ticket, MSAL for Java's time / ours", unit="x", samples=rates)
    yield Figure(name="sign-in by ticket, our CPU / MSAL for Java's", unit="x", samples=effort, budget=1.0)


def _in_turn(site: Site, folder: Path) -> Iterator[tuple[Cost, Cost]]:
    with ExitStack() as started:
        ours = started.enter_context(_our_own(site))
        theirs = started.enter_context(_a_jvm(site, folder))
        for number in range(WARM_UP + PAIRS):
            pair = ours(), theirs()
            if number >= WARM_UP:
                yield pair


@contextmanager
def _our_own(site: Site) -> Iterator[Callable[[], Cost]]:
    """Start a process of ours that signs in whenever it is asked."""
    context = multiprocessing.get_context("spawn")
    near, far = context.Pipe()
    process = context.Process(target=_serve, args=(site, far), daemon=True)
    process.start()

    def once() -> Cost:
        near.send(_GO)
        if not near.poll(_WITHIN_S):
            raise LabError(f"no sign-in within {_WITHIN_S} s")
        good, wall_s, cpu_s = near.recv()
        if not good:
            raise LabError(f"{USER} was not signed in")
        return wall_s, cpu_s

    try:
        yield once
    finally:
        near.send(_STOP)
        process.join(_WITHIN_S)


def _serve(site: Site, pipe: Connection) -> None:
    """Log on once; sign in each time somebody asks, and say how long it took."""
    credentials, habits = find_credentials(site, USER), Habits()
    account = DeviceAccount(name=credentials.name, role=USER_ROLE, logs_on_as=credentials.name)
    with open_hands(site, account, habits, password=credentials.password) as hands:
        while pipe.recv() == _GO:
            wall, cpu = time.perf_counter(), time.process_time()
            run = sign_in_integrated_with(hands, site, credentials.name, habits)
            good = run.evidence is not None and run.evidence.result is SignInResult.SIGNED_IN
            pipe.send((good, time.perf_counter() - wall, time.process_time() - cpu))


@contextmanager
def _a_jvm(site: Site, brought_to: Path) -> Iterator[Callable[[], Cost]]:
    """Start a JVM that signs in whenever a line comes."""
    with tempfile.TemporaryDirectory(prefix="hj-jvm-") as name:
        visit = _visit(site, Path(name))
        plain = [word for word in java.as_a_computer(brought_to, _WARM, visit) if word not in java.SMALL]
        told = ("Warm", AZURE_CLI, f"{visit.login_url}/organizations/", GRAPH, visit.user)
        environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        with subprocess.Popen(
            [*plain, *told], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        ) as jvm:

            def once() -> Cost:
                print("again", file=jvm.stdin, flush=True)
                line = jvm.stdout.readline().split() if jvm.stdout else []
                if len(line) != 3 or not int(line[2]):
                    raise LabError(f"MSAL for Java did not sign {USER} in: {line}")
                return int(line[0]) / 1e9, int(line[1]) / 1e9

            yield once
            jvm.communicate()


def _visit(site: Site, folder: Path) -> Visit:
    """Tell what a JVM is told: the ticket of the person's logon among it."""
    credentials, cache, config = find_credentials(site, USER), folder / "ccache", site.directory.krb5_config
    (login,) = (item for item in site.connect if (item.host, item.port) == ("login.microsoftonline.com", 443))
    environment = {**os.environ, "KRB5_CONFIG": str(config), "KRB5CCNAME": f"FILE:{cache}"}
    account = site.person(USER)
    if account is None or config is None:
        raise LabError(f"the lab has no {USER}, or no krb5.conf")
    kinit = ["kinit", f"{account.name}@{site.directory.realm}"]
    subprocess.run(
        kinit, input=f"{credentials.password}\n", env=environment, text=True, capture_output=True, check=True
    )
    return Visit(
        folder=folder,
        names={item.host: item.address for item in site.connect},
        authorities=tuple(path for path in (site.entra.ca_file, site.idp.ca_file) if path is not None),
        krb5_config=config,
        ticket_cache=cache,
        login_url=f"https://{login.host}:{login.to_port}",
        trusts=(),
        user=account.user_principal_name,
        person=account,
    )
