"""Every transport fault does its thing at its own address only, over a real connection."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
from lxml import etree

APPLICATION_ID = "0d9c1f3e-5b7a-4c62-9e84-a1b2c3d4e5f6"
PATHS = {"mex": f"/wsf/mex13/{APPLICATION_ID}", "sts": f"/wsf/sts/{APPLICATION_ID}"}
METHODS = {"mex": "GET", "sts": "POST"}
HEALTHY = {"mex": 200, "sts": 401}
Serve = Callable[..., Any]


def asked(idp: Any, where: str, **options: Any) -> requests.Response:  # noqa: ANN401 - a fixture's type and requests' own
    arguments = {"timeout": 5, "allow_redirects": False, **options}
    reply: requests.Response = idp.client.request(METHODS[where], idp.url + PATHS[where], **arguments)
    return reply


def faulty(serve: Serve, name: str, **options: object) -> Any:  # noqa: ANN401 - a fixture's type
    return serve(faults=[{"name": name, "options": options}])


def other(where: str) -> str:
    return "sts" if where == "mex" else "mex"


@pytest.mark.parametrize("where", ["mex", "sts"])
@pytest.mark.parametrize(("name", "status"), [("html-with-200", 200), ("http-500-html", 500)])
def test_an_html_page_comes_instead(serve: Serve, name: str, status: int, where: str) -> None:
    idp = faulty(serve, name, where=where)
    reply = asked(idp, where)

    assert (reply.status_code, reply.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert "<html>" in reply.text
    assert asked(idp, other(where)).status_code == HEALTHY[other(where)]


@pytest.mark.parametrize("where", ["mex", "sts"])
def test_a_bare_status_comes_instead(serve: Serve, where: str) -> None:
    idp = faulty(serve, "http-status", where=where, status=418)

    assert (asked(idp, where).status_code, asked(idp, where).content) == (418, b"")
    assert asked(idp, other(where)).status_code == HEALTHY[other(where)]


def test_the_media_type_alone_is_wrong(serve: Serve) -> None:
    right = asked(serve(), "mex")
    wrong = asked(faulty(serve, "wrong-content-type", where="mex", content_type="image/png"), "mex")

    assert wrong.headers["content-type"] == "image/png"
    assert (wrong.status_code, wrong.content) == (right.status_code, right.content)


@pytest.mark.parametrize("manner", ["late", "trickle"])
def test_a_slow_answer_takes_its_time_and_is_whole(serve: Serve, manner: str) -> None:
    right = asked(serve(), "mex")
    idp = faulty(serve, "slow-answer", where="mex", seconds=0.4, manner=manner)
    started = time.perf_counter()
    reply = asked(idp, "mex")

    assert time.perf_counter() - started >= 0.4
    assert reply.content == right.content


def test_a_trickle_begins_at_once_and_a_late_answer_does_not(serve: Serve) -> None:
    def until_headers(manner: str) -> float:
        idp = faulty(serve, "slow-answer", where="mex", seconds=0.5, manner=manner)
        started = time.perf_counter()
        asked(idp, "mex", stream=True).close()
        return time.perf_counter() - started

    assert until_headers("trickle") < 0.4 < until_headers("late")


@pytest.mark.parametrize("where", ["mex", "sts"])
def test_no_answer_ever_comes(serve: Serve, where: str) -> None:
    idp = faulty(serve, "never-answers", where=where)

    with pytest.raises(requests.ReadTimeout):
        asked(idp, where, timeout=0.3)
    assert asked(idp, other(where)).status_code == HEALTHY[other(where)]


@pytest.mark.parametrize("where", ["mex", "sts"])
def test_the_connection_breaks(serve: Serve, where: str) -> None:
    idp = faulty(serve, "connection-reset", where=where)

    with pytest.raises(requests.ConnectionError):
        asked(idp, where)
    assert asked(idp, other(where)).status_code == HEALTHY[other(where)]


@pytest.mark.parametrize("where", ["mex", "sts"])
def test_the_client_is_sent_to_another_host(serve: Serve, where: str) -> None:
    idp = faulty(serve, "redirect-to-other-host", where=where, host="evil.example", status=302)
    reply = asked(idp, where)

    assert (reply.status_code, reply.headers["location"]) == (302, f"https://evil.example{PATHS[where]}")


@pytest.mark.parametrize(
    ("name", "options", "offered"),
    [
        ("401-without-negotiate", {}, None),
        ("401-without-negotiate", {"scheme": "basic"}, 'Basic realm="sts"'),
        ("ntlm-only", {}, "NTLM"),
    ],
    ids=["nothing", "Basic", "NTLM"],
)
@pytest.mark.parametrize("authorization", ["", "Negotiate TlRMTVNTUAABAAAA"], ids=["first", "with a token"])
def test_negotiate_is_not_offered_whatever_comes(
    serve: Serve, name: str, options: dict[str, object], offered: str | None, authorization: str
) -> None:
    idp = faulty(serve, name, **options)
    reply = asked(idp, "sts", headers={"Authorization": authorization} if authorization else {})

    assert (reply.status_code, reply.headers.get("www-authenticate")) == (401, offered)
    assert idp.audit() == []


def test_a_huge_document_is_streamed_to_its_size_and_well_formed(serve: Serve) -> None:
    idp = faulty(serve, "mex-huge", megabytes=3)
    with asked(idp, "mex", stream=True) as reply:
        body = b"".join(reply.iter_content(1 << 16))

    assert "content-length" not in reply.headers
    assert 3 << 20 <= len(body) < 4 << 20
    assert etree.fromstring(body).tag == "{http://schemas.xmlsoap.org/wsdl/}definitions"


def test_a_client_that_stops_reading_a_huge_document_leaves_the_server_well(serve: Serve) -> None:
    idp = faulty(serve, "mex-huge", megabytes=50)
    with asked(idp, "mex", stream=True) as reply:
        next(reply.iter_content(1 << 16))

    assert asked(idp, "sts").status_code == 401


def test_faults_at_both_addresses_stand_side_by_side(serve: Serve) -> None:
    idp = serve(
        faults=[
            {"name": "http-status", "options": {"where": "mex", "status": 404}},
            {"name": "http-status", "options": {"where": "sts", "status": 503}},
        ]
    )

    assert (asked(idp, "mex").status_code, asked(idp, "sts").status_code) == (404, 503)


def test_exact_versions_stand_in_the_answers_of_the_sts_alone(serve: Serve) -> None:
    idp = faulty(serve, "version-banner")

    assert asked(idp, "sts").headers["server"] == "Apache/2.4.57 (Debian)"
    assert asked(idp, "sts").headers["x-powered-by"] == "PHP/8.2.7"
    assert "x-powered-by" not in asked(idp, "mex").headers


def test_the_folder_of_the_sts_is_listed_and_the_sts_is_as_ever(serve: Serve) -> None:
    missing = _folder(serve())
    idp = faulty(serve, "directory-listing")
    listed = _folder(idp)

    assert (listed.status_code, "<title>Index of /</title>" in listed.text) == (200, True)
    assert missing.status_code == 404
    assert asked(idp, "sts").status_code == HEALTHY["sts"]


def test_a_large_request_is_the_last_one_that_is_answered(serve: Serve) -> None:
    idp = faulty(serve, "falls-over-large-requests")
    before = asked(idp, "sts").status_code
    idp.client.post(f"{idp.url}/wsf/sts/x", data=b" " * 1_100_000, timeout=5)

    assert (before, asked(idp, "sts").status_code) == (HEALTHY["sts"], 503)
    assert asked(idp, "mex").status_code == HEALTHY["mex"]


def _folder(idp: Any) -> requests.Response:  # noqa: ANN401 - a fixture's type
    reply: requests.Response = idp.client.get(f"{idp.url}/wsf/sts/", timeout=5)
    return reply
