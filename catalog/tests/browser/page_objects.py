"""An editor at a browser, for tests."""

from django.conf import settings
from django.test import Client
from django.urls import reverse


class Editor:
    """An editor's browser, signed in."""

    def __init__(self, page, user):
        self.page = page
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": page.url_base}])

    def open(self, record, name="change"):
        """The form of a record, or another of its pages."""
        address = reverse(f"admin:catalog_{record._meta.model_name}_{name}", args=[record.pk])
        self.page.goto(address, wait_until="domcontentloaded")
        return self

    def put(self, **fields):
        """Type into fields, or choose in them."""
        for name, value in fields.items():
            field = self.page.locator(f'form [name="{name}"]')
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        return self

    def row(self, prefix, record, **fields):
        """The same in the row of a record."""
        names = self.page.locator(f'[name^="{prefix}-"][name$="-id"]')
        key = names.evaluate_all("(ids, pk) => ids.find(id => id.value === pk).name.slice(0, -3)", str(record.pk))
        for name, value in fields.items():
            field = self.page.locator(f'form [name="{key}-{name}"]')
            if value is True:
                field.check()
                continue
            if not field.is_visible():
                self.page.locator(f"#{key} details summary").click()
            field.fill(value)
        return self

    def add(self, prefix, label, **fields):
        """A further row; what an autocomplete would offer is put into it by its key."""
        self.page.get_by_role("button", name=f"Add another {label}", exact=True).click()
        row = self.page.locator(f"#{prefix}-group tr.dynamic-{prefix}").last
        for name, value in fields.items():
            field = row.locator(f'[name$="-{name}"]')
            if field.evaluate("field => field.tagName") == "SELECT":
                field.evaluate("(field, pk) => field.add(new Option(pk, pk, true, true))", str(value))
            else:
                field.fill(value)
        return self

    def save(self):
        """Press Save; whether it was taken."""
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.page.locator("input[name=_save]").first.click()
        return self.page.locator(".messagelist .success").count() > 0

    def conflicts(self):
        """What the panel asks, in words."""
        return self.page.locator(".admin-conflicts legend").all_inner_texts()

    def choose(self, side):
        """Choose in everything that is asked, and save."""
        for button in self.page.locator(f'.admin-conflicts input[value^="{side}:"]').all():
            button.check()
        return self.save()

    def confirm(self):
        """Say yes to a page that asks; whether it was done."""
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.page.locator("#content form [type=submit]").first.click()
        return self.page.locator(".messagelist .success").count() > 0
