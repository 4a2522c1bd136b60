"""The house's own figures, held against a package small enough to count by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.house import (
    ambiguous_names,
    at,
    frozen_share,
    function_lengths,
    imports,
    knots,
    main,
    read_package,
)
from tests.house.trees import package

FILES = {
    "__init__.py": "",
    "a.py": "from small.inner import b\n\ndef one():\n    return b\n\n\ndef two():\n    x = 1\n    return x\n",
    "inner/__init__.py": "",
    "inner/b.py": "import dataclasses\n\n\n@dataclasses.dataclass\nclass Loose:\n    pass\n",
    "inner/c.py": (
        "from dataclasses import dataclass\n\n\n"
        "@dataclass(frozen=True)\nclass Fast:\n    pass\n\n\nclass Loose:\n    pass\n"
    ),
    "doubles/__init__.py": "class Fast:\n    pass\n",
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def test_functions_dataclasses_and_names_are_counted(small: Path) -> None:
    modules = read_package(small)

    assert sorted(function_lengths(modules)) == [2, 3]
    assert frozen_share(modules) == (1, 2)
    assert ambiguous_names(modules) == {"Loose": 2}


def test_a_knot_is_found_even_where_a_function_imports(small: Path) -> None:
    assert knots(imports(read_package(small))) == []

    (small / "inner/b.py").write_text("def late():\n    from small.inner.c import Fast\n    return Fast\n", "utf-8")
    (small / "inner/c.py").write_text("import small.a\n", "utf-8")

    assert knots(imports(read_package(small))) == [("small.a", "small.inner.b", "small.inner.c")]


@pytest.mark.parametrize(("share", "value"), [(0.5, 6), (0.9, 10), (0.99, 10)])
def test_a_share_of_the_values_does_not_pass_it(share: float, value: int) -> None:
    assert at([10, 1, 2, 3, 4, 5, 6, 7, 8, 9], share) == value


def test_the_figures_are_printed(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(small)]) == 0

    assert "import knots" in capsys.readouterr().out


def test_a_folder_without_a_package_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2

    assert "expected the folder of a Python package, found none" in capsys.readouterr().err


def test_the_house_has_no_knot() -> None:
    assert knots(imports(package())) == []
