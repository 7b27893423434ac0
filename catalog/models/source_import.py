"""Imports from sources: the files that an editor reviews together, and how names were answered."""

from django.conf import settings
from django.db import models

from catalog.models.base import NaturalKey
from catalog.models.edit import Edit
from catalog.models.person import Person
from catalog.models.series import Series
from catalog.models.source_file import SourceFile


class SourceImport(models.Model):
    """Sources of one series that an editor reviews side by side, and what was chosen so far.

    Without ``series`` the import adds a new one. ``edit`` is that of the last *Apply*. It is a tool of editors and no
    record of the catalogue, so the change log leaves it out.
    """

    series = models.ForeignKey(Series, null=True, blank=True, on_delete=models.CASCADE, related_name="imports")
    files = models.ManyToManyField(SourceFile, related_name="imports")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    choices = models.JSONField(default=dict, blank=True)  # of the review page, until it is applied
    edit = models.ForeignKey(Edit, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    label_relations = ("series",)

    class Meta:
        ordering = ["-pk"]
        verbose_name = "import from sources"
        verbose_name_plural = "imports from sources"

    def __str__(self):
        return f"Import of {self.series or 'a new series'}, {self.created_at:%Y-%m-%d %H:%M}"


class RememberedName(NaturalKey):
    """Who is meant by a name in sources about one series, as an editor answered. ``key`` is the folded name."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="remembered_names")
    key = models.CharField(max_length=200)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="remembered_names")

    natural_fields = ("series__slug", "key")
    label_relations = ("series", "person")

    class Meta:
        ordering = ["series", "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "key"],
                name="one_person_of_a_remembered_name",
                violation_error_message="This name is answered already.",
            )
        ]

    def __str__(self):
        return f"{self.key} in {self.series}: {self.person}"
