"""Why a verdict is none, for tests that look at the reason."""

from __future__ import annotations

from hybridjoin.model.verdict import NotTested, Verdict


def silence(verdict: Verdict) -> NotTested:
    """Return the reason of a verdict that is not tested."""
    assert verdict.not_tested is not None, verdict
    return verdict.not_tested
