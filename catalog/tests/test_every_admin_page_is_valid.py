"""Every page of the admin opens, has one heading and no list of all people, and is valid HTML.

The Nu Html Checker also reports a form inside another, whose start tag a browser ignores: the buttons of the inner form
would submit the outer one.
"""

import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse

from catalog.models import Change, Credit, Edit, Episode, Person, Season, SourceImport, record_edit
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import admin_url, change_url, read_form
from catalog.tests.admin.import_export.import_page import upload_for_dry_run
from catalog.tests.admin.two_step.authenticators import OVERVIEW, SECOND_STEP, Passkey, browser, enter_password
from catalog.tests.html_checker import JAVA, checker_messages
from catalog.tests.test_every_admin_page import ALL, FEW_ROWS, grow

pytestmark = [pytest.mark.looks, pytest.mark.django_db]

TABLE = "No.\tTitle\tDirected by\tOriginal air date\n3\tOther\tTi West & New Body\t2019-12-18\n99\t\tNobody\tx\n"
LINES = "Director: Ti West, New Body\nWriter: J. Safran"


def model_pages(request):
    """URLs of the list, forms, history, deletion, import and export of each model, by name."""
    pages = {}
    for model, model_admin in ALL:
        grow(model, FEW_ROWS)
        name, record = model._meta.model_name, model._default_manager.first()
        kinds = {"change": record.pk, "history": record.pk}
        if model_admin.has_add_permission(request):
            pages[f"{name}-add"] = admin_url(model, "add")
        if model_admin.has_delete_permission(request):
            kinds["delete"] = record.pk
        pages |= {f"{name}-{kind}": admin_url(model, kind, pk) for kind, pk in kinds.items()}
        pages[name] = admin_url(model)
        for kind in ("import", "export"):
            if getattr(model_admin, f"has_{kind}_permission", lambda request: False)(request):
                pages[f"{name}-{kind}"] = admin_url(model, kind)
    return pages


def tool_pages(episode, editor):
    """URLs of the pages of tools and of what belongs to no model, by name."""
    person = Person.objects.get(slug="ti-west")
    with record_edit(editor, "The paper says so") as edit:
        duplicate = make.person(person.name, born="1980-10-05")
        make.credit(episode, duplicate)
    return {
        "paste": admin_url(Season, "paste", episode.season_id),
        "cite": admin_url(Episode, "cite", episode.pk),
        "crew": admin_url(Episode, "crew", episode.pk),
        "merge": f"{admin_url(Person, 'merge')}?ids={person.pk},{duplicate.pk}",
        "merge-choose": f"{admin_url(Person, 'merge')}?ids={person.pk}",
        "undo": admin_url(Edit, "undo", edit.pk),
        "deleted": admin_url(Change, "deleted"),
        **import_pages(),
        "series-filled": change_url(episode.series),
        "popup": admin_url(Person, "add") + "?_popup=1",
        **{name: reverse(f"admin:{name}") for name in ("index", "password_change", "password_change_done")},
        "app_list": reverse("admin:app_list", args=["catalog"]),
    }


def import_pages():
    """URLs of the pages of imports from sources: a new series, one of two series, sources that are missing."""
    new = make.source_import(b"season,episode,title\n1,1,One\n", b"season,episode,title\n1,1,Two\n")
    make.series("Tide")
    matched = make.source_import(b'{"@context": "https://schema.org", "@type": "TVSeries", "name": "Tide"}')
    empty = make.source_import()
    empty.files.clear()
    return {
        "import-new": change_url(new),
        "import-season": f"{change_url(new)}?page=s01",
        "import-matched": change_url(matched),
        "import-empty": change_url(empty),
        "import-sources": admin_url(SourceImport, "sources", new.pk),
    }


