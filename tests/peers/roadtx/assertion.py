"""What roadtx signs a person in by, printed: its library gets the assertion, and no command of it shows that."""

from __future__ import annotations

import sys

from roadtools.roadlib.auth import Authentication  # type: ignore[import-not-found]  # lies in an environment of its own


def main() -> None:
    """Read a user's name and password from standard input, and print the identity provider's assertion."""
    user, password = sys.stdin.read().splitlines()
    client = Authentication(username=user, password=password)
    issued, _ = client.get_saml_token_with_username_password(client.user_discovery_v1(user))
    token = issued["token"]
    sys.stdout.write(token if isinstance(token, str) else token.decode("utf-8"))


if __name__ == "__main__":
    main()
