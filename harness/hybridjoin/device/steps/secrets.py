"""Keeping a secret that a flow has sent out of what it keeps."""

from __future__ import annotations

from dataclasses import replace

from hybridjoin.evidence.outcome import Failure
from hybridjoin.model.known_secret import hide


def without_secret(found: Failure, secret: str) -> Failure:
    """Return a failure whose words, the peer's own included, do not repeat the secret."""
    hidden = hide(found, secret)
    return replace(hidden, server=hide(hidden.server, secret)) if hidden.server is not None else hidden
