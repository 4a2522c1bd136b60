"""Both doubles as a process, told by its parent over stdin: `python -m hybridjoin.lab.standins.process`.

Lines of JSON go both ways. The first one names the certificates and is answered with the ports; each further
one holds new settings and is answered with an empty object, with the mistake in them, or with the trouble. At the
end of the input the process ends, so it never outlives whoever started it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from hybridjoin.errors import LabError, UsageError
from hybridjoin.lab.domain import ServerCertificate
from hybridjoin.lab.standins.servers import DoubleServers

SYNCHRONIZE: Final = "synchronize"
"""The one key of a line that asks for a cycle of Entra Connect."""


def serve() -> None:
    """Serve until the parent hangs up."""
    servers = DoubleServers()
    certificates = json.loads(sys.stdin.readline())
    servers.start(**{name: _certificate(item) for name, item in certificates.items()})
    try:
        _say({"idp": servers.ports.idp, "entra": servers.ports.entra})
        for line in sys.stdin:
            _say(_carry_out(servers, json.loads(line)))
    finally:
        servers.stop()


def _carry_out(servers: DoubleServers, settings: Mapping[str, Any]) -> Mapping[str, object]:
    if not settings:
        servers.clear()
        return {}
    try:
        if settings.keys() == {SYNCHRONIZE}:
            servers.synchronize()
            return {}
        servers.install(idp=settings["idp"], entra=settings["entra"])
    except UsageError as error:
        (mistake,) = error.mistakes
        return {"place": mistake.place, "problem": mistake.problem}
    except LabError as error:
        return {"cause": error.cause, "remedy": error.remedy}
    return {}


def _certificate(item: Mapping[str, str]) -> ServerCertificate:
    return ServerCertificate(certificate=Path(item["certificate"]), private_key=Path(item["private_key"]), hosts=())


def _say(answer: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve()
