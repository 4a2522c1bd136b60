"""What is done inside the namespaces: a device joins and leaves by the command line; each step's outcome as JSON."""

from __future__ import annotations

import json
import shutil
import socket
import stat
import subprocess
import sys
from pathlib import Path

from tests.live.namespace import DEVICE, ROOT, LivePlace, live_place


def main(folder: Path) -> None:
    """Play every step and print what came of each."""
    steps: dict[str, object] = {}
    with live_place(folder) as place:
        steps["interfaces"] = [name for _, name in socket.if_nameindex()]
        steps["named"] = socket.getaddrinfo("login.microsoftonline.com", 443, type=socket.SOCK_STREAM)[0][4][0]
        steps["site"] = place.site_file.read_text("utf-8")
        live = ("--live", "--yes", "--ca-file", str(place.ca_file))
        steps["without leave"] = _step(place, "join")
        steps["without the authority"] = _step(place, "join", "--live", "--yes")
        steps["join"] = _step(place, "join", *live, "--keep", str(folder / "kept"))
        steps["kept"] = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder / "kept").iterdir()}
        shutil.copytree(folder / "kept", folder / "copy")
        steps["leave"] = _step(place, "leave", *live, "--kept", str(folder / "kept"))
        steps["kept after"] = [path.name for path in (folder / "kept").iterdir()]
        steps["second leave"] = _step(place, "leave", *live, "--kept", str(folder / "copy"))
    sys.stdout.write(json.dumps(steps))


def _step(place: LivePlace, command: str, *options: str) -> dict[str, object]:
    """Run one command, and tell what it left and what the double saw meanwhile."""
    asked = len(place.entra.state.audit.entries)
    done = subprocess.run(
        [sys.executable, "-m", "hybridjoin", command, "--site", str(place.site_file), *options],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    registered = [item.display_name for item in place.entra.state.tenant.devices if item.registered]
    return {
        "code": done.returncode,
        "out": done.stdout,
        "err": done.stderr,
        "asked": [(item.endpoint, item.status, item.rule) for item in place.entra.state.audit.entries[asked:]],
        "registered": DEVICE in registered,
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
