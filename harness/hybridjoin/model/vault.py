"""The secrets that this process has sent or received, known by heart, and hidden wherever they come back.

`redact` masks by place: it knows where a secret stands in a well-formed message. A peer that answers with a secret
somewhere else, or written in another way, is caught here by value: whatever was masked by its place once, and whatever
the hands say that they hold (keys, tickets, passwords), is looked for in every text that is kept or leaves.

How the search is quick: of each secret two short windows are taken, in each spelling, and of each window its eight
overlapping pieces of eight octets. A text is cut into eights as it stands, once, however many secrets there are; where
a window stands in it, one of the eights is one of the pieces. What was cut is the bare text (`spellings.bare`), so that
line breaks, UTF-16 and the alphabet of base64 make no difference. A password of hardly anything but the signs that a
bare text lacks is looked for as it is.

The placeholder of a secret is made with a key that this process draws and never writes down: the same secret has the
same one in every place of a run, and nobody can try a guess against it afterwards.
"""

from __future__ import annotations

import hashlib
import hmac
import multiprocessing
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from hybridjoin.model.earlier import Earlier, Trace, sort_of
from hybridjoin.model.secret import PART, PIECE, Secret, as_it_is, escapes, stands_at
from hybridjoin.model.spellings import SHORTEST, bare, canonical, escaped_in_one_way, forms, plainly_escaped

LONGEST: Final = 64 * 1024
AT_HAND: Final = 48  # how many of the last secrets are looked for in every message
HEARD_AT_ONCE: Final = 64  # how many are taken note of in one message
KEPT: Final = 8192  # how many are looked for in what leaves
_WINDOWS: Final = 12  # how many windows are kept for each of them, on an average
_RICH: Final = 8  # a value of fewer different characters is no secret that chance made


