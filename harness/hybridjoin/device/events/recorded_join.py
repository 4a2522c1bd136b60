"""What events say of a join, read from its record: the computer, the tenant, codes, the token client's log, times."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Final, TypeVar

from hybridjoin.device.events.rows import Moment
from hybridjoin.errors import PeerError
from hybridjoin.model.flows import MANAGED_JOIN
from hybridjoin.model.kept_body import Content, Excerpt, octets
from hybridjoin.model.record import FailureRecord, JoinRecord, JoinResult
from hybridjoin.model.recorded import ExchangeRecord, HttpReplyRecord, HttpRequestRecord, SearchReplyRecord
from hybridjoin.model.steps import Phase, Step
from hybridjoin.protocol.discovery import DrsDiscovery, parse_discovery
from hybridjoin.protocol.enrolment import JoinType
from hybridjoin.protocol.realm import UserRealm, parse_realm
from hybridjoin.protocol.scp import Scp, parse_scp
from hybridjoin.protocol.windows import UNKNOWN

UNDEFINED: Final = "undefined"
_NEWER: Final = "11-24h2"
_HRESULT: Final = re.compile(r"0x[0-9a-f]{8}")
_LOG: Final = "AdalLog:"
Part = TypeVar("Part")


@dataclass(frozen=True, kw_only=True)  # without slots, for what is read of a reply is kept
class RecordedJoin:
    """A join that at least began: `join` has an exchange."""

    join: JoinRecord

    def find(self, *steps: Step) -> ExchangeRecord | None:
        """Return the last exchange of any of the steps."""
        return next((item for item in reversed(self.join.exchanges) if item.step in steps), None)

    def began(self, *steps: Step) -> Moment:
        """Tell when the last exchange of the steps began; of none, when the last exchange of all did."""
        at = self._place(steps)
        return Moment(order=2 * at, at=self.join.exchanges[at].started_at)

    def ended(self, *steps: Step) -> Moment:
        """Tell when the last exchange of the steps ended; of none, when the last exchange of all did."""
        at = self._place(steps)
        found = self.join.exchanges[at]
        return Moment(order=2 * at + 1, at=found.started_at + timedelta(milliseconds=found.elapsed_ms))

    @property
    def started(self) -> Moment:
        """When the first exchange began."""
        return Moment(order=0, at=self.join.exchanges[0].started_at)

    def _place(self, steps: tuple[Step, ...]) -> int:
        places = [at for at, item in enumerate(self.join.exchanges) if item.step in steps]
        return places[-1] if places else len(self.join.exchanges) - 1

    @cached_property
    def computer(self) -> str:
        """The computer's full name: its own object's, or made of its name and domain; of a person's, its name alone."""
        own = self._value(Step.COMPUTER, "dNSHostName")
        told = self.join.circumstances
        if told is not None and told.account is not None:
            return told.account.computer
        return own or (f"{self.join.device}.{told.site.domain}" if told is not None else self.join.device)

    @cached_property
    def scp(self) -> Scp | None:
        """The tenant as the device was told it, from the registry or from the forest."""
        told = self.join.circumstances
        if told is not None and told.habits.client_side_scp is not None:
            name, number = told.habits.client_side_scp
            return Scp(tenant_name=name, tenant_id=number, client_side=True)
        keywords = self._values(Step.SCP, "keywords")
        return _read(lambda: parse_scp(keywords)) if keywords else None

    @cached_property
    def realm(self) -> UserRealm | None:
        """Whether the domain is federated, as Entra said."""
        return _read(lambda: parse_realm(self.body(Step.REALM)))

    @cached_property
    def discovery(self) -> DrsDiscovery | None:
        """What the registration service said of the tenant."""
        return _read(lambda: parse_discovery(self.body(Step.DISCOVER)))

    @property
    def tenant_type(self) -> str:
        """Federated or Managed, as Windows writes it; undefined before that is known."""
        if self.realm is None or self.discovery is None:
            return UNDEFINED
        kind = self.realm.account_type.capitalize()
        return kind if kind in {"Federated", "Managed"} else UNDEFINED

    @property
    def tenant_id(self) -> str:
        """The tenant's id; undefined before it is known."""
        return self.discovery.tenant_id if self.discovery is not None else UNDEFINED

    @property
    def tenant_name(self) -> str:
        """The tenant's name in the service connection point, empty before that was read; of a person's, the domain."""
        if self.join_type is not None:
            return self.join.device.rpartition("@")[2]
        return self.scp.tenant_name if self.scp is not None else ""

    @property
    def join_type(self) -> JoinType | None:
        """What a person had the device registered as; None where a computer joined by itself."""
        told = self.join.circumstances
        return JoinType(told.account.join_type) if told is not None and told.account is not None else None

    @property
    def last_failure(self) -> FailureRecord | None:
        """What the whole attempt ended with; a fallback that succeeded ends it well."""
        if self.join.result is not JoinResult.FAILED:
            return None
        return self.join.fallback_failure or self.join.failure

    @property
    def registration_type(self) -> str:
        """`fed`, `sync` or the newer `fallback_sync`; undefined before the tenant is known."""
        last = self.last_failure
        if last is None or last.phase is Phase.DISCOVER:
            return UNDEFINED
        if self.join.fallback_failure is None and self.join.flow is not MANAGED_JOIN:
            return "fed"
        told = self.join.circumstances
        newer = told is not None and told.habits.windows == _NEWER
        return "fallback_sync" if newer and self.tenant_type == "Federated" else "sync"

    @cached_property
    def adal_log(self) -> tuple[str, ...]:
        """The token client's log, the newest line first; the screen has it twice, and events have it this way round."""
        found: list[str] = []
        for line in self.join.debug_screen:
            if "AdalErrorCode:" in line or line.startswith("LogFatalAuthError:"):
                break
            if line.startswith(_LOG):
                found.append(line)
        return tuple(reversed(found))

    @property
    def pre_checks(self) -> tuple[str, ...]:
        """The block of the pre-checks, from their verdict to their code."""
        screen = self.join.debug_screen
        first = next((at for at, line in enumerate(screen) if line.startswith("preCheckResult:")), None)
        last = next((at for at, line in enumerate(screen) if line.startswith("resultCode:")), None)
        return screen[first : last + 1] if first is not None and last is not None else ()

    def said(self, mark: str) -> str:
        """Return what stands behind a mark in the first line of the screen that has it."""
        return next((line.partition(mark)[2].strip() for line in self.join.debug_screen if mark in line), "")

    def status(self, step: Step) -> int | None:
        """Return the HTTP status of a step's reply; None where none came."""
        found = self.find(step)
        return found.reply.status if found is not None and isinstance(found.reply, HttpReplyRecord) else None

    def body(self, step: Step) -> bytes:
        """Return the body of a step's reply; nothing where none came."""
        found = self.find(step)
        return _octets(found.reply.body) if found is not None and isinstance(found.reply, HttpReplyRecord) else b""

    def sent(self, step: Step, header: str) -> str:
        """Return a header of a step's request."""
        found = self.find(step)
        request = found.request if found is not None else None
        headers = request.headers if isinstance(request, HttpRequestRecord) else ()
        return next((value for name, value in headers if name.lower() == header), "")

    def sent_body(self, step: Step) -> bytes:
        """Return the body of a step's request."""
        found = self.find(step)
        request = found.request if found is not None else None
        return _octets(request.body) if isinstance(request, HttpRequestRecord) else b""

    def _value(self, step: Step, name: str) -> str:
        return next(iter(self._values(step, name)), "")

    def _values(self, step: Step, name: str) -> list[str]:
        found = self.find(step)
        if found is None or not isinstance(found.reply, SearchReplyRecord) or not found.reply.entries:
            return []
        return [
            _octets(value).decode("utf-8", "replace")
            for attribute, values in found.reply.entries[0].attributes
            if attribute.lower() == name.lower()
            for value in values
        ]


def inner_code(failure: FailureRecord) -> str:
    """Return the failure's HRESULT nearest to the fault; empty where nobody knows it."""
    return next(iter(_codes(failure)), "")


def outer_code(failure: FailureRecord) -> str:
    """Return the HRESULT round the fault, or the fault's own; empty where nobody knows either."""
    return next(reversed(_codes(failure)), "")


def _codes(failure: FailureRecord) -> list[str]:
    return [item.code for item in failure.codes if _HRESULT.fullmatch(item.code) and item.symbol != UNKNOWN.symbol]


def _read(read: Callable[[], Part]) -> Part | None:
    try:
        return read()
    except PeerError:
        return None


def _octets(kept: Content) -> bytes:
    """Return what was kept; of a body of which only both ends were, its beginning."""
    try:
        return octets(kept.head if isinstance(kept, Excerpt) else kept)
    except ValueError:
        return b""
