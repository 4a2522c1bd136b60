"""Is anybody there? Connections that come about, are refused, or are left waiting."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from hybridjoin.device.adapters.dialing import check_reachable
from hybridjoin.device.adapters.http import Http
from hybridjoin.errors import Breakage, PeerUnreachable
from hybridjoin.model.exchange import HttpRequest
from hybridjoin.model.site import Connect, Site
from tests.device.peer import HOST, site

URL = f"https://{HOST}/here"


def at(port: int) -> Site:
    return site(None, Connect(host=HOST, port=443, address="127.0.0.1", to_port=port))


@contextmanager
def full() -> Iterator[int]:
    """A port whose queue of connections is full: further ones get no answer at all, as behind some firewalls."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        address = listener.getsockname()
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(address)
        time.sleep(0.05)
        yield address[1]
        for one in waiting:
            one.close()


def test_whoever_takes_the_connection_is_there_even_if_mute() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        check_reachable(at(listener.getsockname()[1]), URL, limit_s=5)

        with listener.accept()[0] as taken:
            assert taken.recv(1) == b"", "hung up at once, without a word"


def test_nobody_is_there_in_three_ways() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        closed = listener.getsockname()[1]
    with pytest.raises(PeerUnreachable) as refused:
        check_reachable(at(closed), URL, limit_s=5)
    with pytest.raises(PeerUnreachable) as nowhere:
        check_reachable(site(None), "https://nowhere.invalid/", limit_s=5)
    with full() as port, pytest.raises(PeerUnreachable) as late:
        check_reachable(at(port), URL, limit_s=0.3)

    found = [caught.value.breakage for caught in (refused, nowhere, late)]
    assert found == [Breakage.REFUSED, Breakage.NAME_NOT_RESOLVED, Breakage.TIMEOUT]
    assert late.value.problem == "no connection within 0.3 s"


def test_an_exchange_tells_a_late_connection_from_a_late_answer() -> None:
    with full() as port, Http(at(port), None, limit_s=0.3) as http, pytest.raises(PeerUnreachable) as caught:
        http.send(HttpRequest(method="GET", url=URL))

    assert caught.value.breakage is Breakage.TIMEOUT
    # What is left of the limit when the connection is tried: a busy machine has spent a moment of it.
    assert re.fullmatch(r"no connection within 0\.(3|2\d*) s", caught.value.problem)
