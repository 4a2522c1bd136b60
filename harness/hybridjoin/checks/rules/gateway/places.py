"""Where a gateway's setting stands, and which of its user types a sentence is about."""

from __future__ import annotations

from hybridjoin.checks.silence import inapplicable
from hybridjoin.intake.gateway import GatewaySetup, GatewayUserType
from hybridjoin.model.where import Spot, Where


def at_member(setup: GatewaySetup, name: str) -> Where:
    """Return the place of a member of the setup."""
    return Where(document=setup.place, spot=Spot.MEMBER, name=name)


def some(kinds: tuple[GatewayUserType, ...], what: str) -> tuple[GatewayUserType, ...]:
    """Return user types; raise Silence where there are none."""
    if not kinds:
        raise inapplicable(f"the gateway has no user type for {what}")
    return kinds