def two_step_pages(client, editor):
    """Pages of two-step sign-in, by name: before something is added, of an account with all of it, and with errors."""
    names = {"second-step": SECOND_STEP, "two-step": OVERVIEW} | {
        name: reverse(name)
        for name in ("mfa_activate_totp", "mfa_deactivate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes",
                     "mfa_generate_recovery_codes", "account_reauthenticate")
    }  # fmt: skip
    pages = {"two-step-none": client.get(names.pop("two-step")), "add-app": client.get(names.pop("mfa_activate_totp"))}
    passkey = Passkey(editor).store()
    TOTP.activate(editor, generate_totp_secret())
    RecoveryCodes.activate(editor)
    names |= {name: reverse(name, args=[passkey.pk]) for name in ("mfa_edit_webauthn", "mfa_remove_webauthn")}
    stranger = browser()
    enter_password(stranger)
    pages |= {"second-step": stranger.get(names.pop("second-step")), "two-step": client.get(OVERVIEW)}
    pages["second-step-error"] = stranger.post(SECOND_STEP, {"code": "0"})
    pages["add-passkey-error"] = client.post(reverse("mfa_add_webauthn"), {"name": "x" * 100, "credential": "x"})
    return pages | {name: client.get(url) for name, url in names.items()}


def answers(client, episode):
    """Answers to forms with errors or questions, and previews of actions, by name."""
    form = read_form(client, change_url(episode))
    selected = {ACTION_CHECKBOX_NAME: [episode.pk]}
    credits = {ACTION_CHECKBOX_NAME: [credit.pk for credit in episode.credits.all()]}
    imports = {ACTION_CHECKBOX_NAME: list(SourceImport.objects.values_list("pk", flat=True))}
    season, first = {ACTION_CHECKBOX_NAME: [episode.season_id]}, form | {"runtime": "45"}
    paste_url = admin_url(Season, "paste", episode.season_id)
    pages = {
        "paste-preview": client.post(paste_url, {"text": TABLE, "step": "look"}),
        "paste-error": client.post(paste_url, {"text": "x", "step": "look"}),
        "typed": client.post(change_url(episode), form | {"typed_credits": LINES}),
        "form-errors": client.post(change_url(episode), form | {"number": "4", "air_date": "x", "credits-0-role": ""}),
        "cited-fact-changed": client.post(change_url(episode), form | {"title": "Other"}),
        "import-error": client.post(admin_url(SourceImport, "add"), {"text": "no source", "address": "x"}),
        "discard-selected": client.post(admin_url(SourceImport), imports | {"action": "delete_selected"}),
        "cite-error": client.post(admin_url(Episode, "cite", episode.pk), {"facts_sent": "1"}),
        "cite-many": client.post(admin_url(Episode), selected | {"action": "cite"}),
        "set-role": client.post(admin_url(Credit), credits | {"action": "set_role"}),
        "publish-with-parts": client.post(admin_url(Season), season | {"action": "publish_with_parts"}),
        "delete-selected": client.post(admin_url(Episode), selected | {"action": "delete_selected"}),
        "import-dry-run": upload_for_dry_run(client, Person, [{"name": "A", "slug": ""}]).response,
        "import-errors": upload_for_dry_run(client, Person, [{"name": "", "slug": "ti-west", "born": "x"}]).response,
    }
    assert client.post(change_url(episode), first).status_code == 302
    return pages | {"conflict": client.post(change_url(episode), form | {"runtime": "46"})}


def test_every_admin_page_opens_and_is_valid(soundtrack, client, editor, rf, tmp_path):
    pages = {"login": client.get("/admin/login/"), "login-error": client.post("/admin/login/", {"username": "x"})}
    enter_password(client)
    pages |= two_step_pages(client, editor)
    request = rf.get("/")
    request.user = editor
    make.person("Stranger")
    episode = Episode.objects.get(number=3)
    pages |= {name: client.get(url) for name, url in tool_pages(episode, editor).items()}
    pages |= answers(client, episode)
    pages |= {name: client.get(url) for name, url in model_pages(request).items()}
    pages["logout"] = client.post("/admin/logout/")
    for name, page in pages.items():
        text = page.content.decode()
        assert page.status_code == 200, name
        assert len(re.findall("<h1[ >]", text)) == 1, name
        assert "Stranger</option>" not in text, name
        (tmp_path / f"{name}.html").write_bytes(page.content)
    if JAVA is None:
        pytest.skip("no Java found: validity was not checked")
    assert checker_messages(tmp_path) == []
