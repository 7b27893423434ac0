"""Packages are compared with published vulnerabilities; without data that is said, and nothing fails."""

import runpy
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.conf import settings

SCRIPT = settings.BASE_DIR / "script" / "audit_packages.py"
SOUND = {"name": "django", "version": "5.2.19", "vulns": []}
ADVISORY = {"id": "CVE-2099-1", "fix_versions": ["9.9"], "aliases": ["GHSA-0"], "description": "Made up."}
VULNERABLE = {"name": "jinja2", "version": "3.1.6", "vulns": [ADVISORY]}
UNKNOWN = {"name": "numpy", "skip_reason": "the service does not know it"}


@pytest.fixture
def script():
    """What the script defines."""
    return runpy.run_path(str(SCRIPT))


@contextmanager
def service_with(status):
    """The URL of a service that answers every question with a status."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_response(status)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/query"
    server.shutdown()
    server.server_close()


def output_of(url):
    """The lines that the script prints; it must not fail."""
    return subprocess.run([sys.executable, SCRIPT, url], capture_output=True, text=True, check=True).stdout.splitlines()


def test_a_service_that_does_not_answer_is_said_in_one_line():
    with service_with(200) as url:
        pass
    assert output_of(url) == ["Not compared with published vulnerabilities: the advisory service does not answer."]


def test_a_service_that_refuses_is_said_in_one_line():
    with service_with(503) as url:
        (line,) = output_of(url)
    assert line.endswith("the advisory service answers with status 503.")


def test_sound_packages_pass(script):
    assert script["judge"]([SOUND]) == (["1 of 1 packages were compared; vulnerabilities: 0."], 0)


def test_a_vulnerability_fails_with_its_package_once_for_both_files(script):
    lines, status = script["judge"]([SOUND, VULNERABLE, VULNERABLE])
    assert status == 1
    assert lines[0] == "jinja2 3.1.6: CVE-2099-1, mended in 9.9"
    assert lines[1].endswith("vulnerabilities: 1.")


@pytest.mark.parametrize("name", ["CVE-2099-1", "GHSA-0"])
def test_an_ignored_vulnerability_passes_by_any_of_its_ids(script, name):
    script["IGNORED"][name] = "not used here"
    assert script["judge"]([VULNERABLE])[1] == 0


def test_a_package_that_was_not_compared_fails(script):
    lines, status = script["judge"]([SOUND, UNKNOWN])
    assert (lines, status) == (["1 of 2 packages were compared; vulnerabilities: 0."], 1)
