"""Page object of the admin: what an editor does in a browser, as methods that tests chain."""

from django.conf import settings
from django.test import Client
from django.urls import reverse

ADD_OPTION = "(field, pk) => field.add(new Option(pk, pk, true, true))"


class EditorBrowser:
    """The browser of an editor who is signed in."""

    def __init__(self, page, user, url):
        self.page = page
        client = Client()
        client.force_login(user)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": url}])

    def open(self, record, name="change"):
        """Open the form of a record, or another of its pages."""
        url = reverse(f"admin:catalog_{record._meta.model_name}_{name}", args=[record.pk])
        self.page.goto(url, wait_until="domcontentloaded")
        return self

    def fill(self, **fields):
        """Fill fields of the form, or select in them."""
        for name, value in fields.items():
            field = self.page.locator(f'form [name="{name}"]')
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        return self

    def select_record(self, name, record):
        """Add a record to an autocomplete field without its search."""
        self.page.locator(f'form [name="{name}"]').evaluate(ADD_OPTION, str(record.pk))
        return self

    def fill_row(self, prefix, record, **fields):
        """Fill fields in the row of a record; a checkbox by True."""
        ids = self.page.locator(f'[name^="{prefix}-"][name$="-id"]')
        row_id = ids.evaluate_all("(ids, pk) => ids.find(id => id.value === pk).name.slice(0, -3)", str(record.pk))
        for name, value in fields.items():
            field = self.page.locator(f'form [name="{row_id}-{name}"]')
            if value is True:
                field.check()
                continue
            if not field.is_visible():
                self.page.locator(f"#{row_id} details summary").click()
            field.fill(value)
        return self

    def add_row(self, prefix, label, **fields):
        """Add a row and fill it; an autocomplete field by a primary key."""
        self.page.get_by_role("button", name=f"Add another {label}", exact=True).click()
        row = self.page.locator(f"#{prefix}-group tr.dynamic-{prefix}").last
        for name, value in fields.items():
            field = row.locator(f'[name$="-{name}"]')
            if field.evaluate("field => field.tagName") == "SELECT":
                field.evaluate(ADD_OPTION, str(value))
            else:
                field.fill(value)
        return self

    def save(self):
        """Press Save; True if the record was saved."""
        return self._submit("input[name=_save]")

    def confirm(self):
        """Press the button of a confirmation page; True if the change was made."""
        return self._submit("#content form [type=submit]")

    def _submit(self, selector):
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.page.locator(selector).first.click()
        return self.has_succeeded()

    def has_succeeded(self):
        """True if the page reports a success."""
        return self.page.locator(".messagelist .success").count() > 0

    def press(self, button):
        """Press a button and wait for the page that it opens."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button, exact=True).click()
        return self

    def conflicts(self):
        """Labels of the open conflicts."""
        return self.page.locator(".admin-conflicts legend").all_inner_texts()

    def resolve(self, side):
        """Choose ``mine`` or ``theirs`` in every conflict, and save."""
        for button in self.page.locator(f'.admin-conflicts input[value^="{side}:"]').all():
            button.check()
        return self.save()

    def run_action(self, action, *records):
        """Run an action of the changelist on records of one model."""
        self.page.goto(reverse(f"admin:catalog_{records[0]._meta.model_name}_changelist"))
        for record in records:
            self.page.locator(f'[name="_selected_action"][value="{record.pk}"]').check()
        self.page.locator('[name="action"]').first.select_option(action)
        with self.page.expect_navigation():
            self.page.locator('button[name="index"]').first.click()
        return self

    def merge_people(self, target, duplicate):
        """Merge two people by the action of the changelist."""
        self.run_action("merge_selected", target, duplicate)
        self.page.locator(f'[name="_keep"][type=radio][value="{target.pk}"]').check()
        self.press("Preview").press(f"Merge into “{target.name}”")
        assert self.has_succeeded()

    def preview_import(self, text):
        """Upload a CSV file of people, up to the page that lists its changes."""
        self.page.goto(reverse("admin:catalog_person_import"))
        file = {"name": "people.csv", "mimeType": "text/csv", "buffer": text.encode()}
        self.page.get_by_label("File").set_input_files(files=file)
        return self.press("Show what would change")

    def apply_import(self):
        """Import the listed changes; True if they were made."""
        return self.press("Import these changes").has_succeeded()
