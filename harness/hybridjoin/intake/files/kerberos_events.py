"""Errors of Kerberos in the System log: event 3 of Security-Kerberos, where somebody has switched its logging on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from hybridjoin.intake.files.event import WindowsEvent

# The text's label, without its blank also the field's name, and what it is a fact of.
_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Error Code": "kerberos.error",
        "Client Time": "kerberos.client_time",
        "Server Time": "kerberos.server_time",
        "Target Name": "kerberos.target",
    }
)


def kerberos_values(event: WindowsEvent) -> Iterator[tuple[str, str]]:
    """Yield key and value of what a KDC or a service answered; an empty field is none."""
    fields = dict(event.data)
    for label, key in _LABELS.items():
        found = re.search(rf"^\s*{label}:[ \t]*(\S.*)$", event.text, re.MULTILINE)
        value = fields.get(label.replace(" ", ""), "") or (found[1] if found is not None else "")
        if label == "Error Code" and fields.get("ErrorMessage"):
            value = f"{value} {fields['ErrorMessage']}"
        if value.strip():
            yield key, value.strip()
