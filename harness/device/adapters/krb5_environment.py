"""The process environment that libkrb5 and libsasl read: set for one call at a time, then put back.

There is no other door: GSSAPI has no argument for a configuration file, and libsasl none for a ticket cache.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_LOCK = threading.RLock()


@contextmanager
def kerberos_environment(*, config: str, ccache: str) -> Iterator[None]:
    """Hold KRB5_CONFIG and KRB5CCNAME for the calls of the block; other threads wait."""
    wanted = {"KRB5_CONFIG": config, "KRB5CCNAME": ccache}
    with _LOCK:
        before = {name: os.environ.get(name) for name in wanted}
        os.environ.update(wanted)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
