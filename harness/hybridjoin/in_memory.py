"""What stays in memory: files that lie in no folder, gone with the process that made them; and no core on a disk."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def forbid_core_dumps() -> None:
    """Let this process, and those that it starts from now on, leave no core behind: keys and tickets are in it."""
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))


def has_memory_files() -> bool:
    """Say whether the system can have them; Linux does."""
    return hasattr(os, "memfd_create")


@contextmanager
def file_in_memory(name: str, content: bytes) -> Iterator[Path]:
    """Make a file that this process alone can open, by the path that is yielded; `name` is for people."""
    handle = os.memfd_create(name)
    try:
        path = Path(f"/proc/self/fd/{handle}")
        path.write_bytes(content)
        yield path
    finally:
        os.close(handle)
