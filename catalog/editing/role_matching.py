"""Match the words that sources use for roles with the role vocabulary: “Directed by”, “Guest stars”, “Main cast”."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import process

from catalog.models import Credit, Role
from catalog.models.credit import CAST_DEPARTMENT
from catalog.text import fold

MAX_SUGGESTED_ROLES = 3
MIN_SIMILARITY = 45  # of a suggestion, in percent
# Words for a part of the cast; they are no roles of their own.
CAST_KINDS = {
    "main cast": Credit.Kind.MAIN,
    "main": Credit.Kind.MAIN,
    "series regulars": Credit.Kind.MAIN,
    "recurring cast": Credit.Kind.RECURRING,
    "recurring": Credit.Kind.RECURRING,
}


def fold_role(text: str) -> str:
    """The text as roles are compared: folded, with single spaces instead of hyphens."""
    return " ".join(fold(text).replace("-", " ").split())


@dataclass
class RoleLookup:
    """All roles of the vocabulary, by every folded word for them and by slug."""

    by_word: dict[str, Role]
    by_slug: dict[str, Role]

    @classmethod
    def load(cls) -> RoleLookup:
        """Read the vocabulary with one query. If two roles share a word, names win over slugs, slugs over synonyms."""
        roles = list(Role.objects.select_related("department"))
        words = [(role.name, role) for role in roles]
        words += [(role.slug, role) for role in roles]
        words += [(synonym, role) for role in roles for synonym in role.synonyms]
        by_word: dict[str, Role] = {}
        for word, role in words:
            by_word.setdefault(fold_role(word), role)
        return cls(by_word, {role.slug: role for role in roles})

    def find(self, text: str) -> tuple[Role, str] | None:
        """(role, kind of cast credit or "") for a word in singular or plural; None if it names no role."""
        word = fold_role(text)
        if word in CAST_KINDS:
            cast = self.by_slug.get(CAST_DEPARTMENT)  # the role has the slug of its department
            return (cast, CAST_KINDS[word]) if cast else None
        role = self.by_word.get(word) or self.by_word.get(word.removesuffix("s"))
        if role is None:
            return None
        return role, Credit.Kind.GUEST if role.slug == "guest" else ""

    def suggest(self, text: str) -> list[str]:
        """The names of the roles that are spelled most like the text."""
        matches = process.extract(
            fold_role(text), list(self.by_word), limit=2 * MAX_SUGGESTED_ROLES, score_cutoff=MIN_SIMILARITY
        )
        return list(dict.fromkeys(self.by_word[word].name for word, _, _ in matches))[:MAX_SUGGESTED_ROLES]
