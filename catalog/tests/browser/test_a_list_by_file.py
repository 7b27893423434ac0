"""A list goes out as a file and comes back: the pages are judged as all of the desk are, and an editor does it once."""

import pytest
from django.urls import reverse

from catalog.models import Edit, Person
from catalog.tests.browser.test_every_admin_page_axe import LAPTOP, desk, desk_session, judged, signed_in

__all__ = ["desk_session", "signed_in"]  # fixtures
pytestmark = [pytest.mark.browser, pytest.mark.looks, pytest.mark.django_db(transaction=True)]
FILE = "slug,born\njoe-swanberg,{born}\n,1971\n"


def upload(page, text):
    """Choose a file and ask what it would change."""
    page.get_by_label("File").set_input_files(files={"name": "people.csv", "mimeType": "text/csv", "buffer": text})
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_role("heading", name="Nothing").wait_for()


def test_an_editor_takes_a_list_out_sees_what_a_file_would_change_and_writes_it(signed_in):
    page = signed_in(**LAPTOP)
    page.goto(desk(Person, "changelist") + "?q=swanberg")
    page.get_by_role("link", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    lines = download.value.path().read_text("utf-8-sig").splitlines()
    assert [line.partition(",")[0] for line in lines] == ["slug", "joe-swanberg"]
    assert judged(page) == {}
    page.goto(desk(Person, "changelist"))
    page.get_by_role("link", name="Import").click()
    page.wait_for_url("**" + reverse("admin:catalog_person_import"))
    upload(page, FILE.format(born="1980-13").encode())
    assert judged(page) == {}
    page.goto(reverse("admin:catalog_person_import"))
    upload(page, lines[0].encode() + b"\n" + lines[1].replace("Joe Swanberg", "Joe T. Swanberg").encode())
    assert page.locator(".admin-dry-run ins").first.inner_text() == "Joe T. Swanberg"
    page.get_by_label("Edit summary").fill("as on the poster")
    page.get_by_role("button", name="Import these changes").click()
    page.locator(".messagelist .success").wait_for()
    assert Person.objects.get(slug="joe-swanberg").name == "Joe T. Swanberg"
    assert Edit.objects.get().reason == "as on the poster"
