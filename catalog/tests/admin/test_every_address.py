"""Who may open and use every address and action of the admin: a table of answers by hand.

Addresses are those of the URLconf, so a new page fails here until it has its line.
"""

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from catalog.models import Change
from catalog.models.base import Published
from catalog.models.publication import PUBLISHED_MODELS
from catalog.tests.admin.admin_forms import admin_url, deletion_data
from catalog.tests.admin.two_step.authenticators import enter_password
from catalog.tests.test_every_admin_page import ONE_MORE
from soundtrack_site.two_step import urls as two_step_urls

ROLES = ("Contributor", "Editor", "Administrator")
STATUSES = {"y": 200, "r": 302, "n": 403, "x": 404, "m": 405, "c": 409}
CATEGORIES = {
    "published": "series season episode person company",
    "part": "alias alternativetitle availability character citation credit cue event externalid featuredcharacter "
    "review seriescompany",
    "shared": "artist picture song source",
    "vocabulary": "country department genre language role",
    "log": "change edit formerslug",
    "import": "sourceimport",
    "account": "group user",
    "sign-in": "signin",
}
CATEGORY = {name: category for category, names in CATEGORIES.items() for name in names.split()}
# By page and model or kind of record, the answers to a Contributor, an Editor and an Administrator who open the page,
# and to those who send an empty form to it: y 200, r a redirect, n 403, x 404, m 405, c 409 (a form of before). Records
# and their owners are published; an import is of somebody else.
NOBODY = "nnn nnn"
NOT_AS_FILES = {"citation": NOBODY, "picture": NOBODY}
PAGES = {
    "changelist": {"account": "nny nny", "sign-in": "nny nny", "": "yyy yyy"},
    "add": {"vocabulary": "nyy nyy", "log": NOBODY, "account": "nny nny", "sign-in": NOBODY, "": "yyy yyy"},
    "change": {"import": "ryy rrr", "log": "yyy nnn", "account": "nny nny", "sign-in": "nny nnn", "": "yyy nyy"},
    "delete": {"log": NOBODY, "account": "nny nny", "sign-in": NOBODY, "": "nyy nyy"},
    "history": {"import": "ryy ryy", "account": "nny nny", "sign-in": "nny nny", "": "yyy yyy"},
    "redirect": {"": "rrr rrr"},  # /admin/catalog/person/1/ to the form
    "export": {"change": NOBODY, "edit": NOBODY, **NOT_AS_FILES, "": "yyy yyy"},
    "import": {"vocabulary": "nyy nyy", "log": NOBODY, **NOT_AS_FILES, "": "yyy yyy"},
    "process_import": {"vocabulary": "nrr nrr", "log": NOBODY, **NOT_AS_FILES, "": "rrr rrr"},  # no file was sent
    "bring_back": {"log": NOBODY, "": "nyy ncc"},
    "recover": {"": "xxx xxx"},  # nothing is deleted
    "cite": {"": "nyy nyy"},
    "publish": {"": "nyy nyy"},
    "preview": {"": "yyy mmm"},
    "merge": {"": "nxx nxx"},  # of no records
    "paste": {"": "nyy nyy"},
    "crew": {"": "nyy nyy"},
    "undo": {"": "nyy ncc"},
    "deleted": {"": "yyy yyy"},
    "sources": {"": "xyy xyy"},  # the form again: it asks for a source
    "password_change": {"": "nny nny"},  # of an account, by somebody else
}
OTHER_PAGES = {
    "index": "yyy yyy",
    "login": "rrr yyy",  # the form again: nothing was filled in
    "logout": "mmm yyy",
    "password_change": "yyy yyy",
    "password_change_done": "yyy mmm",
    "autocomplete": "nnn mmm",
    "jsi18n": "yyy mmm",
}


def split_name(name):
    """(app, model, page) of a URL name such as ``catalog_series_change``."""
    app = next(label for label in ("catalog", "auth", "sign_in_log") if name.startswith(f"{label}_"))
    return app, *name.removeprefix(f"{app}_").split("_", 1)


def named_patterns():
    """(name, names of parameters) of the admin's URLs of records; those without a name redirect to the form."""
    for pattern in admin.site.get_urls():
        for nested in getattr(pattern, "url_patterns", ()):
            if nested.name:
                yield nested.name, list(nested.pattern.converters)


