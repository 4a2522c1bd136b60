"""Draws the XML formats from their templates: all that a record says is text, whatever characters it has."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

_TEMPLATES = Path(__file__).parent / "templates"
# XML 1.0 (2.2) has no way to write these, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def draw_xml(template: str, **values: object) -> str:
    """Draw a template; its values are escaped, and what XML cannot hold becomes U+FFFD."""
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    """Return the templates' environment; each is read and compiled once."""
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_writable,
    )


def writable(text: str) -> str:
    """Return a text with U+FFFD for what XML cannot hold."""
    return _FORBIDDEN.sub("\ufffd", text)


def _writable(value: object) -> object:
    return writable(value) if isinstance(value, str) and not isinstance(value, Markup) else value
