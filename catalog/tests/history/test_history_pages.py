"""After a revert, undelete or undo, visitors get the same pages as before, byte for byte."""

from catalog.models import Change, Edit, Episode, Person, Series, Source
from catalog.tests.admin.admin_forms import admin_url, answer_citation_questions, deletion_data, read_form
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


def visitor_pages(client, *urls):
    """Status and content of the given pages, or of all, by address."""
    client.logout()
    source = Source.objects.filter(citations__episode__isnull=False).first()
    responses = {}
    for url in urls or (*PAGES, source.get_absolute_url()):
        response = client.get(url)
        content = b"".join(response) if response.streaming else response.content
        responses[url] = (response.status_code, content)
    assert {status for status, _ in responses.values()} == {200}
    return responses


def changed_urls(before, after):
    """The addresses whose pages differ."""
    return {url for url in after if before[url] != after[url]}


def test_revert_undelete_and_undo_restore_the_same_bytes(soundtrack, client, editor):
    before = visitor_pages(client)
    client.force_login(editor)

    episode, version = Episode.objects.get(season__series__slug="soundtrack", number=3), Change.objects.version()
    url = admin_url(Episode, "change", episode.pk)
    form = read_form(client, url) | {"title": "Another", "synopsis": "Else.", "credits-0-DELETE": "on", "runtime": "1"}
    assert answer_citation_questions(client, client.post(url, form), "old").status_code == 302
    pages_with_the_episode = {"/episodes/", "/series/soundtrack/s01e03/", "/series/soundtrack/"}
    assert changed_urls(before, visitor_pages(client, *pages_with_the_episode)) == pages_with_the_episode
    client.force_login(editor)
    confirm(client, revert_url(episode, version))
    assert changed_urls(before, visitor_pages(client)) == set()

    client.force_login(editor)
    series = Series.objects.get()
    assert client.post(admin_url(Series, "delete", series.pk), deletion_data()).status_code == 302
    assert client.get("/series/soundtrack/").status_code == 404
    confirm(client, admin_url(Series, "recover", series.pk))
    assert changed_urls(before, visitor_pages(client)) == set()

    client.force_login(editor)
    person = Person.objects.get(slug="ti-west")
    url = admin_url(Person, "change", person.pk)
    form = read_form(client, url) | {"name": "T. West", "slug": "t-west"}
    assert client.post(url, form).status_code == 302
    confirm(client, undo_url(Edit.objects.first()))
    assert changed_urls(before, visitor_pages(client)) == set()
