"""Read Wikidata's JSON of a series, with the items it links to where their files are there too, or of a person."""

from catalog.partial_date import PartialDate
from catalog.sources.claims import FieldValue
from catalog.sources.document import Document
from catalog.sources.external_ids import person_ids
from catalog.sources.json_values import Record, as_record, get_record, get_text
from catalog.sources.role_words import is_for_some_episodes
from catalog.sources.series_builder import SeriesBuilder
from catalog.sources.series_claims import PersonClaim, SeriesClaims, SourceError, SourceFacts
from catalog.sources.wikidata_statements import (
    NO_VALUE,
    VALUE,
    Statement,
    aliases_of,
    best_statements,
    label_of,
    values_of,
)

LICENCE = "CC0 1.0"
HUMAN = "Q5"
INSTANCE_OF, TITLE, STATED_IN, REFERENCE_URL = "P31", "P1476", "P248", "P854"
SERIES_TYPES = {
    *("Q5398426", "Q15416", "Q1259759", "Q526877", "Q581714", "Q63952888", "Q117467246", "Q7724161", "Q1366112"),
    *("Q21188110", "Q431102", "Q1358344", "Q21232614", "Q1261214", "Q653916"),
}
SERIES_IDS = {"imdb": "P345", "tmdb": "P4983", "tvdb": "P4835", "tvmaze": "P8600"}
PERSON_IDS = {"imdb": "P345", "tmdb": "P4985", "musicbrainz": "P434"}
SERIES_DATES = {"premiered": ("P580", "The premiere"), "ended": ("P582", "The end")}
PERSON_DATES = {"born": ("P569", "The birth"), "died": ("P570", "The death")}
LISTS = {
    "genres": "P136",
    "countries": "P495",
    "languages": "P364",
    "networks": "P449",
    "production_companies": "P272",
    "distributors": "P750",
}
ROLES = {
    "creator": "P170",
    "director": "P57",
    "writer": "P58",
    "executive-producer": "P1431",
    "producer": "P162",
    "showrunner": "P5126",
    "cast": "P161",
    "voice": "P725",
    "presenter": "P371",
    "composer": "P86",
    "cinematographer": "P344",
    "editor": "P1040",
    "production-designer": "P2554",
}
COUNTS = {"P2437": "seasons", "P1113": "episodes"}
CHARACTER, CHARACTER_NAME, NAMED_AS = "P453", "P4633", "P1810"
MAX_REFERENCES = 200


def recognises(document: Document) -> bool:
    """True for JSON of Wikidata entities, and for its errors."""
    if not document.is_json:
        return False
    value = as_record(document.json)
    return bool(_entities(value)) or {"error", "servedby"} <= value.keys()


def read_series(data: bytes | str, *more: bytes | str) -> SeriesClaims:
    """Read the first series in the files. The other items have the names of people, genres and so on."""
    entities = _read_entities(data, *more)
    entity = next((entity for entity in entities.values() if _is_series(entity)), None)
    if entity is None:
        first_id, first = next(iter(entities.items()))
        kind = "a person" if _is_person(first) else "no series"
        raise SourceError(f"{first_id} ({label_of(first) or 'without a name'}) is {kind}.")
    return _Reader(entities).read_series(entity)


def read_person(data: bytes | str) -> PersonClaim:
    """Read the first person in the file."""
    entities = _read_entities(data)
    entity = next((entity for entity in entities.values() if _is_person(entity)), None)
    if entity is None:
        raise SourceError("The file has no person.")
    return _Reader(entities).read_person(entity)


def linked_items(data: bytes | str) -> list[str]:
    """The ids of items whose names ``read_series`` needs and the file lacks."""
    entities = _read_entities(data)
    items: dict[str, None] = {}
    properties = (*LISTS.values(), *ROLES.values(), *(property_id for property_id, _ in SERIES_DATES.values()))
    for entity in entities.values():
        for statement in (statement for key in properties for statement in best_statements(entity, key)):
            snaks = [statement.snak, *statement.qualifiers, *(snak for part in statement.references for snak in part)]
            for snak in snaks:
                if snak is statement.snak or snak.property_id in (CHARACTER, STATED_IN):
                    items[snak.item] = None
    return [item for item in items if item and item not in entities]


def _entities(value: Record) -> dict[str, Record]:
    """The entities of an answer by id."""
    if "statements" in value:
        return {get_text(value, "id"): value}
    entities = {key: as_record(entity) for key, entity in get_record(value, "entities").items()}
    return {key: entity for key, entity in entities.items() if "claims" in entity or "labels" in entity}


def _read_entities(*files: bytes | str) -> dict[str, Record]:
    entities: dict[str, Record] = {}
    for file in files:
        value = as_record(Document(file).json)
        if error := get_record(value, "error"):
            raise SourceError(f"Wikidata answered “{get_text(error, 'info').rstrip('.')}” in place of data.")
        entities |= _entities(value)
    if not entities:
        raise SourceError("The file has no items of Wikidata.")
    return entities


def _types(entity: Record) -> set[str]:
    return {snak.item for snak in values_of(entity, INSTANCE_OF)}


def _is_person(entity: Record) -> bool:
    return HUMAN in _types(entity)


def _is_series(entity: Record) -> bool:
    has_series_id = any(values_of(entity, SERIES_IDS[scheme]) for scheme in ("tmdb", "tvdb", "tvmaze"))
    return not _is_person(entity) and (has_series_id or bool(SERIES_TYPES & _types(entity)))


