"""Claims of sources for tests of imports, written like sentences."""

from catalog.editing.ingest.compare import plan_import
from catalog.editing.ingest.plan import ImportAnswers, ImportSource
from catalog.models import Edit, record_edit
from catalog.partial_date import PartialDate
from catalog.sources.claims import CreditClaim, EpisodeClaim
from catalog.sources.series_claims import (
    PersonClaim,
    PersonCredit,
    PlacedEpisode,
    SeasonClaim,
    SeriesClaims,
    SourceFacts,
)

NEW, SAME, DIFFERS, UNSURE = "new", "same", "differs", "unsure"  # states of cells


def person(name, page="", other_names=(), born=None, **ids):
    """A person with the page and the external ids that a source gives; schemes have underscores."""
    values = (("born", PartialDate(born)),) if born else ()
    external_ids = tuple((scheme.replace("_", "-"), value) for scheme, value in ids.items())
    return PersonClaim(name, external_ids, tuple(other_names), values, page)


def credit(role, who, **details):
    """A credit on a series or season; ``who`` is a name or a person."""
    who = person(who) if isinstance(who, str) else who
    return PersonCredit(CreditClaim(role, who.name, **details), who)


def episode(number, *credits, season=1, ids=(), doubtful=(), other_titles=(), locator="", notes=(), **values):
    """An episode with credits. Dates are text."""
    if "air_date" in values:
        values["air_date"] = PartialDate(values["air_date"])
    claim = EpisodeClaim(number, values, [item.claim for item in credits], notes=list(notes), doubtful=set(doubtful))
    people = [item.person for item in credits]
    return PlacedEpisode(season, claim, tuple(ids), people, locator, list(other_titles))


def statement(
    *episodes, publisher="TVmaze", title="Treme", url="", credits=(), seasons=(), ids=(), values=None, **more
):
    """What a source states about a series."""
    values = {"title": title} | (values or {})
    seasons = [season if isinstance(season, SeasonClaim) else SeasonClaim(season) for season in seasons]
    return SeriesClaims(
        SourceFacts(publisher, title, url), values, external_ids=tuple(ids), credits=list(credits), seasons=seasons,
        episodes=list(episodes), **more,
    )  # fmt: skip


def compare(*claims, series=None, publishes=True, may_add_people=True, **answers):
    """The plan of an import of these claims."""
    sources = [ImportSource("tvmaze", claim) for claim in claims]
    answers = ImportAnswers(**answers)
    return plan_import(sources, series, answers, publishes=publishes, may_add_people=may_add_people)


def fact(plan, key):
    """The fact of a key; fails if there is none."""
    return next(fact for fact in plan.facts() if fact.key == key)


def cells(plan, key):
    """(words, state, whether it is ticked) of the cells of a fact."""
    return [(cell.words, str(cell.state), cell.is_ticked) for cell in fact(plan, key).cells]


def only_cell(plan, key):
    """The only cell of the fact of a key."""
    (cell,) = fact(plan, key).cells
    return cell


def imported(change):
    """Make a change as an import from sources does it."""
    with record_edit(kind=Edit.Kind.SOURCE):
        return change()
