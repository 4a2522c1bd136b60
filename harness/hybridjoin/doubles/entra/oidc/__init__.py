"""Entra as the OpenID provider of a registered application: authorization, token, userinfo and groups."""
