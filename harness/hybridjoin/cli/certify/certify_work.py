"""What `hybridjoin certify` does once its arguments are understood."""

from __future__ import annotations

import getpass
from pathlib import Path

import click

from hybridjoin.checks.registry import Book
from hybridjoin.checks.requirement import Requirement
from hybridjoin.cli.certify.certify_request import CertifyRequest
from hybridjoin.cli.certify.certify_screen import certification_screen, plan_screen
from hybridjoin.cli.certify.doors_screen import warn_of_lockout
from hybridjoin.cli.certify.fault_list import show_faults
from hybridjoin.cli.certify.requirement_list import show_requirements
from hybridjoin.cli.exits import ExitCode, mistake
from hybridjoin.cli.next_steps import after_run, tell_next
from hybridjoin.cli.output import STANDARD_OUTPUT, deliver
from hybridjoin.cli.run.live import demand_leave
from hybridjoin.cli.run.memory import code_of, keep, under_other_names
from hybridjoin.cli.stream import open_events
from hybridjoin.device.adapters.dialing import check_reachable
from hybridjoin.errors import Mistake, PeerUnreachable, UsageError
from hybridjoin.given import is_file, read_given
from hybridjoin.intake.federation import LIMIT_BYTES, FederationSettings, read_settings, settings_of
from hybridjoin.model.events import to_all
from hybridjoin.model.record import RunRecord
from hybridjoin.model.shown import shown
from hybridjoin.report.json_report import encode_record, read_record
from hybridjoin.report.progress import RunProgress
from hybridjoin.report.terminal import console, put
from hybridjoin.report.write import page_in
from hybridjoin.run.certification.certify import certify
from hybridjoin.run.certification.deviations import suggest
from hybridjoin.run.certification.doors import book_of, chosen_doors
from hybridjoin.run.certification.outcome import certification_exit_code
from hybridjoin.run.certification.plan import (
    EVERY_ID,
    Plan,
    failed_before,
    levelled,
    plain_scenario,
    probes_for,
    select,
)
from hybridjoin.scenario.scenario import Settings
from hybridjoin.scenario.scenario_schema import IdpModel
from hybridjoin.scenario.site.adapter import find_adapter
from hybridjoin.scenario.site.deviation_file import Deviation, deviations_beside, load_deviations
from hybridjoin.scenario.site.profile_file import Profile, load_profile
from hybridjoin.scenario.site.site_file import SiteFile, load_site_file
from hybridjoin.scenario.site.site_schema import WRONG_PASSWORDS
from hybridjoin.scenario.vocabulary import FAULTS
from hybridjoin.scenario.yaml.validate import nearest


def carry_out(request: CertifyRequest) -> int:
    """List, plan, or certify, show and write; return the exit code."""
    if request.list_faults:
        show_faults(as_json=request.as_json)
        return ExitCode.AS_EXPECTED
    if request.suggest and request.events == STANDARD_OUTPUT:
        raise mistake("--ndjson -", "standard output is taken by --suggest", "name a file")
    profile = load_profile(request.profile, EVERY_ID)
    chosen = _chosen(request)
    if chosen is not None and not chosen:
        click.echo("nothing had failed in that run, so there is nothing to ask again")
        return ExitCode.AS_EXPECTED
    site_file = load_site_file(request.site_file) if request.site_file else None
    requirements = levelled(
        _book(request) if chosen is None else chosen, profile, site_file.adapter if site_file else None
    )
    if request.only_list:
        return show_requirements(requirements, as_json=request.as_json)
    plan = _plan(request, site_file, profile, requirements, whole=chosen is None)
    if request.dry_run:
        put(console(), plan_screen(plan, site_file.site if site_file else None))
        return ExitCode.AS_EXPECTED
    demand_leave(request.place, (plan.scenario,))
    if site_file is not None:
        _reach_metadata(site_file, limit_s=request.timeout_s)
    return _certify(plan, request)


def _plan(
    request: CertifyRequest,
    site_file: SiteFile | None,
    profile: Profile,
    requirements: tuple[Requirement, ...],
    *,
    whole: bool,
) -> Plan:
    """Return what is to be asked where, and by which levels and lists it is judged."""
    return Plan(
        scenario=plain_scenario(_device(request, site_file), _idp(request)),
        profile=profile,
        requirements=requirements,
        adapter=site_file.adapter if site_file else None,
        whole=whole,
        deviations=_deviations(request),
        hostile=_hostile(request, site_file),
        hostile_hosts=site_file.allow_hostile if site_file else None,
        probes=probes_for(requirements),
        timeout_s=request.timeout_s,
        federation=_federation(request, site_file),
        doors=chosen_doors(request.doors),
        demanded=request.doors is not None,
        person=request.user or "",
        wrong_passwords=_wrong_passwords(request, site_file),
    )


def _certify(plan: Plan, request: CertifyRequest) -> int:
    with open_events(request.events, as_json=request.as_json) as events:
        screen = console(error=True)
        with request.place.open() as provider, RunProgress(screen, opening="bringing the site up") as progress:
            refused = provider.mistakes((plan.scenario,))
            if refused:
                raise mistake("--device", refused[0].problem, refused[0].hint)
            events.run_started(1 + len(plan.probes))
            warn_of_lockout(plan, real=request.site_file is not None)
            record = certify(plan, provider, to_all(progress.tell, events.tell))
        if request.anonymise:
            record = under_other_names(record, request.events)
        written = keep(record, request.report_dir)
        events.certification_finished(record, written)
    _show(record, plan, request, written)
    return code_of(certification_exit_code(record, whole=plan.whole), written=written, events=events)


