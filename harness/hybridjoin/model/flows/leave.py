"""The step of a device that leaves its tenant."""

from __future__ import annotations

from hybridjoin.model.steps import FlowTable, Party, Phase, Step, StepRow

LEAVE = FlowTable(
    name="leave",
    title="remove a device's registration",
    called="leave",
    results=(("left", "registration removed"), ("not-left", "registration not removed")),
    expects=("leave",),
    facts=("LeaveResult", "RegisteredDevice"),
    rows=(
        StepRow(
            step=Step.LEAVE,
            party=Party.ENTRA,
            title="have its registration removed",
            reply="removal",
            phase=Phase.JOIN,
            yields=("Removal",),
            refused_with="EnrolmentError",
        ),
    ),
)
