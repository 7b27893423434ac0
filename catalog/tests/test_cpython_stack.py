"""Calls in a request stay on one piece of Python's stack, however deep the loop stands that makes them."""

import resource

import pytest

from soundtrack_site.workarounds.cpython_stack import StackRoomMiddleware, with_stack_room

CALLS = 300


def nothing():
    """What a loop calls."""


def at_depth(depth, call):
    """``call()``, so many calls further down."""
    return at_depth(depth - 1, call) if depth else call()


def faults():
    """Pages of memory that a loop of CALLS calls was given: a piece of the stack at each is at least one a call."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(CALLS):
        nothing()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def worst():
    """The most pages that the loop was given at any depth of calls that a request may reach."""
    return max(at_depth(depth, faults) for depth in range(400))


def test_no_loop_in_a_request_stands_at_an_edge_of_the_stack():
    middleware = StackRoomMiddleware(lambda request: worst())
    assert middleware(None) < CALLS / 2


def test_what_is_returned_and_raised_is_the_functions_own():
    @with_stack_room
    def half(number, *, of=2):
        return number / of

    assert half(6) == 3
    assert half(6, of=3) == 2
    with pytest.raises(ZeroDivisionError):
        half(1, of=0)
