"""The keys of a scenario that are about time: a clock that is wrong, and attempts that are made again."""

from __future__ import annotations

from pydantic import Field

from hybridjoin.scenario.yaml.fields import Duration, Strict


class ClockModel(Strict):
    """Whose clock is wrong, and by how much; `+6m` is six minutes ahead of everyone else."""

    device: Duration = Field(description="How far the device's clock is ahead of everybody else's, Kerberos included.")


class RetriesModel(Strict):
    """How the scheduled task tries again where an attempt fails, on a clock that jumps from one attempt to the next."""

    every: Duration = Field(
        default=3600.0, description="How long it waits between two attempts; an hour, as Windows does."
    )
    synced_after: Duration = Field(
        default=5400.0,
        description="When Entra Connect has synchronized the computer, counted from the first attempt; until then no "
        "cycle has seen it.",
    )
    most: int = Field(default=5, ge=2, le=100, description="After how many attempts it gives up.")
