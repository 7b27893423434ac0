"""Autosave: what an editor types survives a killed browser and an expired session, and nobody else sees it."""

import os
import signal
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Error

from catalog.models import Person
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import change_url
from catalog.tests.browser.accessibility import AXE, BEYOND_RIGHT_EDGE, NARROW
from catalog.tests.browser.page_objects import EditorBrowser
from catalog.tests.conftest import CHROMIUM
from catalog.tests.outages import FULL, raising

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "editor-password"
SOON_MS = 2_000  # by then what was typed is stored; at most 5 s are allowed
STORED_DRAFTS = """() => new Promise(resolve => {
    indexedDB.open("autosave").onsuccess = ({target: {result: database}}) => {
        database.transaction("drafts").objectStore("drafts").getAll().onsuccess = ({target}) => {
            database.close();
            resolve(JSON.stringify(target.result));
        };
    };
})"""
ADD_PASSWORD = """form => form.insertAdjacentHTML("beforeend", '<input type="password" name="code" value="secret">')"""
AXE_OF_BAR = """async () => (await axe.run(
    ".admin-autosave", {preload: false, rules: {"target-size": {enabled: true}}}
)).violations.map(({id, nodes}) => `${id}: ${nodes[0].html}`)"""


@pytest.fixture
def person():
    """A person with an alias."""
    person = make.person("Ann Lee", born="1950")
    person.aliases.create(name="A. Lee")
    return person


@pytest.fixture
def open_browser(editor, open_page, live_server):
    """A function that opens a browser of a user of its own or of ``editor``."""
    return lambda user=editor, **options: EditorBrowser(open_page(**options), user, live_server.url)


class Autosaved:
    """The bar above a form."""

    def __init__(self, page):
        self.page, self.bar = page, page.locator(".admin-autosave")

    def text(self):
        """The text of the bar once it is shown."""
        self.bar.locator("p").wait_for()
        return self.bar.locator("p").inner_text()

    def restore(self):
        """Press Restore; the names of the marked fields."""
        self.bar.get_by_role("button", name="Restore").click()
        self.page.locator(".admin-autosave[data-restored] p").wait_for()
        return self.page.locator('[aria-description="Restored"]').evaluate_all("fields => fields.map(({name}) => name)")

    def is_offered(self):
        """True if the bar is shown after everything has loaded."""
        self.page.wait_for_load_state("networkidle")
        return self.bar.locator("p").count() > 0

    def wait_until_stored(self, text):
        """Wait until the page has stored this text, as it does at once when the editor turns to another tab."""
        self.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        self.page.wait_for_function(
            f"async text => ({STORED_DRAFTS})().then(drafts => drafts.includes(text))", arg=text
        )

    def problems(self):
        """What axe finds in the bar in both schemes, and whether the page scrolls sideways."""
        self.page.evaluate(AXE)
        problems = self.page.evaluate(BEYOND_RIGHT_EDGE)
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)
            problems += self.page.evaluate(AXE_OF_BAR)
        return problems


