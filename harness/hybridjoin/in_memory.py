"""Files that lie in no folder: gone with the process that made them, however it ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
