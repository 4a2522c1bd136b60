"""The last look before anything leaves: does it hold a secret that this process has sent or received?

What is kept was searched on entry and once more as a record. This is the proof, over the very bytes that are about to
be written, whoever drew them: a hit stops the writing, and names the artefact, the place and the kind of secret.
"""

from __future__ import annotations

from collections.abc import Iterator

from hybridjoin.errors import SecretWouldLeave
from hybridjoin.model.spellings import DEPTH, forms
from hybridjoin.model.vault import VAULT

_MOST = 20


def demand_no_secret(artefact: str, body: bytes) -> None:
    """Return where nothing that is known to be secret stands in what is to be written.

    Raises:
        SecretWouldLeave: something does.
    """
    places = tuple(f"{place}: {kind}" for place, kind in secrets_in(body))
    if places:
        more = (f"and {len(places) - _MOST} more places",) if len(places) > _MOST else ()
        raise SecretWouldLeave(artefact, (*places[:_MOST], *more))


def secrets_in(body: bytes) -> Iterator[tuple[str, str]]:
    """Yield the place and kind of each secret that a body holds: its line, where the secret stands on one."""
    if VAULT.empty:
        return
    kinds = dict.fromkeys(kind for form in forms(body, DEPTH) for kind in VAULT.kinds_in(form))
    if not kinds:
        return
    found = False
    for number, line in enumerate(body.split(b"\n"), 1):
        for kind in dict.fromkeys(kind for form in forms(line, DEPTH) for kind in VAULT.kinds_in(form)):
            found = True
            yield f"line {number}", kind
    if not found:
        yield from (("across its lines", kind) for kind in kinds)
