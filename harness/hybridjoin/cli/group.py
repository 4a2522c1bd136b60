"""The root command: knows every subcommand by name, and imports none before it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from keyword import iskeyword
from pkgutil import resolve_name
from typing import cast

import click

import hybridjoin


@dataclass(frozen=True, slots=True)
class CommandRow:
    """One command: the room that its module lies in (none where it lies beside this one), and what help says of it."""

    room: str
    summary: str


# In the order in which a new user meets them. A command's module bears its name and holds `<name>_command` with its
# options; what it does stands there too, or in `<name>_work` where that imports what help would have to wait for.
COMMANDS: Mapping[str, CommandRow] = {
    "demo": CommandRow("run", "Bring a lab up and watch a device join, and fail to."),
    "run": CommandRow("run", "Run scenario files, or folders of them, and write a report."),
    "certify": CommandRow("certify", "Certify an IdP: which sentence of which specification it keeps."),
    "render": CommandRow("record", "Draw a report of a record again."),
    "matrix": CommandRow("record", "Put several records side by side, requirement by requirement."),
    "join": CommandRow("run", "Join one device, printed as dsregcmd prints it."),
    "leave": CommandRow("run", "Remove a device's registration from its tenant."),
    "sign-in": CommandRow("run", "Sign a user in, by name and password or by a Kerberos ticket."),
    "logon": CommandRow("run", "Log a user on at a computer that has joined, and get a primary refresh token."),
    "work-account": CommandRow("run", "Have a device joined or registered in a person's name, by the IdP's pages."),
    "bridge": CommandRow("run", "Sign a user in through a bridge, as PingOne for Enterprise does with Entra."),
    "status": CommandRow("run", "Show the /status screen after the last join."),
    "mutate": CommandRow("certify", "Put every fault into a good assertion, and see who catches it."),
    "vectors": CommandRow("certify", "Tell forged assertions from good ones: our readers, or any verifier."),
    "mex": CommandRow("explain", "Explain an IdP's WS-Trust metadata."),
    "federation": CommandRow("explain", "Check a domain's federation settings in Entra."),
    "gateway": CommandRow("explain", "Check a PingOne LDAP gateway: user types and attribute mappings."),
    "assertion": CommandRow("explain", "Judge a captured assertion or token response."),
    "explain": CommandRow("explain", "Tell what a code means, what causes it, and what mends it."),
    "import": CommandRow("case", "Read what a customer sent: facts, contradictions, what is missing."),
    "reproduce": CommandRow("case", "Make a customer's failure happen in a lab; name the change that mends it."),
    "package": CommandRow("record", "Pack a run as signed evidence."),
    "verify": CommandRow("record", "Check a package offline: signature, digests, nothing extra, nothing missing."),
    "compare": CommandRow("record", "Say what changed between two runs."),
    "replay": CommandRow("record", "Judge recorded runs again, offline, and compare."),
    "curl": CommandRow("record", "Print one recorded exchange as a curl line."),
    "lab": CommandRow("lab", "Keep a lab, until you take it down."),
    "doctor": CommandRow("lab", "Say what is missing on this machine, and what mends it."),
    "init": CommandRow("files", "Write files to begin with: scenarios, a lab, a site, CI."),
    "check": CommandRow("files", "Check files: scenarios, sites, labs, lists of deviations, profiles."),
    "list": CommandRow("files", "List what may be written: faults, claims, mistakes, codes, names."),
    "schema": CommandRow("files", "Print the JSON Schema of a file format."),
}


def _module(command: str) -> str:
    return ".".join(part for part in ("hybridjoin.cli", COMMANDS[command].room, _identifier(command)) if part)


def _identifier(command: str) -> str:
    """Return the command's name as Python writes it; a keyword is no module's name."""
    name = command.replace("-", "_")
    return f"{name}_" if iskeyword(name) else name


class LazyGroup(click.Group):
    """A group whose subcommands live in the module of their name, in the room that its row says."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order a new user meets them."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command that was asked for."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        return cast("click.Command", resolve_name(f"{_module(cmd_name)}:{cmd_name.replace('-', '_')}_command"))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, and say which one was probably meant where there is none of that name."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = get_close_matches(args[0], COMMANDS, n=1)
            if not near:
                raise
            raise click.UsageError(f"{error.message} Did you mean {near[0]!r}?", ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table, so that help imports nothing."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, row.summary) for name, row in COMMANDS.items()])


EPILOG = """\b
Examples:
  hybridjoin demo
  hybridjoin run shipped:claims --lab process
  hybridjoin mex https://sts.example.com/adfs/services/trust/mex
  hybridjoin explain AADSTS51004

\b
Exit codes: 0 as expected, 1 the peer failed, 2 usage, 3 the lab or machine
could not do it, 8 something was not written for a secret in it, 16 compare or
replay found a difference, a failure was not reproduced, or a package is not what
was signed, 70 a fault of hybridjoin itself, 130 interrupted."""


@click.group(
    cls=LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(hybridjoin.__version__, "-V", "--version", message="hybridjoin %(version)s")
def root() -> None:
    """A Windows device, an Entra tenant and an AD domain, to test any identity provider with.

    hybridjoin replays the Microsoft Entra hybrid join against an IdP and says which sentence of which
    specification it keeps, what Entra would answer, and what dsregcmd would print.
    """
