"""Who is hurt by a sentence that is not kept: the clients of a federated domain, and where that is known from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

NOBODY_KNOWN: Final = "nobody known"


class Client(StrEnum):
    """A client that signs in at a federated domain; Windows joins as well."""

    WINDOWS = "Windows"
    MSAL_NET = "MSAL .NET"
    MSAL_JAVA = "MSAL Java"
    MSAL_PYTHON = "MSAL Python"
    MSAL_GO = "MSAL Go"
    ADAL = "ADAL"
    RELYING_PARTY = "OpenID relying parties"
    APPLICATION = "WS-Federation applications"
    ROADLIB = "roadlib"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A client that is known to fail; `source` is the document or code that says so, and `url` where it can be read."""

    client: Client
    source: str
    url: str = ""

    def __str__(self) -> str:
        return f"{self.client} ({self.source})"


def hurt(losses: Iterable[Loss]) -> str:
    """Name the clients that are known to fail, in a few words."""
    return ", ".join(item.client.value for item in losses) or NOBODY_KNOWN
