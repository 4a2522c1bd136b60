"""`python -m hybridjoin` is `hybridjoin`, and both begin here."""

from __future__ import annotations

import signal
from typing import NoReturn


def main() -> NoReturn:
    """Carry out the command line and leave with its exit code.

    Until our own handlers stand, Ctrl-C simply ends the process: nothing is there yet that would have to be taken down,
    and Python's own way out would be a traceback through half-read modules.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from hybridjoin.cli import main as carry_out  # noqa: PLC0415 - see above

    carry_out()


if __name__ == "__main__":
    main()
