"""The members of a record that say what came of a run: its scenarios, verdicts, claims and certification."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

SHARED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "expected": "What was expected, in words.",
        "found": "What was found, in words.",
        "where": "The place in the exchanges that it is about; null where it is about none.",
        "outcome": "What it came to.",
        "not_tested": "Why it was not tested; null where it was.",
        "exchanges": "What was really said, in its order, masked as it came in.",
        "moments": "The times that the flow was told when it asked, in its order.",
        "identifiers": "The identifiers that the flow was given when it asked, in its order.",
        "readings": "What only the secret octets could prove, read while they were there.",
        "requirement": "The requirement's id, as MEX-07.",
        "sentence": "The sentence of the specification, in our words.",
        "specification": "The document that says so.",
        "section": "The section of the document.",
        "remedy": "What mends it, in a sentence.",
        "step": "The step of the flow.",
        "reason": "Why, in a sentence.",
        "source": "Where it is known from.",
        "level": "How loud it is: MUST, SHOULD or MAY, as the run's profile has it.",
        "title": "What it is called, in a sentence.",
        "file": "The file, by its path from where the run was started.",
        "line": "The line of the file, from 1.",
        "started_at": "When it began.",
        "error": "Whose trouble it was where the harness could not finish; empty where it could.",
        "place": "The line that says so, as file:line:column.",
    }
)
"""What members of one name mean wherever they stand, unless the table of their type says it otherwise."""

RESULTS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "RunRecord": {
            "schema": "The version of this format.",
            "run_id": "The run's own id, which begins with the time.",
            "tool": "The program that wrote it, with its version.",
            "site": "The place's name, the same on every machine.",
            "backend": "What ran the directory: docker, process or external.",
            "finished_at": "When the run ended.",
            "scenarios": "The scenarios that ran, or the joins of a certification.",
            "interrupted": "Why the run stopped early; empty where it did not.",
            "certification": "What a certification came to; null in any other run.",
            "place": "The site or lab file of the run; null where it had none.",
        },
        "PlaceFile": {
            "file": "The file, by its path from where the run was started.",
            "lines": "The lines of parts that reports point at, by the part's name.",
        },
        "ScenarioRecord": {
            "id": "The scenario's id, with the values of its matrix.",
            "expectations": "What the scenario expects, and what became of each line of it.",
            "join": "What the device did; null where it did nothing.",
            "elapsed_s": "How long it took, in seconds.",
            "tags": "The scenario's tags.",
        },
        "ExpectationRecord": {
            "name": "The expectation, as its path below `expect:`.",
            "met": "Whether it was met.",
            "explanation": "Why it was not met, in a sentence.",
            "about": "What it is about, in the words of scenario files.",
            "target": "The claim or requirement that it is about; empty where it is about neither.",
            "wanted": "What was written, before its variables had values.",
        },
        "JoinRecord": {
            "device": "The computer, or the user who signed in.",
            "result": "How the flow ended.",
            "failure": "Why the federated join, or the sign-in, did not come about; null where it did.",
            "fallback_failure": "Why the synchronized join failed too; null where it did not, or was not tried.",
            "verdicts": "The answer of each requirement.",
            "claims": "Each claim as it should be and as it came.",
            "debug_screen": "What `dsregcmd /join /debug` would print, line by line.",
            "status_screen": "What `dsregcmd /status` would print afterwards, line by line.",
            "device_id": "The id that Entra gave the device; empty where it gave none.",
            "client_request_id": "The correlation id of the device's requests.",
            "circumstances": "What the device was told beforehand; null in records of the first version.",
            "trust": "The WS-Trust version that was spoken; empty where it did not come so far.",
        },
        "FailureRecord": {
            "phase": "Windows' error phase.",
            "codes": "The codes that Windows and Entra show, the nearest first.",
            "server_message": "The peer's own words.",
            "remedy": "What to try, in a sentence.",
        },
        "CodeRecord": {
            "code": "The code, as 0xcaa20003 or AADSTS51004.",
            "symbol": "Its symbolic name.",
            "meaning": "What it means.",
            "certainty": "How well it is known: documented, observed or assumed.",
        },
        "Verdict": {"level": "The level that the specification gives it."},
        "ClaimRow": {
            "name": "The claim's AttributeName, or Subject.",
            "namespace": "The AttributeNamespace that it belongs in.",
            "expected": "The values that the live directory has for it.",
            "found": "The values that came; none where it is missing.",
            "found_namespace": "The AttributeNamespace that it came with.",
            "mistake": "The named mistake, where it is one that is known.",
            "source": "The directory attribute, or whatever else, that it is held against.",
            "required": "Whether the join needs it.",
        },
        "NotTested": {
            "reason": "Why, as a word.",
            "step": "The step that it hangs on; null where on none.",
            "probe": "The probe that it hangs on; empty where on none.",
            "requirement": "The requirement that it hangs on; empty where on none.",
            "detail": "What else is to say.",
        },
        "Where": {
            "step": "The step whose exchange is meant; null where it is none of a step's.",
            "side": "The request or the reply.",
            "spot": "What kind of thing in the message is meant.",
            "name": "The element, header, member or attribute.",
            "label": "The name that an element bears, as accounttype of a saml:Attribute.",
            "line": "The line in the message, from 1; 0 where none is known.",
            "assertion": "Which of several elements called Assertion the place lies in, from 1; 0 where there is one.",
            "probe": "The probe whose exchange is meant; empty where it is a flow's.",
            "answer": "Which answer of several, from 1; 0 where there is one.",
            "document": "The document that was handed in; empty where it is an exchange.",
            "join": "Which of several joins of one run, by its WS-Trust version; empty where there is one.",
            "reader": "The independent reader that says so; empty where it is the usual one.",
        },
        "CertificationRecord": {
            "profile": "The profile that said how loud each requirement is.",
            "adapter": "The product that the identity provider was recognised as; empty for none.",
            "requirements": "The loudest answer to each requirement over all joins and probes.",
            "deviations": "The rows of the site's lists and what became of them.",
            "untested": "Sentences that are known and that no check tests.",
            "probes": "The odd requests that were sent, or why not.",
            "complete": "Whether everything could be found out.",
            "documents": "Documents that were handed in to compare with.",
        },
        "RequirementRow": {
            "id": "The requirement's id, as MEX-07.",
            "area": "The area that it belongs to.",
            "url": "Where the document can be read.",
            "deviation": "The list that forgives its failure; empty where none does.",
            "verified": "Whether the section was read in the document itself and carries the sentence.",
        },
        "DeviationRow": {
            "requirement": "The id, or the glob of ids, as it was written.",
            "list": "The list that it stands in.",
            "owner": "Who answers for it.",
            "reason": "Why it deviates.",
            "expires": "The last day on which it is forgiven.",
            "happened": "Whether a requirement that it names failed.",
            "problem": "What is wrong with the row, which fails the run; empty where nothing is.",
        },
        "UntestedRow": {"reason": "Why no check tests it."},
        "ProbeRow": {
            "id": "The probe's id.",
            "sentence": "What it asks.",
            "hostile": "Whether it may harm, and is sent only where the site allows it.",
            "note": "What came of it where that is not plain.",
            "sent_digest": "The SHA-256, in hex, of the octets that were sent.",
        },
        "DocumentRecord": {
            "name": "The name that places use.",
            "members": "Its members in order, each as name and value.",
        },
    }
)
