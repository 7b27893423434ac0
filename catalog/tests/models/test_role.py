"""Roles: their synonyms."""

import pytest
from django.core.exceptions import ValidationError

from catalog.models import Role
from catalog.models.role import check_words
from catalog.tests import factories as make


@pytest.mark.parametrize("value", ["Directed by", {"a": 1}, [1], [""], ["a\x00b"], None])
def test_invalid_synonyms_are_rejected(value):
    with pytest.raises(ValidationError):
        check_words(value)


def test_role_without_synonyms_is_valid(db):
    role = make.role("grip")
    role.full_clean()
    assert check_words(["Grip", "Key grip"]) is None
    assert Role.objects.get().synonyms == []
