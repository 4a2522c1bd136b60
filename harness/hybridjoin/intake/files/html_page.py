"""A web page that somebody saved where metadata was asked for: a gateway's sign-in or refusal.

Reports come as pages too. A page says something of a join only where it asks for something or names metadata.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hybridjoin.intake.files import bases
from hybridjoin.intake.files.fact import Fact, Strength
from hybridjoin.intake.files.line_reader import ScreenReader

BEGINS: Final = r"<!(?:DOCTYPE|doctype) html|<(?:html|HTML)[ >]"
_TITLE: Final = re.compile(r"<title[^>]*>\s*([^<]{1,200})", re.IGNORECASE)
_IN_THE_WAY: Final = re.compile(r"<form[\s>]|<input[\s>]|/mex|/services/trust/", re.IGNORECASE)


class SavedPage(ScreenReader):
    """One page."""

    def is_ours(self, text: str) -> bool:
        """Leave every line to whoever knows it: people save threads that quote a whole screen."""
        del text
        return False

    def ends(self, text: str) -> bool:
        """End behind the page's last mark."""
        del text
        return bool(self.lines) and "</html>" in self.lines[-1].text.lower()

    def read(self) -> Iterator[Fact]:
        """Read its title, where it is a page that stands in the way."""
        text = "\n".join(line.text for line in self.lines)
        title = _TITLE.search(text)
        if _IN_THE_WAY.search(text) is not None:
            words = " ".join(title[1].split()) if title is not None else "a page without a title"
            yield self.fact("network.page", words, self.lines[0].number, bases.SAVED_PAGE, strength=Strength.SUGGESTS)
