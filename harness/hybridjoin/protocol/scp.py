"""The service connection point: which tenant this forest belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hybridjoin.errors import PeerError

SCP_RDN = "CN=62a0ff2e-97b9-4513-943f-0d221bd30080,CN=Device Registration Configuration,CN=Services,CN=Configuration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scp:
    """The tenant as the SCP's `keywords` name it; `client_side` when it came from the registry."""

    tenant_name: str
    tenant_id: str
    client_side: bool = False


def parse_scp(keywords: Iterable[str]) -> Scp:
    """Read `azureADName:` and `azureADId:`, in any case; raise PeerError where either is missing or doubled."""
    values = list(keywords)
    return Scp(tenant_name=_one(values, "azureADName:"), tenant_id=_one(values, "azureADId:"))


def _one(keywords: list[str], prefix: str) -> str:
    """Return the one value behind a prefix; the same value twice is one value."""
    wanted = prefix.lower()
    found = {item[len(prefix) :].strip() for item in keywords if item.lower().startswith(wanted)} - {""}
    if len(found) != 1:
        problem = f"expected one {prefix}… among the keywords, found {len(found)} among {len(keywords)} keywords"
        raise PeerError(problem, where="service connection point")
    return found.pop()
