"""The Entra double: user realm, Discover, token endpoint, device registration, Entra Connect."""
