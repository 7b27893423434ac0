"""The tables of the catalogue, in reading order: each module imports only those above it."""

from catalog.models.compiled_query import QUERY_BATCH_SIZE
from catalog.models.slug import FormerSlug
from catalog.models.record import Record
from catalog.models.partial_date import PartialDateField
from catalog.models.genre import Country, Genre, Language
from catalog.models.role import Department, Role
from catalog.models.picture import Picture
from catalog.models.company import Company
from catalog.models.person import Person
from catalog.models.series import Availability, Series, SeriesCompany
from catalog.models.season import Season
from catalog.models.episode import Episode, FeaturedCharacter
from catalog.models.alternative_title import AlternativeTitle
from catalog.models.character import Alias, Character
from catalog.models.credit import WRITING_ROLES, Credit
from catalog.models.event import Event
from catalog.models.review import Review
from catalog.models.song import Artist, Cue, Song
from catalog.models.external_id import ExternalId
from catalog.models.source import Source
from catalog.models.source_file import SourceFile
from catalog.models.citation import CITABLE_MODELS, Citation
from catalog.models.edit import Edit, record_edit
from catalog.models.source_import import RememberedName, SourceImport
from catalog.models.change import Change
from catalog.models import change_recorder  # connects its signal receivers

__all__ = [
    "CITABLE_MODELS",
    "QUERY_BATCH_SIZE",
    "WRITING_ROLES",
    "Alias",
    "AlternativeTitle",
    "Artist",
    "Availability",
    "Change",
    "Character",
    "Citation",
    "Company",
    "Country",
    "Credit",
    "Cue",
    "Department",
    "Edit",
    "Episode",
    "Event",
    "ExternalId",
    "FeaturedCharacter",
    "FormerSlug",
    "Genre",
    "Language",
    "PartialDateField",
    "Person",
    "Picture",
    "Record",
    "RememberedName",
    "Review",
    "Role",
    "Season",
    "Series",
    "SeriesCompany",
    "Song",
    "Source",
    "SourceFile",
    "SourceImport",
    "change_recorder",
    "record_edit",
]
