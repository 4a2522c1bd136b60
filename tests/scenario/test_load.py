"""Scenario files become scenarios, or every mistake in them is told with its place; nothing is ever thrown."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hybridjoin.errors import UsageError
from hybridjoin.scenario.load import load_file, load_scenarios
from hybridjoin.scenario.scenario import Expected, Scenario

GOOD = """\
id: accounttype-missing
title: The accounttype claim is missing
tags: [claims]
device: {name: WS02, fallback: true, trust: 1.3, timeout: 5s}
idp:
  profile: adfs
  claims:
    accounttype: drop
    primarysid: {namespace: urn:other, value: '"S-1"', duplicate: true}
  subject: {format: urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified}
  faults: [unsigned, {slow-answer: {seconds: 3}}]
entra: {source_anchor: objectGUID, connect: {exclude: [WS02]}}
clock: {device: -70m}
expect:
  join: failed
  phase: auth
  code: 0xCAA20003
  aadsts: AADSTS51004
  claims:
    accounttype: missing
    onpremobjectguid: {equals: "${device.objectGUID | base64guid}"}
  verdicts: {MEX-07: failed}
  fallback: {code: 0x801c03f2}
  screen: ["AzureAdJoined : NO"]
"""


def write(folder: Path, text: str, name: str = "a.scenario.yaml") -> Path:
    path = folder / name
    path.write_text(dedent(text), "utf-8")
    return path


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def only(path: Path) -> Scenario:
    (scenario,) = load_file(path)
    return scenario


def mistakes_of(*paths: Path) -> list[str]:
    with pytest.raises(UsageError) as refusal:
        load_scenarios(paths)
    return [str(mistake) for mistake in refusal.value.mistakes]


def test_a_good_file_becomes_a_scenario(tmp_path: Path) -> None:
    scenario = only(write(tmp_path, GOOD))
    assert (scenario.id, scenario.file, scenario.line) == ("accounttype-missing", "a.scenario.yaml", 1)
    assert (scenario.device.name, scenario.device.fallback, scenario.device.trust) == ("WS02", True, "1.3")
    assert (scenario.device.timeout_s, scenario.device.clock_offset_s) == (5.0, -4200)
    assert scenario.idp["faults"] == [{"name": "unsigned"}, {"name": "slow-answer", "options": {"seconds": 3}}]
    assert scenario.idp["claims"] == {
        "accounttype": {"drop": True},
        "primarysid": {"namespace": "urn:other", "value": '"S-1"', "duplicate": True},
    }
    assert scenario.entra == {"source_anchor": "objectGUID", "connect": {"exclude": ["WS02"]}}
    wanted = {expectation.name: (expectation.wanted, expectation.place) for expectation in scenario.expectations}
    assert wanted == {
        "join": (("failed",), "a.scenario.yaml:15:3"),
        "phase": (("auth",), "a.scenario.yaml:16:3"),
        "code": (("0xcaa20003",), "a.scenario.yaml:17:3"),
        "aadsts": (("51004",), "a.scenario.yaml:18:3"),
        "claims.accounttype.is": (("missing",), "a.scenario.yaml:20:5"),
        "claims.onpremobjectguid.equals": (("${device.objectGUID | base64guid}",), "a.scenario.yaml:21:24"),
        "verdicts.MEX-07": (("failed",), "a.scenario.yaml:22:14"),
        "fallback.code": (("0x801c03f2",), "a.scenario.yaml:23:14"),
        "screen": (("AzureAdJoined : NO",), "a.scenario.yaml:24:12"),
    }


def test_a_federated_join_expects_every_requirement_to_hold(tmp_path: Path) -> None:
    scenario = only(write(tmp_path, "id: a\ntitle: b\nexpect: {join: federated, verdicts: {RSTR-02: failed}}\n"))
    assert [item.about for item in scenario.expectations] == [
        Expected.JOIN,
        Expected.VERDICT,
        Expected.OTHER_VERDICTS,
    ]
    assert scenario.expectations[-1].wanted == ("RSTR-02",)


BASE = "id: a\ntitle: b\nexpect: {join: failed}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title: b\nexpect: {join: failed}\n", ["1:1: expected the key 'id', found nothing of that name"]),
        (BASE + "devise: {}\n", ["4:1: unknown key 'devise' (did you mean 'device'?)"]),
        (BASE + "device: {nmae: WS01}\n", ["4:10: unknown key 'nmae' (did you mean 'name'?)"]),
        (BASE + "device: {fallback: off}\n", ["4:20: expected true or false, found 'off'"]),
        (BASE + "device: {name: 5}\n", ["4:16: expected text, found the number 5 (put it in quotes)"]),
        (BASE + "device: WS01\n", ["4:9: expected a mapping, found 'WS01'"]),
        (BASE + "device: {trust: 1.4}\n", ["4:17: expected one of 1.3, 2005, found '1.4' (did you mean '1.3'?)"]),
        (BASE + "clock: {device: 6}\n", ["4:17: expected a duration such as +6m, -90s or 1h, found 6"]),
        (BASE + "tags: claims\n", ["4:7: expected a list, found 'claims'"]),
        (
            BASE + "idp: {claims: {acounttype: drop}}\n",
            ["4:16: unknown claim 'acounttype' (did you mean 'accounttype'?)"],
        ),
        (
            BASE + "idp: {claims: {accounttype: gone}}\n",
            ["4:29: expected 'drop' or a mapping of what is changed, found 'gone'"],
        ),
        (BASE + "idp: {claims: {accounttype: {}}}\n", ["4:29: expected what is changed"]),
        (
            BASE + "idp: {claims: {accounttype: {vaule: x}}}\n",
            ["4:30: unknown key 'vaule' (did you mean 'value'?)"],
        ),
        (BASE + "idp: {claims: {accounttype: {value: DJ}}}\n", ["4:37: 'DJ' is no attribute"]),
        (BASE + "idp: {subject: {value: '#lab.nothing()'}}\n", ["4:24: no function is called #lab.nothing"]),
        (BASE + "idp: {extra_claims: [{name: a, namespace: b}]}\n", ["4:22: expected one of 'value' and 'values'"]),
        (
            BASE + "idp: {faults: [primarysid-lowercase]}\n",
            ["4:16: unknown fault 'primarysid-lowercase' (did you mean 'primarysid-lower-case'?)"],
        ),
        (
            BASE + "idp: {faults: [zzz]}\n",
            ["4:16: unknown fault 'zzz' (hybridjoin list faults names them all)"],
        ),
        (BASE + "idp: {faults: [{xsw-3: {by_s: 1}}]}\n", ["4:25: the fault 'xsw-3' has no option 'by_s'"]),
        (BASE + "idp: {faults: [unsined]}\n", ["4:16: unknown fault 'unsined' (did you mean 'unsigned'?)"]),
        (
            BASE + "idp: {faults: [{slow-answer: {secs: 3}}]}\n",
            ["4:31: the fault 'slow-answer' has no option 'secs' (did you mean 'seconds'?)"],
        ),
        (
            BASE + "idp: {faults: [{slow-answer: {seconds: long}}]}\n",
            ["4:40: expected a number, found 'long'"],
        ),
        (
            BASE + "entra: {faults: [{throttled: {where: join}}]}\n",
            ["4:38: expected a list out of realm, discover, token, join, sync-join, leave, found 'join'"],
        ),
        (
            BASE + "entra: {faults: [realm-unknwn]}\n",
            ["4:18: unknown fault 'realm-unknwn' (did you mean 'realm-unknown'?)"],
        ),
        (BASE + "dial: [kdc-dwn]\n", ["4:8: unknown row of the dial 'kdc-dwn' (did you mean 'kdc-down'?)"]),
        (BASE + "dial: [zzz]\n", ["4:8: unknown row of the dial 'zzz' (hybridjoin list dial names them all)"]),
        (
            BASE + "dial: [{latency: {ms: 99999, to: idp}}]\n",
            [
                "4:23: expected an integer from 0 to 5000, found 99999",
                "4:30: the row of the dial 'latency' has no option 'to'",
            ],
        ),
        (
            BASE + "dial: [spn-missing, keytab-stale, kdc-down, ldap-down]\n",
            ["4:21: 'keytab-stale' and 'spn-missing' both take the place of the identity provider's account"],
        ),
        (
            BASE + "dial: [keytab-stale, computer-disabled, ticket-from-before-aes]\n",
            ["4:41: 'ticket-from-before-aes' and 'keytab-stale' both take the place of the identity provider's"],
        ),
        (
            BASE + "dial: [ticket-from-before-aes, computer-disabled]\n",
            ["4:32: 'computer-disabled' and 'ticket-from-before-aes' both take the place of the computer"],
        ),
        (BASE + "dial: [account-locked]\n", ["4:8: 'account-locked' bends a person's account, and nobody signs in"]),
        (
            "id: a\ntitle: b\nflow: sign-in-username\nuser: {name: carol}\ndial: [computer-deleted]\n"
            "expect: {sign_in: signed-in}\n",
            ["5:8: 'computer-deleted' bends a computer's account, and a person signs in"],
        ),
        (
            BASE + "dial: [kdc-down]\nclock: {device: +6m}\n",
            ["4:1: a device with a clock of its own stands in a directory of its own"],
        ),
        (
            "id: a\ntitle: b\nexpect: {join: failed, attempts: 2}\n",
            ["3:24: 'attempts' says how many there were, and without 'retries' there is one"],
        ),
        (BASE + "retries: {most: 1}\n", ["4:17: input should be greater than or equal to 2"]),
        (BASE + "lab: none.lab.yaml\n", ["4:6: expected the path of a lab file, found none at 'none.lab.yaml'"]),
        (BASE + "site: a.scenario.yaml\nlab: a.scenario.yaml\n", ["4:1: expected either a lab or a site, found both"]),
        (BASE + "idp: {issuer: '${site.issuer}'}\n", ["4:15: expected plain text, found the variable"]),
        ("id: a\ntitle: b\nexpect: {}\n", ["3:9: the scenario asserts nothing"]),
        ("id: a\ntitle: b\nexpect:\n", ["3:8: expected a mapping, found nothing"]),
        (
            "id: A b\ntitle: c\nexpect: {join: failed}\n",
            ["1:5: expected at most 80 small letters, digits, dots, hyphens and underscores, found 'A b'"],
        ),
        (
            "id: a\ntitle: b\nexpect: {join: federate}\n",
            ["3:16: expected one of federated, synchronized, failed, found 'federate' (did you mean 'federated'?)"],
        ),
        (
            "id: a\ntitle: b\nexpect: {claims: {primarysidd: ok}}\n",
            ["3:19: unknown claim 'primarysidd' (did you mean 'primarysid'?)"],
        ),
        (
            "id: a\ntitle: b\nexpect: {claims: {primarysid: mising}}\n",
            ["3:31: expected one of ok, missing, absent, wrong, wrong-namespace, "],
        ),
        (
            "id: a\ntitle: b\nexpect: {claims: {primarysid: {equals: '${device.objectSID}'}}}\n",
            ["3:32: unknown variable 'device.objectSID' (did you mean 'device.objectSid'?)"],
        ),
        (
            "id: a\ntitle: b\nexpect: {claims: {primarysid: {equals: '${device.objectGUID | base64gud}'}}}\n",
            ["3:32: unknown filter 'base64gud' (did you mean 'base64guid'?)"],
        ),
        (
            "id: a\ntitle: b\nexpect: {claims: {primarysid: {equals: '${device.mS-DS-ConsistencyGuid}'}}}\n",
            ["3:32: 'device.mS-DS-ConsistencyGuid' is bytes and cannot be compared with text (add '| base64'"],
        ),
        (
            "id: a\ntitle: b\nexpect: {claims: {primarysid: {equals: '${device.objectSid | base64guid}'}}}\n",
            ["3:32: the filter 'base64guid' does not take text"],
        ),
        ("id: a\ntitle: b\nexpect: {screen: ['${device.name']}\n", ["3:19: expected '}' after '${'"]),
        ("id: a\ntitle: b\nexpect: {verdicts: {mex7: failed}}\n", ["3:21: expected a requirement's id such as MEX-07"]),
        ("id: a\ntitle: b\nexpect: {code: caa2}\n", ["3:16: expected a code of eight hex digits"]),
        ("id: a\ntitle: b\nexpect: {aadsts: many}\n", ["3:18: expected a number such as 51004, found 'many'"]),
        ("id: a\ntitle: b\nexpect: {http_status: 42}\n", ["3:23: input should be greater than or equal to 100"]),
        (
            "id: a\ntitle: b\nexpect: {join: federated, phase: auth}\n",
            ["3:27: 'phase' speaks of a failure, but the join is expected to be federated"],
        ),
        (
            BASE + "idp: {claims: {accounttype: {drop: true, value: '\"DJ\"', duplicate: true}}}\n",
            ["4:42: 'value' says how accounttype is issued, but 'drop' leaves it out", "4:57: 'duplicate' says how"],
        ),
        (
            "id: a\ntitle: b\nexpect: {join: synchronized}\ndevice: {fallback: false}\n",
            ["3:16: 'synchronized' is how the fallback ends, but 'fallback: false' (a.scenario.yaml:4:20) leaves"],
        ),
        (
            "id: a\ntitle: b\nexpect: {join: failed, fallback: {step: sync-join}}\ndevice: {fallback: false}\n",
            ["3:24: 'fallback' says how the synchronized join fails, but 'fallback: false' (a.scenario.yaml:4:20)"],
        ),
        (
            "id: a\ntitle: b\nexpect: {join: synchronized, fallback: {step: sync-join}}\n",
            ["3:30: 'fallback' says how the synchronized join fails, but the join is expected to be synchronized"],
        ),
        (
            "id: a\ntitle: b\n"
            "expect: {claims: {primarysid: {is: missing, equals: a}, accounttype: {is: ok, mistake: b}}}\n",
            [
                "3:45: 'equals' speaks of a claim that came, but 'primarysid' is expected to be missing",
                "3:79: 'mistake' names what is wrong with a claim, but 'accounttype' is expected to be ok",
            ],
        ),
        (
            BASE + "matrix: {a: [1]}\ntags: ['${matrix.b}']\ndevise: 1\nidp: {faults: [unsined]}\n",
            [
                "5:8: the matrix has no axis 'b' (known: a)",
                "6:1: unknown key 'devise' (did you mean 'device'?)",
                "7:16: unknown fault 'unsined' (did you mean 'unsigned'?)",
            ],
        ),
        ("- a\n", ["1:1: expected a mapping, found a list"]),
        ("", ["1:1: expected a mapping, found nothing"]),
        (BASE + "extends: none.yaml\n", ["4:10: expected the path of a file, found none at 'none.yaml'"]),
        (BASE + "extends: 5\n", ["4:10: expected the path of a file, found the number 5"]),
        (BASE + "extends: a.scenario.yaml\n", ["4:10: 'a.scenario.yaml' extends itself"]),
        (BASE + "matrix: {}\n", ["4:9: expected axes with their values, found nothing"]),
        (BASE + "matrix: {Big: [1]}\n", ["4:10: expected a lower-case word as the axis, found 'Big'"]),
        (BASE + "matrix: {axis: 3}\n", ["4:16: expected a list of values"]),
        (BASE + "matrix: {axis: [[1]]}\n", ["4:17: expected a plain value, found a list"]),
        (BASE + "matrix: {axis: {one: 3}}\n", ["4:22: expected a mapping of what it changes, found the number 3"]),
        (BASE + "matrix: {axis: {one: {id: x}}}\n", ["4:23: 'id' cannot be changed by a matrix"]),
        (BASE + "matrix: {a: [1]}\ntags: ['${matrix.b}']\n", ["5:8: the matrix has no axis 'b' (known: a)"]),
        (
            "id: a\ntitle: b\ndevise: 1\nclock: {device: soon}\nexpect: {join: maybe}\n",
            [
                "4:17: expected a duration",
                "5:16: expected one of federated, synchronized, failed, found 'maybe'",
                "3:1: unknown key 'devise'",
            ],
        ),
        (
            "id: a\ndevise: 1\nidp: {faults: [expired-windw]}\n"
            "expect: {join: maybe, claims: {acounttype: ok, primarysid: {equals: '${device.objectSyd}'}}}\n",
            [
                "1:1: expected the key 'title'",
                "2:1: unknown key 'devise'",
                "3:16: unknown fault 'expired-windw'",
                "4:16: expected one of federated, synchronized, failed, found 'maybe'",
                "4:32: unknown claim 'acounttype'",
                "4:61: unknown variable 'device.objectSyd'",
            ],
        ),
    ],
)
def test_each_mistake_is_told_at_its_place(tmp_path: Path, text: str, expected: list[str]) -> None:
    found = mistakes_of(write(tmp_path, text))
    assert len(found) == len(expected), found
    for line, start in zip(sorted(found), sorted(expected), strict=True):
        assert line.startswith(f"a.scenario.yaml:{start}")


def test_the_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, BASE + "x: 1\n", "one.scenario.yaml")
    write(tmp_path, BASE + "y: 1\n", "two.scenario.yaml")
    assert [line.split(" ")[0] for line in mistakes_of(tmp_path)] == [
        "one.scenario.yaml:4:1:",
        "two.scenario.yaml:1:5:",
        "two.scenario.yaml:4:1:",
    ]


def test_an_id_belongs_to_one_scenario(tmp_path: Path) -> None:
    write(tmp_path, BASE, "one.scenario.yaml")
    write(tmp_path, "\n" + BASE, "two.scenario.yaml")
    assert mistakes_of(tmp_path) == [
        "two.scenario.yaml:2:5: the id 'a' is already used in one.scenario.yaml:1 (every scenario has its own id)"
    ]


def test_a_path_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    along = "(`shipped:` names the scenarios that come along, `shipped:claims` a folder of them)"

    assert mistakes_of(tmp_path / "none", tmp_path / "empty") == [
        f"{tmp_path}/none: expected a scenario file or a folder, found nothing there {along}",
        f"{tmp_path}/empty: expected *.scenario.yaml files in the folder, found none {along}",
    ]


def test_a_file_extends_another_and_keeps_the_places_of_both(tmp_path: Path) -> None:
    write(
        tmp_path,
        """\
        device: {name: WS02, fallback: false}
        idp: {faults: [unsigned]}
        expect:
          join: failed
          phase: auth
          code: 0xcaa20003
        """,
        "base.yaml",
    )
    scenario = only(
        write(
            tmp_path,
            """\
            id: child
            title: A child
            extends: base.yaml
            device: {fallback: true}
            idp: {faults: [sha1-signature]}
            expect: {join: synchronized, code: null}
            """,
        )
    )
    assert (scenario.device.name, scenario.device.fallback) == ("WS02", True)
    assert scenario.idp["faults"] == [{"name": "sha1-signature"}]
    assert [(item.name, item.wanted, item.place) for item in scenario.expectations] == [
        ("join", ("synchronized",), "a.scenario.yaml:6:10"),
        ("phase", ("auth",), "base.yaml:5:3"),
    ]


def test_a_mistake_in_a_base_is_told_once_and_at_the_base(tmp_path: Path) -> None:
    write(tmp_path, "devise: 1\n", "base.yaml")
    write(tmp_path, BASE + "extends: base.yaml\n", "one.scenario.yaml")
    write(tmp_path, BASE.replace("id: a", "id: b") + "extends: base.yaml\n", "two.scenario.yaml")
    assert mistakes_of(tmp_path) == ["base.yaml:1:1: unknown key 'devise' (did you mean 'device'?)"]


def test_files_that_extend_each_other_in_a_circle_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "extends: a.scenario.yaml\n", "base.yaml")
    assert mistakes_of(write(tmp_path, BASE + "extends: base.yaml\n")) == [
        "base.yaml:1:10: 'a.scenario.yaml' extends itself, directly or through others"
    ]


def test_a_matrix_is_written_out_with_stable_ids(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """\
        id: claim
        title: ${matrix.claim} is wrong in ${matrix.profile}
        matrix:
          profile: [pingone, adfs]
          claim:
            accounttype:
            primarysid: {expect: {aadsts: 51004}}
        idp:
          profile: ${matrix.profile}
          claims:
            ${matrix.claim}: drop
        expect:
          join: failed
          claims:
            ${matrix.claim}: missing
        """,
    )
    scenarios = load_file(path)
    assert [scenario.id for scenario in scenarios] == [
        "claim[profile=pingone,claim=accounttype]",
        "claim[profile=pingone,claim=primarysid]",
        "claim[profile=adfs,claim=accounttype]",
        "claim[profile=adfs,claim=primarysid]",
    ]
    assert scenarios[3].title == "primarysid is wrong in adfs"
    assert scenarios[3].idp["profile"] == "adfs"
    assert [item.name for item in scenarios[3].expectations] == ["join", "aadsts", "claims.primarysid.is"]
    assert [item.place for item in scenarios[3].expectations] == [
        "a.scenario.yaml:13:3",
        "a.scenario.yaml:7:27",
        "a.scenario.yaml:15:5",
    ]


def test_a_matrix_may_hold_numbers_and_truths(tmp_path: Path) -> None:
    text = "id: a\ntitle: b\nmatrix: {on: [true, false]}\ndevice: {fallback: '${matrix.on}'}\nexpect: {join: failed}\n"
    scenarios = load_file(write(tmp_path, text))
    assert [(item.id, item.device.fallback) for item in scenarios] == [("a[on=true]", True), ("a[on=false]", False)]


def test_a_mistake_in_every_cell_of_a_matrix_is_told_once(tmp_path: Path) -> None:
    text = BASE + "matrix: {n: [1, 2, 3]}\ndevise: 1\n"
    assert mistakes_of(write(tmp_path, text)) == ["a.scenario.yaml:5:1: unknown key 'devise' (did you mean 'device'?)"]


def test_a_matrix_that_explodes_is_refused(tmp_path: Path) -> None:
    axes = "".join(f"  a{n}: [1, 2, 3, 4]\n" for n in range(5))
    assert mistakes_of(write(tmp_path, BASE + "matrix:\n" + axes)) == [
        "a.scenario.yaml:4:1: expected at most 200 scenarios of one matrix, found 1024"
    ]


_LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.sampled_from(["a", "WS01", "drop", "${x}", "1.3", "+6m", "", "!"])
)
_WORDS = """id title tags extends matrix lab site device idp entra clock expect name claims accounttype faults join
phase screen verdicts is equals value fallback ${matrix.a} a"""
_KEYS = st.sampled_from(_WORDS.split())
_DOCUMENTS = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_KEYS, inner, max_size=5)),
    max_leaves=25,
)


def loaded_or_refused(path: Path) -> int:
    try:
        return len(load_file(path))
    except UsageError as refusal:
        return len(refusal.mistakes)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(_KEYS, _DOCUMENTS, max_size=8))
def test_no_document_makes_the_loader_raise_anything_but_a_usage_error(tmp_path: Path, document: object) -> None:

    path = tmp_path / "any.scenario.yaml"
    path.write_text(json.dumps(document), "utf-8")
    assert loaded_or_refused(path) > 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(GOOD)), st.text(alphabet="{}[]:,-#&*'\" \nab", max_size=4))
def test_no_slip_of_the_hand_makes_the_loader_raise_anything_but_a_usage_error(
    tmp_path: Path, at: int, slip: str
) -> None:
    path = tmp_path / "any.scenario.yaml"
    path.write_text(GOOD[:at] + slip + GOOD[at:], "utf-8")
    assert loaded_or_refused(path) > 0
