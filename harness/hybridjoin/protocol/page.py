"""A page of HTML as a browser without a script engine reads it: its forms, and whatever else it leads on by.

The reader is libxml2's, which mends what is broken as browsers do. Line breaks are made one kind before, as HTML has it
(HTML, 13.2.3.5): a carriage return in a field's value is lost on the way, and its number is kept.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

import lxml.html
from lxml import etree

from hybridjoin.errors import PeerError
from hybridjoin.protocol import limits
from hybridjoin.protocol.address import leads_to

_HTML_TYPES = ("text/html", "application/xhtml+xml")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_REFRESH = re.compile(r"\s*\d+\s*[;,]\s*url\s*=\s*[\"']?([^\"'\s]+)", re.IGNORECASE)
_META_WITHIN = 1024
_LONGEST_TEXT = 2000
_PRESSED = frozenset({"submit", "image"})
_SENT = frozenset({"hidden", "text", "email", "tel", "password", "submit", "search", "url", "number"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One control of a form with a name; `kind` is the type of an input in lower case, `text` where it has none."""

    name: str
    kind: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form: where it goes, absolute; how; and its controls in their order; `button`, whether people can submit it."""

    action: str
    method: str
    fields: tuple[Field, ...]
    button: bool = False

    def value(self, name: str) -> str | None:
        """Return the value of the first control of that name; None where there is none."""
        return next((item.value for item in self.fields if item.name == name), None)

    def of_kind(self, *kinds: str) -> tuple[Field, ...]:
        """Return the controls of some kinds."""
        return tuple(item for item in self.fields if item.kind in kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlPage:
    """What a page shows and where it leads.

    `text` is what people read, shortened; `noscript` what they read without a script engine, `scripts` how many scripts
    there are, `refresh` the address that it goes to by itself. `carriage_returns` counts those of the document.
    """

    title: str
    text: str
    noscript: str
    forms: tuple[Form, ...]
    scripts: int
    refresh: str = ""
    carriage_returns: int = 0


def read_page(body: bytes, *, content_type: str, url: str) -> HtmlPage:
    """Read a page that came from an address.

    Raises:
        PeerError: it is no page, or beyond a bound.
    """
    where = f"the page of {url.partition('?')[0]}"
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in _HTML_TYPES:
        raise PeerError(f"expected a page (text/html), found {kind or 'no Content-Type'}", where=where)
    limits.PAGE_BYTES.hold(len(body), where=where)
    limits.PAGE_TAGS.hold(body.count(b"<"), where=where)
    text = _decoded(body, content_type)
    returns = text.count("\r")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    try:
        root = lxml.html.document_fromstring(text, parser=lxml.html.HTMLParser(no_network=True, huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise PeerError(f"expected a page, found nothing that is one: {error}", where=where) from error
    return _page(root, url, where, returns)


def _page(root: lxml.html.HtmlElement, url: str, where: str, returns: int) -> HtmlPage:
    base = leads_to(url, next((item.get("href") or "" for item in root.iter("base")), ""))
    forms = tuple(root.iter("form"))
    limits.PAGE_FORMS.hold(len(forms), where=where)
    limits.PAGE_FIELDS.hold(sum(1 for _ in root.iter("input", "button", "select", "textarea")), where=where)
    shut = [_words(item) for item in root.iter("noscript")]
    scripts = tuple(root.iter("script"))
    title = next((_words(item) for item in root.iter("title")), "")
    refresh = next((item.get("content") or "" for item in root.iter("meta") if _is(item, "http-equiv", "refresh")), "")
    to = _REFRESH.match(refresh)
    read = tuple(_form(item, base) for item in forms)
    for item in (*scripts, *root.iter("style", "noscript", "title")):
        item.drop_tree() if item.getparent() is not None else None
    return HtmlPage(
        title=title[:_LONGEST_TEXT],
        text=_words(root)[:_LONGEST_TEXT],
        noscript=" ".join(shut)[:_LONGEST_TEXT],
        forms=read,
        scripts=len(scripts),
        refresh=leads_to(base, to[1]) if to else "",
        carriage_returns=returns,
    )


def _form(form: lxml.html.HtmlElement, base: str) -> Form:
    controls = (item for item in form.iter("input", "button", "textarea") if item.get("name"))
    fields = tuple(
        Field(name=str(item.get("name")), kind=_kind(item), value=_value(item))
        for item in controls
        if item.get("disabled") is None
    )
    return Form(
        action=leads_to(base, (form.get("action") or "").strip()),
        method=(form.get("method") or "GET").strip().upper(),
        fields=fields,
        button=any(_kind(item) in _PRESSED for item in form.iter("input", "button")),
    )


def _kind(control: lxml.html.HtmlElement) -> str:
    if control.tag == "textarea":
        return "text"
    default = "submit" if control.tag == "button" else "text"
    return (control.get("type") or default).strip().lower()


def _value(control: lxml.html.HtmlElement) -> str:
    return str(control.text or "") if control.tag == "textarea" else str(control.get("value") or "")


def _is(element: lxml.html.HtmlElement, attribute: str, wanted: str) -> bool:
    return (element.get(attribute) or "").strip().lower() == wanted


def _words(element: lxml.html.HtmlElement) -> str:
    return " ".join(" ".join(str(text) for text in element.itertext()).split())


def _decoded(body: bytes, content_type: str) -> str:
    """Decode by the header's charset, else by the page's own, else as UTF-8; what cannot be is replaced."""
    named = _CHARSET.search(content_type) or _CHARSET.search(body[:_META_WITHIN].decode("latin-1"))
    try:
        codec = codecs.lookup(named[1] if named else "utf-8").name
        return body.decode(codec, "replace")
    except (LookupError, ValueError, AssertionError):
        return body.decode("utf-8", "replace")
