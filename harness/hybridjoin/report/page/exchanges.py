"""The exchanges of a flow or a probe as the page shows them: bodies drawn once, and what verdicts point at marked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from markupsafe import Markup

from hybridjoin.model.flows import HYBRID_JOIN
from hybridjoin.model.recorded import ExchangeRecord
from hybridjoin.model.requirement_row import RequirementRow
from hybridjoin.model.steps import FlowTable
from hybridjoin.model.verdict import BROKEN, Verdict
from hybridjoin.model.where import Side, Where
from hybridjoin.report.drawn import UNJUDGED, DrawnExchange, DrawnMessage, drawn, drawn_flow
from hybridjoin.report.page.ladder import short_answer
from hybridjoin.report.page.marked import mark_lines
from hybridjoin.report.page.pretty import pretty
from hybridjoin.report.page.spots import FIRST_LINE, Target, find_spot

_REPEATED_BODY = 1000
Places = Mapping[Where, tuple[str, ...]]
"""Places that answers point at, each with the requirements that are broken there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A mark's element, and the requirements that are broken there."""

    id: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A message's text; one that came before is drawn once and pointed at (`same_as` is its element).

    `marks` are the elements in it to which verdicts lead, `headers` the marks of header lines by their number, and
    `first_line` is that of the request or status line.
    """

    id: str
    text: Markup
    same_as: str = ""
    marks: tuple[str, ...] = ()
    headers: Mapping[int, Mark] = field(default_factory=dict)
    first_line: Mark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeView:
    """One exchange behind its arrow; `picture` is the page that a flow ended on, masked, to be drawn as one."""

    anchor: str
    number: int
    record: DrawnExchange
    answer: str
    request: Body
    reply: Body
    picture: str = ""


@dataclass(slots=True)
class Bodies:
    """Where each long body of the page was drawn first, with its marks: a run sends the same to every scenario.

    It is known by its digest, for no body is held once it is laid out: all of them together are the whole record again.
    """

    first: dict[tuple[bytes, tuple[tuple[int, str], ...]], str] = field(default_factory=dict)

    def first_of(self, body: str, reasons: Mapping[int, str], name: str) -> str:
        """Return the element where a body was drawn first with these marks, which is `name` where it was not yet."""
        if len(body) < _REPEATED_BODY:
            return name
        digest = hashlib.sha256(body.encode("utf-8", "surrogatepass")).digest()
        return self.first.setdefault((digest, tuple(reasons.items())), name)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Aim:
    """One spot of one message, by the exchange's number from 0."""

    number: int
    side: Side
    target: Target

    def element(self, anchor: str) -> str:
        """Return the id of the mark."""
        message = f"{anchor}.{self.number + 1}.{self.side}"
        if self.target.header is not None:
            return f"{message}.h{self.target.header}"
        return f"{message}.first" if self.target.line is None else f"{message}.{self.target.line}"


def places_of(answers: Iterable[Verdict | RequirementRow]) -> dict[Where, tuple[str, ...]]:
    """Return the places that answers point at, each with the requirements that are broken there."""
    places: dict[Where, tuple[str, ...]] = {}
    for answer in answers:
        if answer.where is not None:
            name = answer.id if isinstance(answer, RequirementRow) else answer.requirement
            broken = (name,) if answer.outcome in BROKEN else ()
            places[answer.where] = (*places.get(answer.where, ()), *broken)
    return places


def exchange_views(
    kept: Sequence[ExchangeRecord],
    places: Places,
    anchor: str,
    bodies: Bodies,
    *,
    flow: FlowTable = HYBRID_JOIN,
    probe: bool = False,
    failed_at: str = "",
) -> tuple[tuple[ExchangeView, ...], dict[Where, str]]:
    """Return the exchanges of a flow or a probe, and for each place the element that it leads to.

    `failed_at` is the step that a flow ended at: a page that came there last is shown as people would have seen it.

    Where something is broken that element is a mark: of the spot itself, or, where that does not stand in the
    message, of the message's first line.
    """
    if probe:
        exchanges = tuple(drawn(item, flow, probe=True) for item in kept)
    else:
        exchanges = drawn_flow(kept, flow, failed_at=failed_at)
    links: dict[Where, str] = {}
    aims: dict[_Aim, list[str]] = {}
    for where, broken in places.items():
        numbers = _candidates(exchanges, where, flow)
        if numbers and broken:
            aim = _aim(exchanges, numbers, where)
            aims.setdefault(aim, []).extend(broken)
            links[where] = aim.element(anchor)
        elif numbers:
            links[where] = f"{anchor}.{numbers[0] + 1}"
    marks = {aim: Mark(id=aim.element(anchor), why=" ".join(dict.fromkeys(names))) for aim, names in aims.items()}
    pictured = _pictured(exchanges, failed_at)
    views = (
        replace(view, picture=exchanges[pictured].reply.body) if view.number - 1 == pictured else view
        for view in _views(exchanges, marks, anchor, bodies)
    )
    return tuple(views), links


