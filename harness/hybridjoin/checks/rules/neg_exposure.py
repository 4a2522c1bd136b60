"""What a token service lets strangers see of itself: stack traces, exact versions, what lies beside the endpoint."""

from __future__ import annotations

import re

from hybridjoin.checks.places import at_answer, at_header, at_probe
from hybridjoin.checks.probed import PLAIN_PROBE, answers_to
from hybridjoin.checks.requirement import Finding, broken, holds, not_applicable, requirement
from hybridjoin.evidence.probe import Probes
from hybridjoin.model.verdict import Level

_TRACE = re.compile(
    rb"Traceback \(most recent call last\)|^\s+at [\w.$<>`]+\([^)]*\)\s*$|Exception in thread|\bStackTrace\b",
    re.MULTILINE,
)
# Coarse ones are no harm, and Windows' own Microsoft-HTTPAPI/2.0 is the same for all.
_VERSION = re.compile(r"\d+\.\d+\.\d+", re.ASCII)
_BANNERS = ("Server", "X-Powered-By", "X-AspNet-Version", "X-AspNetMvc-Version")
_NO_TRACE = "Switch detailed errors off in production (customErrors, includeExceptionDetailInFaults=false)."
# How web servers head the page that lists a folder: Apache and nginx, IIS, Tomcat, Jetty, Python's.
_LISTING = re.compile(
    rb"<title>\s*(?:Index of /|Directory Listing For|Directory: /|Directory listing for)|\[To Parent Directory\]",
    re.IGNORECASE,
)


@requirement(
    "NEG-21",
    Level.MAY,
    "RFC9110 10.2.4",
    remedy="Shorten Server, and take X-Powered-By and X-AspNet-Version out of answers.",
    verified=True,
)
def no_exact_version_is_told(probes: Probes) -> Finding:
    """No answer's header tells the software behind it down to the third number of its version."""
    answers = [(result.probe, item) for result in probes.results for item in result.answers if item.status is not None]
    if not answers:
        answers_to(probes, PLAIN_PROBE)
        return not_applicable("no probe has an answer")
    told = (
        (probe, item, name) for probe, item in answers for name in _BANNERS if _VERSION.search(item.header(name) or "")
    )
    found = next(told, None)
    if found is None:
        return holds(f"{len(answers)} answers without one", where=at_probe(answers[0][0]))
    probe, answer, name = found
    return broken(
        expected="a name, or a coarse version",
        found=f"{name}: {answer.header(name)}",
        where=at_header(probe, answer, name),
    )


@requirement("NEG-17", Level.SHOULD, "CWE 209", remedy=_NO_TRACE, verified=True)
def refusal_shows_no_stack_trace(probes: Probes) -> Finding:
    """No refusal shows the service's insides: no stack trace, no exception dump."""
    refusals = [
        (result.probe, item)
        for result in probes.results
        for item in result.answers
        if item.status is not None and item.status >= 400
    ]
    if not refusals:
        answers_to(probes, PLAIN_PROBE)
        return not_applicable("no probe was refused")
    odd = [(name, found[0]) for name, item in refusals if (found := _TRACE.search(item.body))]
    if not odd:
        return holds(f"{len(refusals)} refusals without one", where=at_probe(refusals[0][0]))
    name, match = odd[0]
    return broken(expected="a sentence", found=match.decode("utf-8", "replace").strip(), where=at_probe(name))


@requirement(
    "NEG-22",
    Level.MAY,
    "CWE 552",
    remedy="Switch directory listing off, or let the server answer 403 or 404 there.",
    verified=True,
)
def folder_is_not_listed(probes: Probes) -> Finding:
    """The folder that the endpoint lies in does not list what lies in it."""
    probe = "sts-folder"
    answer = answers_to(probes, probe)[-1]
    found = _LISTING.search(answer.body) if answer.status == 200 else None
    if found is None:
        return holds(answer.words, where=at_answer(probe, answer))
    return broken(expected="no listing", found=found[0].decode("utf-8", "replace"), where=at_probe(probe))
