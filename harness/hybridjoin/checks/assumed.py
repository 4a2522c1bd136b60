"""What is only assumed of Entra: a refusal by such a rule of the double's proves nothing about the IdP by itself."""

from __future__ import annotations

from hybridjoin.protocol.oauth import EntraError


def only_assumed(error: object) -> str:
    """Say that nobody has published that Entra refuses so; empty where that is known, or Entra refused nothing."""
    if not isinstance(error, EntraError) or not error.assumed_rule:
        return ""
    return f"the Entra double refused by its rule '{error.assumed_rule}', and that Entra answers so is assumed"