@dataclass(slots=True)
class Vault:
    """The secrets of a process; the last ones at hand, earlier ones as digests of their windows.

    What was only heard of in messages has a shelf of its own: a peer that says many can push none of ours off.
    """

    key: bytes = field(repr=False)
    _own: OrderedDict[bytes, Secret] = field(default_factory=OrderedDict, repr=False)
    _heard: OrderedDict[bytes, Secret] = field(default_factory=OrderedDict, repr=False)
    _to_hear: int = HEARD_AT_ONCE
    _lasting: dict[bytes, Secret] = field(default_factory=dict, repr=False)
    _pieces: dict[int, Secret] = field(default_factory=dict, repr=False)
    _short: dict[bytes, Secret] = field(default_factory=dict, repr=False)
    _signs: dict[bytes, Secret] = field(default_factory=dict, repr=False)
    _escaping: dict[bytes, Secret] = field(default_factory=dict, repr=False)
    _earlier: Earlier = field(default_factory=lambda: Earlier(KEPT * _WINDOWS), repr=False)
    _fresh: bool = field(default=True, repr=False)

    def tag(self, value: bytes) -> str:
        """Return what tells secrets apart in their placeholders, and says nothing of them."""
        return hmac.digest(self.key, value, "sha256").hex()[:8]

    def mask(self, text: str, *, unit: str = "characters", size: int | None = None, kind: str = "a secret") -> str:
        """Return what stands in a secret's place, and know the secret from now on."""
        value = canonical(text)
        tag = self.tag(value)
        if self._to_hear and _worth_knowing(text):
            self._to_hear -= 1
            self._keep(value, kind, self._heard, tag)
        return f"[masked {len(text) if size is None else size} {unit} {tag}]"

    def listen(self) -> None:
        """Begin with a message: of its secrets so many are taken note of, and no more."""
        self._to_hear = HEARD_AT_ONCE

    def belong_to(self, key: bytes) -> None:
        """Be of another process' run, before anything is known: a secret has the same tag there, and traces agree."""
        self.forget()
        self.key = key

    def learn(self, value: bytes | str, kind: str, *, lasting: bool = False) -> None:
        """Know a secret that the hands hold; `lasting` ones are looked for as long as the process lives."""
        octets = value if isinstance(value, bytes) else canonical(value)
        if SHORTEST <= len(octets) <= LONGEST:
            self._keep(octets, kind, self._lasting if lasting else self._own, self.tag(octets))

    def forget(self) -> None:
        """Know nothing any more: the next run in this process begins with it."""
        for held in (self._own, self._heard, self._lasting, self._earlier):
            held.clear()
        self._forget_index()
        self._fresh = True
        self.listen()

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """The secrets that are known by heart."""
        return (*self._lasting.values(), *self._own.values(), *self._heard.values())

    @property
    def count(self) -> int:
        """How many windows of secrets are known, those of earlier ones included."""
        self._index()
        return len(self._pieces) // PIECE + len(self._short) + len(self._earlier)

    def find(self, octets: bytes, *, depth: int) -> Secret | None:
        """Return a secret at hand that a text holds, written in whatever way; None where there is none.

        With a depth of 0 only what every message may have is undone: escapes, and what `bare` takes away.
        """
        if not (self._lasting or self._own or self._heard):
            return None
        self._index()
        read = forms(octets, depth) if depth else (octets, *plainly_escaped(octets))
        found = next((found for form in read if (found := self._in(form, bare(form)))), None)
        if found is None and self._escaping:
            found = next((one for form in escaped_in_one_way(octets) if (one := self._in(form, bare(form)))), None)
        return found

    @property
    def empty(self) -> bool:
        """Whether no secret is known."""
        return not (self._lasting or self._own or self._heard or self._earlier)

    @property
    def traces(self) -> dict[int, Trace]:
        """What another process of this run needs to find the secrets of this one; nobody can read them from it."""
        found = dict(self._earlier.traces)
        for secret in self.secrets:
            found.update(self._traces(secret))
        return found

    @property
    def without_traces(self) -> tuple[tuple[str, bytes], ...]:
        """Kind and octets of each lasting secret that traces do not find as it stands: a password is too short for one.

        Whoever hands them to another process of this run hands over the secrets themselves.
        """
        return tuple((item.kind, item.value) for item in self._lasting.values() if item.brief)

    def take_over(self, traces: Mapping[int, Trace], whole: Iterable[tuple[str, bytes]] = ()) -> None:
        """Look for the secrets of another process of this run too: by their traces, and for some by themselves."""
        self._earlier.keep(traces)
        for kind, value in whole:
            self.learn(value, kind, lasting=True)

    def kinds_in(self, octets: bytes) -> Iterator[str]:
        """Yield the kind of each secret that stands in a text as it is, of those at hand and of all earlier ones."""
        self._index()
        plain = bare(octets)
        if (found := self._in(octets, plain)) is not None:
            yield found.kind
        if self._earlier:
            yield from self._earlier.kinds_in(plain, self._digest)

    def _keep(self, value: bytes, kind: str, shelf: dict[bytes, Secret], tag: str) -> None:
        if value in self._lasting or value in self._own or value in self._heard:
            return
        shelf[value] = secret = Secret.of(value, kind=kind, tag=tag)
        if self._fresh:
            self._add(secret)
        if isinstance(shelf, OrderedDict) and len(shelf) > AT_HAND:
            self._put_away(shelf)

    def _put_away(self, shelf: OrderedDict[bytes, Secret]) -> None:
        """Keep of the older half of a shelf no more than digests."""
        for _ in range(AT_HAND // 2):
            _, secret = shelf.popitem(last=False)
            self._earlier.keep(self._traces(secret))
            if self._fresh:
                self._drop(secret)

    def _traces(self, secret: Secret) -> dict[int, Trace]:
        firsts = zip(secret.pieces[::PIECE], secret.windows, strict=True)
        return {piece: (self._digest(window), secret.kind, sort_of(window)) for piece, window in firsts}

    def _digest(self, window: bytes) -> bytes:
        return hashlib.blake2b(window, key=self.key, digest_size=8).digest()

    def _index(self) -> None:
        if self._fresh:
            return
        self._forget_index()
        for secret in self.secrets:
            self._add(secret)
        self._fresh = True

    def _forget_index(self) -> None:
        for held in (self._pieces, self._short, self._signs, self._escaping):
            held.clear()

    def _add(self, secret: Secret) -> None:
        if len(bare(secret.value)) < SHORTEST:
            self._signs.update(dict.fromkeys(as_it_is(secret.value), secret))
        if escapes(secret.value):
            self._escaping[secret.value] = secret
        self._short.update(dict.fromkeys(secret.short, secret))
        self._pieces.update(dict.fromkeys(secret.pieces, secret))

    def _drop(self, secret: Secret) -> None:
        """Take a secret's pieces out again: to cut every other one anew would cost each third join as much as it."""
        for written in as_it_is(secret.value):
            self._signs.pop(written, None)
        self._escaping.pop(secret.value, None)
        for window in secret.short:
            self._short.pop(window, None)
        for piece in secret.pieces:
            if self._pieces.get(piece) is secret:
                del self._pieces[piece]

    def _in(self, octets: bytes, plain: bytes) -> Secret | None:
        """Return a secret that stands in a text, which is given as it is and bare."""
        cut = memoryview(plain)[: len(plain) // PIECE * PIECE].cast("Q")
        if not self._pieces.keys().isdisjoint(cut):
            for number, piece in enumerate(cut):
                secret = self._pieces.get(piece)
                if secret is not None and stands_at(secret, plain, number * PIECE):
                    return secret
        found = next((secret for window, secret in self._short.items() if window in plain), None)
        return found or next((secret for value, secret in self._signs.items() if value in octets), None)


def _worth_knowing(text: str) -> bool:
    """Tell what chance may have made from words that a peer put where a secret stands: those would hide the peer's."""
    if not 16 <= len(text) <= LONGEST or "://" in text or text.startswith("urn:") or "<" in text:
        return False
    return len(set(text[-PART:])) >= _RICH


def _key() -> bytes:
    """Return a key that every process of this run has, and no other one: what processes are told to trust each by."""
    return hmac.digest(bytes(multiprocessing.current_process().authkey), b"placeholders of secrets", "sha256")


VAULT: Final = Vault(key=_key())
