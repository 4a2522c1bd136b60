"""Where in what was said a verdict points: typed, so that a page can mark it and a diff can tell it apart.

Only views make text of it (`hybridjoin.report.where_text`); nobody reads that text back.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hybridjoin.model.steps import Step


class Side(StrEnum):
    """Which message of an exchange."""

    REQUEST = "request"
    REPLY = "reply"


class Spot(StrEnum):
    """What kind of thing in a message is meant; `name` says which."""

    MESSAGE = "message"  # all of it
    STATUS = "status"  # the HTTP status line
    HEADER = "header"  # an HTTP header
    ELEMENT = "element"  # an XML element or attribute, by its qualified name, as `saml:Attribute`
    MEMBER = "member"  # a JSON member
    ENTRY = "entry"  # a directory entry, or an attribute of it
    TICKET = "ticket"  # a Kerberos ticket, or a field of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A place in the exchanges of a flow, in those of a probe, or in a document that somebody handed in.

    `step` names the exchange, `probe` the probe it belongs to instead of a flow; with neither, the place is in
    `document`, as `federation settings`. `name` is the element, header, member or field, `label` the name that an
    element bears (`accounttype` of a saml:Attribute, the name of a wsdl:port), `line` its line in the message, from 1.
    `assertion` tells twins apart: which of several elements called Assertion in the message the place lies in, from 1;
    0 where there are not several.
    `answer` tells the answers of one probe apart, from 1, where it is asked several times.
    `join` tells several joins of one run apart, by WS-Trust version. `reader` is the independent reader that says so.
    """

    step: Step | None = None
    side: Side = Side.REPLY
    spot: Spot = Spot.MESSAGE
    name: str = ""
    label: str = ""
    line: int = 0
    assertion: int = 0
    probe: str = ""
    answer: int = 0
    document: str = ""
    join: str = ""
    reader: str = ""
