"""What is counted for Prometheus. That all workers of a server are, is tested in ``test_script_server``."""

import os
import socket
import subprocess
import sys

import pytest
from prometheus_client import REGISTRY
from prometheus_client.mmap_dict import MmapedDict, mmap_key

from catalog.models import Person
from catalog.models.edit import record_edit
from catalog.tests import factories as make
from catalog.tests.test_settings import environment_with
from catalog.tests.wsgi_client import send, whole_site
from soundtrack_site import metrics
from soundtrack_site.metrics_files import FILE_BYTES, reserve_files
from soundtrack_site.observed_wsgi import VIEW_KEY, ObservedWSGI, kind_of
from soundtrack_site.serve_metrics import forget_dead_workers


@pytest.fixture
def site():
    """The site, whose requests are counted."""
    application = whole_site()
    application.metrics = metrics
    return application


@pytest.fixture
def counted():
    """A function: by how much a sample has grown since the test began."""
    start = {(sample.name, *sorted(sample.labels.items())): sample.value for sample in samples(REGISTRY.collect())}

    def difference(name, **labels):
        return (REGISTRY.get_sample_value(name, labels) or 0) - start.get((name, *sorted(labels.items())), 0)

    return difference


def samples(families):
    """All samples of metrics."""
    return [sample for family in families for sample in family.samples]


def test_requests_are_counted_by_kind_method_and_class_of_status(db, site, counted):
    make.episode(make.season(make.series("One")), 1)
    for _ in range(3):
        send(site, "/series/one/")
    send(site, "/series/one/", method="HEAD")
    send(site, "/moon/")
    send(site, "/series/two/")
    send(site, "/", method="BREW")
    assert counted("liner_requests_total", kind="series-detail", method="GET", status="2xx") == 1
    assert counted("liner_requests_total", kind="cached", method="GET", status="2xx") == 2
    assert counted("liner_requests_total", kind="series-detail", method="HEAD", status="2xx") == 1
    assert counted("liner_requests_total", kind="none", method="GET", status="4xx") == 1
    assert counted("liner_requests_total", kind="series-detail", method="GET", status="4xx") == 1
    assert counted("liner_requests_total", kind="home", method="other", status="4xx") == 1
    assert counted("liner_request_seconds_count", kind="cached") == 2
    assert counted("liner_request_seconds_bucket", kind="cached", le="+Inf") == 2
    assert REGISTRY.get_sample_value("liner_requests_in_progress") == 0


KINDS = [
    ({}, "none"),
    ({VIEW_KEY: "cached"}, "cached"),
    ({VIEW_KEY: "person-list"}, "person-list"),
    ({VIEW_KEY: "admin:catalog_person_change"}, "admin:change"),
    ({VIEW_KEY: "admin:login"}, "admin:login"),
    ({VIEW_KEY: "", "PATH_INFO": "/static/catalog/site.css"}, "static"),
    ({VIEW_KEY: "", "PATH_INFO": "/anything/that/somebody/types"}, "none"),
]


@pytest.mark.parametrize(("environ", "kind"), KINDS)
def test_kinds_are_few_and_no_paths(environ, kind):
    assert kind_of(environ) == kind


def test_a_request_that_fails_is_counted_and_no_longer_in_progress(counted):
    failing_site = ObservedWSGI(lambda environ, start_response: 1 / 0, metrics)
    with pytest.raises(ZeroDivisionError):
        send(failing_site)
    assert counted("liner_requests_total", kind="none", method="GET", status="5xx") == 1
    assert REGISTRY.get_sample_value("liner_requests_in_progress") == 0


@pytest.mark.parametrize(("status", "growth"), [(429, 1), (503, 1), (404, 0), (500, 0)])
def test_refusals_are_counted(counted, status, growth):
    metrics.count_request({VIEW_KEY: "search", "REQUEST_METHOD": "GET"}, status, 0.01)
    assert counted("liner_requests_refused_total", status=str(status), kind="search") == growth


def test_edits_are_counted_when_they_are_committed(db, counted, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        with record_edit():
            Person.objects.create(name="Ann", slug="ann")
        with record_edit():
            pass  # changes nothing, so the edit is deleted
        assert counted("liner_edits_total") == 0
    assert counted("liner_edits_total") == 1


def test_failed_sign_ins_are_counted(editor, site, counted):
    send(site, "/admin/login/")
    fields = f"username={editor.username}&password=wrong&csrfmiddlewaretoken={'a' * 32}"
    headers = {"CONTENT_TYPE": "application/x-www-form-urlencoded", "HTTP_COOKIE": f"csrftoken={'a' * 32}"}
    send(site, "/admin/login/", method="POST", body=fields.encode(), **headers)
    assert counted("liner_failed_sign_ins_total") == 1


def test_gauges_of_dead_workers_are_deleted_and_counts_stay(tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait(timeout=60)
    names = [
        f"{kind}_{pid}.db" for kind in ("counter", "gauge_livesum", "histogram") for pid in (ended.pid, os.getpid())
    ]
    for name in names:
        (tmp_path / name).touch()
    forget_dead_workers(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(names) - {f"gauge_livesum_{ended.pid}.db"}


def test_files_have_all_their_room_before_they_are_counted_in(settings, tmp_path):
    settings.METRICS_FOLDER = tmp_path
    assert reserve_files()
    (file,) = tmp_path.glob("counter_*.db")
    values = MmapedDict(str(file))
    for number in range(2000):
        values.write_value(mmap_key("m", "m", ["kind"], [f"a kind of page {number}"], "A counter."), number, 0)
    values.close()
    assert reserve_files()  # again, as in a process of the same id
    assert file.stat().st_size == FILE_BYTES
    assert [value for _, value, *_ in MmapedDict.read_all_values_from_file(file)] == list(range(2000))
    assert {path.name.rpartition("_")[0] for path in tmp_path.iterdir()} == {"counter", "gauge_livesum", "histogram"}


def test_without_room_the_site_is_served_without_metrics(settings, tmp_path, caplog):
    settings.METRICS_FOLDER = tmp_path / "missing"
    assert not reserve_files()
    assert "No metrics of this worker" in caplog.text


SERVE = [sys.executable, "-m", "soundtrack_site.serve_metrics"]


def test_without_an_address_metrics_are_not_served():
    done = subprocess.run(SERVE, env=environment_with(), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("Set METRICS_ADDRESS ")


def test_an_address_in_use_is_said_in_one_line(tmp_path):
    with socket.socket() as occupied:
        occupied.bind(("127.0.0.1", 0))
        occupied.listen()
        address = f"127.0.0.1:{occupied.getsockname()[1]}"
        variables = environment_with(METRICS_ADDRESS=address, PROMETHEUS_MULTIPROC_DIR=str(tmp_path))
        done = subprocess.run(SERVE, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [f"METRICS_ADDRESS: {address} cannot be served (Address already in use)."]
