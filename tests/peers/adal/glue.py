"""A program that signs a person in with ADAL for Python, unchanged: run in an environment of its own.

Arguments: the authority's URL and the user; the password comes on standard input, and the authority of certificates by
REQUESTS_CA_BUNDLE. It prints the token that ADAL returns, or its refusal.
"""

import json
import sys

import adal  # type: ignore[import-not-found]  # lies in an environment of its own

_AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"

authority, user = sys.argv[1:3]
password = sys.stdin.readline().rstrip("\n")
context = adal.AuthenticationContext(authority, validate_authority=False, api_version=None)
try:
    found = context.acquire_token_with_username_password("https://graph.microsoft.com", user, password, _AZURE_CLI)
except adal.AdalError as error:
    answer = {"refused": str(error)}
else:
    answer = {"token": found["accessToken"]}
sys.stdout.write(json.dumps(answer))
