"""What this project wants of every join."""

WITHIN_S = 30.0


def slowest(elapsed: list[float]) -> float:
    """Return the longest of several times, in seconds."""
    return max(elapsed)
