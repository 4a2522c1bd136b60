"""What a bridge is set up with: its console's fields, the client secret, and who signs in."""

from __future__ import annotations

from dataclasses import dataclass, field

from hybridjoin.device.signin.username import Credentials
from hybridjoin.model.relying_party import RelyingParty


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """A bridge that is set up, and the person who signs in; neither secret is printed."""

    relying_party: RelyingParty
    secret: str = field(repr=False)
    credentials: Credentials
