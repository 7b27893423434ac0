"""The conventions of docs/development: layers, sizes, docstrings, names, and what may not be in the repository."""

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
GIT_FILES = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]  # also what is not committed yet
OUTPUT = subprocess.run(GIT_FILES, cwd=ROOT, capture_output=True, text=True, check=False).stdout
FILES = sorted({path for path in map(ROOT.joinpath, filter(None, OUTPUT.split("\0"))) if path.is_file()})
if not FILES:  # a copy without its git history
    IGNORED_FOLDERS = {".git", ".venv", "var", "__pycache__"}
    FILES = sorted(path for path in ROOT.rglob("*") if path.is_file() and not IGNORED_FOLDERS & set(path.parts))
PYTHON = [path for path in FILES if path.suffix == ".py" and not {"migrations", "bench"} & set(path.parts)]
CODE = [path for path in PYTHON if "tests" not in path.parts]
TEMPLATES = [path for path in FILES if path.suffix in (".html", ".xml") and path.is_relative_to(ROOT / "templates")]
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def relative(path):
    return path.relative_to(ROOT).as_posix()


def parse(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def test_modules_and_public_classes_have_docstrings():
    missing = [relative(path) for path in CODE if not ast.get_docstring(parse(path)) and path.read_text().strip()]
    for path in CODE:
        missing += [
            f"{relative(path)} {node.name}"
            for node in parse(path).body
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node)
        ]
    assert missing == []


def test_modules_have_at_most_400_lines():
    assert [relative(path) for path in PYTHON if len(path.read_text().splitlines()) > 400] == []


def test_functions_have_at_most_50_lines():
    long = [
        f"{relative(path)} {node.name}"
        for path in PYTHON
        for node in ast.walk(parse(path))
        if isinstance(node, FUNCTION) and node.end_lineno - node.lineno + 1 > 50
    ]
    assert long == []


