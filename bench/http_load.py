"""Start a web server and measure its requests per second: with wrk if it is installed, else with a Python client."""

import http.client
import os
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
NO_LIMITS = {"FILTERS_PER_MINUTE": "0", "SUGGESTIONS_PER_MINUTE": "0", "REQUESTS_AT_ONCE": "0"}
CONNECTIONS = 4
WRK = shutil.which("wrk")
CLIENT = f"wrk, {CONNECTIONS} connections" if WRK else f"a Python client, {CONNECTIONS} connections"


def free_port():
    """A TCP port that is not in use."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


@contextmanager
def run_server(server, application, workers=1, **environment):
    """Run workers of ``server`` (granian or gunicorn), threads as in ``script/server``, no limits; yield its port."""
    port = free_port()
    options = {
        "granian": ["--interface", "wsgi", "--port", str(port), "--blocking-threads", "32", "--no-ws"],
        "gunicorn": ["--bind", f"{HOST}:{port}", "--threads", "32", "--keep-alive", "60"],
    }[server]
    quiet = ["--log-level", "critical"]
    variables = NO_LIMITS | (environment or os.environ)
    process = subprocess.Popen(
        [sys.executable, "-m", server, *options, *quiet, "--workers", str(workers), application], env=variables
    )
    try:
        wait_until_listening(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_until_listening(process, port, seconds=60):
    """Return once the process accepts connections on the port; RuntimeError if it ends or takes too long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"The server ended with exit status {process.returncode} before it accepted connections")
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"The server accepted no connection within {seconds} s")


def fetch(connection, path):
    """Body of the response to a GET; RuntimeError if its status is not 200."""
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise RuntimeError(f"{path} has status {response.status}")
    return body


def count_responses(port, path, seconds):
    """Number of responses to one connection that requests a path over and over for some seconds."""
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    end, responses = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        fetch(connection, path)
        responses += 1
    return responses


def requests_per_second(port, path, seconds):
    """Requests per second over ``CONNECTIONS`` connections; RuntimeError if any status is not 200."""
    if not WRK:
        with ProcessPoolExecutor(CONNECTIONS) as pool:
            tasks = [pool.submit(count_responses, port, path, seconds) for _ in range(CONNECTIONS)]
            return sum(task.result() for task in tasks) / seconds
    command = [WRK, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", f"http://{HOST}:{port}{path}"]
    report = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in report or "Socket errors" in report:
        raise RuntimeError(f"{path}: {report}")
    return float(re.search(r"Requests/sec:\s*([\d.]+)", report)[1])


def median_rates(port, paths, seconds=3, rounds=3):
    """Median requests per second of each path.

    Each round measures all paths, so that other load on the machine affects all of them alike.
    """
    for path in paths:
        count_responses(port, path, 0.5)
    measured = [{path: requests_per_second(port, path, seconds) for path in paths} for _ in range(rounds)]
    return {path: median(rates[path] for rates in measured) for path in paths}


def cpu_ms_per_request(port, path, requests):
    """Processor time of the worker per request in milliseconds, which other load on the machine does not lengthen."""
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    before = float(fetch(connection, "/cpu/"))
    for _ in range(requests):
        fetch(connection, path)
    return 1000 * (float(fetch(connection, "/cpu/")) - before) / requests
