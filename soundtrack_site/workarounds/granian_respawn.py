"""granian, whose server goes on when a worker dies soon after its start; takes the options of granian.

granian 2.8.7 ends all workers if one dies within 5.5 s of its start, and no option changes that: two kills for want of
memory stopped the site for as long as it takes to start. Here the other workers go on, and the next one starts after a
pause. No upstream ticket is known; can go when granian has an option for it.
"""

import time
from typing import Any

from granian import cli
from granian.server import MPServer

PAUSE = 0.5  # seconds before a dead worker is replaced, so that one that cannot start does not take all processor time


class PatientServer(MPServer):
    """The server that does not remember when it replaced workers, by which granian detects a “crash loop”."""

    def _respawn_workers(self, workers: Any, spawn_target: Any, target_loader: Any, delay: float = 0) -> None:
        if not delay:  # it died; else it is replaced while it runs
            time.sleep(PAUSE)
        super()._respawn_workers(workers, spawn_target, target_loader, delay)
        self.respawned_wrks.clear()


if __name__ == "__main__":
    cli.Server = PatientServer
    cli.entrypoint()