EVERY_PAGE = sorted(named_patterns())
MODELS = {model._meta.model_name: model for model in admin.site._registry}


@pytest.fixture
def records(db):
    """A record of each model, by the model's name; owners are published."""
    examples = {}
    for name, model in MODELS.items():
        if not model._default_manager.exists():
            ONE_MORE[model]()
        examples[name] = model._default_manager.order_by("-pk").first()
    return examples


@pytest.fixture
def addresses(records):
    """{URL: (page, name of the model)} of all pages of records."""
    urls = {}
    for name, parameters in EVERY_PAGE:
        app, model, page = split_name(name)
        url = reverse(f"admin:{name}", args=[records[model].pk] if parameters else [])
        if page == "bring_back":
            version = Change.objects.filter(kind=model, record_id=records[model].pk).order_by("-pk").first()
            url += f"?version={version.pk if version else 1}"
        urls[url] = page, model
    for name, record in records.items():
        opts = record._meta
        urls[f"/admin/{opts.app_label}/{name}/{record.pk}/"] = "redirect", name
    return urls


def expected(page, model, role):
    """(status of GET, status of POST)."""
    table = PAGES[page]
    answers = table.get(model) or table.get(CATEGORY[model]) or table[""]
    return [STATUSES[half[ROLES.index(role)]] for half in answers.split()]


def test_every_page_and_every_kind_of_record_is_in_the_table():
    pages = {split_name(name)[2] for name, _ in EVERY_PAGE}
    assert pages | {"redirect"} == set(PAGES)
    assert set(CATEGORY) == set(MODELS)
    assert {name for name in MODELS if issubclass(MODELS[name], Published)} == set(PUBLISHED_MODELS)
    others = {pattern.name for pattern in admin.site.get_urls() if getattr(pattern, "name", None)}
    assert others == set(OTHER_PAGES) | {"view_on_site", "app_list"}


def test_an_anonymous_visitor_is_sent_to_the_sign_in_by_every_address(addresses):
    client, version = Client(), Change.objects.version()
    other = [reverse(f"admin:{name}") for name in OTHER_PAGES if name not in ("login", "logout")]
    other += ["/admin/catalog/", "/admin/moon/", "/admin/catalog/moon/", "/admin/r/1/1/", "/admin/catalog/person/999/"]
    for url in [*addresses, *other]:
        for method in (client.get, client.post):
            response = method(url)
            assert response.status_code == 302, url
            assert response.headers["Location"].startswith("/admin/login/?next="), url
    assert Change.objects.version() == version


