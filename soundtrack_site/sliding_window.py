"""A limit of requests per client within the last seconds, counted in the memory of the worker process."""

import threading
import time
from collections import OrderedDict, deque

MAX_CLIENTS = 10_000  # that are remembered; the least recent are forgotten


class SlidingWindow:
    """Allows each client ``limit`` requests in any ``seconds``. A refused request does not count."""

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit, self.seconds = limit, seconds
        self.lock = threading.Lock()
        self.times: OrderedDict[str, deque[float]] = OrderedDict()  # of allowed requests, by client

    def seconds_to_wait(self, client: str) -> float:
        """0 if the request is allowed, and then it counts; else seconds until one will be."""
        now = time.monotonic()
        with self.lock:
            times = self.times.setdefault(client, deque())
            self.times.move_to_end(client)
            while times and times[0] <= now - self.seconds:
                times.popleft()
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
