"""``python -m soundtrack_site.serve_metrics``: the sums of the workers' counters at METRICS_ADDRESS.

``script/server`` starts it. It ends with the process that started it.
"""

import os
import sys
import time
from pathlib import Path

from django.conf import settings
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

PAUSE_SECONDS = 1


def is_running(process_id: int) -> bool:
    """Whether there is a process of that id."""
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def forget_dead_workers(folder: Path) -> None:
    """Delete the gauges of workers that ended, such as their requests in progress. Their counts stay."""
    for process_id in {int(path.stem.rpartition("_")[2]) for path in folder.glob("gauge_live*_*.db")}:
        if not is_running(process_id):
            mark_process_dead(process_id, folder)


def main() -> None:
    """Serve until the parent process ends."""
    if not settings.METRICS_ADDRESS:
        sys.exit("Set METRICS_ADDRESS to where the metrics are to be served, such as 127.0.0.1:9100.")
    parent = os.getppid()
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=settings.METRICS_FOLDER)
    try:
        start_http_server(settings.METRICS_PORT, settings.METRICS_HOST, registry)
    except OSError as error:
        sys.exit(f"METRICS_ADDRESS: {settings.METRICS_ADDRESS} cannot be served ({error.strerror}).")
    while os.getppid() == parent:
        forget_dead_workers(settings.METRICS_FOLDER)
        time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soundtrack_site.settings")
    try:
        main()
    except KeyboardInterrupt:
        sys.exit()
