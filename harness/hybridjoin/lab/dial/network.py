"""Bends of the way to a server, and of whether there is one at its end: proxies of ours, and what names a KDC."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from hybridjoin.lab.dial.bench import Bench
from hybridjoin.lab.dial.proxy import Led, Weather, proxies, silent_port
from hybridjoin.lab.dial.services import Options
from hybridjoin.lab.standins.servers import LOOPBACK

_LDAP: Final = 389


def kdc_down(bench: Bench, _: Options) -> None:
    """Nobody listens where the KDC ought to."""
    bench.may_be_away()
    host, _port = bench.kdc
    bench.send_kerberos(to_port=bench.stack.enter_context(silent_port(host)))


def ldap_down(bench: Bench, _: Options) -> None:
    """Nobody listens where the directory ought to."""
    bench.may_be_away()
    host, _port = _ldap(bench)
    _send_ldap(bench, bench.stack.enter_context(silent_port(host)))


def srv_record_missing(bench: Bench, _: Options) -> None:
    """The realm has no KDC that anything names."""
    bench.may_be_away()
    bench.send_kerberos(to_port=None)


def latency(bench: Bench, options: Options) -> None:
    """Each piece late by the same time."""
    _before(bench, options, Weather(delay=float(options["ms"]) / 1000))


def jitter(bench: Bench, options: Options) -> None:
    """Each piece late by another time."""
    _before(bench, options, Weather(jitter=float(options["ms"]) / 1000))


def loss(bench: Bench, options: Options) -> None:
    """Some pieces late by the time after which TCP sends them again."""
    weather = Weather(loss=float(options["percent"]) / 100, again=float(options["again_ms"]) / 1000)
    _before(bench, options, weather)


def reset(bench: Bench, options: Options) -> None:
    """An RST in the middle of an answer, or before it."""
    if options["at"] in {"kdc", "directory"}:
        bench.may_be_away()
    _before(bench, options, Weather(reset_after=int(options["after"])))


def _before(bench: Bench, options: Options, weather: Weather) -> None:
    """Stand in front of one server."""
    match options["at"]:
        case "kdc":
            bench.send_kerberos(to_port=_open(bench, bench.kdc, weather))
        case "directory":
            _send_ldap(bench, _open(bench, _ldap(bench), weather))
        case "entra":
            bench.ports = replace(bench.ports, entra=_open(bench, (LOOPBACK, bench.ports.entra), weather))
        case _:
            bench.ports = replace(bench.ports, idp=_open(bench, (LOOPBACK, bench.ports.idp), weather))


def _open(bench: Bench, server: tuple[str, int], weather: Weather) -> int:
    led = Led(host=server[0], port=server[1], weather=weather)
    return bench.stack.enter_context(proxies(led))[0]


def _ldap(bench: Bench) -> tuple[str, int]:
    url = urlsplit(bench.domain.directory.ldap_url)
    return url.hostname or LOOPBACK, url.port or _LDAP


def _send_ldap(bench: Bench, port: int) -> None:
    """Lead the device to another port of the directory's own host, so that its ticket is for the same name."""
    host, _ = _ldap(bench)
    led = replace(bench.domain.directory, ldap_url=f"ldap://{host}:{port}")
    bench.domain = replace(bench.domain, directory=led)
