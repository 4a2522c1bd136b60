"""The tenant's directory in memory: what Entra Connect synced and what has registered since."""

from __future__ import annotations

import base64
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from hybridjoin.doubles.entra.config import Domain, EntraConfig

SERVER_AD = "ServerAd"


class JoinKind(StrEnum):
    """How a device registered: the one wanted, or the fallback; or a person had it registered."""

    FEDERATED = "fed"
    SYNCHRONIZED = "sync"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncedComputer:
    """A computer as Entra Connect exports it; `source_anchor` is base64 of 16 bytes, certificates are DER."""

    name: str
    object_guid: uuid.UUID
    sid: str
    source_anchor: str
    user_certificates: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncedUser:
    """A user as Entra Connect exports it; `source_anchor` is what the cloud calls ImmutableID.

    `dn` is who the directory is asked for where a password is checked, `password` stands in its place where there is no
    directory: what the double has instead of the synced hash.
    """

    name: str
    upn: str
    object_guid: uuid.UUID
    sid: str
    source_anchor: str
    enabled: bool = True
    display_name: str = ""
    given_name: str = ""
    family_name: str = ""
    mail: str = ""
    dn: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncedGroup:
    """A group as Entra Connect exports it; `members` are the objectGUIDs of users and of groups in it.

    `security` is false for a distribution group.
    """

    name: str
    object_guid: uuid.UUID
    members: frozenset[uuid.UUID] = frozenset()
    security: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What one synchronization brought."""

    computers: tuple[SyncedComputer, ...] = ()
    users: tuple[SyncedUser, ...] = ()
    groups: tuple[SyncedGroup, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A device object: `synced` is None for one that came by a federated join only.

    `registered` is what the portal shows under Registered, `certificate` the DER of what was issued,
    `transport_key` the blob that came with the request. `owner_id` is the person who had it registered.
    """

    device_id: uuid.UUID
    display_name: str
    sid: str
    synced: SyncedComputer | None = None
    registered: bool = False
    joined_by: JoinKind | None = None
    registered_at: datetime | None = None
    certificate: bytes = b""
    transport_key: str = ""
    trust_type: str = SERVER_AD
    owner_id: uuid.UUID | None = None

    @property
    def state(self) -> str:
        """What the portal shows under Registered: a date, or that it is pending."""
        return "registered" if self.registered else "Pending"


Source = Callable[[], Snapshot]


def anchor_of(object_guid: uuid.UUID, consistency_guid: uuid.UUID | None, choice: str) -> str:
    """Return the source anchor that Entra Connect exports: `auto` prefers mS-DS-ConsistencyGuid where it is set."""
    chosen = object_guid
    if consistency_guid is not None and choice != "objectGUID":
        chosen = consistency_guid
    return base64.b64encode(chosen.bytes_le).decode("ascii")


