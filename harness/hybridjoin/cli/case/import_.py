"""`hybridjoin import`: what a customer sent, read; the facts in it, what contradicts, what is still missing."""

from __future__ import annotations

from pathlib import Path

import click

from hybridjoin.cli.exits import ExitCode
from hybridjoin.cli.options import anonymise_option


@click.command(
    "import",
    epilog="\b\nExamples:\n  hybridjoin import evidence/ -o case/\n"
    "  hybridjoin import join.txt federation.txt ws01.ldif rstr.xml\n"
    "  hybridjoin import DSRegTool_Logs.zip trace.saz -o case/ --json\n"
    "  hybridjoin import evidence/ -o case/ --anonymise\n\n"
    "A log is read line by line: 300 MB of memory are enough for a file of any size. A JSON document is read whole, up "
    "to 32 MiB, a message of the wire up to 16 MiB; an archive may hold 2 GiB, and 200 times what it is packed into.",
)
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="CASE",
    help="Write the case into this folder: case.yaml, messages and screens, and a lab that is like the customer's.",
)
@anonymise_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
def import_command(*, paths: tuple[Path, ...], output: Path | None, anonymise: bool, as_json: bool) -> ExitCode:
    """Read what a customer sent: facts, contradictions, what is missing.

    Files are recognised by their content, never by their names: screens of dsregcmd, federation settings, event logs
    (XML, CSV, text, and EVTX with the extra events), HAR, SAZ and mitmproxy traces, saved WS-Trust messages and
    pages, LDIF and Get-AD* texts, klist, setspn and keytab listings, registry exports, DSRegTool, proxy settings,
    server certificates, logs of Entra, AD FS, Okta, PingOne and PingFederate, rules and endpoints of AD FS, records
    of ours, and archives of them. Folders are searched. Messages that came along are judged at once, against what
    else came along.

    Exit code 2 where a file that was named is not recognised, something was refused, or two customers' files are mixed.
    """
    from hybridjoin.cli.case.import_work import carry_out

    return carry_out(paths, output, as_json=as_json, anonymise=anonymise)
