"""Runs one double as a program: `python -m hybridjoin.doubles idp|entra --config FILE --certfile PEM --keyfile PEM`.

It prints one line of JSON with its port when it listens, and stops cleanly on SIGTERM and SIGINT. Exit codes: 0 stopped
as asked, 2 a mistake in the command line or the configuration (every one is named), 3 the machine or the directory
could not do it.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType

from hybridjoin.doubles.serve import Application, Server

Builder = Callable[[Mapping[str, object]], Application]
ROOMS = {"idp": ("IdpConfig", "build_idp"), "entra": ("EntraConfig", "build_entra")}


class Mistake(Exception):
    """What the caller wrote cannot be carried out (exit 2)."""


class Trouble(Exception):
    """The machine or the directory could not do it (exit 3)."""


def builder(double: str) -> Builder:
    """Return what builds a double from its configuration; only that double's libraries are loaded."""
    config_name, build_name = ROOMS[double]
    config_room = importlib.import_module(f"hybridjoin.doubles.{double}.config")
    app_room = importlib.import_module(f"hybridjoin.doubles.{double}.app")

    def build(data: Mapping[str, object]) -> Application:
        try:
            config = getattr(config_room, config_name).from_mapping(data)
        except config_room.ConfigError as failure:
            raise Mistake(str(failure)) from failure
        application: Application = getattr(app_room, build_name)(config)
        return application

    return build


def read_config(path: Path) -> Mapping[str, object]:
    """Read the configuration file, which holds one JSON object.

    Raises:
        Mistake: the file is none, or holds something else.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
    except OSError as failure:
        raise Mistake(f"{path}: expected a JSON file, but it cannot be read: {failure.strerror}") from failure
    except ValueError as failure:
        raise Mistake(f"{path}: expected JSON, found something else: {failure}") from failure
    if not isinstance(data, dict):
        raise Mistake(f"{path}: expected a JSON object, found a {type(data).__name__}")
    return data


def run(arguments: argparse.Namespace) -> None:
    """Build the double, serve it and wait for a signal.

    Raises:
        Mistake: the settings are wrong.
        Trouble: the machine does not allow it.
    """
    stop = threading.Event()

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask_to_stop)
    data = read_config(arguments.config)
    for file in (arguments.certfile, arguments.keyfile):
        if not file.is_file():
            raise Mistake(f"{file}: expected a PEM file, found none")
    try:
        application = builder(arguments.double)(data)
        server = Server(application)
        server.start(arguments.host, arguments.port, certfile=arguments.certfile, keyfile=arguments.keyfile)
        authority = getattr(getattr(application, "state", None), "client_authority", "")
        if authority:
            server.ask_clients(authority)
    except (OSError, RuntimeError) as failure:
        raise Trouble(_words(failure)) from failure
    ready = {"double": arguments.double, "host": arguments.host, "port": server.port, "pid": os.getpid()}
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()
    try:
        stop.wait()
    finally:
        server.stop()


def _words(failure: OSError | RuntimeError) -> str:
    """Return what happened without the error number, but with the file where there is one."""
    if not isinstance(failure, OSError) or not failure.strerror:
        return str(failure)
    return f"{failure.filename}: {failure.strerror}" if failure.filename else failure.strerror


def main(argv: Sequence[str] | None = None) -> int:
    """Read the command line and run; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m hybridjoin.doubles",
        description="Serve the reference identity provider or the Entra double over TLS.",
        epilog="example: python -m hybridjoin.doubles entra --config entra.json --certfile cert.pem --keyfile key.pem",
    )
    parser.add_argument("double", choices=sorted(ROOMS), help="which double")
    parser.add_argument("--config", type=Path, required=True, help="its configuration, a JSON file")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=0, help="the port to listen on (a free one)")
    parser.add_argument("--certfile", type=Path, required=True, help="the server's certificate chain, PEM")
    parser.add_argument("--keyfile", type=Path, required=True, help="the certificate's private key, PEM")
    try:
        run(parser.parse_args(argv))
    except Mistake as failure:
        sys.stderr.write(f"{failure}\n")
        return 2
    except Trouble as failure:
        sys.stderr.write(f"{failure}\n")
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
