"""A ticket shown at once, or the same token again: what probes ask of the device's HTTP, against a real acceptor."""

from __future__ import annotations

import pytest

from hybridjoin.device.needs import Manner
from tests.device.peer import Talk
from tests.device.test_negotiate import (
    REQUEST,
    Acceptor,
    Net,
    acceptor,
    answer_line,
    authorization,
    challenging,
    net,
)

__all__ = ["acceptor", "net"]
pytestmark = pytest.mark.lab


def accepting(acceptor: Acceptor, names: list[str]) -> object:
    def accept(talk: Talk, header: str) -> None:
        try:
            name, token = acceptor.accept(header)
        except ValueError:
            talk.answer("401 Unauthorized", b"", "WWW-Authenticate: Negotiate")
            return
        names.append(name)
        talk.answer("200 OK", b"<rstr/>", answer_line(token))

    return challenging(accept)


def test_a_ticket_shown_at_once_needs_no_challenge_and_checks_the_proof(net: Net, acceptor: Acceptor) -> None:
    names: list[str] = []

    with net.talking(accepting(acceptor, names)) as (http, peer):  # type: ignore[arg-type] # a handler
        reply = http.send(REQUEST, as_computer=True, manner=Manner.AT_ONCE).reply

    assert reply.status == 200
    assert names == ["WS01$@HYBRIDJOIN.TEST"]
    assert [bool(authorization(request)) for request in peer.requests] == [True]


def test_a_ticket_shown_at_once_that_is_refused_is_not_shown_again(net: Net) -> None:
    def refuse(talk: Talk, _: str) -> None:
        talk.answer("401 Unauthorized", b"", "WWW-Authenticate: Negotiate")

    with net.talking(challenging(refuse)) as (http, peer):
        reply = http.send(REQUEST, as_computer=True, manner=Manner.AT_ONCE).reply

    assert reply.status == 401
    assert len(peer.requests) == 1


def test_a_token_shown_again_is_the_same_to_the_byte_and_every_other_one_is_new(net: Net, acceptor: Acceptor) -> None:
    names: list[str] = []

    with net.talking(accepting(acceptor, names)) as (http, peer):  # type: ignore[arg-type] # a handler
        first = http.send(REQUEST, as_computer=True).reply
        again = http.send(REQUEST, as_computer=True, manner=Manner.AGAIN).reply
        third = http.send(REQUEST, as_computer=True).reply

    assert [first.status, again.status, third.status] == [200, 401, 200], "libkrb5's own replay cache says so"
    shown = [header for request in peer.requests if (header := authorization(request))]
    assert len(shown) == 3
    assert shown[0] == shown[1]
    assert shown[2] != shown[0]


def test_a_connection_that_knows_the_computer_is_not_asked_again(net: Net, acceptor: Acceptor) -> None:
    """Some acceptors know a caller for as long as the connection lasts, as httpd with GssapiConnectionBound does."""

    def bound(talk: Talk) -> None:
        known = False
        while head := talk.request():
            header = authorization(head)
            if header:
                _, token = acceptor.accept(header)
                known = True
                talk.answer("200 OK", b"<rstr/>", answer_line(token))
            elif known:
                talk.answer("200 OK", b"<rstr/>")
            else:
                talk.answer("401 Unauthorized", b"", "WWW-Authenticate: Negotiate")

    with net.talking(bound) as (http, peer):
        with_ticket = http.send(REQUEST, as_computer=True).reply
        without = http.send(REQUEST).reply

    assert [with_ticket.status, without.status] == [200, 401]
    assert peer.connections == 2
