"""The house keeps its own rules: who imports whom, how long things are, what is said about them, what stays out."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from catalog import models

ROOT = Path(settings.BASE_DIR)
LISTED = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]  # also what is not committed yet
TRACKED = subprocess.run(LISTED, cwd=ROOT, capture_output=True, text=True, check=False).stdout
FILES = sorted({path for path in map(ROOT.joinpath, filter(None, TRACKED.split("\0"))) if path.is_file()})
if not FILES:  # a copy without its history
    apart = {".git", ".venv", "var", "__pycache__"}
    FILES = sorted(path for path in ROOT.rglob("*") if path.is_file() and not apart & set(path.parts))
PYTHON = [path for path in FILES if path.suffix == ".py" and not {"migrations", "bench"} & set(path.parts)]
CODE = [path for path in PYTHON if "tests" not in path.parts]
TEMPLATES = [path for path in FILES if path.suffix in (".html", ".xml") and path.is_relative_to(ROOT / "templates")]
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def name(path):
    """A file's path as a reader of the repository writes it."""
    return path.relative_to(ROOT).as_posix()


def tree(path):
    """What a module holds."""
    return ast.parse(path.read_text(encoding="utf-8"))


def public_parts(parent, where):
    """(where, node) for each public class and function below ``parent``, but for those inside a function."""
    for node in ast.iter_child_nodes(parent):
        if isinstance(node, (ast.ClassDef, *FUNCTION)) and not node.name.startswith("_"):
            here = f"{where} {node.name}"
            if node.name not in ("Meta", "Media"):
                yield here, node
            if isinstance(node, ast.ClassDef) and node.name not in ("Meta", "Media"):
                yield from public_parts(node, here)


def test_every_public_part_says_its_rule():
    silent = [name(path) for path in CODE if not ast.get_docstring(tree(path)) and path.read_text().strip()]
    for path in CODE:
        silent += [where for where, node in public_parts(tree(path), name(path)) if not ast.get_docstring(node)]
    assert silent == []


def test_no_module_is_longer_than_400_lines():
    assert [name(path) for path in PYTHON if len(path.read_text().splitlines()) > 400] == []


def test_no_function_is_longer_than_50_lines():
    long = [
        f"{name(path)} {node.name}"
        for path in PYTHON
        for node in ast.walk(tree(path))
        if isinstance(node, FUNCTION) and node.end_lineno - node.lineno + 1 > 50
    ]
    assert long == []


def test_no_import_hides_in_a_function():
    hidden = [
        f"{name(path)}:{inner.lineno}"
        for path in PYTHON
        for node in ast.walk(tree(path))
        if isinstance(node, FUNCTION)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_imports_go_down_the_floors_only():
    """import-linter's contracts in pyproject.toml."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    done = subprocess.run([*command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_templates_are_short():
    lengths = {name(path): len(path.read_text().splitlines()) for path in TEMPLATES}
    assert {path: lines for path, lines in lengths.items() if lines > 80} == {}
    assert sum(lengths.values()) / len(lengths) < 34


def test_every_partial_opens_by_saying_what_it_expects():
    partials = [path for path in TEMPLATES if "partials" in path.parts]
    assert len(partials) > 20
    silent = [name(path) for path in partials if not re.match(r"\{#[^#]*Expects:[^#]*#\}", path.read_text())]
    assert silent == []


def test_every_model_stands_in_the_table_of_contents():
    concrete = {model.__name__ for model in apps.get_app_config("catalog").get_models()}
    assert concrete <= set(models.__all__)
    assert all(hasattr(models, listed) for listed in models.__all__)
    assert models.__all__ == sorted(models.__all__, key=lambda listed: (not listed.isupper(), listed))


def test_every_noun_has_the_same_file_on_every_floor():
    nouns = {path.stem for path in (ROOT / "catalog/models").glob("*.py")}
    for path in (ROOT / "catalog/tests/models").glob("test_*.py"):
        assert path.stem.removeprefix("test_") in nouns, name(path)


# Written so that this file does not hold what it looks for.
OUTSIDE = [r"/wor" + r"k/", r"/roo" + r"t/", r"\bpyp" + r"i\.", r"://[^/\s]*\b(local|internal|corp|lan)\b(?!host)[:/]"]


@pytest.mark.parametrize("pattern", OUTSIDE)
def test_nothing_of_the_machine_it_was_written_on_is_in_the_repository(pattern):
    found = []
    for path in FILES:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{name(path)}: {hit.group()}" for hit in re.finditer(pattern, text)]
    assert found == []


def test_what_a_run_leaves_behind_is_not_tracked():
    left = {".sqlite3", ".pyc", ".log", ".env", ".pem", ".key"}
    assert [name(path) for path in FILES if path.suffix in left or "__pycache__" in path.parts] == []
