"""A browser of few words, made of curl: it goes to an IdP's passive address, types, and holds the form that comes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin

import lxml.html

from hybridjoin.errors import LabError
from hybridjoin.model.site import Site

WCTX = "LoginOptions=3&estsredirect=2&estsrequest=rQQIAR-_x"
WITHIN_S = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """The form that an IdP hands back for a relying party: its fields, whatever its action says."""

    fields: tuple[tuple[str, str], ...]

    def with_text(self, old: str, new: str) -> Posted:
        """Return the form with some text of wresult changed.

        Raises:
            LabError: the text is not in it.
        """
        if old not in dict(self.fields)["wresult"]:
            raise LabError(f"{old} is not in wresult")
        fields = tuple((name, value.replace(old, new) if name == "wresult" else value) for name, value in self.fields)
        return replace(self, fields=fields)

    def with_twin(self, old: str, new: str) -> Posted:
        """Return the form with a second assertion ahead of the signed one, which says something else of the person."""
        whole = dict(self.fields)["wresult"]
        begin, end = whole.index("<saml:Assertion"), whole.index("</saml:Assertion>") + len("</saml:Assertion>")
        twin = whole[begin:end].replace(old, new).replace('AssertionID="_', 'AssertionID="_twin-of-')
        both = f"{whole[:begin]}{twin}{whole[begin:]}"
        fields = tuple((name, both if name == "wresult" else value) for name, value in self.fields)
        return replace(self, fields=fields)

    def at(self, url: str) -> Mapping[str, Any]:
        """Post the form to a relying party of this machine; return the JSON that it answers with."""
        typed = [word for name, value in self.fields for word in ("--data-urlencode", f"{name}={value}")]
        answer: dict[str, Any] = json.loads(_carried_out("curl", "--silent", "--show-error", *typed, url))
        return answer


class Browser:
    """One browser: it dials where the site says, trusts whom the site trusts, and keeps cookies in a folder."""

    def __init__(self, site: Site, folder: Path) -> None:
        authorities = folder / "authorities.pem"
        files = (path for path in (site.idp.ca_file, site.entra.ca_file) if path is not None)
        authorities.write_bytes(b"\n".join(path.read_bytes() for path in files))
        self._site = site
        self._command = ["curl", "--silent", "--show-error", "--cacert", str(authorities), "--max-time", str(WITHIN_S)]
        self._command += ["--cookie-jar", str(folder / "cookies"), "--cookie", str(folder / "cookies"), "--location"]
        for item in site.connect:
            self._command += ["--connect-to", f"{item.host}:{item.port}:{item.address}:{item.to_port}"]

    def passive_address(self, name: str) -> str:
        """Ask Entra where browsers of a person's domain go."""
        told = json.loads(self._get(f"{self._site.entra.login_url}/common/userrealm/{name}?api-version=2.1"))
        return str(told["AuthURL"]).partition("?")[0]

    def sign_in(self, passive: str, name: str, password: str) -> Posted:
        """Type name and password into the page; return the form that comes back.

        Raises:
            LabError: no form with wresult comes.
        """
        asked = {"wa": "wsignin1.0", "wtrealm": "urn:federation:MicrosoftOnline", "wctx": WCTX}
        address = f"{passive}?{urlencode(asked)}"
        page = lxml.html.fromstring(self._get(address))
        form = next(iter(page.forms))
        typed = {**dict(form.form_values()), "UserName": name, "Password": password}
        words = [word for field, value in typed.items() for word in ("--data-urlencode", f"{field}={value}")]
        answer = lxml.html.fromstring(self._get(urljoin(address, form.action or ""), *words))
        found = next((item for item in answer.forms if "wresult" in dict(item.form_values())), None)
        if found is None:
            raise LabError(f"the IdP answered without a form: {' '.join(answer.text_content().split())[:200]}")
        return Posted(fields=tuple((str(field), str(value)) for field, value in found.form_values()))

    def _get(self, url: str, *more: str) -> str:
        return _carried_out(*self._command, *more, url)


def _carried_out(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        raise LabError(f"curl ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout
