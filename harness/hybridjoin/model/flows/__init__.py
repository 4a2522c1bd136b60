"""The flows there are: one table of steps for each."""

from __future__ import annotations

from hybridjoin.model.flows.bridge import BRIDGE
from hybridjoin.model.flows.join import HYBRID_JOIN
from hybridjoin.model.flows.leave import LEAVE
from hybridjoin.model.flows.managed_join import MANAGED_JOIN
from hybridjoin.model.flows.prt import PRIMARY_REFRESH_TOKEN
from hybridjoin.model.flows.sign_in_browser import SIGN_IN_BROWSER
from hybridjoin.model.flows.sign_in_integrated import SIGN_IN_INTEGRATED
from hybridjoin.model.flows.sign_in_username import SIGN_IN_USERNAME
from hybridjoin.model.flows.work_account import WORK_ACCOUNT
from hybridjoin.model.steps import FlowTable

__all__ = [
    "BRIDGE",
    "FLOWS",
    "HYBRID_JOIN",
    "LEAVE",
    "MANAGED_JOIN",
    "PRIMARY_REFRESH_TOKEN",
    "SIGN_IN_BROWSER",
    "SIGN_IN_INTEGRATED",
    "SIGN_IN_USERNAME",
    "WORK_ACCOUNT",
    "find_flow",
    "parts_of_other_flows",
]

FLOWS: tuple[FlowTable, ...] = (
    HYBRID_JOIN,
    SIGN_IN_USERNAME,
    SIGN_IN_INTEGRATED,
    MANAGED_JOIN,
    LEAVE,
    SIGN_IN_BROWSER,
    BRIDGE,
    PRIMARY_REFRESH_TOKEN,
    WORK_ACCOUNT,
)


def find_flow(name: str) -> FlowTable | None:
    """Return the flow that a scenario file calls by this name."""
    return next((flow for flow in FLOWS if flow.name == name), None)


def parts_of_other_flows(flow: FlowTable) -> frozenset[str]:
    """Return the names of the evidence parts of other flows alone: what reads one of them is not about this flow."""
    return frozenset(part for other in FLOWS for part in other.parts) - flow.parts
