"""The pages that ``bench.walk`` requests: of each kind typical, random and the biggest records."""

import random
import re
from urllib.parse import quote

SEED = 20191218
RANDOM_RECORDS = 12
REPEATS = 4  # of a page that there is once
SEARCH_TERMS = ("an", "The silver", "karo", "xqzt", "Kami Sordan")
# How large a record is: the number of rows that refer to it, as (model, field, conditions).
SIZES = {
    "series": ("Episode", "season__series", {}),
    "season": ("Episode", "season", {}),
    "episode": ("Credit", "episode", {"episode__isnull": False}),
    "person": ("Credit", "person", {}),
    "company": ("SeriesCompany", "company", {}),
    "source": ("Citation", "source", {}),
    "character": ("Credit", "character", {"character__isnull": False}),
    "song": ("Cue", "song", {}),
}


def records_by_size(name):
    """{"typical": …, "biggest": …, "random": …}: lists of records of a model, for links; empty if there are none."""
    from django.db.models import Count

    from catalog import models

    record_model = getattr(models, name.capitalize())
    model_name, field, conditions = SIZES[name]
    counts = getattr(models, model_name).objects.filter(**conditions).order_by().values_list(field)
    keys = [key for key, _ in counts.annotate(rows=Count("pk")).order_by("rows", field)]
    if not keys:
        return {}
    groups = {
        "typical": [keys[len(keys) // 2]],
        "biggest": keys[-1:],
        "random": random.Random(SEED).sample(keys, min(RANDOM_RECORDS, len(keys))),
    }
    manager = record_model._default_manager
    records = manager.for_links() if hasattr(manager.all(), "for_links") else manager.all()
    return {group: list(records.filter(pk__in=group_keys)) for group, group_keys in groups.items()}


def list_pages(get):
    """Yield (name, URLs) of the lists: first and last page, each sort, searches, and the values of each facet.

    ``get`` returns the HTML of a URL.
    """
    for path in ("/series/", "/episodes/", "/people/", "/songs/", "/sources/"):
        html = get(path)
        last = max(map(int, re.findall(r"[?&;]page=(\d+)", html)), default=1)
        yield f"{path} first page", [path]
        yield f"{path} last page", [f"{path}?page={last}"]
        for sort in sorted({*re.findall(r"[?&;]sort=([-\w]+)", html)}):
            yield f"{path} sorted by {sort}", [f"{path}?sort={sort}"]
        yield f"{path} q", [f"{path}?q={quote(term)}" for term in SEARCH_TERMS]
        for facet in sorted({*re.findall(r'data-facet="([-\w]+)"', html)}):
            yield f"{path} values of {facet}", [f"{path}facets/{facet}/"]
    yield "/companies/", ["/companies/"]


def site_pages(get):
    """Yield (name, URLs) of home, search, suggestions and what crawlers request."""
    yield "home", ["/"]
    yield "search", [f"/search/?q={quote(term)}" for term in SEARCH_TERMS]
    yield "suggestions", [f"/search/suggest?q={quote(term)}" for term in SEARCH_TERMS]
    locations = re.findall(r"<loc>https?://[^/]+(/[^<]+)</loc>", get("/sitemap.xml"))
    yield "sitemap index", ["/sitemap.xml"]
    for section in dict.fromkeys(url.partition("?")[0] for url in locations):
        parts = [url.replace("&amp;", "&") for url in locations if url.startswith(section)]
        yield f"{section}, first and last", [*dict.fromkeys((parts[0], parts[-1]))]
    yield "not found", ["/series/there-is-no-such-series/"]


def record_pages():
    """Yield (name, URLs) of the pages of records, by size."""
    for name in SIZES:
        for group, records in records_by_size(name).items():
            yield f"{name}, {group}", [record.get_absolute_url() for record in records]


def pair_pages():
    """Yield (name, URLs) of the comparisons of the busiest people, and of one with somebody of most shared episodes."""
    from django.db.models import Count

    from catalog.models import Credit, Person
    from catalog.models.shared_work import co_credit_counts

    keys = Credit.objects.order_by().values("person").annotate(rows=Count("pk")).order_by("-rows", "person")
    busiest = list(Person.objects.published().filter(pk__in=list(keys.values_list("person", flat=True)[:2])))
    if len(busiest) < 2:
        return
    yield "pair, busiest", [f"/people/{busiest[0].slug}/with/{busiest[1].slug}/"]
    shared = co_credit_counts(busiest[0].pk)
    if shared:
        other = Person.objects.get(pk=max(shared, key=lambda key: shared[key]))
        yield "pair, most shared episodes", [f"/people/{busiest[0].slug}/with/{other.slug}/"]


def visitor_pages(get):
    """Yield (name, URLs) of all kinds of pages for visitors."""
    yield from site_pages(get)
    yield from list_pages(get)
    yield from record_pages()
    yield from pair_pages()


def admin_page_urls(client, request):
    """Yield (name, URLs) of the admin's pages, with forms, histories and deletions of the biggest records."""
    from bench.admin_pages import admin_pages
    from catalog import models

    biggest = {}
    for name in SIZES:
        for record in records_by_size(name).get("biggest", []):
            biggest[getattr(models, name.capitalize())] = record
    for name, url in admin_pages(client, biggest, request):
        yield f"admin: {name}", [url]
