"""Exporting a list and importing it again: the pages are accessible, and an editor can do it from start to end."""

import pytest
from django.urls import reverse

from catalog.models import Edit, Person
from catalog.tests.admin.admin_forms import admin_url
from catalog.tests.browser.accessibility import LAPTOP, admin_problems

pytestmark = [pytest.mark.browser, pytest.mark.looks, pytest.mark.django_db(transaction=True)]
INVALID_DATE = "slug,born\njoe-swanberg,1980-13\n,1971\n"


def upload(page, text):
    """Select a file and request its preview."""
    file = {"name": "people.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.get_by_label("File").set_input_files(files=file)
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_role("heading", name="Nothing").wait_for()


def test_an_editor_exports_a_list_previews_a_file_and_imports_it(soundtrack, open_admin_page):
    page = open_admin_page(**LAPTOP)
    page.goto(admin_url(Person) + "?q=swanberg")
    page.get_by_role("link", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    lines = download.value.path().read_text("utf-8-sig").splitlines()
    assert [line.partition(",")[0] for line in lines] == ["slug", "joe-swanberg"]
    assert admin_problems(page) == {}
    page.goto(admin_url(Person))
    page.get_by_role("link", name="Import", exact=True).click()
    page.wait_for_url("**" + reverse("admin:catalog_person_import"))
    upload(page, INVALID_DATE)
    assert admin_problems(page) == {}
    page.goto(reverse("admin:catalog_person_import"))
    upload(page, f"{lines[0]}\n{lines[1].replace('Joe Swanberg', 'Joe T. Swanberg')}")
    assert page.locator(".admin-dry-run ins").first.inner_text() == "Joe T. Swanberg"
    page.get_by_label("Edit summary").fill("as on the poster")
    page.get_by_role("button", name="Import these changes").click()
    page.locator(".messagelist .success").wait_for()
    assert Person.objects.get(slug="joe-swanberg").name == "Joe T. Swanberg"
    assert Edit.objects.get().reason == "as on the poster"