def test_no_function_imports():
    imports = [
        f"{relative(path)}:{inner.lineno}"
        for path in PYTHON
        for node in ast.walk(parse(path))
        if isinstance(node, FUNCTION)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert imports == []


def test_import_contracts_hold():
    """import-linter's contracts in pyproject.toml."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    done = subprocess.run([*command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_templates_have_at_most_80_lines():
    lengths = {relative(path): len(path.read_text().splitlines()) for path in TEMPLATES}
    assert {path: lines for path, lines in lengths.items() if lines > 80} == {}


def test_template_lines_have_at_most_120_characters():
    long = [
        f"{relative(path)}:{number} has {len(line)}"
        for path in [*TEMPLATES, *(path for path in FILES if path.is_relative_to(ROOT / "catalog/jinja2"))]
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > 120
    ]
    assert long == []


def test_every_partial_says_what_it_expects():
    partials = [path for path in TEMPLATES if "partials" in path.parts]
    assert len(partials) > 20
    silent = [relative(path) for path in partials if not re.match(r"\{#[^#]*Expects:[^#]*#\}", path.read_text())]
    assert silent == []


def test_every_model_is_exported_by_the_models_package():
    concrete = {model.__name__ for model in apps.get_app_config("catalog").get_models()}
    assert concrete <= set(models.__all__)
    assert all(hasattr(models, name) for name in models.__all__)
    assert models.__all__ == sorted(models.__all__, key=lambda name: (not name.isupper(), name))


# Modules of catalog/models that are no record type, and those of other layers that belong to none.
SHARED_MODELS = {
    *("base", "citation_check", "change_recorder", "compiled_query", "partial_date", "publication", "slug"),
    *("shared_work", "time_limit"),
}
SHARED_MODULES = {
    "facets": {
        "base",
        *("blocks", "bound_filter", "chips", "choice", "credit_facets", "display", "facet", "kinds", "labels", "links"),
        *("sentence", "sql_engine", "text_filter", "uncounted_engine", "values", "wording"),
    },
    "views": {
        *("base", "cover", "errors", "facet_values", "health", "home", "page_cache", "person_pair", "search"),
        *("site_files", "record_lists", "request_limits", "server_errors", "sitemaps", "unsaved_form"),
    },
    "admin": {
        *("autosave", "base", "changelist", "citation_questions", "dashboard", "delete_preview", "edits", "filters"),
        *("forms", "inline_rendering", "inlines", "long_inlines", "pagination", "permissions", "request_state"),
        *("widgets",),
    },
}


@pytest.mark.parametrize("layer", SHARED_MODULES)
def test_modules_of_a_layer_are_named_after_a_record_type(layer):
    record_types = {path.stem for path in (ROOT / "catalog/models").glob("*.py")} - SHARED_MODELS
    names = {path.stem for path in (ROOT / "catalog" / layer).glob("*.py")} - {"__init__"}
    assert names - record_types == SHARED_MODULES[layer]


@pytest.mark.parametrize("layer", ["models", "editing", "sources", "fetching", "formats"])
def test_tests_of_a_layer_are_named_after_its_modules(layer):
    modules = {path.stem for path in (ROOT / "catalog" / layer).glob("*.py")}
    names = {path.stem.removeprefix("test_") for path in (ROOT / "catalog/tests" / layer).glob("test_*.py")}
    assert names - modules == set()


# Each pattern is written so that this file does not match it.
FORBIDDEN = [
    r"/wor" + r"k/",
    r"/roo" + r"t/",
    r"\bpyp" + r"i\.",
    r"://[^/\s]*\b(local|internal|corp|lan)\b(?!host)[:/]",
]


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_no_path_or_host_of_a_developers_machine_is_in_the_repository(pattern):
    matches = []
    for path in FILES:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        matches += [f"{relative(path)}: {match.group()}" for match in re.finditer(pattern, text)]
    assert matches == []


def test_no_file_that_a_run_leaves_behind_is_tracked():
    suffixes = {".sqlite3", ".pyc", ".log", ".env", ".pem", ".key"}
    assert [relative(path) for path in FILES if path.suffix in suffixes or "__pycache__" in path.parts] == []


# Words of the project's first vocabulary, which nobody outside it understood.
RETIRED_WORDS = re.compile("|".join(["des" + "k", r"\bhou" + r"se\b", r"\bflo" + "or", r"\bno" + "un"]), re.IGNORECASE)
RETIRED_NAMES = {
    *("asked", "chosen", "coming", "found", "given", "gone", "here", "kept", "known", "made", "mine", "own"),
    *("past", "place", "places", "said", "seen", "shown", "some", "taken", "there", "tied", "told", "touched"),
    *("wanted", "whole", "written"),
}


# These tests have series of such titles, among them one about a doctor and one about a politician.
FILES_WITH_TITLES = {f"catalog/tests/search/{name}.py" for name in ("queries", "sample_catalogue", "test_query")}
FILES_WITH_TITLES |= {f"catalog/tests/sources/{name}.py" for name in ("test_tvmaze", "test_tvdb")}


def test_no_retired_word_is_in_the_code():
    folders = [ROOT / name for name in ("catalog", "soundtrack_site", "templates", "bench", "script")]
    matches = [relative(path) for path in FILES if RETIRED_WORDS.search(relative(path))]
    for path in FILES:
        if relative(path) in FILES_WITH_TITLES:
            continue
        is_text = path.suffix not in (".woff2", ".png", ".svg", ".xlsx")
        if is_text and any(path.is_relative_to(folder) for folder in folders):
            lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
            matches += [
                f"{relative(path)}:{number}: {line.strip()}" for number, line in lines if RETIRED_WORDS.search(line)
            ]
    assert matches == []


def bindings(tree):
    """(name, line) of everything that a module binds: variables, parameters, attributes, functions and classes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr, node.lineno
        elif isinstance(node, (ast.ClassDef, *FUNCTION)):
            yield node.name, node.lineno


def test_names_say_what_they_hold():
    """A participle or pronoun alone (``found``, ``kept``) says nothing about the value.

    ``mine`` is allowed where it is the term: beside ``base`` and ``theirs`` in a three-way merge.
    """
    everything = [path for path in FILES if path.suffix == ".py" and "migrations" not in path.parts]
    retired = [
        f"{relative(path)}:{line} {name}"
        for path in everything
        for name, line in bindings(parse(path))
        if name.strip("_").lower() in RETIRED_NAMES
        and not (name.lower() == "mine" and re.search("conflicts|three_way", relative(path)))
    ]
    assert retired == []