def roles_client(role):
    """A client with a user of the group signed in."""
    user = User.objects.create_user(f"a-{role}", password="a-long-password", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("role", ROLES)
def test_every_page_answers_a_group_as_the_table_says(roles, addresses, role):
    client, wrong = roles_client(role), {}
    for url, (page, model) in addresses.items():
        if role == "Administrator" and CATEGORY[model] in ("part", "vocabulary"):
            continue  # they have all permissions of an Editor; these would take 15 seconds
        for method, status in zip(("get", "post"), expected(page, model, role), strict=True):
            version = Change.objects.version()
            answer = getattr(client, method)(url).status_code
            if answer != status:
                wrong[method, url] = (answer, status)
            assert Change.objects.version() == version or status == 200, (method, url)
    assert wrong == {}


@pytest.mark.parametrize("role", ROLES)
def test_the_pages_of_no_record_answer_a_group_as_the_table_says(roles, role):
    client = roles_client(role)
    for name, answers in OTHER_PAGES.items():
        for method, half in zip(("get", "post"), answers.split(), strict=True):
            status = getattr(client, method)(reverse(f"admin:{name}")).status_code
            assert status == STATUSES[half[ROLES.index(role)]], (name, method, status)
        if name == "logout":
            client.force_login(User.objects.get(username=f"a-{role}"))
    assert client.get("/admin/catalog/").status_code == 200
    assert client.get("/admin/moon/").status_code == 404


# Actions of lists that a Contributor is offered, for drafts and what belongs to them; Editors are offered more.
CITABLE = "alias alternativetitle availability character company credit cue episode event externalid featuredcharacter "
CITABLE += "person review season series seriescompany"
OFFERED = {"cite": CITABLE, "mark_checked": "citation", "set_role": "credit"}
DELETABLE = [name for name, category in CATEGORY.items() if category not in ("log", "account", "sign-in")]
OFFERED_TO_EDITORS = OFFERED | {
    "delete_selected": " ".join(DELETABLE),
    "publish": "series season episode person company",
    "publish_with_parts": "series season",
    "unpublish": "series season episode person company",
    "merge_selected": "artist character company person",
}
OFFERED_TO_ADMINISTRATORS = OFFERED_TO_EDITORS | {
    "delete_selected": " ".join([*DELETABLE, "group", "user"]),
    "remove_two_step_sign_in": "user",
}
ACTIONS = dict(zip(ROLES, (OFFERED, OFFERED_TO_EDITORS, OFFERED_TO_ADMINISTRATORS), strict=True))


@pytest.mark.parametrize("role", ROLES)
def test_every_list_offers_a_group_the_actions_of_the_table(roles, role):
    request = roles_client(role).get("/admin/").wsgi_request
    offered = {name: set(admin.site._registry[model].get_actions(request)) for name, model in MODELS.items()}
    assert offered == {
        name: {action for action, models in ACTIONS[role].items() if name in models.split()} for name in MODELS
    }


def test_no_action_of_a_contributor_changes_what_is_published(roles, records):
    client = roles_client("Contributor")
    version, users = Change.objects.version(), User.objects.count()
    for name, record in records.items():
        for action in OFFERED_TO_ADMINISTRATORS:
            data = {"action": action, ACTION_CHECKBOX_NAME: [record.pk], "role": records["role"].pk, "apply": "1"}
            response = client.post(admin_url(MODELS[name]), data | deletion_data())
            assert response.status_code in (200, 302, 403), (name, action)
    assert (Change.objects.version(), User.objects.count()) == (version, users)


def test_no_address_is_open_to_an_editor_who_still_has_to_add_a_second_step(roles, addresses, settings):
    settings.MFA_REQUIRED_GROUPS = ["Editor"]
    client, version = roles_client("Editor"), Change.objects.version()
    other = [reverse(f"admin:{name}") for name in OTHER_PAGES if name not in ("login", "logout")]
    other += ["/admin/catalog/", "/admin/moon/", "/admin/catalog/moon/", "/admin/r/1/1/", "/admin/catalog/person/999/"]
    for url in [*addresses, *other]:
        for method in (client.get, client.post):
            response = method(url)
            assert (response.status_code, response.headers.get("Location")) == (302, "/admin/two-step/"), url
    assert Change.objects.version() == version


# To a member of any group who entered the password just now, has nothing of it yet and so no passkey 1.
TWO_STEP_PAGES = {
    "account_login": "ry",  # the sign-in page, under the name that allauth looks for
    "mfa_authenticate": "rr",
    "mfa_login_webauthn": "rr",
    "mfa_index": "ym",
    "account_reauthenticate": "yy",
    "mfa_activate_totp": "yy",
    "mfa_deactivate_totp": "xx",
    "mfa_view_recovery_codes": "xm",
    "mfa_generate_recovery_codes": "yy",
    "mfa_add_webauthn": "yy",
    "mfa_edit_webauthn": "xx",
    "mfa_remove_webauthn": "xx",
}


def two_step_url(name):
    return reverse(name, args=[1] if name in ("mfa_edit_webauthn", "mfa_remove_webauthn") else [])


def test_the_pages_of_two_step_sign_in_answer_visitors_and_each_group_as_the_table_says(roles):
    assert {pattern.name for pattern in two_step_urls.urlpatterns} == set(TWO_STEP_PAGES)
    clients = {role: roles_client(role) for role in ROLES}
    visitor = Client()
    for role, client in clients.items():
        enter_password(client, "a-long-password", f"a-{role}")
    for name, answers in TWO_STEP_PAGES.items():
        url = two_step_url(name)
        for method, answer in zip(("get", "post"), answers, strict=True):
            for role, client in clients.items():
                assert getattr(client, method)(url).status_code == STATUSES[answer], (name, method, role)
            if name != "account_login":
                assert getattr(visitor, method)(url).headers["Location"].startswith("/admin/login/"), (name, method)
