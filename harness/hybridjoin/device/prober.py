"""Asks probes at one site: each with the hands of whose account it needs, none of them stopping the next."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from types import TracebackType
from typing import Self

from hybridjoin.device.driver import Hands, Logbook, drive
from hybridjoin.device.habits import Habits
from hybridjoin.device.opening import open_hands
from hybridjoin.device.probes.probe import Probe, ProbeContext, ProbeNeed
from hybridjoin.errors import Breakage, LabError
from hybridjoin.evidence.probe import ProbeResult
from hybridjoin.model.site import DeviceAccount, Site

PLAIN = "rst-plain"
WAITS = 3
_ADDRESSES = frozenset({ProbeNeed.METADATA, ProbeNeed.WINDOWS_ENDPOINT})
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
        self._silent = dict(context.silent)
        self._waits: Counter[ProbeNeed] = Counter()

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
        if not why_not:
            why_not = next((words for need, words in self._silent.items() if need in probe.needs), "")
        if why_not:
            return ProbeResult(probe=probe.id, skipped=why_not)
        log = Logbook()
        try:
            result, transcript = drive(probe.flow(self._context), self._hands_of(probe.role), logbook=log)
        except LabError as error:
            return ProbeResult(probe=probe.id, interrupted=error.cause, transcript=log.transcript)
        result = replace(result, transcript=transcript)
        self._listen(probe, result)
        return result

    def _listen(self, probe: Probe, result: ProbeResult) -> None:
        """Give an address up that lets Windows' own request wait in vain, or several probes in a row."""
        last = result.answers[-1] if result.answers else None
        waited = last is not None and last.breakage.startswith(Breakage.TIMEOUT)
        for need in _ADDRESSES & probe.needs:
            self._waits[need] = self._waits[need] + 1 if waited else 0
            if last is None or not waited:
                continue
            if probe.id == PLAIN:
                self._silent[need] = f"the endpoint let Windows' own request wait: {last.breakage}"
            elif self._waits[need] >= WAITS:
                self._silent[need] = f"{WAITS} probes in a row waited there in vain: {last.breakage}"

    def _hands_of(self, role: str) -> Hands:
        """Return the hands of the device, or of the site's account of that role; opened when first needed."""
        if role not in self._hands:
            account = self._site.account(role) if role else None
            hands = open_hands(self._site, account or self._device, self._habits)
            self._hands[role] = self._stack.enter_context(hands)
        return self._hands[role]
