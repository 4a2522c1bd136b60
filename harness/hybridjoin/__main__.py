"""`python -m hybridjoin` is `hybridjoin`."""

from __future__ import annotations

from hybridjoin.cli import main

if __name__ == "__main__":
    main()
