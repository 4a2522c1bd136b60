"""A column for the Entra double itself: clients of the tenant, on Microsoft's own host names."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.peers.catalogue import PeerMissing
from tests.peers.fetched import brought
from tests.peers.interop import Column, required
from tests.peers.roadlib.guest import ROADLIB, trial
from tests.peers.trials import Trial

TITLE = "the Entra double, on Microsoft's host names"


def tenant_column() -> Iterator[Trial | Column]:
    """Let every client of the tenant do what it can; yield each trial as it ends, and the whole column last."""
    folder = Path(tempfile.mkdtemp(prefix="hj-"))  # a short path, for Samba's sockets
    try:
        done = trial(brought(ROADLIB), folder)
        yield done
        yield Column(title=TITLE, trials=(done,))
    except PeerMissing as error:
        yield Column(title=TITLE, missing=str(error), required=required(ROADLIB.name, os.environ))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