def kill_browser(directory):
    """Kill the browser with this directory of user data, without a chance to write anything."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (process / "cmdline").read_bytes().decode().split("\0")
        except (OSError, UnicodeDecodeError):
            continue
        if f"--user-data-dir={directory}" in arguments and not any(text.startswith("--type=") for text in arguments):
            os.kill(int(process.name), signal.SIGKILL)


@pytest.fixture
def open_from_disk(chromium, editor, live_server, tmp_path):
    """A function that starts a browser process of its own, whose data are in ``tmp_path``."""
    contexts = []

    def open_browser():
        context = chromium.browser_type.launch_persistent_context(
            tmp_path / "browser",
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu"],
            base_url=live_server.url,
        )
        contexts.append(context)
        return EditorBrowser(context.pages[0], editor, live_server.url)

    yield open_browser
    contexts[-1].close()


def test_a_killed_browser_loses_at_most_the_last_five_seconds(open_from_disk, person, tmp_path):
    editor = open_from_disk().open(person)
    page = editor.page
    editor.fill(born="1951").add_row("aliases", "Alias", name="Annie").fill_row(
        "aliases", person.aliases.get(), note="x"
    )
    page.wait_for_timeout(SOON_MS)
    page.locator("#id_biography").press_sequentially("typed in the last moment")
    kill_browser(tmp_path / "browser")
    with pytest.raises(Error):
        page.wait_for_timeout(10_000)

    editor = open_from_disk().open(person)
    autosaved = Autosaved(editor.page)
    assert autosaved.text().startswith("You have unsaved changes from ")
    assert {"born", "aliases-0-note", "aliases-1-name"} <= set(autosaved.restore())
    assert Person.objects.get().born == "1950"
    assert editor.save()
    person.refresh_from_db()
    assert (person.born, set(person.aliases.values_list("name", "note"))) == ("1951", {("A. Lee", "x"), ("Annie", "")})
    assert not Autosaved(editor.open(person).page).is_offered()


def test_an_expired_session_loses_nothing_and_others_see_nothing(open_browser, person, django_user_model, editor):
    """Only the same user is offered it, until it is discarded."""
    browser, other = (
        open_browser(expected="403").open(person),
        django_user_model.objects.create_superuser("bo", password=PASSWORD),
    )
    page, autosaved = browser.page, Autosaved(browser.page)
    browser.fill(born="1951")
    autosaved.wait_until_stored("1951")
    browser.fill(name="Annie Lee")  # stored when it is submitted
    Session.objects.all().delete()
    assert not browser.save()
    assert page.locator("#id_username").is_visible()
    for user, is_offered in ((other, False), (editor, True)):
        page.context.clear_cookies()
        page.goto(f"{reverse('admin:login')}?next={change_url(person)}")
        page.locator("#id_username").fill(user.username)
        page.locator("#id_password").fill(PASSWORD)
        with page.expect_navigation():
            page.locator("[type=submit]").click()
        assert autosaved.is_offered() == is_offered
    assert "Annie Lee" in page.evaluate(STORED_DRAFTS)
    autosaved.bar.get_by_role("button", name="Discard").press("Enter")
    autosaved.bar.locator("p").wait_for(state="detached")
    assert not Autosaved(browser.open(person).page).is_offered()


def test_an_outage_loses_nothing(open_browser, person, monkeypatch):
    """What was typed is in the page of the refused form, and offered by the form itself when it is opened again."""
    browser = open_browser(expected="503").open(person)
    page, again = browser.page, browser.page.get_by_role("button", name="Try again")
    browser.fill(born="1951")
    with monkeypatch.context() as patch:
        patch.setattr(Person, "save", raising(FULL))
        assert not browser.save()
        again.wait_for()
        autosaved = Autosaved(browser.open(person).page)
        assert autosaved.text().startswith("You have unsaved changes from ")
        assert autosaved.restore() == ["born"]
        assert not browser.save()
    with page.expect_navigation():
        again.click()
    assert browser.has_succeeded()
    assert Person.objects.get().born == "1951"
    assert not Autosaved(browser.open(person).page).is_offered()


def test_what_others_changed_meanwhile_is_merged(open_browser, person, django_user_model):
    browser = open_browser().open(person)
    autosaved = Autosaved(browser.page)
    browser.fill(name="Annie Lee", born="1951")
    autosaved.wait_until_stored("Annie Lee")
    other_tab = browser.page.context.new_page()
    other_tab.goto(change_url(person))
    assert not Autosaved(other_tab).is_offered()  # the form is still open
    browser.open(person)
    assert "changed since" not in autosaved.text()
    ada = django_user_model.objects.create_superuser("ada", password=PASSWORD)
    assert open_browser(ada).open(person).fill(name="Anne Lee").save()
    browser.open(person)
    assert "The record was changed since" in autosaved.text()
    autosaved.restore()
    assert browser.conflicts() == ["Name of the person"]
    assert browser.resolve("mine")
    person.refresh_from_db()
    assert (person.name, person.born) == ("Annie Lee", "1951")


def test_signing_out_removes_what_was_typed(open_browser, person):
    browser = open_browser().open(person)
    page = browser.page
    browser.fill(born="1951")
    Autosaved(page).wait_until_stored("1951")
    with page.expect_navigation():
        page.locator("#logout-form button").click()
    page.goto(reverse("admin:login"))
    assert page.evaluate(STORED_DRAFTS) == "[]"


def test_a_new_record_and_a_pasted_table_are_restored(open_browser, editor):
    """An untouched form is not kept, and no file, password or token is; the bar fits everywhere."""
    season = make.season(make.series("Soundtrack"))
    browser = open_browser(**NARROW)
    page, autosaved = browser.page, Autosaved(browser.page)
    page.goto(reverse("admin:catalog_episode_add"))
    page.goto(reverse("admin:catalog_episode_add"))
    assert not autosaved.is_offered()
    browser.fill(title="Pilot", typed_credits="Director: Ti West").add_row("credits", "Credit", billing="3")
    autosaved.wait_until_stored("Ti West")
    page.goto(reverse("admin:catalog_episode_add"))
    assert autosaved.text()
    assert autosaved.problems() == []
    autosaved.restore()
    assert page.locator("#id_typed_credits").input_value() == "Director: Ti West"
    assert page.locator("#id_credits-0-billing").input_value() == "3"
    assert page.locator(".errornote").count() == 0

    browser.open(season, "paste").fill(text="1\tPilot\n2\tSecond")
    page.locator("#id_file").set_input_files(files={"name": "table.csv", "mimeType": "text/csv", "buffer": b"1"})
    page.locator("#paste_form").evaluate(ADD_PASSWORD)
    autosaved.wait_until_stored("Second")
    assert [text for text in ("table.csv", "secret", "csrf") if text in page.evaluate(STORED_DRAFTS)] == []
    browser.open(season, "paste")
    with page.expect_navigation():
        autosaved.bar.get_by_role("button", name="Restore").click()
    assert "restored" in autosaved.text()
    browser.press("Save these episodes")
    assert season.episodes.count() == 2
    assert not Autosaved(browser.open(season, "paste").page).is_offered()
