"""RSA keys for every room's tests: making one takes longer than most tests, so all rooms take them from one ring."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import rsa

_MADE: dict[tuple[int, int], rsa.RSAPrivateKey] = {}


class NamedKeys:
    """The keys of one room, by names of its own: two names have two keys, and one name keeps its key in a process.

    Another room's names may well lead to the same keys.
    """

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, int], int] = {}

    def key(self, name: str, bits: int = 2048) -> rsa.RSAPrivateKey:
        """Return the key of a name."""
        number = self._numbers.setdefault((name, bits), len(self._numbers))
        if (number, bits) not in _MADE:
            _MADE[number, bits] = rsa.generate_private_key(public_exponent=65537, key_size=bits)
        return _MADE[number, bits]
