"""A program that signs a person in with ADAL for Python, unchanged: run in an environment of its own.

Arguments: the authority's URL, the CA's file, the user; the password comes on standard input. Names are looked up on
this machine alone, where the lab serves them. It prints what ADAL returns, or its refusal.
"""

import json
import socket
import sys
from typing import Any

import adal  # type: ignore[import-not-found]

_LOOK_UP = socket.getaddrinfo
_AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"


def _here(_host: Any, *rest: Any, **named: Any) -> Any:  # noqa: ANN401 - the socket module's own
    return _LOOK_UP("127.0.0.1", *rest, **named)


setattr(socket, "getaddrinfo", _here)  # noqa: B010 - its type is the module's own
authority, ca_file, user = sys.argv[1:4]
password = sys.stdin.readline().rstrip("\n")
context = adal.AuthenticationContext(authority, validate_authority=False, verify_ssl=ca_file, api_version=None)
try:
    found = context.acquire_token_with_username_password("https://graph.microsoft.com", user, password, _AZURE_CLI)
except adal.AdalError as error:
    answer = {"refused": str(error)}
else:
    answer = {"token": found["accessToken"]}
sys.stdout.write(json.dumps(answer))
