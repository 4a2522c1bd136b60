"""`hybridjoin explain`: what a code, an event, an error or a requirement is, and why a run failed."""

from __future__ import annotations

import re

import click

from hybridjoin.cli.exits import ExitCode

_DECIMAL = re.compile(r"-\d+")


class _TakesDecimals(click.Command):
    """A command to which `-2147023584` is a code and no option; its options are flags that stand anywhere."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Hand the options over first, and all that is left as names, in its order."""
        flags, names, ended = [], [], False
        for text in args:
            if text == "--" and not ended:
                ended = True
            elif ended or not text.startswith("-") or text == "-" or _DECIMAL.fullmatch(text):
                names.append(text)
            else:
                flags.append(text)
        return super().parse_args(ctx, [*flags, "--", *names])


@click.command(
    "explain",
    cls=_TakesDecimals,
    epilog="\b\nExamples:\n  hybridjoin explain AADSTS51004 0xcaa1000e -2145648625\n"
    "  hybridjoin explain MEX-07 304 KDC_ERR_S_PRINCIPAL_UNKNOWN FailedAuthentication\n"
    "  hybridjoin explain dsregcmd.txt events.xml\n"
    "  xclip -o | hybridjoin explain -\n"
    "  hybridjoin explain reports/latest",
)
@click.argument("names", metavar="CODE|EVENT|REQUIREMENT|TEXT|FILE|-|RUN…", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@click.option("--all", "everything", is_flag=True, help="Of a RUN, explain the joins that were meant to fail as well.")
def explain_command(*, names: tuple[str, ...], as_json: bool, everything: bool) -> ExitCode:
    """Tell what a code means, what causes it, and what mends it.

    Codes of Entra (AADSTS51004, or 51004), of Windows (0xcaa20003, or -2147023584), events (304), Kerberos errors,
    WS-Trust faults and requirements (MEX-07), in any case. A text with such names in it, a FILE of text (what
    dsregcmd printed, an event log as text, XML or JSON) or '-' for standard input: its errors are told first. Or a
    RUN, the directory or record.json of a report, or an evidence package, whose failed joins and broken requirements
    are explained by the evidence in it.

    Exit code 2 where something is not known; what is known is told all the same.
    """
    from hybridjoin.cli.explain.explain_work import carry_out

    return carry_out(names, as_json=as_json, everything=everything)
