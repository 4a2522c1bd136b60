"""The service connection point: which tenant this forest belongs to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Scp:
    """The tenant as the SCP's `keywords` name it; `client_side` when it came from the registry."""

    tenant_name: str
    tenant_id: str
    client_side: bool = False