class Tenant:
    """One tenant: its settings, its synced objects and its devices.

    >>> app.state.tenant.sync()  # doctest: +SKIP
    """

    def __init__(self, config: EntraConfig, source: Source) -> None:
        self._config = config
        self._source = source
        self._lock = threading.Lock()
        self._devices: dict[uuid.UUID, Device] = {}
        self._users: tuple[SyncedUser, ...] = ()
        self._groups: tuple[SyncedGroup, ...] = ()
        self._cycles = 0
        self.notes: list[str] = []

    @property
    def config(self) -> EntraConfig:
        """The tenant's settings as they are now; its domains are what an administrator has made of them."""
        return self._config

    def put_domain(self, domain: Domain) -> None:
        """Keep a domain in the place of the one of its name."""
        with self._lock:
            domains = tuple(domain if item.name == domain.name else item for item in self._config.domains)
            self._config = replace(self._config, domains=domains)

    def remove_domain(self, name: str) -> None:
        """Let the tenant no longer have a domain."""
        with self._lock:
            domains = tuple(item for item in self._config.domains if item.name != name)
            self._config = replace(self._config, domains=domains)

    def sync(self) -> Snapshot:
        """Run a synchronization cycle: take what the directory holds now.

        A computer that left the export is deleted here too, registered or not, as Entra Connect does; a device
        that came by a federated join alone stays. What a later cycle than the first changes is noted.
        """
        snapshot = self._source()
        with self._lock:
            self._cycles += 1
            self._users = snapshot.users
            self._groups = snapshot.groups
            present = {computer.object_guid: computer for computer in snapshot.computers}
            kept = {key: item for key, item in self._devices.items() if key in present or item.synced is None}
            for item in self._devices.values():
                if item.device_id not in kept:
                    self._note(item, f"left what Entra Connect exports: deleted, and was {item.state}")
            self._devices = {key: replace(item, synced=present.get(key)) for key, item in kept.items()}
            for guid, computer in present.items():
                if guid not in self._devices:
                    self._devices[guid] = Device(
                        device_id=guid, display_name=computer.name, sid=computer.sid, synced=computer
                    )
                    self._note(self._devices[guid], f"came with Entra Connect: {self._devices[guid].state}")
        return snapshot

    def delete(self, name: str) -> None:
        """Delete a computer's device object, as an administrator does; the next cycle brings it back."""
        wanted = name.lower().removesuffix("$")
        with self._lock:
            gone = [key for key, item in self._devices.items() if item.display_name.lower() == wanted]
            self._devices = {key: item for key, item in self._devices.items() if key not in gone}

    def _note(self, device: Device, words: str) -> None:
        """Note what became of a device, but for what the first cycle brought: that is how things stand."""
        if self._cycles != 1:
            self.notes.append(f"{device.display_name} ({device.device_id}) {words}")

    @property
    def devices(self) -> tuple[Device, ...]:
        """Every device object, synced or registered."""
        with self._lock:
            return tuple(self._devices.values())

    @property
    def users(self) -> tuple[SyncedUser, ...]:
        """Every synced user."""
        return self._users

    @property
    def groups(self) -> tuple[SyncedGroup, ...]:
        """Every synced group."""
        return self._groups

    def groups_of(self, user: SyncedUser) -> tuple[SyncedGroup, ...]:
        """Return the groups that a user is in, through other groups too."""
        inside, found = {user.object_guid}, list[SyncedGroup]()
        while more := [item for item in self._groups if item not in found and inside & item.members]:
            found += more
            inside |= {item.object_guid for item in more}
        return tuple(found)

    def cloud_id(self, object_guid: uuid.UUID) -> str:
        """Return a synced object's id in the cloud: the same at every sign-in, and not the directory's."""
        return str(uuid.uuid5(self.config.tenant_id, str(object_guid)))

    def user_named(self, name: str) -> SyncedUser | None:
        """Return the synced user of a user principal name, whatever its case."""
        return next((user for user in self._users if user.upn.lower() == name.lower()), None)

    def user_of_account(self, account: str) -> SyncedUser | None:
        """Return the synced user of an account's name in the directory, whatever its case."""
        return next((user for user in self._users if user.name.lower() == account.lower()), None)

    def device(self, device_id: uuid.UUID) -> Device | None:
        """Return the device of an id."""
        with self._lock:
            return self._devices.get(device_id)

    def owned_by(self, owner_id: uuid.UUID) -> tuple[Device, ...]:
        """Return the devices that a person had registered."""
        return tuple(item for item in self.devices if item.owner_id == owner_id)

    def named_by(self, guid: uuid.UUID) -> Device | None:
        """Return the device a GUID names: by its id, else by the source anchor that Entra Connect exported."""
        anchor = anchor_of(guid, None, "objectGUID")
        return self.device(guid) or next(
            (item for item in self.devices if item.synced and item.synced.source_anchor == anchor), None
        )

    def synced_by_sid(self, sid: str) -> SyncedComputer | None:
        """Return the synced computer that owns a SID."""
        owners = (item.synced for item in self.devices if item.synced and item.synced.sid == sid)
        return next(owners, None)

    def user_by_sid(self, sid: str) -> SyncedUser | None:
        """Return the synced user who owns a SID."""
        return next((user for user in self._users if user.sid == sid), None)

    def user_by_anchor(self, anchor: str) -> SyncedUser | None:
        """Return the synced user of an ImmutableID; the comparison is case-sensitive, as base64 is."""
        return next((user for user in self._users if user.source_anchor == anchor), None)

    def register(self, device: Device) -> None:
        """Keep a registration, over whatever stood there before."""
        with self._lock:
            before = self._devices.get(device.device_id)
            registered = replace(device, registered=True)
            self._devices[device.device_id] = registered
            if device.joined_by is JoinKind.SYNCHRONIZED and before is not None:
                self.notes.append(f"{device.display_name} ({device.device_id}) was {before.state}: {registered.state}")

    def remove(self, device_id: uuid.UUID) -> None:
        """Forget a device; one that Entra Connect exports is there again after its next cycle."""
        with self._lock:
            self._devices.pop(device_id, None)
