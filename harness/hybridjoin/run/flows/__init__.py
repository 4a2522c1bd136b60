"""The flows that a device can be sent through: one row for each door of a federated domain.

A new flow is a table of its steps (`model.steps`), a generator with its evidence (`device`, `evidence`), a module here
and a row of the table; scenarios name it as `flow:`, and the engine sets up, drives, times, judges and keeps it as it
does every other.
"""

from __future__ import annotations

from typing import Final

from hybridjoin.run.flows.bridging import BRIDGING
from hybridjoin.run.flows.browsing import BROWSE
from hybridjoin.run.flows.flow import Again, Flow
from hybridjoin.run.flows.joining import JOIN, MANAGED
from hybridjoin.run.flows.leaving import LEAVE
from hybridjoin.run.flows.registering import REGISTER
from hybridjoin.run.flows.signing_in import LOGON, SIGN_IN, SIGN_IN_INTEGRATED_FLOW

__all__ = [
    "BRIDGING",
    "BROWSE",
    "FLOWS",
    "JOIN",
    "LEAVE",
    "LOGON",
    "MANAGED",
    "REGISTER",
    "SIGN_IN",
    "SIGN_IN_INTEGRATED_FLOW",
    "Again",
    "Flow",
    "find_flow",
]

FLOWS: Final = (
    JOIN,
    SIGN_IN,
    SIGN_IN_INTEGRATED_FLOW,
    MANAGED,
    LEAVE,
    BROWSE,
    BRIDGING,
    LOGON,
    REGISTER,
)


def find_flow(name: str) -> Flow:
    """Return the flow of a name.

    Raises:
        LookupError: there is none; the ones there are, are named.
    """
    found = next((flow for flow in FLOWS if flow.name == name), None)
    if found is None:
        raise LookupError(f"no flow is called '{name}'; there are {', '.join(flow.name for flow in FLOWS)}")
    return found
