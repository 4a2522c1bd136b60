"""What this project wants of every join."""

WITHIN_MS = 30_000.0


def slowest(elapsed_ms: list[float]) -> float:
    """Return the longest of several times, in milliseconds."""
    return max(elapsed_ms)
