"""Room on Python's stack, so that no loop runs across the edge of one of its pieces.

CPython keeps the frames of calls in pieces of 16 kB, taken from the system when one is full and given back as soon as
it is empty. A loop that happens to stand at the edge asks the system at every call: a form of 200 credits took 199 ms
instead of 115, at a depth of calls that nobody chooses (https://github.com/python/cpython/issues/142183, mended in
2026 for 3.13 and later).
"""

import sys

STACK_ROOM_WORDS = (
    32_768  # words: 256 kB, for which a piece of 512 kB is taken; the rest is enough for a thousand calls
)
FIXED_IN = (3, 15)  # some of the last releases of 3.13 and 3.14 are too; there it does no harm


def with_stack_room(function):
    """Let ``function``, and all that is called in it, stand on one piece of the stack.

    Its own frame asks for more than it needs. That costs two calls of the system, and no memory: what is never
    touched is not given.
    """
    if sys.implementation.name == "cpython" and sys.version_info < FIXED_IN:
        function.__code__ = function.__code__.replace(co_stacksize=STACK_ROOM_WORDS)
    return function


class StackRoomMiddleware:
    """Gives every request its room: all other middleware goes inside."""

    def __init__(self, get_response):
        self.get_response = get_response

    @with_stack_room
    def __call__(self, request):
        return self.get_response(request)
