"""WS-Federation for browsers (MS-MWBF): what Entra asks an IdP for, and the form that comes back with the answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from hybridjoin.protocol.address import split_address
from hybridjoin.protocol.page import Form, HtmlPage

SIGN_IN = "wsignin1.0"
LOGIN_PATH = "/login.srf"
_AADSTS = re.compile(r"AADSTS\d{4,9}: [^<]{1,600}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassiveRequest:
    """The request that a browser was sent to the IdP with: its parameters, decoded once; `url` is the whole address."""

    url: str
    parameters: tuple[tuple[str, str], ...]

    def value(self, name: str) -> str:
        """Return a parameter, empty where it is not there."""
        return dict(self.parameters).get(name, "")

    @property
    def address(self) -> str:
        """The address without its question: the domain's passiveSignInUri."""
        return self.url.partition("?")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class PassiveForm:
    """The form by which an IdP hands its answer to a browser, before it is sent on.

    `fields` are the names of its controls; wa, wresult and wctx are None where there is no such field. `page_url` and
    `status` are those of the page it stood on, `meant_for` is the relying party's own address. `script` says that the
    page has a script to submit it, `button` that it has a button for people who have none. `carriage_returns` counts
    those that HTML takes out of the page.
    """

    action: str
    method: str
    fields: tuple[str, ...]
    wa: str | None
    wctx: str | None
    wresult: str | None = field(repr=False)
    page_url: str
    status: int
    content_type: str
    script: bool
    button: bool
    carriage_returns: int
    meant_for: str

    @property
    def at_home(self) -> bool:
        """Whether the form goes to the relying party, whatever the case of the path."""
        found, wanted = split_address(self.action), split_address(self.meant_for)
        same = (found.scheme, found.hostname, found.port) == (wanted.scheme, wanted.hostname, wanted.port)
        return same and found.path.lower() == wanted.path.lower()


def read_request(url: str) -> PassiveRequest:
    """Read the address that Entra sent a browser to."""
    parameters = tuple(parse_qsl(split_address(url).query, keep_blank_values=True))
    return PassiveRequest(url=url, parameters=parameters)


def answering_form(page: HtmlPage) -> Form | None:
    """Return the form of a page that takes an answer to a relying party; None where there is none."""
    named = (form for form in page.forms if {item.name for item in form.fields} & {"wresult", "wctx"})
    return next((form for form in named if not form.of_kind("password")), None)


def read_form(form: Form, page: HtmlPage, *, url: str, status: int, content_type: str, meant_for: str) -> PassiveForm:
    """Read the form that stands on a page; `meant_for` is the address that it should go to."""
    return PassiveForm(
        action=form.action,
        method=form.method,
        fields=tuple(item.name for item in form.fields),
        wa=form.value("wa"),
        wctx=form.value("wctx"),
        wresult=form.value("wresult"),
        page_url=url,
        status=status,
        content_type=content_type,
        script=page.scripts > 0,
        button=bool(page.noscript) or form.button,
        carriage_returns=page.carriage_returns,
        meant_for=meant_for,
    )


def encode_fields(fields: tuple[tuple[str, str], ...]) -> bytes:
    """Write a form's body; line breaks become CR LF, as browsers send them (HTML, 4.10.21.8)."""
    return urlencode([(name, value.replace("\n", "\r\n")) for name, value in fields]).encode("ascii")


def refusal_in(page: HtmlPage) -> str:
    """Return Entra's own words from a page that a sign-in ended on; empty where it names no code."""
    found = _AADSTS.search(page.text)
    return found[0].strip() if found else ""
