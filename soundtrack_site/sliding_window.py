"""A limit of requests per client within the last seconds, counted in the memory of the worker process."""

import threading
import time
from bisect import bisect_right
from collections import OrderedDict

MAX_CLIENTS = 10_000  # that are remembered, a quarter of a kilobyte each; the least recent are forgotten


class SlidingWindow:
    """Allows each client ``limit`` requests in any ``seconds``. A refused request does not count."""

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit, self.seconds = limit, seconds
        self.lock = threading.Lock()
        self.times: OrderedDict[str, list[float]] = OrderedDict()  # of allowed requests, by client

    def seconds_to_wait(self, client: str) -> float:
        """0 if the request is allowed, and then it counts; else seconds until one will be."""
        now = time.monotonic()
        start = now - self.seconds
        with self.lock:
            while self.times and next(iter(self.times.values()))[-1] <= start:
                self.times.popitem(last=False)
            times = self.times.setdefault(client, [])
            self.times.move_to_end(client)
            del times[: bisect_right(times, start)]
            if len(times) >= self.limit:
                return times[0] + self.seconds - now
            times.append(now)
            if len(self.times) > MAX_CLIENTS:
                self.times.popitem(last=False)
        return 0

    def reset(self) -> None:
        """Forget all clients."""
        with self.lock:
            self.times.clear()
