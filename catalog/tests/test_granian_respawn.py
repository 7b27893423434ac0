"""The server goes on when a worker dies twice within seconds, and replaces its workers while they answer."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from django.conf import settings

APPLICATION = """
import os

def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("Connection", "close")])
    return [str(os.getpid()).encode()]
"""


class Server:
    """A server with one worker, whose application answers with its process id."""

    def __init__(self, folder):
        (folder / "pid_site.py").write_text(APPLICATION)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        options = f"--interface wsgi --port {self.port} --respawn-failed-workers --working-dir {folder}".split()
        module = "soundtrack_site.workarounds.granian_respawn"
        command = [sys.executable, "-m", module, *options, "--respawn-interval", "1", "pid_site:application"]
        self.process = subprocess.Popen(command, cwd=settings.BASE_DIR, stderr=subprocess.DEVNULL)

    def worker(self):
        """The process id of the worker; None if none answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=30) as response:
                return int(response.read())
        except OSError:
            return None

    def next_worker(self, *former, seconds=60):
        """The process id of a worker that is none of the former ones, once it answers."""
        end = time.monotonic() + seconds
        while (worker := self.worker()) in (None, *former):
            assert self.process.poll() is None, "the server has ended"
            assert time.monotonic() < end
            time.sleep(0.05)
        return worker


@pytest.fixture
def server(tmp_path):
    """A server that is stopped after the test."""
    server = Server(tmp_path)
    yield server
    server.process.terminate()
    assert server.process.wait(60) == 0


def test_workers_that_die_soon_after_their_start_are_replaced(server):
    workers = [server.next_worker()]
    for _ in range(3):
        os.kill(workers[-1], signal.SIGKILL)
        workers.append(server.next_worker(*workers))
    assert server.process.poll() is None


def test_workers_are_replaced_while_they_answer(server):
    former = server.next_worker()
    server.process.send_signal(signal.SIGHUP)
    workers = set()
    while not workers - {former}:
        workers.add(server.worker())
    assert None not in workers
