"""`hybridjoin assertion`: a captured assertion or token response, judged as a join would judge it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from hybridjoin.cli.exits import ExitCode


@click.command(
    "assertion",
    epilog="\b\nExamples:\n  hybridjoin assertion rstr.xml --issuer https://sts.example.com/adfs/services/trust\n"
    "  ldapsearch … '(sAMAccountName=WS01$)' > ws01.ldif; hybridjoin assertion token.b64 --computer ws01.ldif\n"
    "  xclip -o | hybridjoin assertion - --object-guid 5c0c4151-e2aa-435e-987a-a97ae798c444 --sid S-1-5-21-1-2-3-1260",
)
@click.argument("source", metavar="FILE|-")
@click.option("--issuer", default="", metavar="URI", help="The domain's IssuerUri in Entra.")
@click.option(
    "--signing-certificate",
    "certificates",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    metavar="FILE",
    help="The domain's signing certificate in Entra, PEM, base64 or DER; may be given twice.",
)
@click.option(
    "--computer",
    "computer_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="LDIF of the computer's object, to compare the claims with.",
)
@click.option("--object-guid", default="", metavar="GUID", help="The computer's objectGUID, instead of --computer.")
@click.option("--sid", default="", metavar="SID", help="The computer's objectSid, with --object-guid.")
@click.option("--anchor", default="", metavar="GUID", help="Its mS-DS-ConsistencyGuid, where it has one.")
@click.option("--upn", default="", metavar="UPN", help="Its user principal name, or WS01$@example.com.")
@click.option("--user", default="", metavar="UPN", help="Judge it as this person's, signed in by name and password.")
@click.option("--at", default="", metavar="TIME", help="When to judge it, as 2025-07-09T02:14:21Z; else when issued.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
def assertion_command(*, as_json: bool, **options: Any) -> ExitCode:  # noqa: ANN401 - click hands each over by its name
    """Judge a captured assertion or token response.

    It is judged as a computer's, for the hybrid join, or as a person's with --user. It is read bare, in a token
    response or envelope, in base64 (as the token request's form has it), in UTF-16, or pasted with a prompt around it.
    What is not known is not tested, and said so.

    Exit code 1 where a MUST is broken, 2 where there is no assertion to read.
    """
    from hybridjoin.cli.explain.assertion_work import AssertionRequest, carry_out

    return carry_out(AssertionRequest.of(**options), as_json=as_json)
