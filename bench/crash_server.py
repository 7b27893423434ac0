"""A site served as ``script/server`` serves it, two workers, that can be killed in whole or in part; on Linux."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import urllib3

from bench.http_load import HOST, NO_LIMITS, free_port, wait_until_listening

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 2
MAX_SECONDS = 120  # for a start or a recovery


def server_command(port):
    """The command by which ``script/server`` starts the server."""
    script = (ROOT / "script/server").read_text(encoding="utf-8").replace("\\\n", " ")
    words = shlex.split(script[script.rindex("exec .venv/bin/python") :])
    values = {"$host": HOST, "$port": str(port), "$workers": str(WORKERS)}
    return [sys.executable, *(values.get(word, word) for word in words[2:])]


def child_processes(pid):
    """The ids of the processes that a process has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def command_of(pid):
    """The command line of a process; empty if it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def kill(pids):
    """Send SIGKILL to processes, of which some may have ended."""
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def wait_until(condition, message):
    """Return once the condition holds; RuntimeError with the message if it takes too long."""
    end = time.monotonic() + MAX_SECONDS
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError(message)
        time.sleep(0.05)


class Site:
    """The server of a database. Its files are beside the database."""

    def __init__(self, database, environment):
        self.database, self.environment, self.port = database, environment | NO_LIMITS, free_port()
        self.url = f"http://{HOST}:{self.port}"
        self.process = None
        self.info = json.loads(self.run_checks("--prepare"))

    def run_checks(self, *arguments):
        """The output of ``bench.crash_checks`` in a process of its own."""
        command = [sys.executable, "-m", "bench.crash_checks", *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.PIPE).stdout

    def start(self):
        """Start the server and wait until it answers."""
        with (self.database.folder / "site.log").open("ab") as log:
            self.process = subprocess.Popen(
                server_command(self.port), cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        wait_until_listening(self.process, self.port, MAX_SECONDS)
        wait_until(self.is_answering, "The server does not answer")

    def is_answering(self):
        try:
            return urllib3.request("GET", f"{self.url}/readyz", retries=False, timeout=5).status == 200
        except urllib3.exceptions.HTTPError:
            return False

    def workers(self):
        """The process ids of the workers."""
        return [pid for pid in child_processes(self.process.pid) if "granian" in command_of(pid)]

    def kill_server(self):
        """Kill the main process and its workers, and start again."""
        kill([self.process.pid, *child_processes(self.process.pid)])
        self.process.wait()
        self.start()

    def kill_main(self):
        """Kill the main process only, wait until its workers have ended, and start again."""
        workers = self.workers()
        kill([self.process.pid])
        self.process.wait()
        wait_until(lambda: not any(map(command_of, workers)), "Workers went on without their main process")
        self.start()

    def kill_worker(self):
        """Kill one worker, and wait until the server has replaced it."""
        workers = self.workers()
        kill(workers[:1])
        wait_until(self.is_answering, "The other worker does not answer")
        wait_until(lambda: len(set(self.workers()) - set(workers)) == 1, "The worker was not replaced")

    def kill_database(self):
        """Stop the PostgreSQL server at once, and start it again; the site goes on."""
        self.database.server.stop()
        self.database.server.start()
        wait_until(self.is_answering, "The site does not recover from a restart of its database")

    def targets(self):
        """What can be killed, in turn."""
        targets = [self.kill_server, self.kill_worker, self.kill_main]
        return targets + [self.kill_database] * hasattr(self.database, "server")

    def stop(self):
        """Stop as Ctrl+C does."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=MAX_SECONDS)
