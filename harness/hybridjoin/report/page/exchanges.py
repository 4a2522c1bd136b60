"""The exchanges of a join as the page shows them: bodies drawn once, and the spots marked that a verdict points at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from hybridjoin.model.record import ExchangeRecord, MessageRecord
from hybridjoin.model.steps import HYBRID_JOIN
from hybridjoin.model.verdict import BROKEN, Verdict
from hybridjoin.model.where import Side, Spot, Where
from hybridjoin.report.page.ladder import short_answer
from hybridjoin.report.page.marked import mark_spots
from hybridjoin.report.page.pretty import pretty

_REPEATED_BODY = 1000
Spots = tuple[tuple[Where, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A message's text; one that came before is drawn once and pointed at (`same_as` is its element).

    `marks` are the elements to which verdicts lead, `headers` those that are header lines, by number, and `status`
    is the one that is the status line; each with the requirements that it breaks.
    """

    id: str
    text: Markup
    same_as: str = ""
    marks: tuple[str, ...] = ()
    headers: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    status: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeView:
    """One exchange behind its arrow."""

    anchor: str
    number: int
    record: ExchangeRecord
    answer: str
    request: Body
    reply: Body


@dataclass(slots=True)
class Bodies:
    """Where each long body of the page was drawn first, with its marks: a run sends the same to every scenario."""

    first: dict[tuple[str, Spots], str] = field(default_factory=dict)


def exchange_views(
    exchanges: Sequence[ExchangeRecord], verdicts: Sequence[Verdict], anchor: str, bodies: Bodies
) -> tuple[tuple[ExchangeView, ...], dict[Where, str]]:
    """Return the exchanges of a join or a probe, and for each `where` of its verdicts the element that it leads to."""
    last = {record.step: number for number, record in enumerate(exchanges)}
    for row in HYBRID_JOIN:
        if row.instead_of is not None and row.step in last:
            last.setdefault(row.instead_of, last[row.step])
    places = dict.fromkeys(verdict.where for verdict in verdicts if verdict.where and not verdict.where.probe)
    aims = {where: last[where.step] for where in places if where.step in last}
    why = _why(verdicts)
    links = {where: f"{anchor}.{number + 1}" for where, number in aims.items()}
    views = []
    for number, record in enumerate(exchanges):
        name = f"{anchor}.{number + 1}"
        sides = {}
        for side, message in ((Side.REQUEST, record.request), (Side.REPLY, record.reply)):
            spots = tuple(
                (where, " ".join(why[where]))
                for where, at in aims.items()
                if at == number and where.side is side and where.spot is not Spot.MESSAGE and where in why
            )
            sides[side], found = _body(message, f"{name}.{side}", bodies, spots)
            links |= found
        answer = short_answer(record.reply.headline)
        views.append(
            ExchangeView(
                anchor=name,
                number=number + 1,
                record=record,
                answer=answer,
                request=sides[Side.REQUEST],
                reply=sides[Side.REPLY],
            )
        )
    return tuple(views), links


def _why(verdicts: Iterable[Verdict]) -> dict[Where, list[str]]:
    """Return for each place the requirements that are broken there."""
    why: dict[Where, list[str]] = {}
    for verdict in verdicts:
        if verdict.outcome in BROKEN and verdict.where:
            why.setdefault(verdict.where, []).append(verdict.requirement)
    return why


def _body(message: MessageRecord, name: str, bodies: Bodies, spots: Spots) -> tuple[Body, dict[Where, str]]:
    """Return a message's body and the elements of the spots that were found in it."""
    found: dict[Where, str] = {}
    headers: dict[int, tuple[str, str]] = {}
    status = ("", "")
    for number, (spot, why) in enumerate(spots):
        target = f"{name}.h{number}"
        header = _header(spot, message)
        if spot.spot is Spot.STATUS:
            found[spot], status = target, (target, why)
        elif header is not None and header not in headers:
            found[spot], headers[header] = target, (target, why)
    rest = tuple(item for item in spots if item[0] not in found)
    if not rest and len(message.body) < _REPEATED_BODY:
        return Body(id=name, text=pretty(message.body), headers=headers, status=status), found
    marked = mark_spots(message.body, rest, name) if rest else None
    inside = {rest[number][0]: f"{name}.{number}" for number in sorted(marked.found)} if marked else {}
    found |= inside
    first = bodies.first.setdefault((message.body, rest), name) if len(message.body) >= _REPEATED_BODY else name
    text = Markup() if first != name else marked.text if marked else pretty(message.body)
    body = Body(
        id=name,
        text=text,
        same_as="" if first == name else first,
        marks=tuple(inside.values()),
        headers=headers,
        status=status,
    )
    return body, found


def _header(spot: Where, message: MessageRecord) -> int | None:
    names = [name.lower() for name, _ in message.headers]
    return names.index(spot.name.lower()) if spot.name.lower() in names else None
