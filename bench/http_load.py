"""How many requests a second an address answers: by wrk where it is installed, else by a client of our own."""

import http.client
import re
import shutil
import socket
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from statistics import median

HOST = "127.0.0.1"
CONNECTIONS = 4
WRK = shutil.which("wrk")
CLIENT = f"wrk, {CONNECTIONS} connections" if WRK else f"a Python client, {CONNECTIONS} connections"


def free_port():
    """A port that nothing uses now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


@contextmanager
def serving(server, application, **environment):
    """One worker of ``server`` (granian or gunicorn) with four threads; gives its port."""
    port = free_port()
    options = {
        "granian": ["--interface", "wsgi", "--port", str(port), "--blocking-threads", "4", "--no-ws"],
        "gunicorn": ["--bind", f"{HOST}:{port}", "--threads", "4", "--keep-alive", "60"],
    }[server]
    quiet = ["--log-level", "critical"]
    process = subprocess.Popen(
        [sys.executable, "-m", server, *options, *quiet, "--workers", "1", application], env=environment or None
    )
    try:
        wait_for(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(process, port, seconds=60):
    """Return when something listens on the port."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("The server did not start")


def get(connection, path):
    """What one request is answered."""
    connection.request("GET", path)
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path} answers {answer.status}")
    return text


def ask(port, path, seconds):
    """Ask again and again on one connection; how many answers there were."""
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    end, answers = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        get(connection, path)
        answers += 1
    return answers


def rate(port, path, seconds):
    """Requests a second, all of them answered 200."""
    if not WRK:
        with ProcessPoolExecutor(CONNECTIONS) as pool:
            tasks = [pool.submit(ask, port, path, seconds) for _ in range(CONNECTIONS)]
            return sum(task.result() for task in tasks) / seconds
    command = [WRK, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", f"http://{HOST}:{port}{path}"]
    report = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in report or "Socket errors" in report:
        raise RuntimeError(f"{path}: {report}")
    return float(re.search(r"Requests/sec:\s*([\d.]+)", report)[1])


def rates(port, paths, seconds=3, rounds=3):
    """The median rate of each path; the rounds take turns, so that what else the machine does meets all alike."""
    for path in paths:
        ask(port, path, 0.5)
    measured = [{path: rate(port, path, seconds) for path in paths} for _ in range(rounds)]
    return {path: median(one[path] for one in measured) for path in paths}


def processor_ms(port, path, answers):
    """Processor time of the worker for one answer, which other work on the machine does not lengthen."""
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    before = float(get(connection, "/cpu/"))
    for _ in range(answers):
        get(connection, path)
    return 1000 * (float(get(connection, "/cpu/")) - before) / answers
