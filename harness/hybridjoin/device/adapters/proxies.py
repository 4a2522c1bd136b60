"""The proxy that stands between this machine and the internet, as its environment names it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import unquote, urlsplit

from requests.utils import get_environ_proxies, select_proxy

from hybridjoin.errors import LabError
from hybridjoin.model.vault import VAULT

_PORT = 80
_REMEDY = "write HTTPS_PROXY as http://name:port; hosts that need none stand in NO_PROXY"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebProxy:
    """An HTTP proxy that is asked for a tunnel (CONNECT); `headers` go to it alone."""

    host: str
    port: int
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)


def proxy_to(host: str, port: int) -> WebProxy | None:
    """Return the proxy of HTTPS_PROXY or ALL_PROXY for a host, None where there is none or NO_PROXY exempts it.

    Raises:
        LabError: what the environment names is no HTTP proxy.
    """
    url = f"https://{host}:{port}/"
    found = select_proxy(url, get_environ_proxies(url))
    return _read(found if "://" in found else f"http://{found}") if found else None


def _read(address: str) -> WebProxy:
    try:
        parts = urlsplit(address)
        name, number = parts.hostname or "", parts.port or _PORT
    except ValueError:
        name, number, parts = "", 0, urlsplit("")
    if parts.scheme != "http" or not name:
        kind = parts.scheme or "no address"
        raise LabError(
            f"HTTPS_PROXY is expected to be an address that begins with http://, found {kind}", remedy=_REMEDY
        )
    return WebProxy(host=name, port=number, headers=_credentials(parts.username, parts.password))


def _credentials(name: str | None, password: str | None) -> Mapping[str, str]:
    """Return the header of a proxy that wants a name and password (RFC 9110, 11.7.2)."""
    if name is None:
        return MappingProxyType({})
    shown = f"{unquote(name)}:{unquote(password or '')}"
    token = base64.b64encode(shown.encode("utf-8")).decode("ascii")
    if password:
        VAULT.learn(unquote(password), "a proxy's password", lasting=True)
    VAULT.learn(token, "a proxy's credentials", lasting=True)
    return MappingProxyType({"Proxy-Authorization": f"Basic {token}"})
