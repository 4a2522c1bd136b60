"""The holder: a detached process that holds a lab until it is told to end.

`python -m hybridjoin.lab.background.holder BACKEND LAB-FILE`, started by `hybridjoin.lab.background.labs`.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

from hybridjoin.doubles.idp.addresses import addresses_of
from hybridjoin.errors import HarnessError
from hybridjoin.lab.backend import choose_backend
from hybridjoin.lab.background.exports import lab_variables
from hybridjoin.lab.background.labs import BackgroundLab, Condition, background_folder, describe_start
from hybridjoin.lab.lab import Lab
from hybridjoin.lab.standins.config import idp_settings
from hybridjoin.scenario.lab.lab_file import LabFile
from hybridjoin.scenario.lab.load import load_lab_file

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


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    sys.exit(keep(sys.argv[1], Path(sys.argv[2])))
