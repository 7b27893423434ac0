"""Calls in a request use one chunk of CPython's data stack, at any depth."""

import resource

import pytest

from soundtrack_site.workarounds.cpython_stack import StackRoomMiddleware, with_stack_room

CALLS = 300


def do_nothing():
    """The function that the loop calls."""


def at_depth(depth, call):
    """Call ``call`` at ``depth`` further calls."""
    return at_depth(depth - 1, call) if depth else call()


def page_faults():
    """Page faults in a loop of CALLS calls: at least one a call if each allocates a chunk."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(CALLS):
        do_nothing()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def most_page_faults():
    """The most page faults of the loop at any depth that a request may reach."""
    return max(at_depth(depth, page_faults) for depth in range(400))


def test_no_loop_in_a_request_stands_at_an_edge_of_the_stack():
    middleware = StackRoomMiddleware(lambda request: most_page_faults())
    assert middleware(None) < CALLS / 2


def test_what_is_returned_and_raised_is_the_functions_own():
    @with_stack_room
    def half(number, *, of=2):
        return number / of

    assert half(6) == 3
    assert half(6, of=3) == 2
    with pytest.raises(ZeroDivisionError):
        half(1, of=0)
