"""The documentation: its links lead somewhere, its commands run, and the README stays short."""

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from catalog.tests import fixture_cache

ROOT = Path(settings.BASE_DIR)
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
PYTHON = shlex.quote(sys.executable)

# Commands that are run elsewhere, or cannot be run here, and why.
NOT_RUN = {
    "script/test": "it is the command that runs this test",
    "script/test catalog/tests/facets -k counts": "it is the command that runs this test",
    "script/check": ".ci/run runs it before the tests; the import contracts are in test_conventions.py",
    "script/server": "test_script_server.py starts the site by it",
    "SECURE=true SITE_URL=https://example.org ALLOWED_HOSTS=example.org TRUSTED_PROXIES=127.0.0.1 script/server "
    "--workers 4": ("test_script_server.py starts the site by it; SECURE needs a proxy"),
    "DATABASE_URL=postgresql://user:password@host/name script/server": "the server in it is made up",
    ".venv/bin/pre-commit install": "test_pre_commit_hooks_are_valid; it would install hooks into this repository",
}


def sh_lines(path):
    """The commands of a document: each line of its ``sh`` blocks."""
    blocks = re.findall(r"^```sh\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


COMMANDS = sorted({command for path in DOCUMENTS for command in sh_lines(path)})


@pytest.fixture
def environment(request, tmp_path):
    """Variables for a command: a database, media and secret of its own.

    In a process of xdist the database has all migrations, which take 4 s (test_script_server.py applies them).
    """
    if file := getattr(request.config, "workerinput", {}).get("database_file"):
        shutil.copyfile(fixture_cache.wait_for(file), tmp_path / "catalogue.sqlite3")
    return os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/catalogue.sqlite3",
        "MEDIA_ROOT": str(tmp_path / "media"),
        "SECRET_KEY": settings.SECRET_KEY,
    }


def run(command, environment):
    """Run a command of the documentation from the root of the repository, by the Python that runs the tests."""
    line = re.sub(r"(?<!\S)\.venv/bin/python\b", PYTHON, command)
    line = re.sub(r"(?<!\S)\.venv/bin/([\w-]+)", lambda match: f"{Path(sys.executable).parent}/{match[1]}", line)
    return subprocess.run(
        ["bash", "-c", line], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, check=False
    )


def test_readme_has_at_most_90_lines():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 90


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_to_files_lead_somewhere(path):
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    local = [target for target in targets if not re.match(r"[a-z]+:", target)]
    assert [target for target in local if not (path.parent / target).exists()] == []


def test_files_and_folders_that_the_documentation_names_exist():
    missing = []
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        for name in re.findall(r"`((?:catalog|soundtrack_site|templates|docs|bench|script|fixtures)/[\w./-]+)`", text):
            if "<" not in name and not (ROOT / name).exists():
                missing.append(f"{path.relative_to(ROOT)}: {name}")
    assert missing == []


MANAGEMENT = [line for line in COMMANDS if line.startswith(".venv/bin/python manage.py")]
REMAINING_COMMANDS = [line for line in COMMANDS if line not in {*NOT_RUN, *MANAGEMENT} and "runserver" not in line]


def test_management_commands_run(environment):
    for command in sorted(MANAGEMENT, key=lambda line: "manage.py migrate" not in line):
        done = run(command, environment)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("command", REMAINING_COMMANDS)
def test_command_runs(command, environment):
    if "ruff format" in command:
        command += " --check"  # the tests change no file
    command = command.replace("djade ", "djade --check ")
    if command.startswith("script/postgres"):
        del environment["DATABASE_URL"]
    done = run(command, environment)
    assert done.returncode == 0, done.stdout + done.stderr


def test_development_server_starts(environment, tmp_path):
    (command,) = [command for command in COMMANDS if "runserver" in command]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    line = command.replace(".venv/bin/python", f"exec {PYTHON}").replace("DEBUG=true exec", "export DEBUG=true; exec")
    command = ["bash", "-c", f"{line} --noreload {port}"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while socket.socket().connect_ex(("127.0.0.1", port)) != 0:
            assert server.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
    finally:
        server.terminate()
        server.wait(timeout=20)


def test_pre_commit_hooks_are_valid(tmp_path, environment):
    assert run(".venv/bin/pre-commit validate-config", environment).returncode == 0
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".pre-commit-config.yaml").write_text((ROOT / ".pre-commit-config.yaml").read_text())
    install = [f"{Path(sys.executable).parent}/pre-commit", "install"]
    subprocess.run(install, cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / ".git/hooks/pre-commit").exists()


def test_commands_that_are_not_run_are_in_the_documentation():
    assert set(NOT_RUN) <= set(COMMANDS)
