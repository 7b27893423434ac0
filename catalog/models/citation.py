"""Citations: which source supports or disputes which fact."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from catalog.models.alternative_title import AlternativeTitle
from catalog.models.base import AtomicSaveModel, NaturalKeyManager, exactly_one, is_owner_key, natural_value
from catalog.models.character import Alias, Character
from catalog.models.company import Company
from catalog.models.credit import Credit
from catalog.models.episode import Episode, FeaturedCharacter
from catalog.models.event import Event
from catalog.models.external_id import ExternalId
from catalog.models.person import Person
from catalog.models.review import Review
from catalog.models.season import Season
from catalog.models.series import Availability, Series, SeriesCompany
from catalog.models.song import Cue
from catalog.models.source import Source

# What the catalogue itself decides: addresses, publication, sorting and the order of rows.
UNCITED_FIELDS = {"id", "slug", "published_at", "sort_title", "sort_name", "sort_key", "picture"}
UNCITED_FIELDS |= {"billing", "team", "position"}
CITED_RELATIONS = {"seasons"}  # their number is the fact; rows of other relations have citations of their own
# The models whose records can be cited, by the field of ``Citation``, in the order of a source's page. Each field is a
# nullable foreign key, not a generic relation: the database enforces the link, and a fixture can use natural keys.
CITABLE_MODELS = {
    "series": Series,
    "season": Season,
    "episode": Episode,
    "person": Person,
    "character": Character,
    "alias": Alias,
    "company": Company,
    "series_company": SeriesCompany,
    "availability": Availability,
    "alternative_title": AlternativeTitle,
    "external_id": ExternalId,
    "credit": Credit,
    "feature": FeaturedCharacter,
    "event": Event,
    "review": Review,
    "cue": Cue,
}
KIND_BY_MODEL: dict[type[models.Model], str] = {model: kind for kind, model in CITABLE_MODELS.items()}

_ON_EPISODES = ("series", "season__series", "episode__season__series")
# Relations that the label of a cited record and the URL of its page need.
LABEL_AND_PAGE_RELATIONS = {
    "season": ("series",),
    "episode": ("season__series",),
    "character": ("series",),
    "alias": ("person", "character__series", "company"),
    "series_company": ("series", "company"),
    "availability": ("series", "platform"),
    "alternative_title": ("series", "episode__season__series"),
    "external_id": (*_ON_EPISODES, "person", "company"),
    "credit": ("person", "role", "character", *_ON_EPISODES),
    "feature": ("episode__season__series", "character"),
    "event": ("series",),
    "review": _ON_EPISODES,
    "cue": ("song__artist", "series", "episode__season__series"),
}


class CitationQuerySet(models.QuerySet):
    """Querysets of citations."""

    def for_records(self, records):
        """Citations of ``records`` with their sources, in the order of entry; ignores records that cannot be cited."""
        keys: dict[str, set[int]] = {}
        for record in records:
            if type(record) in KIND_BY_MODEL:
                keys.setdefault(KIND_BY_MODEL[type(record)], set()).add(record.pk)
        condition = Q()
        for kind, primary_keys in keys.items():
            condition |= Q(**{f"{kind}__in": primary_keys})
        if not condition:
            return self.none()
        return self.filter(condition).select_related("source__part_of").order_by("pk")

    def count_by_source(self, sources):
        """{source's primary key: number of citations, also of drafts}; without sources that are not cited."""
        totals = self.filter(source__in=sources).order_by().values_list("source")
        return dict(totals.annotate(total=models.Count("pk")))

    def of_kind(self, kind):
        """Citations of one kind of record, in the order of entry, with the relations of its label and URL."""
        relations = [f"{kind}__{path}" for path in LABEL_AND_PAGE_RELATIONS.get(kind, ())]
        return self.filter(**{f"{kind}__isnull": False}).select_related(kind, *relations).order_by("pk")


class CitationManager(NaturalKeyManager.from_queryset(CitationQuerySet)):
    """Looks up citations by source, cited record, field and place in the source."""

    def get_by_natural_key(self, source, kind, key, field, locator):
        """``kind`` is a key of CITABLE_MODELS, ``key`` the natural key of the cited record."""
        record = CITABLE_MODELS[kind]._default_manager.db_manager(self.db).get_by_natural_key(*key)
        return self.get(source__slug=source, **{kind: record}, field=field, locator=locator)


class Citation(AtomicSaveModel):
    """A source cited for one record, or for one ``field`` of it (empty: the record as a whole).

    With a ``claim`` the source disputes the fact: the claim is what it says instead.
    """

    class Certainty(models.TextChoices):
        """How reliable the source is for this fact."""

        SURE = "sure", "Sure: stated twice, independently"
        LIKELY = "likely", "Likely: one good source"
        WEAK = "weak", "Weak: one weak source, or sources differ"

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="citations")
    series = models.ForeignKey(Series, null=True, blank=True, on_delete=models.CASCADE, related_name="citations")
    season = models.ForeignKey(Season, null=True, blank=True, on_delete=models.CASCADE, related_name="citations")
    episode = models.ForeignKey(Episode, null=True, blank=True, on_delete=models.CASCADE, related_name="citations")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.CASCADE, related_name="citations")
    character = models.ForeignKey(Character, null=True, blank=True, on_delete=models.CASCADE, related_name="citations")
    alias = models.ForeignKey(Alias, null=True, blank=True, on_delete=models.CASCADE, related_name="citations")
    company = models.ForeignKey(Company, null=True, blank=True, on_delete=models.CASCADE, related_name="citations")
    series_company = models.ForeignKey(
        SeriesCompany, null=True, blank=True, on_delete=models.CASCADE, related_name="citations"
    )
    availability = models.ForeignKey(
        Availability, null=True, blank=True, on_delete=models.CASCADE, related_name="citations"
    )
    alternative_title = models.ForeignKey(
        AlternativeTitle, null=True, blank=True, on_delete=models.CASCADE, related_name="citations"
    )
    external_id = models.ForeignKey(
        ExternalId, null=True, blank=True, on_delete=models.CASCADE, related_name="citations"
    )
    credit = models.ForeignKey(Credit, null=True, blank=True, on_delete=models.CASCADE, related_name="citations")
    feature = models.ForeignKey(
        FeaturedCharacter, null=True, blank=True, on_delete=models.CASCADE, related_name="citations"
    )
    event = models.ForeignKey(Event, null=True, blank=True, on_delete=models.CASCADE, related_name="citations")
    review = models.ForeignKey(Review, null=True, blank=True, on_delete=models.CASCADE, related_name="citations")
    cue = models.ForeignKey(
        Cue, verbose_name="song heard", null=True, blank=True, on_delete=models.CASCADE, related_name="citations"
    )
    field = models.CharField(max_length=40, blank=True, help_text="The field it supports; empty for the whole record.")
    locator = models.CharField(
        "where in the source", max_length=160, blank=True, help_text="Section, table, paragraph, minute."
    )
    claim = models.CharField(
        "differing claim",
        max_length=300,
        blank=True,
        help_text="What the source says, when that differs from the record.",
    )
    certainty = models.CharField(max_length=8, choices=Certainty, blank=True)
    note = models.CharField(max_length=300, blank=True)
    unchecked = models.BooleanField(
        "not checked",
        default=False,
        help_text="The fact was changed after the source was cited. Untick it once the source was read again.",
    )

    label_relations = ("source__part_of__part_of",)
    objects = CitationManager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            exactly_one(*CITABLE_MODELS, name="citation_of_exactly_one"),
            *(
                models.UniqueConstraint(
                    fields=[kind, "source", "field", "locator"],
                    name=f"one_citation_of_{kind}",
                    violation_error_message="The source is cited for this already.",
                )
                for kind in CITABLE_MODELS
            ),
        ]

    def __str__(self):
        return f"{self.source}: {self.field_label or 'the record'}"

    @property
    def field_label(self) -> str:
        """The cited field in words; empty for the record itself."""
        kinds = (kind for kind in CITABLE_MODELS if getattr(self, f"{kind}_id") is not None)
        model = CITABLE_MODELS.get(next(kinds, ""))
        fields = model._meta.get_fields() if model and self.field else ()
        field = next((field for field in fields if field.name == self.field), None)
        return str(getattr(field, "verbose_name", self.field.replace("_", " ")))

    @property
    def target_kind(self) -> str:
        """The key in CITABLE_MODELS of the cited record."""
        return next(kind for kind in CITABLE_MODELS if getattr(self, f"{kind}_id") is not None)

    @property
    def target(self):
        """The cited record."""
        return getattr(self, self.target_kind)

    def natural_key(self) -> tuple:
        """(source's slug, key in CITABLE_MODELS, natural key of the cited record, field, locator)."""
        source, target = natural_value(self, "source"), natural_value(self, self.target_kind)
        return (source.slug, self.target_kind, list(target.natural_key()), self.field, self.locator)

    def clean(self):
        """Raise ValidationError for a field that the cited record does not have. A differing claim is checked."""
        super().clean()
        self.unchecked = self.unchecked and not self.claim
        kinds = [kind for kind in CITABLE_MODELS if getattr(self, f"{kind}_id") is not None]
        if len(kinds) == 1 and self.field and self.field not in dict(citable_fields(CITABLE_MODELS[kinds[0]])):
            raise ValidationError(
                {"field": f"A {CITABLE_MODELS[kinds[0]]._meta.verbose_name} has no field of this name."}
            )


def citable_fields(model: type[models.Model]) -> list[tuple[str, str]]:
    """(name, label) of the facts of a record that a citation may name, in the order of the model.

    Rows that belong to the record, and the record that it belongs to, are no facts of it.
    """
    columns: list[Any] = [field for field in model._meta.concrete_fields if not is_owner_key(field)]
    links: list[Any] = list(model._meta.many_to_many)
    links = [link for link in links if link.remote_field.through._meta.auto_created]
    relations = [relation for relation in model._meta.related_objects if relation.name in CITED_RELATIONS]
    facts = [field for field in (*columns, *links) if field.name not in UNCITED_FIELDS]
    return [(field.name, str(getattr(field, "verbose_name", field.name))) for field in (*facts, *relations)]