def _show(record: RunRecord, plan: Plan, request: CertifyRequest, written: Path | None) -> None:
    """Print the record, or the screen; the screen gives way where something else has standard output."""
    taken = request.suggest or request.events == STANDARD_OUTPUT
    if request.as_json:
        deliver(encode_record(record), None)
    else:
        put(console(error=taken), certification_screen(shown(record), plan))
    if request.suggest and not request.as_json:
        click.echo(_suggestion(record, plan), nl=False)
    if written is not None:
        click.echo(f"report: {page_in(written)}", err=request.as_json or taken)
    tell_next(*after_run(record, written), err=request.as_json or taken)


def _chosen(request: CertifyRequest) -> tuple[Requirement, ...] | None:
    """Return the requirements that were selected, or None where all are asked."""
    book = _book(request)
    chosen = select(request.patterns, book=book) if request.patterns else None
    if request.rerun_failed is None:
        return chosen
    again = failed_before(read_record(request.rerun_failed), str(request.rerun_failed))
    return tuple(item for item in (chosen if chosen is not None else book) if item.id in again)


def _book(request: CertifyRequest) -> Book:
    """Return the requirements that the chosen doors can answer."""
    return book_of(chosen_doors(request.doors))


def _wrong_passwords(request: CertifyRequest, site_file: SiteFile | None) -> int:
    """Return how many wrong passwords may be sent: the command line's word, else the site's."""
    if request.wrong_passwords is not None:
        return request.wrong_passwords
    return site_file.wrong_passwords if site_file is not None else WRONG_PASSWORDS


def _device(request: CertifyRequest, site_file: SiteFile | None) -> str:
    return request.device or (site_file.site.devices[0].name if site_file else request.place.first_device)


def _idp(request: CertifyRequest) -> Settings:
    """Return what of the lab's own IdP is bent; that of a site is as it is."""
    if not request.idp_profile and not request.faults:
        return {}
    if request.site_file:
        option = "--fault" if request.faults else "--idp-profile"
        raise mistake(option, "only the lab's own IdP can be set up, and --site names a place of yours")
    unknown = [name for name in request.faults if name not in FAULTS["idp"]]
    if unknown:
        raise UsageError(*map(_not_the_idps, unknown))
    return IdpModel.model_validate({"profile": request.idp_profile, "faults": list(request.faults)}).settings()


def _not_the_idps(name: str) -> Mistake:
    if name in FAULTS["entra"]:
        problem = f"{name} is a fault of Entra, and the identity provider is certified here"
        hint = f"a scenario brings it about: `entra: {{faults: [{name}]}}`"
        return Mistake(place="--fault", problem=problem, hint=hint)
    hint = nearest(name, FAULTS["idp"]) or "try --list-faults"
    return Mistake(place="--fault", problem=f"no fault is called '{name}'", hint=hint)


def _hostile(request: CertifyRequest, site_file: SiteFile | None) -> bool:
    if request.hostile and site_file is not None and not site_file.allow_hostile:
        problem = f"{site_file.path} allows it for no host"
        raise mistake("--hostile", problem, "write the hosts that may be harmed into it, as allow_hostile: [sts.test]")
    return request.hostile


def _deviations(request: CertifyRequest) -> tuple[Deviation, ...]:
    path = _deviation_path(request)
    return load_deviations(path, EVERY_ID) if path is not None else ()


def _deviation_path(request: CertifyRequest) -> Path | None:
    if request.deviation_file is not None:
        return request.deviation_file
    beside = deviations_beside(request.site_file) if request.site_file else None
    return beside if beside is not None and is_file(beside) else None


def _federation(request: CertifyRequest, site_file: SiteFile | None) -> FederationSettings | None:
    """Return the domain's settings in Entra, out of the file on the command line or the one of the site file."""
    path = request.federation_file
    if path is None:
        return site_file.federation if site_file else None
    body = read_given(path, limit_bytes=LIMIT_BYTES)
    names = site_file.domains if site_file else ()
    return settings_of(read_settings(body, place=str(path)), names, place=str(path))


def _reach_metadata(site_file: SiteFile, *, limit_s: float) -> None:
    """Refuse a site file whose metadata address leads nowhere; who is there and mute, or wrong, gets a verdict."""
    url = site_file.site.idp.mex_url
    if url is None:
        return
    try:
        check_reachable(site_file.site, url, limit_s=limit_s)
    except PeerUnreachable as error:
        problem = f"expected the address of an IdP's metadata, found nobody there: {error.problem}"
        hint = "mend mex_url, or lead the name elsewhere by `connect`"
        raise mistake(site_file.mex_place, problem, hint) from error


def _suggestion(record: RunRecord, plan: Plan) -> str:
    certification = record.certification
    if certification is None:
        return ""
    adapter = find_adapter(certification.adapter)
    return suggest(
        certification.requirements,
        adapter=adapter,
        owner=getpass.getuser(),
        today=record.started_at.date(),
        fresh=not plan.deviations,
    )
