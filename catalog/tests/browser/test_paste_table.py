"""A season of 22 episodes, copied in Chromium from a page that is made like an encyclopedia's."""

import datetime as dt

import pytest
from django.urls import reverse

from catalog.models import Credit
from catalog.tests import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEADERS = (
    "No.<br>overall",
    "No. in<br>season",
    "Title",
    "Directed by",
    "Written by",
    "Original air date",
    "Prod.<br>code",
    "Viewers<br>(millions)",
)
TITLES = {
    5: ('"The Man Called "Flint""', 'The Man Called "Flint"'),
    7: ('"Part, One"<br>"(Part 1)"', "Part, One (Part 1)"),
}
WRITERS = (
    ("Ann One", [("writer", "Ann One")]),
    ("Bob Two &amp; Cy Three", [("writer", "Bob Two"), ("writer", "Cy Three")]),
    ("<b>Story by</b>: Ann One<br><b>Teleplay by</b>: Bob Two", [("story", "Ann One"), ("teleplay", "Bob Two")]),
    ("Ann One<br>Dee Four (uncredited)", [("writer", "Ann One"), ("writer", "Dee Four")]),
)


def air_date(row):
    return dt.date(2004, 9, 22) + dt.timedelta(weeks=row)


def table_row(row, has_spanned_cells):
    """One episode and the line with its summary; the fourth row is a double episode."""
    first = row if row < 5 else row + 1
    numbers = "4<hr>5" if row == 4 else str(first)
    title = TITLES.get(row, (f'"Title {row}"', ""))[0]
    date = air_date(row)
    hidden = f'<span style="display:none">&nbsp;(<span class="bday">{date.isoformat()}</span>)</span>'
    spanned = {8: '<td rowspan="2">Dan Direct</td>', 9: ""} if has_spanned_cells else {}
    director = spanned.get(row, "<td>Dan Direct</td>")
    cells = f"<th>{numbers}</th><td>{numbers}</td><td>{title}<sup><a href='#'>[{row}]</a></sup></td>{director}"
    cells += f"<td>{WRITERS[row % 4][0]}</td><td>{date:%B} {date.day}, {date.year}{hidden}</td>"
    cells += f"<td>1A{row:02}</td><td>{10 + row / 10}<sup>[{30 + row}]</sup></td>"
    summary = f'<tr><td colspan="8">The plane falls, {row} people look, and<br>they wait.</td></tr>'
    return f"<tr>{cells}</tr>{summary if row not in spanned else ''}"


def page_html(has_spanned_cells):
    head = "".join(f"<th>{header}</th>" for header in HEADERS)
    rows = "".join(table_row(row, has_spanned_cells) for row in range(1, 22))
    return f"<p>Before</p><table><caption>Season 1 (edit)</caption><tr>{head}</tr>{rows}</table><p>After</p>"


SELECT_TABLE = "() => getSelection().selectAllChildren(document.querySelector('table'))"


def assert_is_the_season(season):
    """22 episodes in 21 rows, with everything that the page states."""
    episodes = list(season.episodes.order_by("number"))
    assert [episode.number for episode in episodes] == [*range(1, 5), *range(6, 23)]
    assert [episode.last_number for episode in episodes] == [None, None, None, 5, *[None] * 17]
    for row, episode in enumerate(episodes, 1):
        assert episode.title == TITLES.get(row, ("", f"Title {row}"))[1]
        assert (episode.air_date, episode.production_code) == (air_date(row).isoformat(), f"1A{row:02}")
        credits = Credit.objects.filter(episode=episode).order_by("role__department__position", "role__position", "pk")
        names = [(credit.role.slug, credit.person.name) for credit in credits]
        assert sorted(names) == sorted([("director", "Dan Direct"), *WRITERS[row % 4][1]])
    assert set(Credit.objects.filter(person__name="Dee Four").values_list("note", flat=True)) == {"uncredited"}


@pytest.mark.parametrize("is_plain_text", [False, True], ids=["html", "text"])
def test_a_season_is_pasted_without_setting_a_column(open_admin_page, vocabulary, is_plain_text):
    season = make.season()
    page = open_admin_page()
    page.set_content(page_html(has_spanned_cells=not is_plain_text))
    page.evaluate(SELECT_TABLE)
    plain_text = page.evaluate("() => getSelection().toString()")
    page.keyboard.press("Control+c")
    page.goto(reverse("admin:catalog_season_paste", args=[season.pk]))
    if is_plain_text:
        page.locator("#id_text").fill(plain_text)
    else:
        page.locator("#id_text").focus()
        page.keyboard.press("Control+v")
    page.get_by_role("button", name="Preview the episodes").click()
    page.get_by_role("button", name="Save these episodes").click()
    page.wait_for_url("**/episode/**")
    assert_is_the_season(season)
