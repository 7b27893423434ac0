"""What is brought back and recovered at the desk gives visitors the very pages that they had, byte for byte."""

from catalog.models import Change, Edit, Episode, Person, Series, Source
from catalog.tests.admin.admin_forms import admin_url, deletion_data, read_form
from catalog.tests.admin.test_history import confirm, revert_url, undo_url

PAGES = (
    *("/", "/series/", "/series/soundtrack/", "/series/soundtrack/season-1/", "/series/soundtrack/s01e03/"),
    *(
        "/episodes/",
        "/episodes/?director=ti-west",
        "/people/",
        "/people/ti-west/",
        "/companies/",
        "/companies/netflix/",
    ),
    *("/search/?q=ti+west", "/sitemap.xml"),
)


def pages(client, *only):
    """What visitors are given, by address; of all, or of some."""
    client.logout()
    source = Source.objects.filter(citations__episode__isnull=False).first()
    found = {}
    for url in only or (*PAGES, source.get_absolute_url()):
        answer = client.get(url)
        found[url] = (answer.status_code, b"".join(answer) if answer.streaming else answer.content)
    assert {status for status, _ in found.values()} == {200}
    return found


def differing(before, after):
    """The addresses that are not the same."""
    return {url for url in after if before[url] != after[url]}


def test_revert_and_recovery_restore_the_same_bytes(soundtrack, client, editor):
    before = pages(client)
    client.force_login(editor)

    episode, version = Episode.objects.get(season__series__slug="soundtrack", number=3), Change.objects.version()
    url = admin_url(Episode, "change", episode.pk)
    form = read_form(client, url) | {"title": "Another", "synopsis": "Else.", "credits-0-DELETE": "on", "runtime": "1"}
    assert client.post(url, form).status_code == 302
    where_it_stands = {"/episodes/", "/series/soundtrack/s01e03/", "/series/soundtrack/"}
    assert differing(before, pages(client, *where_it_stands)) == where_it_stands
    client.force_login(editor)
    confirm(client, revert_url(episode, version))
    assert differing(before, pages(client)) == set()

    client.force_login(editor)
    series = Series.objects.get()
    assert client.post(admin_url(Series, "delete", series.pk), deletion_data()).status_code == 302
    assert client.get("/series/soundtrack/").status_code == 404
    confirm(client, admin_url(Series, "recover", series.pk))
    assert differing(before, pages(client)) == set()

    client.force_login(editor)
    person = Person.objects.get(slug="ti-west")
    url = admin_url(Person, "change", person.pk)
    form = read_form(client, url) | {"name": "T. West", "slug": "t-west"}
    assert client.post(url, form).status_code == 302
    confirm(client, undo_url(Edit.objects.first()))
    assert differing(before, pages(client)) == set()
