"""How a claim came, in the words that scenarios use (ok, missing, wrong-namespace, duplicate, wrong-value)."""

from __future__ import annotations

from hybridjoin.model.verdict import ClaimRow, Outcome


def states(row: ClaimRow) -> tuple[str, ...]:
    """Return every word that fits the claim, the most telling one first."""
    if row.outcome is Outcome.PASSED:
        return ("ok",)
    found: list[str] = ["review"] if row.outcome is Outcome.REVIEW else []
    if not row.found:
        found += ["absent"] if row.outcome is Outcome.SKIPPED else ["missing", "absent"]
    else:
        found += ["wrong-namespace"] * (row.found_namespace != row.namespace)
        found += ["duplicate"] * (len(row.found) > len(row.expected))
        found += ["wrong-value"] * (not set(row.found) <= set(row.expected))
    if row.outcome is Outcome.FAILED:
        found.append("wrong")
    return tuple(found) or (row.outcome.value,)


def told(row: ClaimRow) -> str:
    """Name what is wrong with a claim in one sentence, or say that nothing is."""
    if row.mistake:
        return f"{row.name}: {row.mistake}"
    if row.outcome is Outcome.PASSED:
        place = f" in '{row.found_namespace}'" if row.found_namespace else ""
        return f"nothing is wrong with {row.name}: it came as {_list(row.found)}{place}"
    if not row.found:
        return f"{row.name} is missing"
    if row.found_namespace != row.namespace:
        return f"{row.name} came with the namespace '{row.found_namespace}' instead of '{row.namespace}'"
    if row.found != row.expected:
        return f"{row.name} is {_list(row.found)} instead of {_list(row.expected)}"
    return f"{row.name} came under another name than it is read by"


def _list(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values) or "nothing"