class _Reader:
    """Reads one entity with the names of the others."""

    def __init__(self, entities: dict[str, Record]) -> None:
        self.builder = SeriesBuilder(SourceFacts("Wikidata", licence=LICENCE))
        self.labels = {entity_id: label_of(entity) for entity_id, entity in entities.items()}
        self.references: dict[tuple[str, str], None] = {}

    def read_series(self, entity: Record) -> SeriesClaims:
        """Read a series."""
        builder, entity_id = self.builder, get_text(entity, "id")
        titles = [snak.text for snak in values_of(entity, TITLE)]
        label = builder.title(label_of(entity))
        title = label or builder.title(next(iter(titles), ""))
        revision = get_text(entity, "lastrevid") or get_text(entity, "modified")
        url = f"https://www.wikidata.org/wiki/{entity_id}"
        builder.claims.source = SourceFacts("Wikidata", title, url, LICENCE, revision)
        builder.add_series_ids(wikidata=entity_id, **self._ids(entity, SERIES_IDS))
        builder.set_series(title=title, **self._dates(entity, SERIES_DATES))
        for original in titles:
            builder.add_title(builder.claims, original, title, kind="original")
        for alias in aliases_of(entity):
            builder.add_title(builder.claims, alias, title)
        for list_name, property_id in LISTS.items():
            for statement in self._statements(entity, property_id, list_name.replace("_", " ")):
                self._add_to_list(list_name, statement)
        for role, property_id in ROLES.items():
            for statement in self._statements(entity, property_id, role.replace("-", " ")):
                self._add_credit(role, statement)
        for property_id, what in COUNTS.items():
            for snak in values_of(entity, property_id):
                builder.unmapped(f"Wikidata counts {get_text(as_record(snak.content), 'amount').lstrip('+')} {what}.")
        claims = builder.finish()
        claims.references = [SourceFacts(publisher, url=url) for publisher, url in self.references][:MAX_REFERENCES]
        return claims

    def read_person(self, entity: Record) -> PersonClaim:
        """Read a person."""
        ids = person_ids(wikidata=get_text(entity, "id"), **self._ids(entity, PERSON_IDS))
        person = self.builder.person(label_of(entity), ids, *aliases_of(entity), **self._dates(entity, PERSON_DATES))
        if person is None:
            raise SourceError("The person has no name.")
        return person

    def _ids(self, entity: Record, properties: dict[str, str]) -> dict[str, str]:
        """One id of each scheme; of several the first."""
        values = {scheme: values_of(entity, property_id) for scheme, property_id in properties.items()}
        return {scheme: snaks[0].text for scheme, snaks in values.items() if snaks}

    def _statements(self, entity: Record, property_id: str, what: str) -> list[Statement]:
        """The best statements with a value; says what is stated to have none, or an unknown one."""
        statements = best_statements(entity, property_id)
        for statement in statements:
            if statement.snak.kind == NO_VALUE:
                self.builder.unmapped(f"Wikidata says that there is none of this: {what}.")
            elif statement.snak.kind != VALUE:
                self.builder.unmapped(f"Wikidata says that this is not known: {what}.")
            self._add_references(statement)
        return [statement for statement in statements if statement.snak.kind == VALUE]

    def _dates(self, entity: Record, properties: dict[str, tuple[str, str]]) -> dict[str, FieldValue]:
        """Dates; of two that differ none is taken."""
        values: dict[str, FieldValue] = {}
        for field, (property_id, what) in properties.items():
            dates: set[PartialDate] = set()
            for statement in self._statements(entity, property_id, what):
                try:
                    dates.add(statement.snak.date())
                except ValueError as error:
                    self.builder.unmapped(f"{what}: {error}.")
            if len(dates) == 1:
                values[field] = dates.pop()
            elif dates:
                self.builder.unmapped(f"{what} has several dates: {', '.join(sorted(dates))}.")
        return values

    def _name(self, entity_id: str, what: str) -> str:
        name = self.labels.get(entity_id, "")
        if not name:
            self.builder.unmapped(f"Wikidata states {entity_id} as {what}: read that item's file too for its name.")
        return name

    def _add_to_list(self, list_name: str, statement: Statement) -> None:
        item = statement.snak.item
        name = self._name(item, list_name.replace("_", " "))
        if list_name in ("networks", "production_companies", "distributors"):
            self.builder.add_company(list_name, name, "wikidata", item)
        else:
            self.builder.add_to_list(list_name, name)

    def _add_credit(self, role: str, statement: Statement) -> None:
        item = statement.snak.item
        name = self._name(item, role.replace("-", " "))
        character = statement.qualifier(CHARACTER)
        character_name = statement.qualifier(CHARACTER_NAME)
        named_as = statement.qualifier(NAMED_AS)
        text = character_name.text if character_name else self.labels.get(character.item, "") if character else ""
        self.builder.add_credit(
            self.builder.claims,
            role,
            self.builder.person(name, person_ids(wikidata=item), named_as.text if named_as else ""),
            character=text,
            for_some_episodes=is_for_some_episodes(role),
        )

    def _add_references(self, statement: Statement) -> None:
        """Keep the web addresses and the works that a statement rests on."""
        for reference in statement.references:
            texts = {snak.property_id: snak for snak in reference if snak.kind == VALUE}
            url = texts[REFERENCE_URL].text if REFERENCE_URL in texts else ""
            work = texts[STATED_IN].item if STATED_IN in texts else ""
            url = url if url.startswith(("https://", "http://")) else ""
            if url or work:
                self.references[(self.labels.get(work) or work, url)] = None
