"""Guessed sort names and titles, which follow a rename."""

from collections.abc import Collection
from typing import Any, ClassVar, Self

from django.db import models


class GuessedSortText(models.Model):
    """Guesses the field ``guess_into`` from ``guess_from``: when it is empty, and on a rename while it is the guess."""

    guess_from: ClassVar[str]
    guess_into: ClassVar[str]
    _loaded_text: str | None = None  # ``guess_from`` of a record that was read or saved

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **kwargs: Any) -> Self:
        """Remember the name or title as loaded, to see when it changes."""
        record = super().from_db(db, field_names, values, **kwargs)
        record._loaded_text = record.__dict__.get(cls.guess_from)
        return record

    def guess_sort_text(self, text: str) -> str:
        """The sort name or title for a record called ``text``."""
        raise NotImplementedError

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Guess a missing sort text, and one that was guessed from the former name; then save."""
        update_fields = kwargs.get("update_fields")
        sort_text, former = getattr(self, self.guess_into), self._former_text(update_fields)
        if not sort_text or (former is not None and sort_text == self.guess_sort_text(former)):
            setattr(self, self.guess_into, self.guess_sort_text(getattr(self, self.guess_from)))
            if update_fields is not None:
                kwargs["update_fields"] = {self.guess_into, *update_fields}
        super().save(*args, **kwargs)
        self._loaded_text = self.__dict__.get(self.guess_from)

    def _former_text(self, update_fields: Collection[str] | None) -> str | None:
        """The loaded text if a save of ``update_fields`` (None: all) changes it."""
        if self._loaded_text is None or (update_fields is not None and self.guess_from not in update_fields):
            return None
        return None if self._loaded_text == getattr(self, self.guess_from) else self._loaded_text
