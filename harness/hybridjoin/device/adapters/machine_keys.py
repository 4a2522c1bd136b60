"""The keys that computers keep from one attempt to the next, as Windows' key store does until the machine is joined."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from hybridjoin.device.adapters.clock import make_key
from hybridjoin.model.site import DeviceAccount


@dataclass(slots=True)
class MachineKeys:
    """The key of each computer's own certificate, in this process' memory alone.

    An account is known by its name and keytab. None is used for two computers: each is for one certificate.
    """

    _keys: dict[tuple[str, Path | None], RSAPrivateKey] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, account: DeviceAccount) -> RSAPrivateKey:
        """Return the key that an account's computer has kept, or make one and keep it."""
        with self._lock:
            known = (account.name, account.keytab)
            if known not in self._keys:
                self._keys[known] = make_key()
            return self._keys[known]

    def forget(self, account: DeviceAccount) -> None:
        """Let an account's computer lose its key."""
        with self._lock:
            self._keys.pop((account.name, account.keytab), None)


MACHINE_KEYS = MachineKeys()
"""There is one store for the process."""
