"""``script/server`` serves a fresh clone, and metrics of all its workers; a later start changes nothing."""

import gzip
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from django.conf import settings as site

from catalog.tests.test_settings import environment_with

FORM_TYPE = "application/x-www-form-urlencoded"
NOT_COPIED = (
    ".git",
    ".venv",
    "var",
    "__pycache__",
    "*.pyc",
    ".ruff_cache",
    ".mypy_cache",
    ".hypothesis",
    ".import_linter_cache",
)


class Clone:
    """A copy of the repository like a fresh clone, with the packages of this environment."""

    def __init__(self, path):
        self.path = path / "clone"
        shutil.copytree(site.BASE_DIR, self.path, ignore=shutil.ignore_patterns(*NOT_COPIED))
        (self.path / ".venv").symlink_to(sys.prefix)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def get(self, path, **headers):
        """Request ``path`` and return the response."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        return urllib.request.urlopen(request, timeout=30)

    def begin_upload(self):
        """Send the first half of a form to the admin; returns the connection."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        headers = f"Host: 127.0.0.1:{self.port}\r\nContent-Type: {FORM_TYPE}\r\nContent-Length: 200\r\n"
        connection.sendall(f"POST /admin/ HTTP/1.1\r\n{headers}\r\n{'x' * 100}".encode())
        return connection

    def start(self, **variables):
        """Run ``script/server`` in a session of its own, as in a terminal, and return its output once it serves."""
        self.log = self.path / "start.log"
        with self.log.open("w") as log:
            self.server = subprocess.Popen(
                [self.path / "script" / "server", "--port", str(self.port), "--workers", "2"],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env=environment_with(**variables),
                start_new_session=True,
            )
        self.wait(True)
        return self.log.read_text()

    def wait(self, serving, seconds=120):
        """Wait until the server answers, or no longer does."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and (not serving or self.server.poll() is None):
            try:
                with self.get("/readyz"):
                    if serving:
                        return
            except OSError:
                if not serving:
                    return
            time.sleep(0.1)
        raise AssertionError(self.log.read_text())


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A clone whose server is stopped after the tests, even if they fail."""
    clone = Clone(tmp_path_factory.mktemp("start"))
    yield clone
    if clone.server.poll() is None:
        clone.server.kill()
        clone.server.wait()


@pytest.mark.xdist_group("clone")
def test_one_command_serves_a_fresh_clone_stops_at_ctrl_c_and_starts_again(clone):
    first_output = clone.start()
    assert "password: " in first_output
    assert f"http://127.0.0.1:{clone.port}/" in first_output
    assert "WARNINGS" not in first_output  # of Django's checks
    assert_serves(clone)
    with clone.begin_upload() as upload:
        os.killpg(clone.server.pid, signal.SIGINT)  # Ctrl+C reaches every process of the terminal's group
        clone.wait(False)  # new connections are refused, what was begun is answered
        upload.sendall(b"x" * 100)
        assert upload.recv(100).startswith(b"HTTP/1.1 403 Forbidden\r\n")  # the form has no token
    assert clone.server.wait(60) == 0
    metrics = Metrics(clone)
    second_output = clone.start(METRICS_ADDRESS=metrics.address)
    assert "password" not in second_output
    assert "loaded" not in second_output
    assert_counts_all_workers(clone, metrics)
    clone.server.kill()  # its workers must release the port
    clone.wait(False)
    wait_until(lambda: not metrics.are_served())


class Metrics:
    """What a server's workers counted, at a port of its own."""

    def __init__(self, clone):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{probe.getsockname()[1]}"
        self.folder = clone.path / "var" / "metrics" / str(clone.port)

    def are_served(self):
        """Whether something answers there."""
        with socket.socket() as probe:
            host, port = self.address.split(":")
            return probe.connect_ex((host, int(port))) == 0

    def requests(self, kind):
        """The number of answered requests of a kind."""
        with urllib.request.urlopen(f"http://{self.address}/metrics", timeout=30) as response:
            text = response.read().decode()
        pattern = rf'^liner_requests_total{{kind="{kind}",method="GET",status="2xx"}} (\S+)$'
        return sum(map(float, re.findall(pattern, text, re.MULTILINE)))

    def workers_with(self, kind):
        """The process ids of workers that have a file of such values."""
        return {int(path.stem.rpartition("_")[2]) for path in self.folder.glob(f"{kind}_*.db")}


def wait_until(condition, seconds=60):
    """Return once the condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


def assert_counts_all_workers(clone, metrics):
    """Check that requests to both workers are counted, those from the page cache too, and stay after a kill."""
    requests = 0
    while metrics.requests("person-list") < 2:  # the second worker may still be starting
        clone.get("/people/").close()  # over a connection of its own
        requests += 1
        assert requests < 2000
    wait_until(lambda: metrics.requests("person-list") + metrics.requests("cached") >= requests)
    assert len(metrics.workers_with("counter")) == 2
    assert metrics.requests("person-list") == 2  # each worker has a page cache
    assert metrics.requests("cached") == requests - 2
    with pytest.raises(urllib.error.HTTPError) as refused, clone.get("/metrics"):
        pass
    assert refused.value.code == 404
    killed = min(metrics.workers_with("gauge_livesum"))
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: killed not in metrics.workers_with("gauge_livesum"))
    assert metrics.requests("cached") == requests - 2
    assert killed in metrics.workers_with("counter")


def assert_serves(clone):
    """Check a page, a compressed static file that never expires, and the rejection of foreign hosts."""
    with clone.get("/episodes/?director=ti-west&director=joe-swanberg&writer=lauren-yee") as response:
        page = response.read().decode()
    assert 'data-total="2"' in page
    style = re.search(r'href="(/static/catalog/site\.[0-9a-f]{12}\.css)"', page)[1]
    with clone.get(style, **{"Accept-Encoding": "gzip"}) as response:
        assert response.headers["Content-Encoding"] == "gzip"
        assert "immutable" in response.headers["Cache-Control"]
        assert b"@layer" in gzip.decompress(response.read())
    with pytest.raises(urllib.error.HTTPError) as refused, clone.get("/", Host="elsewhere.example"):
        pass
    assert refused.value.code == 400
