"""Makes a message body readable: XML and JSON indented, values set off from markup, everything escaped.

The XML side is a lexer, not a parser: a truncated or hostile document is shown as it came, merely with
line breaks, and no entity is ever expanded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from markupsafe import Markup, escape

LIMIT_CHARACTERS = 200_000
LIMIT_LINES = 5_000  # a large AD FS has 900; one tag a line and nested deep, markup grows to twelve times its size
_REMEMBERED = 10_000  # a longer one is drawn once on a page, and would be held for nothing
_XML_TOKEN = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<[^<>]*>|[^<]+|<", re.DOTALL)
_TAG_NAME = re.compile(r"<(?:[^\s<>/!?:]+:)?([^\s<>/!?:]+)")
_ATTRIBUTE = re.compile(r"\s[^\s=]+\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_FORM = re.compile(r"[A-Za-z_][\w.-]*=[^\s=]")
_FIELDS = re.compile(r"&(?=[A-Za-z_][\w.-]*=)")
_NAME = re.compile(r"[A-Za-z][\w ;.-]{0,60}")
_WIDE_TAG = 110
_INDENT = "  "


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line for reading, and what it stands for: a start tag as it came, or a member.

    Members are those of JSON objects, and the `name: value` of directory entries and tickets.
    `first` and `last` are the lines of the message that a start tag was on; `opens` says that its end comes later.
    """

    text: Markup
    tag: str = ""
    member: str = ""
    depth: int = 0
    opens: bool = False
    first: int = 0
    last: int = 0

    @property
    def name(self) -> str:
        """The element's local name."""
        match = _TAG_NAME.match(self.tag)
        return match[1] if match else ""


def pretty(body: str) -> Markup:
    """Return a body as HTML-safe text; values stand in `<b>`, so that markup can be drawn paler."""
    return _remembered(body) if len(body) <= _REMEMBERED else _pretty(body)


@lru_cache(maxsize=2048)
def _remembered(body: str) -> Markup:
    return _pretty(body)


def _pretty(body: str) -> Markup:
    lines = lay_out(body)
    return Markup("\n").join(line.text for line in lines) + cut_short(body, lines)


def lay_out(body: str) -> list[Line]:
    """Return the lines of a body, of a huge one those of its beginning."""
    return _layout(body[:LIMIT_CHARACTERS])[:LIMIT_LINES]


def cut_short(body: str, lines: Sequence[Line]) -> Markup:
    """Say how much of a body is not shown in its lines; nothing where all of it is."""
    if len(lines) == LIMIT_LINES:
        return Markup("\n<i>… the first {:,} lines; record.json has the whole message</i>").format(LIMIT_LINES)
    if len(body) <= LIMIT_CHARACTERS:
        return Markup()
    left = f"{len(body) - LIMIT_CHARACTERS:,}"
    return Markup("\n<i>… {} more characters; record.json has the whole message</i>").format(left)


def _layout(body: str) -> list[Line]:
    head = body.lstrip("\ufeff \t\r\n")
    if head.startswith("<"):
        return _xml(head, 1 + body.count("\n", 0, len(body) - len(head)))
    if head.startswith(("{", "[")):
        return _json(head)
    if _FORM.match(head):
        return _form(head)
    return [_line(line) for line in body.split("\n")]


def _form(head: str) -> list[Line]:
    lines: list[Line] = []
    for field in _FIELDS.split(head):
        first, *rest = _field(field)
        lines += [replace(first, text=Markup("&amp;") + first.text) if lines else first, *rest]
    return lines


def _field(field: str) -> list[Line]:
    """Lay out one field of a form; redaction left its value readable, so a document in it is indented too."""
    name, _, value = field.partition("=")
    if value.startswith("<"):
        return [Line(text=Markup("{}=").format(name)), *_xml(value, 1)]
    return [Line(text=Markup("{}=<b>{}</b>").format(name, value))]


def _line(line: str) -> Line:
    """Set off the value of `name: value`, as directory entries and tickets are written; other text is all value."""
    name, colon, value = line.partition(": ")
    if colon and _NAME.fullmatch(name):
        return Line(text=Markup("{}: <b>{}</b>").format(name, value), member=name)
    return Line(text=Markup("<b>{}</b>").format(line))


def _json(body: str) -> list[Line]:
    try:
        data = json.loads(body, object_pairs_hook=_members)
        lines = json.dumps(data, indent=2, ensure_ascii=False).split("\n")
    except (ValueError, RecursionError):
        return [Line(text=Markup("<b>{}</b>").format(body))]
    return [_json_line(line) for line in lines]


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        # Laid out again it would lose a member, and that member may be the very fault.
        raise ValueError("a member is given twice")
    return members


def _json_line(line: str) -> Line:
    match = re.fullmatch(r'(\s*(?:"((?:[^"\\]|\\.)*)": )?)(.*?)(,?)', line, re.DOTALL)
    if match is None:
        return Line(text=escape(line))
    member = match[2] or ""
    if match[3] in {"{", "}", "[", "]", ""}:
        return Line(text=escape(line), member=member)
    return Line(text=Markup("{}<b>{}</b>{}").format(match[1], match[3], match[4]), member=member)


def _xml(body: str, first_line: int) -> list[Line]:
    lines: list[Line] = []
    depth = 0
    matches = [match for match in _XML_TOKEN.finditer(body) if match[0].strip()]
    tokens = [match[0] for match in matches]
    line_number, counted = first_line, 0
    at = 0
    while at < len(tokens) and len(lines) < LIMIT_LINES:
        token, start = tokens[at], matches[at].start()
        line_number, counted = line_number + body.count("\n", counted, start), start
        step, used, text = _xml_line(tokens, at)
        if step < 0:
            depth = max(0, depth + step)
        pad = _INDENT * min(depth, 40)
        lines.append(
            Line(
                text=escape(pad) + text.replace("\n", "\n" + pad),
                tag=token if _TAG_NAME.match(token) else "",
                depth=depth,
                opens=step > 0,
                first=line_number,
                last=line_number + token.count("\n"),
            )
        )
        if step > 0 and not token.startswith("<!"):
            depth += step
        at += used
    return lines


def _xml_line(tokens: list[str], at: int) -> tuple[int, int, Markup]:
    """Return how the depth changes, how many tokens the line takes, and the line."""
    token = tokens[at]
    if not token.startswith("<") or token == "<":
        return 0, 1, Markup("<b>{}</b>").format(token.strip())
    if token.startswith("</"):
        return -1, 1, escape(token)
    if token.startswith(("<!", "<?")) or token.endswith("/>"):
        return 0, 1, _tag(token)
    following = tokens[at + 1 : at + 3]
    if following and following[0].startswith("</"):
        return 0, 2, _tag(token) + escape(following[0])
    if len(following) == 2 and not following[0].startswith("<") and following[1].startswith("</"):
        return 0, 3, _tag(token) + Markup("<b>{}</b>{}").format(following[0], following[1])
    return 1, 1, _tag(token)


def _tag(token: str) -> Markup:
    if len(token) <= _WIDE_TAG or token.startswith("<!"):
        return escape(token)
    # A root that declares ten namespaces is unreadable on one line: one attribute a line.
    attributes = _ATTRIBUTE.findall(token)
    head = token[: token.find(attributes[0])] if attributes else token
    tail = "/>" if token.endswith("/>") else "?>" if token.endswith("?>") else ">"
    if not attributes or len(head) + sum(map(len, attributes)) + len(tail) < len(token.rstrip()) - 4:
        return escape(token)
    return escape(head) + escape("".join(f"\n{_INDENT * 2}{item.strip()}" for item in attributes)) + escape(tail)
