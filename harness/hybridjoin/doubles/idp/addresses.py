"""The addresses of the reference IdP in each profile: what a tenant's federation settings name, and the issuer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hybridjoin.doubles.idp.mapping import PROFILES
from hybridjoin.doubles.settings import Reader

HTTPS_PORT = 443
METADATA = ("mex13", "mex")


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """All but `sts` are named by the tenant's federation settings; the issuer never has a port."""

    issuer: str
    mex: str
    sts: str
    active: str
    passive: str


def addresses_of(settings: Mapping[str, object], *, port: int = HTTPS_PORT) -> Addresses:
    """Return the addresses of the IdP that has these settings; their mistakes are left to whoever reads the whole."""
    return read_addresses(Reader(settings), port=port)


def read_addresses(reader: Reader, *, port: int = HTTPS_PORT) -> Addresses:
    """Read what the addresses hang on; `mex` chooses which of PingOne's two metadata addresses the tenant names."""
    profile, host = reader.choice("profile", PROFILES), reader.text("service_host")
    issuer, mex = reader.text("issuer", default=""), reader.choice("mex", METADATA, default=METADATA[0])
    base = f"https://{host}" if port == HTTPS_PORT else f"https://{host}:{port}"
    if profile == "adfs":
        trust = f"{base}/adfs/services/trust"
        return Addresses(
            issuer=issuer or f"http://{host}/adfs/services/trust",
            mex=f"{trust}/mex",
            sts=f"{trust}/13/windowstransport",
            active=f"{trust}/2005/usernamemixed",
            passive=f"{base}/adfs/ls/",
        )
    application = reader.text("application_id")
    if profile == "jumpcloud":
        # The entity id is the domain's own name (JumpCloud); the addresses below it are assumed, but for `/commands`.
        own = f"{base}/wsfed/{application}"
        return Addresses(
            issuer=issuer or host.partition(".")[2],
            mex=f"{own}/mex",
            sts=f"{own}/sts",
            active=f"{own}/sts",
            passive=own,
        )
    return Addresses(
        issuer=issuer or f"https://{host}/applications/{application}",
        mex=f"{base}/wsf/{mex}/{application}",
        sts=f"{base}/wsf/sts/{application}",
        active=f"{base}/wsf/sts/{application}",
        passive=f"{base}/wsf/{application}",
    )
