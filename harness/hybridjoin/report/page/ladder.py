"""The join as a ladder: where each arrow runs, computed once for a wide and once for a narrow page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hybridjoin.model.record import FailureRecord, JoinRecord
from hybridjoin.model.steps import Party
from hybridjoin.protocol.names import CLAIM_ACCOUNT_TYPE, CLAIM_ISSUER_ID, CLAIM_OBJECT_GUID, CLAIM_PRIMARY_SID
from hybridjoin.report.drawn import DrawnExchange, drawn_flow

_FIRST_WORD: Final = re.compile(r"[a-z][a-z-]*(?=[\s,;.']|$)")
_TOOLS: Final = frozenset({"apt-get", "chmod", "dsregcmd", "hybridjoin", "klist", "kvno", "nltest", "setspn"})
_AS_WRITTEN: Final = _TOOLS | {
    name for _, name in (CLAIM_ACCOUNT_TYPE, CLAIM_ISSUER_ID, CLAIM_OBJECT_GUID, CLAIM_PRIMARY_SID)
}
NAMES: Mapping[Party, str] = {
    Party.DEVICE: "Device",
    Party.DIRECTORY: "AD",
    Party.IDP: "IdP",
    Party.ENTRA: "Entra",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The measures of one drawing, in SVG user units; `letters` is what a label line can hold.

    The lines of the parties run from `left` to `right`, the device's first.
    """

    width: int
    left: int
    right: int
    gutter: bool
    letters: int
    size: int


WIDE = Shape(
    width=700,
    left=96,
    right=660,
    gutter=True,
    letters=84,
    size=12,
)
NARROW = Shape(
    width=360,
    left=26,
    right=332,
    gutter=False,
    letters=50,
    size=12,
)
_HEAD = 40
_ROW = 54
_RULE = 46


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """One exchange: out at `y_out`, back at `y_back`, and the anchor it opens."""

    anchor: str
    top: int
    height: int
    y_out: int
    y_back: int
    x_from: int
    x_to: int
    title: str
    detail: str
    answer: str
    clock: str
    ok: bool
    fallback: bool
    spoken: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The line across the ladder where the flow ended."""

    y: int
    text: str
    then: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """A drawing, ready for the template."""

    width: int
    height: int
    size: int
    gutter: bool
    heads: tuple[tuple[str, int], ...]
    arrows: tuple[Arrow, ...]
    rule: Rule | None
    fallback_top: int | None


def draw(join: JoinRecord, anchors: Sequence[str], shape: Shape) -> Ladder:
    """Lay out a join; `anchors` names the element that each exchange's arrow opens."""
    federated = _federated(join)
    y = _HEAD
    arrows: list[Arrow] = []
    rule: Rule | None = None
    exchanges = drawn_flow(join.exchanges, join.flow, failed_at=join.failure.step if join.failure else "")
    for index, exchange in enumerate(exchanges):
        if index == federated and join.failure is not None:
            rule, y = _rule(join, join.failure, shape, y), y + _RULE
        arrows.append(_arrow(join, index, exchange, anchors[index], shape, y))
        y += _ROW
    if rule is None and join.failure is not None:
        rule, y = _rule(join, join.failure, shape, y), y + _RULE
    return Ladder(
        width=shape.width,
        height=y + 10,
        size=shape.size,
        gutter=shape.gutter,
        heads=tuple((NAMES[party], x) for party, x in _lines(join, shape).items()),
        arrows=tuple(arrows),
        rule=rule,
        fallback_top=next((arrow.top for arrow in arrows if arrow.fallback), None),
    )


def _lines(join: JoinRecord, shape: Shape) -> Mapping[Party, int]:
    """Return where the line of each party of the flow stands, at even distances."""
    parties = join.flow.parties_of(item.step for item in join.exchanges)
    apart = (shape.right - shape.left) // (len(parties) - 1)
    return {party: shape.left + number * apart for number, party in enumerate(parties)}


def _federated(join: JoinRecord) -> int:
    """Return how many of the exchanges belong to the flow itself; those of a fallback come after."""
    fallback = (number for number, item in enumerate(join.exchanges) if join.flow.row(item.step).instead_of)
    return next(fallback, len(join.exchanges))


def _rule(join: JoinRecord, failure: FailureRecord, shape: Shape, y: int) -> Rule:
    codes = " · ".join(code.code for code in failure.codes[: 3 if shape.gutter else 1])
    fallback = _federated(join) < len(join.exchanges)
    return Rule(
        y=y + 18,
        text=f"{join.flow.called} ended here" + (f": {codes}" if codes else ""),
        then="fallback: synchronized join" if fallback else "",
    )


def _arrow(join: JoinRecord, index: int, exchange: DrawnExchange, anchor: str, shape: Shape, y: int) -> Arrow:
    lines = _lines(join, shape)
    offset = (exchange.started_at - join.exchanges[0].started_at).total_seconds()
    answer = f"{short_answer(exchange.reply.headline)} · {_duration(exchange.elapsed_ms)}"
    detail = _short_request(exchange) if shape.gutter else ""
    room = shape.letters - len(exchange.title) - 2
    return Arrow(
        anchor=anchor,
        top=y,
        height=_ROW,
        y_out=y + 22,
        y_back=y + 31,
        x_from=lines[Party.DEVICE],
        x_to=lines[exchange.party],
        title=_cut(sentence(exchange.title), shape.letters),
        detail=_cut(detail, room) if room > 8 else "",
        answer=_cut(answer, shape.letters),
        clock=f"{offset:+.3f} s",
        ok=exchange.ok,
        fallback=index >= _federated(join),
        spoken=f"{index + 1}. {sentence(exchange.title)}, device to {NAMES[exchange.party]}: {answer}",
    )


def sentence(title: str) -> str:
    """Begin a title with a capital letter, unless a name comes first that is written as it is: of a tool, a claim."""
    first = _FIRST_WORD.match(title)
    return title if first is None or first[0] in _AS_WRITTEN else title[:1].upper() + title[1:]


def short_answer(headline: str) -> str:
    """Return a status line without its protocol version."""
    return re.sub(r"^HTTP/\d(?:\.\d)?\s+", "", headline)


def _short_request(exchange: DrawnExchange) -> str:
    """Return what was asked without scheme, host and version, which the reader finds behind the arrow."""
    text = re.sub(r"\s+HTTP/\d(?:\.\d)?$", "", exchange.request.headline)
    return re.sub(r"https?://[^/\s]+", "", text)


def _duration(elapsed_ms: float) -> str:
    if elapsed_ms >= 10_000:
        return f"{elapsed_ms / 1000:.1f} s"
    return f"{elapsed_ms:.0f} ms" if elapsed_ms >= 10 else f"{elapsed_ms:.1f} ms"


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 1].rstrip() + "…"
