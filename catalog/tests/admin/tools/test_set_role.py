"""Setting the role of selected credits."""

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME

from catalog.models import Credit, Edit
from catalog.tests import factories as make
from catalog.tests.admin.admin_forms import admin_url


def set_role(client, *credits, **fields):
    """Run the action for credits."""
    data = {"action": "set_role", ACTION_CHECKBOX_NAME: [credit.pk for credit in credits]}
    return client.post(admin_url(Credit), data | fields)


def test_selected_credits_get_the_role_once_it_is_sent(admin_client, editor):
    credits = [make.credit(make.episode(), role_slug="story") for _ in range(2)]
    unselected, role = make.credit(make.episode(), role_slug="story"), make.role("writer")
    assert set_role(admin_client, *credits).status_code == 200
    assert not Edit.objects.exists()
    fields = {"role_sent": "1", "role": role.pk, "_edit_summary": "As the screen has it"}
    assert set_role(admin_client, *credits, **fields).status_code == 302
    assert [credit.role.slug for credit in Credit.objects.order_by("pk")] == ["writer", "writer", "story"]
    assert unselected.role.slug == "story"
    edit = Edit.objects.get()
    assert (edit.user, edit.kind, edit.reason, edit.changes.count()) == (editor, "bulk", "As the screen has it", 2)


def test_if_one_credit_cannot_have_the_role_none_is_changed(admin_client):
    first = make.credit(make.episode(), role_slug="story")
    second = make.credit(make.episode(), role_slug="story")
    make.credit(second.episode, second.person, "writer")
    response = set_role(admin_client, first, second, role_sent="1", role=make.role("writer").pk)
    assert response.status_code == 200
    text = response.content.decode()
    assert f"{second.person}, Story, on" in text
    assert "has this role here already" in text
    assert Credit.objects.filter(role__slug="writer").count() == 1
    assert not Edit.objects.exists()


@pytest.mark.parametrize("role", ["", "x", "99999", "9" * 30])
def test_an_invalid_role_is_an_error_of_the_form(admin_client, role):
    credit = make.credit(make.episode())
    response = set_role(admin_client, credit, role_sent="1", role=role)
    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