def _pictured(exchanges: Sequence[DrawnExchange], failed_at: str) -> int | None:
    """Return the number of the last exchange of a step, from 0, where a whole page came."""
    numbers = [number for number, record in enumerate(exchanges) if record.step == failed_at]
    if not numbers:
        return None
    reply = exchanges[numbers[-1]].reply
    kind = next((value for name, value in reply.headers if name.lower() == "content-type"), "")
    page = kind.partition(";")[0].strip().lower() == "text/html" and not reply.body.startswith(UNJUDGED)
    return numbers[-1] if page and reply.body.strip() else None


def _candidates(exchanges: Sequence[DrawnExchange], where: Where, flow: FlowTable) -> list[int]:
    """Return the numbers of the exchanges of a place's step, the last first; of all where it names none."""
    if 0 < where.answer <= len(exchanges):
        return [where.answer - 1]
    step = where.step
    found = [number for number, record in enumerate(exchanges) if step is None or record.step is step]
    if not found:
        stand_ins = {row.step for row in flow if row.instead_of is not None and row.instead_of is step}
        found = [number for number, record in enumerate(exchanges) if record.step in stand_ins]
    return found[::-1]


def _aim(exchanges: Sequence[DrawnExchange], numbers: Iterable[int], where: Where) -> _Aim:
    """Return the last exchange that has the spot; where none has it, the first line of the last."""
    first, *_ = numbers
    for number in numbers:
        target = find_spot(where, _message(exchanges[number], where.side))
        if target is not None:
            return _Aim(number=number, side=where.side, target=target)
    return _Aim(number=first, side=where.side, target=FIRST_LINE)


def _message(record: DrawnExchange, side: Side) -> DrawnMessage:
    return record.reply if side is Side.REPLY else record.request


def _views(
    exchanges: Sequence[DrawnExchange], marks: Mapping[_Aim, Mark], anchor: str, bodies: Bodies
) -> Iterator[ExchangeView]:
    for number, record in enumerate(exchanges):
        name = f"{anchor}.{number + 1}"
        bodies_of = {
            side: _body(
                _message(record, side),
                f"{name}.{side}",
                {aim.target: mark for aim, mark in marks.items() if (aim.number, aim.side) == (number, side)},
                bodies,
            )
            for side in Side
        }
        yield ExchangeView(
            anchor=name,
            number=number + 1,
            record=replace(record, request=_begun(record.request), reply=_begun(record.reply)),
            answer=short_answer(record.reply.headline),
            request=bodies_of[Side.REQUEST],
            reply=bodies_of[Side.REPLY],
        )


def _begun(message: DrawnMessage) -> DrawnMessage:
    """Return a message of whose body no more is kept than that there is one: what is shown of it is laid out."""
    return replace(message, body=message.body[:1])


def _body(message: DrawnMessage, name: str, marks: Mapping[Target, Mark], bodies: Bodies) -> Body:
    lines = {target.line: mark for target, mark in marks.items() if target.line is not None}
    reasons = {at: mark.why for at, mark in sorted(lines.items())}
    first = bodies.first_of(message.body, reasons, name)
    text = Markup()
    if first == name:
        text = mark_lines(message.body, reasons, name) if reasons else pretty(message.body)
    return Body(
        id=name,
        text=text,
        same_as="" if first == name else first,
        marks=tuple(mark.id for mark in lines.values()),
        headers={target.header: mark for target, mark in marks.items() if target.header is not None},
        first_line=marks.get(FIRST_LINE),
    )
