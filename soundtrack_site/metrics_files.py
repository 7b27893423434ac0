"""Room on the disk for the counters of a worker."""

import logging
import os
from contextlib import suppress
from pathlib import Path

from django.conf import settings

KINDS = ("counter", "gauge_livesum", "histogram")  # as prometheus_client names files
FILE_BYTES = 512 * 1024  # twice what all kinds of pages take
logger = logging.getLogger(__name__)


def reserve_files() -> bool:
    """Whether the files of this process, which are mapped into memory, have all the room that they will need.

    A process that writes into such a file beyond what is on the disk is killed (SIGBUS) if the disk is full.
    """
    paths = [Path(settings.METRICS_FOLDER) / f"{kind}_{os.getpid()}.db" for kind in KINDS]
    try:
        for path in paths:
            if not path.exists():  # else a former process had the same id, and its counts stay
                path.write_bytes(bytes(FILE_BYTES))
    except OSError as error:
        logger.warning("No metrics of this worker: %s cannot be written (%s).", path, error.strerror)
        for path in paths:
            with suppress(OSError):
                path.unlink(missing_ok=True)
        return False
    return True
