"""What one join costs the harness itself, split by step; RSA key generation is counted apart."""

from __future__ import annotations

import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from benchmarks.figures import Figure
from hybridjoin import checks
from hybridjoin.checks.claims import claim_rows
from hybridjoin.device.adapters.hands import open_hands
from hybridjoin.device.driver import Changed, Hands, Sent
from hybridjoin.device.habits import Habits
from hybridjoin.device.join.run import find_account, join_with
from hybridjoin.device.needs import Manner, Read
from hybridjoin.lab.lab import Lab
from hybridjoin.model.exchange import (
    HttpRequest,
    ModifyRequest,
    SearchReply,
    SearchRequest,
    TicketReply,
    TicketRequest,
)
from hybridjoin.model.reading import Reading
from hybridjoin.model.steps import Step

RUNS = 30
BUDGET_MS = 15.0
DEVICE = "WS01"


def own_cpu_s() -> float:
    """Read the CPU of this thread and of the hands', which calls libkrb5, libldap and HTTP.

    The process' own would hold the doubles too: they serve in threads of it.
    """
    hands = (thread.ident for thread in threading.enumerate() if thread.name == f"hands of {DEVICE}")
    clocks = [time.pthread_getcpuclockid(ident) for ident in hands if ident is not None]
    return time.thread_time() + sum(map(time.clock_gettime, clocks))


@dataclass(slots=True)
class CountedHands:
    """Passes every need on to real hands and counts the CPU by kind of need."""

    hands: Hands
    cpu_ms: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def _count(self, kind: str, began: float) -> None:
        self.cpu_ms[kind] += (own_cpu_s() - began) * 1000

    def now(self) -> datetime:
        """Read the device's clock."""
        return self.hands.now()

    def begin(self, step: Step) -> datetime:
        """Read the device's clock as an exchange begins."""
        return self.hands.begin(step)

    def new_id(self) -> uuid.UUID:
        """Make an identifier."""
        return self.hands.new_id()

    def new_key(self) -> RSAPrivateKey:
        """Make an RSA-2048 key."""
        began = own_cpu_s()
        try:
            return self.hands.new_key()
        finally:
            self._count("key generation", began)

    def machine_key(self) -> RSAPrivateKey:
        """Return the key of the computer's own certificate."""
        began = own_cpu_s()
        try:
            return self.hands.machine_key()
        finally:
            self._count("key generation", began)

    def ticket(self, request: TicketRequest) -> TicketReply:
        """Get a service ticket."""
        began = own_cpu_s()
        try:
            return self.hands.ticket(request)
        finally:
            self._count("Kerberos (libkrb5)", began)

    def send(self, request: HttpRequest, *, as_computer: bool, manner: Manner = Manner.WHEN_ASKED) -> Sent:
        """Make an HTTP exchange."""
        began = own_cpu_s()
        try:
            return self.hands.send(request, as_computer=as_computer, manner=manner)
        finally:
            self._count("RST over Negotiate" if as_computer else "other HTTP, TLS", began)

    def search(self, request: SearchRequest) -> SearchReply:
        """Search the directory."""
        began = own_cpu_s()
        try:
            return self.hands.search(request)
        finally:
            self._count("LDAP (libldap, Cyrus SASL)", began)

    def modify(self, request: ModifyRequest) -> Changed:
        """Change an object in the directory."""
        began = own_cpu_s()
        try:
            return self.hands.modify(request)
        finally:
            self._count("LDAP (libldap, Cyrus SASL)", began)

    def read(self, need: Read) -> Reading:
        """Read secret octets: the harness's own CPU."""
        return self.hands.read(need)


def measure(lab: Lab) -> Iterator[Figure]:
    """Join again and again at one site; each join has a fresh ticket cache and fresh connections."""
    parts: dict[str, list[float]] = defaultdict(list)
    totals: list[float] = []
    with lab.site() as site:
        for _ in range(RUNS + 2):
            habits = Habits()
            account = find_account(site, DEVICE)
            began = own_cpu_s()
            with open_hands(site, account, habits) as hands:
                opened = own_cpu_s()
                counted = CountedHands(hands)
                run = join_with(counted, site, account, habits)
                joined = own_cpu_s()
            if run.evidence is None:
                raise SystemExit("the benchmark's join brought no evidence")
            found = run.evidence.parts
            closed = own_cpu_s()
            checks.judge(found)
            claim_rows(found)
            judged = own_cpu_s()
            keys = counted.cpu_ms.pop("key generation", 0.0)
            own = (joined - began) * 1000 - keys
            totals.append(own)
            for kind, spent in counted.cpu_ms.items():
                parts[kind].append(spent)
            parts["opening and TLS context"].append((opened - began) * 1000)
            parts["flow: parsing, signature, redaction, screens"].append(
                (joined - opened) * 1000 - keys - sum(counted.cpu_ms.values())
            )
            parts["not in it: requirements and claim rows"].append((judged - closed) * 1000)
            parts["not in it: key generation"].append(keys)
    yield Figure(name="one join, own CPU without keys", unit="ms", samples=tuple(totals[2:]), budget=BUDGET_MS)
    for kind, samples in parts.items():
        yield Figure(
            name=f"  of it {kind}".replace("of it not in it", "beside it"), unit="ms", samples=tuple(samples[2:])
        )
