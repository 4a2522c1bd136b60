"""The HRESULTs that dsregcmd and the event log print: the table of codes, with what causes each."""

from __future__ import annotations

from hybridjoin.knowledge import causes as c
from hybridjoin.knowledge.article import Article, ArticleKind
from hybridjoin.knowledge.further_codes import FURTHER
from hybridjoin.knowledge.windows_causes import CAUSES, DECODED, PHASES, SEE
from hybridjoin.model.verdict import WindowsCode
from hybridjoin.protocol.windows import CODES, HTTP_STATUS, code, http_status

_UNAUTHORIZED = 401


def _article(item: WindowsCode) -> Article:
    name = str(item)
    return Article(
        id=name,
        kind=ArticleKind.WINDOWS,
        symbol=item.symbol,
        meaning=item.meaning[:1].upper() + item.meaning[1:] + ".",
        certainty=item.certainty,
        source=item.source,
        phase=_phase(item.code),
        decoded=DECODED.get(item.code, ""),
        causes=CAUSES.get(item.code, ()),
        see=SEE.get(item.code, ()),
        aliases=(*_signed(item.code), *_short(item.symbol)),
    )


def _phase(number: int) -> str:
    if number in PHASES:
        return PHASES[number]
    if number >> 16 in {0xCAA9, 0xCAA2, 0xCAA1, 0xCAA3, 0xCAA8, 0x8AA9}:
        return "auth"
    return ""


def _signed(number: int) -> tuple[str, ...]:
    """Return an error's code as a signed number, which some tools print."""
    return (str(number - 2**32),) if number >= 2**31 else ()


def _short(symbol: str) -> tuple[str, ...]:
    """Return the OAuth name inside a symbol of ADAL's: invalid_grant for …SERVER_ERROR_INVALID_GRANT."""
    head, mark, name = symbol.partition("SERVER_ERROR_")
    return (name,) if mark and head == "ERROR_ADAL_" else ()


def http_article(status: int) -> Article:
    """Explain 0xcaa30000 plus an HTTP status."""
    item = http_status(status)
    if status == _UNAUTHORIZED:
        causes = CAUSES[HTTP_STATUS + _UNAUTHORIZED]
    else:
        causes = (c.PROXY, c.UNREACHABLE) if status < 500 else CAUSES[HTTP_STATUS]
    return Article(
        id=str(item),
        kind=ArticleKind.WINDOWS,
        symbol=item.symbol,
        meaning=f"The server answered HTTP {status} (0xcaa30000 plus the status in hexadecimal).",
        certainty=item.certainty,
        source=item.source,
        phase="auth",
        decoded=DECODED.get(item.code, ""),
        causes=causes,
        see=("KDC_ERR_S_PRINCIPAL_UNKNOWN",) if status == _UNAUTHORIZED else (),
    )


def status_of(number: int) -> int | None:
    """Return the HTTP status inside a code of that range."""
    return number - HTTP_STATUS if HTTP_STATUS + 100 <= number < HTTP_STATUS + 600 else None


WINDOWS: tuple[Article, ...] = (
    *(_article(code(number)) for number in CODES),
    *(_article(item) for item in FURTHER),
    http_article(_UNAUTHORIZED),
)
