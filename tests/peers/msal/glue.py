"""A program that signs a person in with MSAL for Python, unchanged: run in an environment of its own.

Arguments: the authority's URL and the user; the password comes on standard input, and the authority of certificates by
REQUESTS_CA_BUNDLE. It prints the token that MSAL returns, or its refusal.
"""

import json
import sys

import msal

_AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"

authority, user = sys.argv[1:3]
password = sys.stdin.readline().rstrip("\n")
application = msal.PublicClientApplication(_AZURE_CLI, authority=authority)
try:
    found = application.acquire_token_by_username_password(user, password, ["https://graph.microsoft.com/User.Read"])
except RuntimeError as error:  # what it raises where the identity provider answers with a fault
    found = {"error_description": str(error)}
token = found.get("access_token")
sys.stdout.write(json.dumps({"token": token} if token else {"refused": found["error_description"]}))
