"""Compare the pinned packages with published vulnerabilities, by pip-audit, if the advisory service answers.

``audit_packages.py [URL]``; the URL is that of another service with the interface of OSV. Status 1 for vulnerabilities
that are not in ``IGNORED``. Without data it prints a line that says so, and ends with 0: the network may be missing.
"""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

IGNORED: dict[str, str] = {}  # id of an advisory: why it does not concern this site
SERVICE = "https://api.osv.dev/v1/query"
PIP_AUDIT = "pip-audit==2.10.1"
ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / PIP_AUDIT  # apart from .venv: none of its 28 packages is used by the site
FILES = ("requirements.txt", "requirements-dev.txt")
ANSWER_SECONDS, INSTALL_SECONDS, AUDIT_SECONDS = 5, 60, 60


class NoData(Exception):
    """Nothing can be said about the packages."""


def ask(service):
    """Raise NoData unless the advisory service answers."""
    try:
        urllib.request.urlopen(service, data=b"{}", timeout=ANSWER_SECONDS).close()
    except urllib.error.HTTPError as error:
        if error.code != 400:  # that the question is empty
            raise NoData(f"the advisory service answers with status {error.code}") from error
    except OSError as error:
        raise NoData("the advisory service does not answer") from error


def run(reason, seconds, *arguments, **variables):
    """The output of Python with these arguments, whatever its status; NoData if it takes too long."""
    try:
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env=os.environ | variables,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NoData(reason) from error


def install():
    """Install pip-audit in a folder of its own."""
    if not (FOLDER / "pip_audit").exists():
        arguments = ("pip", "install", "-qq", "--disable-pip-version-check", "--target", str(FOLDER), PIP_AUDIT)
        if run("pip-audit could not be installed", INSTALL_SECONDS, *arguments).returncode:
            raise NoData("pip-audit could not be installed")


def audit(service):
    """pip-audit's report: packages with their vulnerabilities."""
    arguments = [argument for file in FILES for argument in ("--requirement", file)]
    arguments += ["--no-deps", "--disable-pip", "--vulnerability-service=osv", f"--osv-url={service}"]
    arguments += ["--format=json", "--progress-spinner=off", f"--timeout={ANSWER_SECONDS}"]
    done = run("pip-audit took too long", AUDIT_SECONDS, "pip_audit", *arguments, PYTHONPATH=str(FOLDER))
    try:
        return json.loads(done.stdout)["dependencies"]
    except ValueError as error:
        raise NoData(f"pip-audit failed: {done.stderr.strip().splitlines()[-1:]}") from error


def judge(packages):
    """(lines about the packages of a report, exit status)."""
    findings = {
        (package["name"], package["version"], advisory["id"], ", ".join(advisory["fix_versions"]) or "no version yet")
        for package in packages
        for advisory in package.get("vulns", ())
        if IGNORED.keys().isdisjoint([advisory["id"], *advisory["aliases"]])
    }
    judged = sum("vulns" in package for package in packages)
    lines = [
        f"{name} {version}: {advisory}, mended in {mended}" for name, version, advisory, mended in sorted(findings)
    ]
    lines.append(f"{judged} of {len(packages)} packages were compared; vulnerabilities: {len(findings)}.")
    return lines, int(bool(findings) or judged < len(packages))


def main(service=SERVICE):
    """Print what was found, and return the exit status."""
    try:
        ask(service)
        install()
        lines, status = judge(audit(service))
    except NoData as reason:
        lines, status = [f"Not compared with published vulnerabilities: {reason}."], 0
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
