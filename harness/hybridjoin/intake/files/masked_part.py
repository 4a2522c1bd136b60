"""A message as it is kept: its secrets masked, in a form's fields too."""

from __future__ import annotations

import re
from typing import Final

from hybridjoin.intake.files.part import RawPart
from hybridjoin.model.redact import redact_body

_FORM: Final = re.compile(rb"[\w.-]{1,40}=[^&<\s]*(?:&[\w.-]{1,40}=[^&<\s]*)*\s*")


def masked_body(part: RawPart) -> bytes:
    """Return a message's octets with secrets masked; a trace need not say that a body is a form."""
    form = _FORM.fullmatch(part.body) is not None
    return redact_body(part.body, "application/x-www-form-urlencoded" if form else "")
