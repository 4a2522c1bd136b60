"""Secrets in files that people hand in (a customer's evidence, site files, scenario files), and what comes of them.

A secret of evidence stands where the reader of that kind of file knows one, and once more in a note, in each spelling.
What is searched is the case that `hybridjoin import` writes, file by file, and both of its screens. A site file and a
scenario file have no place for a secret: there it stands under a key that nobody knows, and what `check` says is
searched; and in what a scenario file says of itself, which its record repeats.
"""

from __future__ import annotations

import base64
import io
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path

from hybridjoin.cli.case.import_work import carry_out
from hybridjoin.cli.files.check_work import check, show
from hybridjoin.model.record import ExpectationRecord, ScenarioRecord
from tests.report.sample import good_scenario

STS = "https://sts.contoso.example"


def _har(*, headers: Mapping[str, str] | None = None, sent: str = "", answered: str = "") -> bytes:
    pairs = [{"name": name, "value": value} for name, value in (headers or {}).items()]
    request = {"method": "POST", "url": f"{STS}/trust", "headers": pairs, "postData": {"text": sent}}
    response = {"status": 500, "headers": [], "content": {"text": answered}}
    entry = {"startedDateTime": "2026-07-14T12:00:00Z", "request": request, "response": response}
    return json.dumps({"log": {"version": "1.2", "entries": [entry]}}).encode()


def _url_safe(secret: bytes) -> str:
    return base64.urlsafe_b64encode(secret).decode().rstrip("=")


EVIDENCE: dict[str, Callable[[bytes], bytes]] = {
    "imported evidence: Authorization of a trace": lambda secret: _har(
        headers={"Authorization": f"Negotiate {base64.b64encode(secret).decode()}"}
    ),
    "imported evidence: cookie of a trace": lambda secret: _har(headers={"Cookie": f"MSISAuth={_url_safe(secret)}"}),
    "imported evidence: form of a trace": lambda secret: _har(
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        sent=f"grant_type=refresh_token&refresh_token={_url_safe(secret)}&client_id=x",
    ),
    "imported evidence: token of an answer": lambda secret: _har(
        answered=json.dumps({"token_type": "Bearer", "access_token": _url_safe(secret), "expires_in": "3599"})
    ),
}
"""Files in which a secret stands where it is known to be one."""

IN_THE_RECORD: dict[str, Callable[[list[str]], ScenarioRecord]] = {
    "scenario file: tags": lambda texts: replace(good_scenario(), tags=tuple(texts)),
    "scenario file: expected values": lambda texts: replace(
        good_scenario(), expectations=tuple(_expectation(number, text) for number, text in enumerate(texts))
    ),
}

UNKNOWN_KEYS: dict[str, Callable[[list[str]], tuple[str, str]]] = {
    "site file: under a key that is none": lambda texts: (
        "a.site.yaml",
        "name: a\n" + "".join(f"password{at}: {json.dumps(text)}\n" for at, text in enumerate(texts)),
    ),
    "scenario file: under a key that is none": lambda texts: (
        "a.scenario.yaml",
        "id: a\ntitle: A\nexpect:\n  join: federated\n"
        + "".join(f"  password{at}: {json.dumps(text)}\n" for at, text in enumerate(texts)),
    ),
}


def _expectation(number: int, text: str) -> ExpectationRecord:
    return ExpectationRecord(
        name=f"claims.c{number}", place=f"a.scenario.yaml:{number}:1", expected=text, found="absent", met=False,
        wanted=(text,),
    )  # fmt: skip


def evidence_of(place: str, secret: bytes, notes: list[str]) -> dict[str, bytes]:
    """Return the files that a customer sends: one where the secret stands, and a note of it in every spelling."""
    note = "AzureAdJoined : YES\n" + "".join(f"A Note {number} : {text}\n" for number, text in enumerate(notes))
    return {"trace.har": EVIDENCE[place](secret), "a-note.txt": note.encode(), "z-note.txt": note.encode()}


def imported(files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Import files in each way, and yield everything that comes of it: the case file by file, and what is shown."""
    with tempfile.TemporaryDirectory(prefix="hj-") as folder:
        sent = Path(folder, "sent")
        sent.mkdir()
        for name, body in files.items():
            (sent / name).write_bytes(body)
        for way, as_json, anonymise in (("", False, False), (" --json", True, False), (" --anonymise", False, True)):
            case = Path(folder, f"case{way.replace(' ', '')}")
            with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
                carry_out((sent,), case, as_json=as_json, anonymise=anonymise)
            yield f"import{way}: screen", (out.getvalue() + err.getvalue()).encode()
            for path in filter(Path.is_file, case.rglob("*")):
                yield f"import{way}: {path.relative_to(case)}", path.read_bytes()


def checked(name: str, text: str) -> Iterator[tuple[str, bytes]]:
    """Check a file, and yield what is said of it."""
    with tempfile.TemporaryDirectory(prefix="hj-") as folder:
        file = Path(folder, name)
        file.write_text(text, "utf-8")
        with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
            show(check((file,), None), as_json=False)
        yield f"check: {name}", (out.getvalue() + err.getvalue()).encode()
