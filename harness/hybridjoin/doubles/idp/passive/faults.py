"""How each fault of the area `passive` bends the answer to a browser, one table for each stage of writing it.

ASSERTION changes the assertion before it is signed, REPLY the response around it, WRESULT the text that goes into the
form, FORM the form, PAGE the finished page. What the door does otherwise than it should before it answers is looked up
by name (`DOOR`).
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar
from urllib.parse import quote

from lxml import etree

from hybridjoin.doubles.fault import Misbehaviour
from hybridjoin.doubles.idp.token import Reply

Thing = TypeVar("Thing")
Bend = Callable[[Thing, Misbehaviour], Thing]

_STATEMENT = "{*}AuthenticationStatement"
_LINE = 64
DOOR = (
    "passive-redirects-forever", "passive-without-method", "passive-long-url",
    "passive-hangs", "passive-device-trust", "passive-password-elsewhere",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The form that submits itself; its fields in their order."""

    action: str
    fields: tuple[tuple[str, str], ...]
    method: str = "POST"

    def but(self, **changes: str | None) -> Form:
        """Return the form with other values of some fields; None leaves the field out."""
        kept = ((name, changes.get(name, value)) for name, value in self.fields)
        return replace(self, fields=tuple((name, value) for name, value in kept if value is not None))

    def value(self, name: str) -> str:
        """Return a field's value."""
        return dict(self.fields).get(name, "")


def _with_locality(assertion: etree._Element, _: Misbehaviour) -> etree._Element:
    statement = assertion.find(_STATEMENT)
    if statement is not None:
        namespace = etree.QName(assertion).namespace
        etree.SubElement(statement, f"{{{namespace}}}SubjectLocality", IPAddress="192.0.2.7")
    return assertion


def _folded(text: str) -> str:
    """Break long base64 into lines, as chunk_split does, with a carriage return and a line feed each."""
    root = etree.fromstring(text.encode())
    for element in root.iter("{*}SignatureValue", "{*}X509Certificate"):
        value = element.text or ""
        element.text = "@@".join(value[at : at + _LINE] for at in range(0, len(value), _LINE))
    return etree.tostring(root, encoding="unicode").replace("@@", "\r\n")


def _indented(text: str) -> str:
    root = etree.fromstring(text.encode(), etree.XMLParser(remove_blank_text=True))
    return etree.tostring(root, encoding="unicode", pretty_print=True)


ASSERTION: Mapping[str, Bend[etree._Element]] = {"passive-subject-locality": _with_locality}
REPLY: Mapping[str, Bend[Reply]] = {
    "passive-collection": lambda reply, _: replace(reply, trust="1.3", in_collection=True),
    "passive-other-applies-to": lambda reply, fault: replace(reply, applies_to=fault.text("address")),
}
WRESULT: Mapping[str, Bend[str]] = {
    "passive-carriage-returns": lambda text, _: _folded(text),
    "passive-indented": lambda text, _: _indented(text),
    "passive-escaped-twice": lambda text, _: html.escape(text),
    "passive-cut": lambda text, fault: text[: fault.integer("characters")],
}
FORM: Mapping[str, Bend[Form]] = {
    "passive-without-wa": lambda form, _: form.but(wa=None),
    "passive-without-wctx": lambda form, _: form.but(wctx=None),
    "passive-changed-wctx": lambda form, _: form.but(wctx=quote(form.value("wctx"), safe="")),
    "passive-without-wresult": lambda form, _: form.but(wresult=None),
    "passive-wrong-action": lambda form, fault: replace(form, action=f"https://{fault.text('host')}/login.srf"),
    "passive-by-get": lambda form, _: replace(form, method="GET"),
}
_SCRIPTED = (
    b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><noscript>You need to enable JavaScript to run "
    b'this app.</noscript><div id="root"></div><script src="/app.js"></script></body></html>\n'
)
PAGE: Mapping[str, Bend[tuple[bytes, str]]] = {
    "passive-needs-script": lambda _page, _: (_SCRIPTED, "text/html; charset=utf-8"),
    "passive-as-json": lambda _page, _: (b'{"status":"AUTHENTICATED","next":"app"}', "application/json"),
    "passive-as-text": lambda page, _: (page[0], "text/plain; charset=utf-8"),
}


def bent(table: Mapping[str, Bend[Thing]], thing: Thing, faults: tuple[Misbehaviour, ...]) -> Thing:
    """Return a thing as the faults of a stage leave it."""
    for fault in faults:
        bend = table.get(fault.name)
        thing = bend(thing, fault) if bend is not None else thing
    return thing
