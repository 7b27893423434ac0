"""Each hostile request of ``requests.txt`` gets its status, and none writes anything."""

import html
import logging

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.db import connection, transaction
from django.test import Client

from catalog.models import Change, Episode, Person, record_edit
from catalog.tests import factories as make
from catalog.tests.hostile.corpus import read_requests
from catalog.tests.outages import outage
from catalog.tests.test_every_admin_page import ONE_MORE

REQUESTS = list(read_requests())
USERS = ("visitor", "contributor", "editor", "administrator")


def catalogue_state():
    """The number of rows of each table and the version of the catalogue, read by one query."""
    models = [*apps.get_app_config("catalog").get_models(), User, Group, LogEntry]
    counts = [f"(SELECT count(*) FROM {model._meta.db_table})" for model in models]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT (SELECT max(id) FROM {Change._meta.db_table}), {', '.join(counts)}")
        return cursor.fetchone()


@pytest.fixture
def keys(soundtrack):
    """Keys of records for the addresses of the requests."""
    episode = Episode.objects.select_related("season").get(number=3)
    with record_edit(None, "Seen on screen") as edit:
        make.person("Somebody Else")
    return {
        "episode": episode.pk,
        "season": episode.season_id,
        "series": episode.season.series_id,
        "person": Person.objects.get(slug="ti-west").pk,
        "picture": ONE_MORE[apps.get_model("catalog", "Picture")]().pk,
        "edit": edit.pk,
        "change": Change.objects.last().pk,
    }


@pytest.fixture
def client_of(roles):
    """A function that returns a client with a user of a group signed in, which answers errors by status 500."""

    def client_of(name):
        client = Client(raise_request_exception=False)
        if name != "visitor":
            user = User.objects.create_user(name, is_staff=True)
            user.groups.add(Group.objects.get(name=name.title()))
            client.force_login(user)
        return client

    return client_of


def test_the_corpus_has_requests_of_every_kind():
    assert len(REQUESTS) >= 300
    assert {request.user for request in REQUESTS} == set(USERS)
    assert {request.status for request in REQUESTS} == {200, 301, 302, 400, 403, 404, 405}
    assert min(sum(request.user == user for request in REQUESTS) for user in USERS) >= 10


@pytest.mark.django_db
@pytest.mark.parametrize("user", USERS)
def test_a_hostile_request_gets_its_status_and_writes_nothing(keys, client_of, user):
    logging.disable(logging.CRITICAL)
    client = client_of(user)
    state = catalogue_state()
    wrong = []
    for request in (request for request in REQUESTS if request.user == user):
        savepoint = transaction.savepoint()
        response = request.send(client, keys)
        if not connection.is_usable():  # PostgreSQL refuses all queries after an error, until here
            transaction.savepoint_rollback(savepoint)
        if response.status_code != request.status:
            wrong.append(f"{request} got {response.status_code}, not {request.status}")
        elif request.answer and request.answer not in html.unescape(response.content.decode()):
            wrong.append(f"{request} does not answer “{request.answer}”")
        assert catalogue_state() == state, f"{request} wrote something"
    assert wrong == []


@pytest.mark.django_db
def test_no_hostile_request_gets_status_500_during_an_outage(keys, client_of):
    logging.disable(logging.CRITICAL)
    clients = {user: client_of(user) for user in USERS}
    with outage():
        statuses = {str(request): request.send(clients[request.user], keys).status_code for request in REQUESTS}
    assert {text: status for text, status in statuses.items() if status >= 500 and status != 503} == {}
    assert 503 in statuses.values()


@pytest.fixture(autouse=True)
def _enable_logging():
    yield
    logging.disable(logging.NOTSET)
