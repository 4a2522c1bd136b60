"""`hybridjoin gateway`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def file(run: Run, tmp_path: Path) -> Path:
    run("init", "gateway", "--into", tmp_path)
    return tmp_path / "contoso.gateway.yaml"


def change(file: Path, *pairs: tuple[str, str]) -> None:
    text = file.read_text("utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, "utf-8")


def test_the_starter_is_as_the_guide_has_it(run: Run, file: Path) -> None:
    done = run("gateway", file)

    assert done.code == 0
    assert "14 of 14 sentences hold" in done.out
    assert "Hybrid joined devices: devices, looked up by objectGUID" in done.out


def test_a_mistake_is_told_with_the_consoles_words(run: Run, file: Path) -> None:
    change(file, ("""value: '"DJ"'""", "value: DJ"))

    done = run("gateway", file)

    assert done.code == 1
    assert "\u2715 GATEWAY-10 MUST" in done.out
    assert "Attribute Mappings tab" in done.out
    assert f"({file}, accounttype)" in " ".join(done.out.split())


def test_json_of_the_platforms_api_is_a_gateway_too(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "gw.json"
    kind = {
        "id": "1", "name": "Computers", "passwordAuthority": "LDAP", "allowPasswordChanges": False,
        "orderedCorrelationAttributes": ["dn"],
        "newUserLookup": {
            "ldapFilterPattern": "(cn=${identifier})", "population": {"id": "2"},
            "attributeMappings": [{"name": "username", "value": "${ldapAttributes.cn}"}],
        },
    }  # fmt: skip
    path.write_text(json.dumps({"userTypes": [kind]}), "utf-8")

    done = run("gateway", path, "--json")

    data = json.loads(done.out)
    findings = {item["id"]: item["outcome"] for item in data["findings"]}
    assert done.code == 1
    assert data["user_types"] == [{"name": "Computers", "devices": True}]
    assert (findings["GATEWAY-02"], findings["GATEWAY-06"], findings["GATEWAY-09"]) == ("failed", "skipped", "skipped")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "expected"),
        ("userTypes: []", "at least 1 item"),
        ("userTypes: [{name: a, bindPassword: s3cret}]", "bindPassword"),
        ("userTypes: [{name: a, holds: cats}]", "expected one of devices, users"),
        ("[1", "expected"),
    ],
)
def test_what_is_no_gateway_is_a_mistake_and_no_secret_is_repeated(
    run: Run, tmp_path: Path, text: str, words: str
) -> None:
    path = tmp_path / "x.gateway.yaml"
    path.write_text(text, "utf-8")

    done = run("gateway", path)

    assert done.code == 2
    assert words in done.err
    assert str(path) in done.err
    assert "s3cret" not in done.err


def test_check_knows_gateways(run: Run, file: Path) -> None:
    assert "1 gateway checked: nothing wrong" in run("check", file).out
    change(file, ("userTypes:", "userTyps:"))
    assert run("check", file).code == 2


@pytest.mark.lab
def test_accounts_are_looked_up_in_a_directory(run: Run, file: Path) -> None:
    change(file, ("    searchBaseDn: DC=contoso,DC=example\n", ""))
    wanted = ("WS01$", "WS02$", "carol", "nobody*")

    done = run(
        "gateway", file, "--lab", "process", "--json", *(word for name in wanted for word in ("--account", name))
    )

    found = {item["account"]: item for item in json.loads(done.out)["accounts"]}
    assert done.code == 1
    assert found["WS01$"]["dn"].startswith("CN=WS01,")
    assert found["WS01$"]["issued"]["primarysid"].startswith("S-1-5-21-")
    assert len(found["WS01$"]["issued"]["onpremobjectguid"]) == 24
    assert "mS-DS-ConsistencyGuid of the object is empty" in found["WS02$"]["why_not"]["onpremobjectguid"]
    assert found["carol"]["user_type"] == "Cloud users"
    assert (found["nobody*"]["dn"], len(found["nobody*"]["tried"])) == (None, 2)
