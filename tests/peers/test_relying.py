"""The person who comes to an application, and what of her visit is a fault."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
import requests

from hybridjoin.errors import LabError
from tests.peers import relying
from tests.peers.callers import callers
from tests.peers.hall import Hall
from tests.peers.oauth2_proxy.caller import application_of
from tests.peers.person import Person, Shown
from tests.peers.relying import Set, _lacking, _untold

URL = "https://app.guest.example/page"
ENTRA = (
    '<form method="post" action="/login"><input type="hidden" name="ctx" value="c">'
    '<input type="email" name="login"><input type="password" name="passwd"></form>'
)
ADFS = '<form method="post" action="?x"><input name="UserName" value="carol"><input name="Password"></form>'
SENT = '<form method="post" action="https://x.example/"><input type="hidden" name="code" value="1"></form>'
SCRIPT = "<script>document.forms[0].submit();</script>"


def page(text: str, status: int = 200) -> requests.Response:
    found = requests.Response()
    found.url, found.status_code, found._content = URL, status, text.encode()
    return found


@pytest.mark.parametrize(
    ("reply", "form"),
    [
        (page(ENTRA), ("https://app.guest.example/login", {"ctx": "c", "login": "carol@x", "passwd": "p"})),
        (page(ADFS, 401), (f"{URL}?x", {"UserName": "carol@x", "Password": "p"})),
        (page(SENT + SCRIPT), ("https://x.example/", {"code": "1"})),
        (page(SENT), None),
        (page(SENT + SCRIPT, 500), None),
        (page("<p>hello</p>"), None),
        (page(""), None),
    ],
    ids=["Entra's", "AD FS'", "sent by itself", "a click of hers", "an error's", "nothing asked", "nothing at all"],
)
def test_a_form_is_filled_in_and_sent_where_a_page_asks_for_it(
    reply: requests.Response, form: tuple[str, dict[str, str]] | None
) -> None:
    with Person(name="carol@x", password="p", authorities=Path()) as carol:
        assert carol._form(reply, set()) == form


def test_a_password_is_typed_once_on_each_kind_of_page() -> None:
    with Person(name="carol@x", password="p", authorities=Path()) as carol:
        answered: set[str] = set()
        assert carol._form(page(ENTRA), answered)
        assert carol._form(page(ENTRA), answered) is None
        assert carol._form(page(ADFS), answered)


@pytest.fixture
def there(tmp_path: Path) -> Set:
    made = Set(host="app.guest.example", folder=tmp_path, tls=(tmp_path, tmp_path), authorities=tmp_path)
    made.log.write_text("AADSTS7000215: no", "utf-8")
    return made


def test_a_word_that_a_page_lacks_is_a_fault_with_what_there_is_instead(there: Set) -> None:
    shown = Shown(url=f"{URL}?secret=1", status=403, text="<p>Forbidden</p>")

    (told,) = _lacking(there, shown, ("Forbidden", "carol"))

    assert told.startswith(f"no carol at {URL}, which answered 403: <p>Forbidden</p>")
    assert "secret" not in told
    assert list(_lacking(there, shown, ("Forbidden",))) == []


@pytest.mark.parametrize(
    ("words", "text", "faults"),
    [
        ("AADSTS50011", "AADSTS50011: no", 0),
        ("AADSTS7000215", "an error", 0),
        ("AADSTS50011", "an error", 1),
        ("AADSTS7000215", "user=carol@hybridjoin.test", 1),
    ],
    ids=["told by the page", "told by the log", "told by none", "and yet let in"],
)
def test_a_refusal_is_told_by_the_page_or_by_the_log_and_lets_nobody_in(
    there: Set, words: str, text: str, faults: int
) -> None:
    assert len(list(_untold(there, Shown(url=URL, status=200, text=text), words))) == faults


@pytest.mark.parametrize(
    ("said", "faults"),
    [("oidc: issuer did not match the issuer returned by provider", 0), ("a port is taken", 1)],
    ids=["for its own reason", "for another"],
)
def test_an_application_that_ends_at_its_start_has_to_say_why(
    there: Set, said: str, faults: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(*_: object, **__: object) -> None:
        raise LabError(f"nothing answers; the end of its log: {said}")

    monkeypatch.setattr(relying, "set_up", ended)
    nowhere = cast("Hall", None)
    proxy = application_of(Path(), there, nowhere, "oidc")

    assert len(list(relying._faults_of_common(proxy, nowhere, there))) == faults


def test_every_relying_party_is_held_to_the_same() -> None:
    assert {name for name, one in callers().items() if one.doors.get("bridge") == relying.WORKS} == {
        "authlib",
        "mod_auth_openidc",
        "oauth2_proxy",
    }
