"""What holds for every admin page: it opens, and its queries do not grow with the catalogue."""

import re
from itertools import count

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.admin.filters import CountColumn
from catalog.models import (
    Alias,
    AlternativeTitle,
    Artist,
    Availability,
    Change,
    Character,
    Citation,
    Company,
    Country,
    Credit,
    Cue,
    Department,
    Edit,
    Episode,
    Event,
    ExternalId,
    FeaturedCharacter,
    FormerSlug,
    Genre,
    Language,
    Person,
    Picture,
    Review,
    Role,
    Season,
    Series,
    SeriesCompany,
    Song,
    Source,
    SourceImport,
    record_edit,
)
from catalog.tests import factories as make
from soundtrack_site.sign_in_log.models import SignIn

FEW_ROWS, MANY_ROWS = 2, 40
numbers = count(100)
ALL = sorted(admin.site._registry.items(), key=lambda pair: pair[0]._meta.label)


def letters(number, small=False):
    """A two-letter code for a number."""
    first = ord("a" if small else "A")
    return chr(first + number // 26 % 26) + chr(first + number % 26)


def song():
    """A recording."""
    return make.song(artist_=make.artist())


def edited():
    """An edit of somebody."""
    user = User.objects.create_user(f"editor-{next(numbers)}")
    with record_edit(user, "The paper says so") as edit:
        make.person()
    return edit


# A factory for each model, with all relations that its list shows.
ONE_MORE = {
    Alias: lambda: Alias.objects.create(person=make.person(), name="Another"),
    AlternativeTitle: lambda: AlternativeTitle.objects.create(
        episode=make.episode(), title="Other", kind="also", language=ONE_MORE[Language]()
    ),
    Artist: lambda: song().artist,
    Availability: lambda: Availability.objects.create(series=make.series(), platform=make.company(), since="2019"),
    Change: lambda: make.person(),
    Character: lambda: make.character(make.series()),
    Citation: lambda: Citation.objects.create(source=make.source(), credit=make.credit(make.episode())),
    Company: lambda: make.company(country=ONE_MORE[Country]()),
    Country: lambda: Country.objects.create(code=letters(next(numbers)), name=f"Country {next(numbers)}"),
    Credit: lambda: make.credit(of := make.episode(), role_slug="cast", character=make.character(of.series)),
    Cue: lambda: Cue.objects.create(episode=make.episode(), song=song()),
    Department: lambda: Department.objects.create(name=f"Department {next(numbers)}"),
    Episode: lambda: make.episode(air_date="2019-12-18"),
    Edit: lambda: edited(),
    Event: lambda: make.event(make.series(), date="2018"),
    ExternalId: lambda: ExternalId.objects.create(episode=make.episode(), scheme="imdb", value=next(numbers)),
    FeaturedCharacter: lambda: FeaturedCharacter.objects.create(
        episode=(of := make.episode()), character=make.character(of.series)
    ),
    FormerSlug: lambda: FormerSlug.objects.create(kind="person", old_slug=f"old-{next(numbers)}", new_slug="new"),
    Genre: lambda: make.genre(),
    Group: lambda: Group.objects.create(name=f"Group {next(numbers)}"),
    Language: lambda: Language.objects.create(code=letters(next(numbers), small=True), name=f"L {next(numbers)}"),
    Person: lambda: make.credit(make.episode()).person,
    Picture: lambda: Picture.objects.create(file=f"{next(numbers)}.png", alt_text="A picture", width=1, height=1),
    Review: lambda: Review.objects.create(season=make.season(), aggregator="Metacritic", score=60),
    Role: lambda: Role.objects.create(name=f"Role {next(numbers)}", department=ONE_MORE[Department]()),
    Season: lambda: make.episode().season,
    Series: lambda: make.episode().series,
    SeriesCompany: lambda: make.series_company(make.series()),
    Song: lambda: Cue.objects.create(episode=make.episode(), song=song()).song,
    Source: lambda: Source.objects.create(part_of=make.source(), mark=f"{next(numbers)}"),
    SignIn: lambda: SignIn.objects.create(time=timezone.now(), username="ann", outcome="failed"),
    SourceImport: lambda: make.source_import(user=ONE_MORE[User](), series=make.series()),
    User: lambda: User.objects.create(username=f"user-{next(numbers)}"),
}


def address(model, page="changelist", *args):
    """The URL of an admin page of ``model``."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def opened(client, url):
    """The text of a page; asserts status 200 and one h1."""
    response = client.get(url)
    assert response.status_code == 200, (url, response.status_code, response.headers.get("Location"))
    text = response.content.decode()
    assert len(re.findall("<h1[ >]", text)) == 1, url
    return text


def queries(client, url):
    """The number of queries of a page."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        opened(client, url)
    return len(captured)


def count_columns(model_admin):
    """(position from 1, CountColumn) of a list."""
    return [
        (position, column)
        for position, column in enumerate(model_admin.list_display, 1)
        if isinstance(column, CountColumn)
    ]


def grow(model, rows):
    """Create records until there are ``rows`` of them."""
    with make.deferred_indexing():
        while model._default_manager.count() < rows:
            ONE_MORE[model]()


def test_every_model_of_the_catalogue_has_a_model_admin():
    ours = {model for model, _ in ALL if model._meta.app_label == "catalog"}
    assert ours == {model for model in ONE_MORE if model._meta.app_label == "catalog"}
    assert len(ours) == 30


def test_every_list_searches(admin_client):
    for model, model_admin in ALL:
        assert model_admin.search_fields, "needed by the list's search and by autocompletes"
        grow(model, 1)
        opened(admin_client, address(model) + "?q=so+a")
        assert "0 results" in opened(admin_client, address(model) + "?q=nothing-has-this-name")


def test_every_filter_and_every_column_opens(soundtrack, admin_client, monkeypatch):
    """All filters of a list in one request and all columns in another: the database reads each, and refuses as it would
    alone."""
    request = admin_client.get("/admin/").wsgi_request
    for model, model_admin in ALL:
        grow(model, FEW_ROWS)
        side = opened(admin_client, address(model)).partition('id="changelist-filter"')[2]
        links = re.findall(r'<a href="\?(([^"=]+)=[^"]+)"', side)
        assert bool(links) == bool(model_admin.get_list_filter(request))
        one_of_each = {parameter: link.replace("&amp;", "&") for link, parameter in links}
        with monkeypatch.context() as smaller:
            smaller.setattr(model_admin, "list_per_page", 10)  # all that fits was opened just before
            opened(admin_client, f"{address(model)}?{'&'.join(one_of_each.values())}")
            opened(
                admin_client,
                f"{address(model)}?o={'.'.join(f'-{n}' for n, _ in enumerate(model_admin.list_display, 1))}",
            )


def test_a_total_leads_to_a_list_of_just_so_many(soundtrack, admin_client):
    counted = [(model, *total) for model, model_admin in ALL for total in count_columns(model_admin)]
    assert len(counted) > 8
    for model, position, column in counted:
        text = opened(admin_client, f"{address(model)}?o=-{position}")
        links = re.findall(rf'<a href="([^"]+\?{column.path}__id__exact=\d+)">(\d+)</a>', text)
        assert len(links) == len({link for link, _ in links}) > 0
        link, total = links[0]
        assert opened(admin_client, link + "&all=").count('name="_selected_action"') == int(total)


def test_no_list_asks_more_of_the_database_as_it_grows(admin_client, monkeypatch):
    """All lists in one test, since a row of one creates rows of others."""
    models = [model for model, _ in ALL]

    def query_counts(rows):
        """The queries of each list, with one row less on a page than there are at least, so that it has pages."""
        for _, model_admin in ALL:
            monkeypatch.setattr(model_admin, "list_per_page", rows - 1)
        return {model: queries(admin_client, address(model)) for model in models}

    ContentType.objects.get_for_models(*models)  # they are read once in a process
    for model in models:
        grow(model, FEW_ROWS)
    before, row_counts = query_counts(FEW_ROWS), {model: model._default_manager.count() for model in models}
    with make.deferred_indexing():
        for model in models:
            for _ in range(MANY_ROWS - model._default_manager.count()):
                ONE_MORE[model]()
    after = query_counts(MANY_ROWS)
    assert [model for model in models if model._default_manager.count() < max(MANY_ROWS, row_counts[model])] == []
    assert {model: (before[model], after[model]) for model in models if before[model] != after[model]} == {}


def fill(owner, rows):
    """Give ``owner`` as many credits, and up to ten rows in each other inline."""
    with make.deferred_indexing():
        for inline in admin.site.get_model_admin(type(owner)).inlines:
            for _ in range(rows if inline.model is Credit else min(rows, 10)):
                INLINE_ROWS[inline.model](owner, owner._meta.model_name, next(numbers))


def series_of(owner):
    """The series of a row's characters."""
    return owner if isinstance(owner, Series) else getattr(owner, "series", None) or make.series()


INLINE_ROWS = {
    Alias: lambda owner, name, n: Alias.objects.create(name=f"Alias {n}", **{name: owner}),
    AlternativeTitle: lambda owner, name, n: AlternativeTitle.objects.create(
        title=f"Title {n}", kind="also", language=ONE_MORE[Language](), **{name: owner}
    ),
    Artist: lambda: song().artist,
    Availability: lambda owner, name, n: Availability.objects.create(series=owner, platform=make.company()),
    Character: lambda owner, name, n: make.character(owner),
    Citation: lambda owner, name, n: Citation.objects.create(
        source=Source.objects.create(part_of=make.source(), mark=f"{n}"), **{name: owner}
    ),
    Credit: lambda owner, name, n: make.credit(
        owner, role_slug=f"role-{n % 7}", character=make.character(series_of(owner))
    ),
    Cue: lambda owner, name, n: Cue.objects.create(song=song(), **{name: owner}).performers.set(
        [make.character(series_of(owner)) for _ in range(2)]
    ),
    Event: lambda owner, name, n: make.event(owner),
    ExternalId: lambda owner, name, n: ExternalId.objects.create(scheme="imdb", value=f"{n}", **{name: owner}),
    FeaturedCharacter: lambda owner, name, n: FeaturedCharacter.objects.create(
        episode=owner, character=make.character(owner.series)
    ),
    Review: lambda owner, name, n: Review.objects.create(aggregator=f"A {n}", score=1, **{name: owner}),
    Season: lambda owner, name, n: make.season(owner, number=n),
    SeriesCompany: lambda owner, name, n: make.series_company(owner),
}
OWNERS = {
    "series": make.series,
    "season": make.season,
    "episode": make.episode,
    "person": make.person,
    "company": make.company,
    "character": lambda: make.character(make.series()),
    "credit": lambda: make.credit(make.episode()),
    "event": lambda: make.event(make.series()),
}


def test_no_form_with_rows_is_forgotten():
    assert {
        model._meta.model_name for model, model_admin in ALL if model_admin.inlines and model not in (User, Group)
    } == set(OWNERS)


@pytest.mark.parametrize("name", sorted(OWNERS))
def test_a_form_asks_no_more_of_the_database_as_its_rows_grow(admin_client, name):
    record, larger = OWNERS[name](), OWNERS[name]()
    fill(record, FEW_ROWS)
    fill(larger, MANY_ROWS)
    queries(admin_client, address(type(record), "change", record.pk))
    assert queries(admin_client, address(type(record), "change", record.pk)) == queries(
        admin_client, address(type(larger), "change", larger.pk)
    )


@pytest.mark.parametrize("name", ["person", "company"])
def test_what_a_person_or_a_company_did_is_read_at_once(admin_client, name):
    record, larger = OWNERS[name](), OWNERS[name]()
    with make.deferred_indexing():
        for owner, rows in ((record, FEW_ROWS), (larger, MANY_ROWS)):
            for _ in range(rows):
                if name == "person":
                    make.credit(of := make.episode(), owner, role_slug="cast", character=make.character(of.series))
                else:
                    make.series_company(make.series(), owner)
    queries(admin_client, address(type(record), "change", record.pk))
    assert queries(admin_client, address(type(record), "change", record.pk)) == queries(
        admin_client, address(type(larger), "change", larger.pk)
    )


@pytest.mark.parametrize("page", ["index", "password_change", "password_change_done", "logout", "login", "app_list"])
def test_the_other_pages_of_the_admin_have_one_heading(admin_client, client, page):
    if page == "logout":
        text = admin_client.post(reverse("admin:logout")).content.decode()
    elif page == "login":
        admin_client.logout()
        text = opened(client, reverse("admin:login"))
    else:
        text = opened(admin_client, reverse(f"admin:{page}", args=["catalog"] if page == "app_list" else []))
    assert len(re.findall("<h1[ >]", text)) == 1
    assert "Liner administration" in text
    assert '<link rel="canonical" href="http://testserver/admin/' in text
