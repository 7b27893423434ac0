"""What a word says of a role: its name, its slug or what sources call it, and how a performer belongs to the cast."""

from dataclasses import dataclass

from rapidfuzz import process

from catalog.models import Credit, Role
from catalog.models.credit import CAST_DEPARTMENT
from catalog.text import fold

MAX_SUGGESTED_ROLES = 3
# Words that say a kind of the cast rather than a role.
CAST_WORDS = {"main cast": Credit.Kind.MAIN, "main": Credit.Kind.MAIN, "series regulars": Credit.Kind.MAIN}
CAST_WORDS |= {"recurring cast": Credit.Kind.RECURRING, "recurring": Credit.Kind.RECURRING}


def fold_role(word):
    """A word as it is compared: folded, with single spaces for hyphens."""
    return " ".join(fold(word).replace("-", " ").split())


@dataclass
class RoleLookup:
    """All roles of the vocabulary by their words."""

    by_word: dict

    @classmethod
    def read(cls):
        """As the database has them; where two claim a word, a name goes before a slug, and both before a synonym."""
        found, roles = {}, list(Role.objects.select_related("department"))
        for words in (lambda role: [role.name], lambda role: [role.slug], lambda role: role.synonyms):
            for role in roles:
                for word in words(role):
                    found.setdefault(fold_role(word), role)
        return cls(found)

    def named(self, text):
        """(role, kind of the cast) that ``text`` names, in the plural too; None when it names none."""
        word = fold_role(text)
        role, kind = self.by_word.get(word) or self.by_word.get(word.removesuffix("s")), CAST_WORDS.get(word, "")
        if kind:
            role = next((each for each in self.by_word.values() if each.slug == CAST_DEPARTMENT), None)
        elif role is not None and role.slug == "guest":
            kind = Credit.Kind.GUEST
        return (role, kind) if role is not None else None

    def nearest(self, text):
        """The names of the roles whose words are most like ``text``."""
        found = process.extract(fold_role(text), list(self.by_word), limit=2 * MAX_SUGGESTED_ROLES, score_cutoff=45)
        return list(dict.fromkeys(self.by_word[word].name for word, _, _ in found))[:MAX_SUGGESTED_ROLES]
