"""The client: what it sends, its limits and retries, and one sentence for everything that can go wrong."""

import gzip
import json
import re
import time
from email.utils import formatdate

import pytest

from catalog.fetching.client import BASE_URLS, Client, make_user_agent
from catalog.fetching.fetched_text import FetchError, NotFoundError, RefusedError
from catalog.tests.fetching.local_service import LocalService, Reply, dripping, endless

GOOD = {"id": 1}


def get(replies, **limits):
    """What the client gets for /x, and the service that answered."""
    service = LocalService({"/x": replies})
    with service.running(**limits) as settings:
        return Client(settings).get("tvmaze", "/x"), service


def error_of(replies, **limits):
    with pytest.raises(FetchError) as caught:
        get(replies, **limits)
    sentence = str(caught.value)
    assert re.fullmatch(r"[A-Z].*[.]", sentence), sentence
    return sentence


def test_every_service_is_asked_over_https():
    assert all(url.startswith("https://") for url in BASE_URLS.values())


def test_an_answer_and_what_was_sent():
    answer, service = get(GOOD)
    assert (answer.value, json.loads(answer.content)) == (GOOD, GOOD)
    headers = service.requests[0].headers
    assert headers["User-Agent"] == "Test/1 (https://example.org)"
    assert headers["Accept-Encoding"] == "gzip"
    assert service.waits == []


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ("", r"Liner/0\.1 \(https://tv\.example\.org\) urllib3/[\d.]+"),
        ("fix@example.org", r"Liner/0\.1 \(https://tv\.example\.org; fix@example\.org\) urllib3/[\d.]+"),
    ],
)
def test_the_user_agent_names_the_site_and_a_contact(contact, expected):
    assert re.fullmatch(expected, make_user_agent("https://tv.example.org", contact))


def test_a_compressed_answer():
    body = gzip.compress(json.dumps(GOOD).encode())
    answer, _ = get(Reply(body, headers={"Content-Encoding": "gzip"}))
    assert answer.value == GOOD


def test_a_redirect_on_the_same_host():
    service = LocalService({"/x": Reply(status=301, headers={"Location": "/y?z=1"}), "/y": GOOD})
    with service.running() as settings:
        assert Client(settings).get("tvmaze", "/x").value == GOOD
    assert [(request.path, request.query) for request in service.requests] == [("/x", {}), ("/y", {"z": "1"})]


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/x",
        "http://127.0.0.1:1/x",
        "http://127.0.0.1/x",
        "//localhost/x",
        "http://user:pass@127.0.0.1/x",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/x",
        "http://[::1/x",
        "file:///etc/passwd",
        "javascript:alert(1)",
    ],
)
def test_a_redirect_elsewhere_is_refused(location):
    assert error_of(Reply(status=302, headers={"Location": location})) == (
        "TVmaze leads to another site, which is not asked."
    )


def test_a_circle_of_redirects_ends():
    service = LocalService({"/x": Reply(status=302, headers={"Location": "/x"})})
    with service.running() as settings, pytest.raises(FetchError, match="without an end"):
        Client(settings).get("tvmaze", "/x")
    assert len(service.requests) == 4


def test_a_slow_answer():
    def wait(request):
        time.sleep(1)
        return Reply(GOOD)

    start = time.monotonic()
    assert error_of(wait, read_seconds=0.1) == "TVmaze did not answer in time: try again later."
    assert time.monotonic() - start < 0.9


def test_an_answer_byte_by_byte_ends_with_the_time_for_all():
    sentence = error_of(Reply(dripping), total_seconds=0.2)
    assert sentence == "TVmaze did not send everything within 0.2 seconds: try again later."


def test_an_endless_body():
    sentence = error_of(Reply(endless), max_bytes=1_000_000)
    assert sentence == "The answer of TVmaze is larger than 1 MB, so it was not read."


def test_a_body_that_is_small_only_while_packed():
    bomb = gzip.compress(b" " * 30_000_000)
    assert len(bomb) < 40_000
    sentence = error_of(Reply(bomb, headers={"Content-Encoding": "gzip"}), max_bytes=1_000_000)
    assert sentence == "The answer of TVmaze is larger than 1 MB, so it was not read."


def test_bombs_within_bombs():
    bomb = gzip.compress(gzip.compress(b" " * 30_000_000))
    headers = {"Content-Encoding": "gzip, gzip"}
    assert "larger than" in error_of(Reply(bomb, headers=headers), max_bytes=1_000_000)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_service_is_asked_again(status):
    answer, service = get((Reply(status=status, headers={"Retry-After": "7"}), Reply(status=status), GOOD))
    assert answer.value == GOOD
    assert service.waits == [7, 4]


def test_retry_after_as_a_date():
    _, service = get((Reply(status=429, headers={"Retry-After": formatdate(time.time() + 9)}), GOOD))
    assert 7 < service.waits[0] <= 9


def test_retry_after_without_sense_is_not_heeded():
    _, service = get((Reply(status=503, headers={"Retry-After": "soon"}), GOOD))
    assert service.waits == [2]


def test_a_service_that_stays_busy():
    service = LocalService({"/x": Reply(status=500)})
    with service.running() as settings, pytest.raises(FetchError) as caught:
        Client(settings).get("tvmaze", "/x")
    assert str(caught.value) == "TVmaze is busy or out of order (status 500): try again later."
    assert (len(service.requests), service.waits) == (3, [2, 4])


@pytest.mark.parametrize(("seconds", "expected"), [("3600", "3600"), ("9" * 400, "21600")])
def test_a_service_that_asks_to_wait_long(seconds, expected):
    sentence = error_of(Reply(status=429, headers={"Retry-After": seconds}))
    assert sentence == f"TVmaze asks to wait {expected} seconds: try again after that."


def test_no_wait_beyond_the_time_for_all():
    sentence = error_of(Reply(status=429, headers={"Retry-After": "15"}), total_seconds=10)
    assert sentence == "TVmaze did not send everything within 10 seconds: try again later."


@pytest.mark.parametrize(
    ("reply", "error", "sentence"),
    [
        (Reply(status=404), NotFoundError, "TVmaze has no such page."),
        (Reply(status=401), RefusedError, "TVmaze refuses to answer this site (status 401)."),
        (Reply(status=403), RefusedError, "TVmaze refuses to answer this site (status 403)."),
        (Reply(status=400), FetchError, "TVmaze does not understand the request (status 400)."),
    ],
)
def test_a_refusal(reply, error, sentence):
    with pytest.raises(error) as caught:
        get(reply)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Sign in</html>",
        b'{"id": 1, "name": "Ni',
        b'{"id": NaN}',
        b"[" * 100_000,
        b"\xff\xfe\xfd",
        b"\x1f\x8b",
    ],
)
def test_something_that_is_no_json(body):
    assert error_of(Reply(body)) == "TVmaze answered with something that is no JSON, or not all of it."


def test_a_damaged_compressed_answer():
    sentence = error_of(Reply(b"no gzip at all", headers={"Content-Encoding": "gzip"}))
    assert sentence.startswith("TVmaze gave a damaged answer: ")


def test_an_answer_that_breaks_off():
    def part(file):
        file.write(b'{"id": 1')

    sentence = error_of(Reply(part, headers={"Content-Length": "1000"}))
    assert sentence == "TVmaze cannot be reached: try again later."


def test_nobody_answers():
    service = LocalService({})
    with service.running() as settings:
        pass
    with pytest.raises(FetchError) as caught:
        Client(settings).get("wikipedia", "/x")
    assert str(caught.value) == "Wikipedia cannot be reached: try again later."
    assert service.waits == [2, 4]
