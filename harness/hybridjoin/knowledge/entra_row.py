"""How an article about one AADSTS code is written down."""

from __future__ import annotations

from hybridjoin.knowledge.article import Article, ArticleKind, Cause
from hybridjoin.model.verdict import Certainty

CODES = "Microsoft: Microsoft Entra authentication and authorization error codes"
# Microsoft's page and the public reports give these codes a sentence, and no name.
NO_SYMBOL = "(no symbol published)"


def row(
    code: int,
    symbol: str,
    meaning: str,
    causes: tuple[Cause, ...],
    *,
    source: str = CODES,
    certainty: Certainty = Certainty.DOCUMENTED,
    decoded: str = "",
    see: str = "0xcaa20003",
) -> Article:
    """Write an article about `AADSTS<code>`; `see` are ids and blanks, `decoded` what it really says."""
    return Article(
        id=f"AADSTS{code}", kind=ArticleKind.ENTRA, symbol=symbol, meaning=meaning, certainty=certainty, source=source,
        phase="auth", decoded=decoded, causes=causes, see=tuple(see.split()),
    )  # fmt: skip
