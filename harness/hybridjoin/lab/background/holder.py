"""The holder: a detached process that holds a lab until it is told to end.

`python -m hybridjoin.lab.background.holder BACKEND LAB-FILE`, started by `hybridjoin.lab.background.labs`. Until it is
told to stay, it ends as soon as whoever started it is no more.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import IO

from hybridjoin.doubles.idp.addresses import addresses_of
from hybridjoin.errors import HarnessError
from hybridjoin.lab.backend import choose_backend
from hybridjoin.lab.background.exports import lab_variables
from hybridjoin.lab.background.labs import MARKED, STAY, BackgroundLab, Condition, background_folder, describe_start
from hybridjoin.lab.lab import Lab
from hybridjoin.lab.standins.config import idp_settings
from hybridjoin.scenario.lab.lab_file import LabFile
from hybridjoin.scenario.lab.load import load_lab_file
from hybridjoin.signals import LEAVES_WITHIN_S, orderly_exit

log = logging.getLogger(__name__)


class _Teller(logging.Handler):
    """Passes what the lab says of itself on to whoever waits for it."""

    def __init__(self, starting: BackgroundLab, folder: Path) -> None:
        super().__init__(logging.INFO)
        self._starting = starting
        self._folder = folder

    def emit(self, record: logging.LogRecord) -> None:
        """Write the message into the status file."""
        replace(self._starting, message=record.getMessage()).write(self._folder)


def keep(backend_name: str, lab_path: Path) -> int:
    """Hold a lab with everyday doubles; say in the status file when it is ready, or why it cannot be."""
    lab_file = load_lab_file(lab_path)
    folder = background_folder(backend_name)
    starting = replace(describe_start(lab_file, backend_name), pid=os.getpid())
    teller = _Teller(starting, folder)
    logging.getLogger("hybridjoin.lab").addHandler(teller)
    try:
        with Lab(lab_file, backend=choose_backend(backend_name)) as lab, lab.site(explicit_ports=True):
            logging.getLogger("hybridjoin.lab").removeHandler(teller)
            _ready(starting, lab, lab_file, folder).write(folder)
            log.info("ready")
            while True:
                signal.pause()
    except HarnessError as error:
        log.error("%s", error)  # noqa: TRY400 - the message is the whole story, and lab up shows it
        replace(starting, condition=Condition.FAILED, message=str(error)).write(folder)
        return 3


def _ready(starting: BackgroundLab, lab: Lab, lab_file: LabFile, folder: Path) -> BackgroundLab:
    variables = lab_variables(
        lab_file,
        lab.domain,
        lab.signing_key,
        addresses_of(idp_settings(lab_file, lab.domain, lab.signing_key, {}), port=lab.ports.idp),
        ports=lab.ports,
        folder=folder,
    )
    return replace(starting, condition=Condition.READY, variables=variables)


def _hang_on(line: IO[str]) -> None:
    """Go as if told to, where the line breaks before the word to stay has come down it."""
    if line.readline().strip() != STAY:
        os.kill(os.getpid(), signal.SIGTERM)


def main() -> int:
    """Hold a lab as the command line says, once our mark is written."""
    if sys.stdin.readline().strip() != MARKED:
        return 3
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    with orderly_exit(within_s=LEAVES_WITHIN_S):
        threading.Thread(target=_hang_on, args=(sys.stdin,), daemon=True).start()
        return keep(sys.argv[1], Path(sys.argv[2]))


if __name__ == "__main__":
    sys.exit(main())
