"""One leave of a device whose registration was kept, over the network."""

from __future__ import annotations

from pathlib import Path

from hybridjoin.device.adapters.device_store import forget_device, kept_device
from hybridjoin.device.adapters.dialing import ClientCertificate
from hybridjoin.device.driver import Hands, Logbook
from hybridjoin.device.flow_run import FlowInterrupted, FlowRun, driven
from hybridjoin.device.habits import Habits
from hybridjoin.device.leave.flow import LeaveBuilder, LeaveContext, leave
from hybridjoin.device.signin.run import open_program_hands
from hybridjoin.evidence.leave import LeaveEvidence
from hybridjoin.model.circumstances import Circumstances, facts_of
from hybridjoin.model.flows import LEAVE
from hybridjoin.model.record import LeaveResult
from hybridjoin.model.site import Site

LeaveRun = FlowRun[LeaveEvidence]
"""What one leave brought to light; Windows shows no screen for it that is public."""


class LeaveInterrupted(FlowInterrupted):
    """The surroundings failed in the middle of a leave; `run` is what had been done until then."""

    run: LeaveRun


def leave_at(site: Site, folder: Path, habits: Habits | None = None) -> LeaveRun:
    """Let the device leave whose registration a folder keeps; where it has left, nothing of it is kept any more.

    Raises:
        UsageError: the folder keeps none.
        LabError: what was kept cannot be used, or not be removed.
        LeaveInterrupted: the surroundings failed mid-way.
    """
    kept, habits = kept_device(folder, place="--kept"), habits or Habits()
    shown = ClientCertificate(certificate=kept.certificate, key=kept.key)
    with open_program_hands(site, habits, certificate=shown) as hands:
        run = leave_with(hands, site, kept.device_id, habits)
    if run.evidence is not None and run.evidence.result is LeaveResult.LEFT:
        forget_device(folder)
    return run


def leave_with(hands: Hands, site: Site, device_id: str, habits: Habits) -> LeaveRun:
    """Leave with hands that are open already, and that show the device's certificate.

    Raises:
        LeaveInterrupted: the surroundings failed; what was done is in it.
    """
    told = Circumstances(flow=LEAVE.name, device=device_id, site=facts_of(site), habits=habits.facts)
    logbook, builder = Logbook(circumstances=told), LeaveBuilder()
    context = LeaveContext(device_id=device_id, site=site, habits=habits)
    evidence = driven(leave(context, builder), hands, logbook, builder, LeaveInterrupted)
    return FlowRun(evidence=evidence, transcript=logbook.transcript)
