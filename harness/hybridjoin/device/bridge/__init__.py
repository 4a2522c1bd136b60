"""A bridge that signs people in through Entra, its OpenID provider, as PingOne for Enterprise's does."""
