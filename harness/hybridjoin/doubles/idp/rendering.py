"""Jinja2 for XML: everything is escaped, times are written as the profile writes them, no blanks between elements."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import jinja2
from lxml import etree
from markupsafe import Markup, escape

TEMPLATES = Path(__file__).parent / "templates"

# Characters that XML 1.0 (section 2.2) cannot hold, not even as references.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SAML_TAG = re.compile(r"(</?)saml:")
_BETWEEN_TAGS = re.compile(r">\s+<")


def _as_xml(value: object) -> object:
    """Escape a text; a carriage return needs a reference, or the reader's parser turns it into a line feed."""
    if not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    text = escape(_FORBIDDEN.sub("\ufffd", value))
    return text.replace("\r", Markup("&#13;")) if "\r" in text else text


def instant(moment: datetime) -> str:
    """Write a UTC time with milliseconds."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def second(moment: datetime) -> str:
    """Write a UTC time with whole seconds."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def shape_of(profile: str) -> str:
    """Return the folder of a profile's templates; what JumpCloud writes nobody has published, so it borrows."""
    return "pingone" if profile == "jumpcloud" else profile


_ENVIRONMENT = jinja2.Environment(
    loader=jinja2.FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    finalize=_as_xml,
    auto_reload=False,  # the templates come with the package, and are what they were when it was started
)
_ENVIRONMENT.filters.update(instant=instant, second=second)


def render(template: str, **values: object) -> str:
    """Fill a template in and take the blanks between its elements out."""
    return _BETWEEN_TAGS.sub("><", _ENVIRONMENT.get_template(template).render(**values)).strip()


def render_element(template: str, *, bare: bool = False, **values: object) -> etree._Element:
    """Fill a template in and return it parsed; blanks that are a value of their own stay.

    `bare` makes the namespace of the prefix `saml` the default one. It is done in the text: no value holds a tag.
    """
    text = _ENVIRONMENT.get_template(template).render(**values)
    if bare:
        text = _SAML_TAG.sub(r"\1", text).replace("xmlns:saml=", "xmlns=")
    return etree.fromstring(text.encode(), etree.XMLParser(remove_blank_text=True, no_network=True))
