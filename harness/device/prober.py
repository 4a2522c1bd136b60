"""Asks probes at one site: each with the hands of whose account it needs, none of them stopping the next."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from types import TracebackType
from typing import Self

from harness.device.adapters.hands import open_hands
from harness.device.driver import Hands, Logbook, drive
from harness.device.habits import Habits
from harness.device.probes.probe import Probe, ProbeContext, ProbeNeed
from harness.errors import Breakage, LabError
from harness.model.site import DeviceAccount, Site
from harness.protocol.probe import ProbeResult

PLAIN = "rst-plain"
NOT_ALLOWED = "it is hostile, and nobody allowed hostile probes (--hostile)"


class Prober:
    """One device's probes at one site, for as long as the context lasts.

    >>> with Prober(site, account, ProbeContext.of(evidence, site)) as prober:  # doctest: +SKIP
    ...     results = [prober.ask(probe) for probe in PROBES]
    """

    def __init__(self, site: Site, device: DeviceAccount, context: ProbeContext, habits: Habits | None = None) -> None:
        self._site = site
        self._device = device
        self._context = context
        self._habits = habits or Habits()
        self._stack = ExitStack()
        self._hands: dict[str, Hands] = {}
        self._silent = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, value, traceback)

    @property
    def hosts(self) -> frozenset[str]:
        """Every host that probes would talk to."""
        return self._context.hosts

    def ask(self, probe: Probe, *, hostile: bool = False) -> ProbeResult:
        """Ask one probe; what cannot be asked is skipped, what the surroundings spoil is interrupted."""
        why_not = probe.why_not(self._context)
        if not why_not and probe.hostile and not hostile:
            why_not = NOT_ALLOWED
        if not why_not and self._silent and ProbeNeed.WINDOWS_ENDPOINT in probe.needs:
            why_not = self._silent
        if why_not:
            return ProbeResult(probe=probe.id, skipped=why_not)
        log = Logbook()
        try:
            result, transcript = drive(probe.flow(self._context), self._hands_of(probe.role), logbook=log)
        except LabError as error:
            return ProbeResult(probe=probe.id, interrupted=error.cause, transcript=log.transcript)
        result = replace(result, transcript=transcript)
        self._silent = self._silent or _silence(result)
        return result

    def _hands_of(self, role: str) -> Hands:
        """Return the hands of the device, or of the site's account of that role; opened when first needed."""
        if role not in self._hands:
            account = self._site.account(role) if role else None
            hands = open_hands(self._site, account or self._device, self._habits)
            self._hands[role] = self._stack.enter_context(hands)
        return self._hands[role]


def _silence(result: ProbeResult) -> str:
    """Say why nothing more is asked of an endpoint that let Windows' own request time out; empty where it answers."""
    if result.probe != PLAIN or not result.answers:
        return ""
    breakage = result.answers[-1].breakage
    return f"the endpoint let Windows' own request wait: {breakage}" if breakage.startswith(Breakage.TIMEOUT) else ""
