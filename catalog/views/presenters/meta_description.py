"""What a page is about in one or two sentences made of its facts, for search engines and links on other sites."""

from catalog.models import WRITING_ROLES
from catalog.views.presenters.dates import long_date
from catalog.views.presenters.humanize import join_names, plural

EPISODES = ("episode", "episodes")


def makers_sentence(credits):
    """Who directed and who wrote, by credits: a sentence, or nothing."""
    said = []
    for words, roles in (("directed by", ("director",)), ("written by", WRITING_ROLES)):
        names = join_names(credit.credited_as or credit.person.name for credit in credits if credit.role.slug in roles)
        said += [f"{words} {names}"] if names else []
    text = "; ".join(said)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _sentences(*parts):
    return " ".join(filter(None, parts))


def for_series(series, seasons, credits):
    """The premise; how much of it there is and who made it. ``seasons`` are (season, rows)."""
    year = f" ({series.premiered.year})" if series.premiered else ""
    amount = f"{plural(len(seasons), 'season', 'seasons')}, {plural(sum(len(rows) for _, rows in seasons), *EPISODES)}"
    return _sentences(series.premise, f"{series.title}{year}: {amount}.", makers_sentence(credits))


def for_season(season, rows):
    """The synopsis; how many episodes and who made them. ``rows`` are (episode, directors, writers)."""
    place = f"{season.series.title}, {season.name.lower()}: {plural(len(rows), *EPISODES)}."
    return _sentences(season.synopsis, place, makers_sentence([credit for row in rows for credit in row[1] + row[2]]))


def for_episode(episode, credits):
    """The synopsis, or its place and date; who made it."""
    date = f", released {long_date(episode.air_date)}" if episode.air_date else ""
    place = f"Episode {episode.number} of {episode.series.title}, {episode.season.name.lower()}{date}."
    return _sentences(episode.synopsis or place, makers_sentence(credits))


def for_person(person, credits, said):
    """What they are credited for, ``said`` by role, and in which series."""
    on = join_names(credit.parent_series.title for credit in credits)
    return (
        f"{person.name}: {', '.join(said)}{f', in {on}' if on else ''}." if said else f"{person.name}: no credits yet."
    )


def for_company(company, parts):
    """Its part in series."""
    said = [f"{part.get_part_display().lower()} of {part.series.title}" for part in parts]
    return f"{company.name}: {join_names(said) or 'no part in a series recorded yet'}."


def for_list(total, nouns, said, labels):
    """How many there are, and what they are narrowed to or can be narrowed by."""
    narrowed = f", narrowed to {join_names(said)}" if said else ""
    by = (
        f" They can be narrowed by {join_names((label.lower() for label in labels), 6)}." if labels and not said else ""
    )
    return f"{plural(total, *nouns)} in the catalogue{narrowed}.{by}"
