"""The process environment that libkrb5 and libsasl read: set for one call at a time, then put back.

There is no other door: GSSAPI has no argument for a configuration file, and libsasl none for a ticket cache.
"""

from __future__ import annotations

import os
import re
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hybridjoin.errors import LabError
from hybridjoin.in_memory import file_in_memory, has_memory_files

_LOCK = threading.RLock()
_TIME_SYNC = re.compile(r"^\s*kdc_timesync\s*=\s*(\S+)", re.MULTILINE)
_TRUE = frozenset({"1", "true", "yes", "y", "t", "on"})


@contextmanager
def configuration(base: Path, *, time_sync: bool) -> Iterator[str]:
    """Yield a KRB5_CONFIG in which the client follows the KDC's clock, or does not.

    Where `base` says otherwise, or nothing, a small file that says it stands before `base`: libkrb5 takes the
    first value that it finds.

    Raises:
        LabError: the configuration cannot be read or written.
    """
    try:
        found = _TIME_SYNC.search(base.read_text("utf-8", "replace"))
    except OSError as error:
        raise LabError(
            f"the Kerberos configuration cannot be read: {error}", remedy="correct krb5_config in the site file"
        ) from error
    if found is not None and (found[1].lower() in _TRUE) == time_sync:
        yield str(base)
        return
    words = f"[libdefaults]\n    kdc_timesync = {time_sync:d}\n".encode("ascii")
    if has_memory_files():
        with file_in_memory("krb5.conf", words) as first:
            yield f"{first}:{base}"
        return
    with tempfile.TemporaryDirectory(prefix="hybridjoin-device-") as scratch:
        first = Path(scratch) / "krb5.conf"
        first.write_bytes(words)
        yield f"{first}:{base}"


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
