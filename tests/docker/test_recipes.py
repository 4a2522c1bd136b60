"""What goes into an image and what names it: pure reading, no engine."""

from __future__ import annotations

from pathlib import Path

from hybridjoin.lab.docker.double_container import FOLDER, Luggage
from hybridjoin.lab.docker.images import Recipe, controller_recipe, doubles_recipe


def test_another_content_of_a_context_is_another_tag(tmp_path: Path) -> None:
    file = tmp_path / "Dockerfile"
    recipe = Recipe(name="samba-ad-dc", files=(("Dockerfile", file),))
    file.write_text("FROM a", "utf-8")
    before = recipe.tag

    file.write_text("FROM b", "utf-8")

    assert before.startswith("hybridjoin/samba-ad-dc:")
    assert recipe.tag != before


def test_another_name_of_a_file_is_another_tag(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_text("same", "utf-8")

    tags = {Recipe(name="doubles", files=((name, file),)).tag for name in ("a", "b")}

    assert len(tags) == 2


def test_the_controller_is_built_from_its_dockerfile_and_the_script_that_every_backend_runs() -> None:
    assert [name for name, _ in controller_recipe().files] == ["Dockerfile", "provision.py"]


def test_the_doubles_are_built_from_their_own_files_and_the_mutations_alone() -> None:
    names = {name for name, _ in doubles_recipe().files}
    rooms = ("harness/hybridjoin/doubles/", "harness/hybridjoin/mutations/")
    ours = {name for name in names if name.startswith("harness/hybridjoin/") and not name.startswith(rooms)}

    assert ours == {"harness/hybridjoin/__init__.py"}
    assert {"Dockerfile", "harness/hybridjoin/doubles/__main__.py", "harness/hybridjoin/mutations/entry.py"} < names
    assert not [name for name in names if "__pycache__" in name]


def test_files_that_settings_name_are_taken_along_and_everything_else_stays(tmp_path: Path) -> None:
    keytab = tmp_path / "svc-idp.keytab"
    keytab.write_bytes(b"keys")
    luggage = Luggage()
    absent = str(tmp_path / "absent")

    carried = luggage.carry({"keytab": str(keytab), "deep": [{"file": str(keytab)}], "absent": absent, "number": 7})

    assert carried == {
        "keytab": str(FOLDER / "00-svc-idp.keytab"),
        "deep": [{"file": str(FOLDER / "01-svc-idp.keytab")}],
        "absent": absent,
        "number": 7,
    }
    assert luggage.contents == {FOLDER / f"{number:02}-svc-idp.keytab": b"keys" for number in (0, 1)}
