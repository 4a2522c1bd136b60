"""The life of a device object: what a cycle of Entra Connect brings and takes, and what the tenant notes of it."""

from __future__ import annotations

import uuid

from hybridjoin.doubles.entra.config import EntraConfig
from hybridjoin.doubles.entra.tenant import Device, JoinKind, Snapshot, SyncedComputer, Tenant
from tests.doubles.entra import forge

GUID, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)


def computer(guid: uuid.UUID) -> SyncedComputer:
    return SyncedComputer(
        name="WS01", object_guid=guid, sid=f"S-1-5-21-1-2-3-{guid.int}", source_anchor="", user_certificates=(b"x",)
    )


def tenant_with(*snapshots: Snapshot) -> Tenant:
    cycles = iter(snapshots)
    tenant = Tenant(EntraConfig.from_mapping(forge.mapping()), lambda: next(cycles))
    tenant.sync()
    return tenant


def registered(guid: uuid.UUID, kind: JoinKind) -> Device:
    return Device(device_id=guid, display_name="WS01", sid="", joined_by=kind)


def test_how_things_stand_is_not_noted_and_what_a_later_cycle_changes_is() -> None:
    tenant = tenant_with(Snapshot(computers=(computer(GUID),)), Snapshot(computers=(computer(OTHER),)))
    assert tenant.notes == []

    tenant.sync()

    assert tenant.notes == [
        f"WS01 ({GUID}) left what Entra Connect exports: deleted, and was Pending",
        f"WS01 ({OTHER}) came with Entra Connect: Pending",
    ]
    assert [item.device_id for item in tenant.devices] == [OTHER]


def test_a_synchronized_join_is_noted_with_what_the_device_was_and_a_federated_one_is_not() -> None:
    tenant = tenant_with(Snapshot(computers=(computer(GUID),)))

    tenant.register(registered(GUID, JoinKind.SYNCHRONIZED))
    tenant.register(registered(GUID, JoinKind.FEDERATED))
    tenant.register(registered(GUID, JoinKind.SYNCHRONIZED))

    assert tenant.notes == [
        f"WS01 ({GUID}) was Pending: registered",
        f"WS01 ({GUID}) was registered: registered",
    ]


def test_a_device_that_an_administrator_deletes_comes_back_pending() -> None:
    both = Snapshot(computers=(computer(GUID),))
    tenant = tenant_with(both, both)
    tenant.register(registered(GUID, JoinKind.SYNCHRONIZED))
    tenant.delete("ws01$")
    assert tenant.device(GUID) is None

    tenant.sync()

    device = tenant.device(GUID)
    assert device is not None
    assert (device.registered, device.state) == (False, "Pending")
    assert tenant.notes[-1] == f"WS01 ({GUID}) came with Entra Connect: Pending"
