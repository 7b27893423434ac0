"""One or two sentences about a page made of its facts, for search engines and for links on other sites."""

from catalog.models import WRITING_ROLES
from catalog.views.presenters.dates import long_date
from catalog.views.presenters.humanize import join_names, plural

EPISODES = ("episode", "episodes")
MAX_NAMED_FACETS = 6


def makers_sentence(credits) -> str:
    """``Directed by A; written by B and C.``, or nothing."""
    parts = []
    for words, roles in (("directed by", ("director",)), ("written by", WRITING_ROLES)):
        names = join_names(credit.credited_as or credit.person.name for credit in credits if credit.role.slug in roles)
        parts += [f"{words} {names}"] if names else []
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _join_sentences(*sentences):
    """The sentences in one line: a premise may have several paragraphs."""
    return " ".join(" ".join(sentences).split())


def for_series(series, totals: tuple[int, int], credits) -> str:
    """The premise, the number of seasons and episodes, who made it. ``totals`` are these two numbers."""
    year = f" ({series.premiered.year})" if series.premiered else ""
    season_total, episode_total = totals
    amounts = plural(season_total, "season", "seasons"), plural(episode_total, *EPISODES)
    amount = ", ".join(amounts[: bool(season_total) + bool(episode_total)]) or "no episodes listed yet"
    return _join_sentences(series.premise, f"{series.title}{year}: {amount}.", makers_sentence(credits))


def for_season(season, total: int, credits) -> str:
    """The synopsis, the number of episodes, who made them."""
    episodes = plural(total, *EPISODES) if total else "no episodes listed yet"
    amount = f"{season.series.title}, {season.name.lower()}: {episodes}."
    return _join_sentences(season.synopsis, amount, makers_sentence(credits))


def for_episode(episode, credits) -> str:
    """The synopsis, else season and date; who made it."""
    date = f", released {long_date(episode.air_date)}" if episode.air_date else ""
    position = f"{episode.series.title}, {episode.season.name.lower()}, {episode.number_name.lower()}{date}."
    return _join_sentences(episode.synopsis or position, makers_sentence(credits))


def for_person(person, series, summary: list[str]) -> str:
    """``summary`` by role (catalog.views.presenters.role_summaries), and the series worked on."""
    if not summary:
        return f"{person.name}: no credits listed yet."
    titles = join_names(item.title for item in series)
    return f"{person.name}: {', '.join(summary)}{f', in {titles}' if titles else ''}."


def for_pair(pair, totals, series) -> str:
    """What two people share (catalog.views.presenters.pair_work.PairTotals), and the series that both worked on."""
    titles = join_names(item.title for item in series)
    return f"{pair}: {totals.sentence}{f' They both worked on {titles}.' if titles else ''}"


def for_company(company, parts) -> str:
    """Its parts in series."""
    texts = [f"{part.get_part_display().lower()} of {part.series.title}" for part in parts]
    return f"{company.name}: {join_names(texts) or 'no part in a series listed yet'}."


def for_character(character, credits) -> str:
    """The series, who plays it, what it is."""
    performers = join_names(dict.fromkeys(credit.person.name for credit in credits))
    played = f", played by {performers}" if performers else ""
    return _join_sentences(f"{character}, a character in {character.series.title}{played}.", character.description)


def for_song(song, cues) -> str:
    """Title, artist, and the first episodes and series in which it is heard."""
    subjects = join_names(cue.subject_label for cue in cues)
    return f"{song}: heard in {subjects}."


def for_songs(total: int, text: str) -> str:
    """How many songs there are, or are found by ``text``."""
    words = f" by title or artist “{text}”" if text else ""
    return f"{plural(total, 'song', 'songs')}{words} heard in television series, with artist and episodes."


def for_list(total: int, record_type: tuple[str, str], selection: str, facets: list[str]) -> str:
    """The ``selection`` in words and how many records match; without one, the ``facets`` to filter by."""
    amount = f"{plural(total, *record_type)} in the catalogue."
    if selection:
        return f"{selection}: {amount}"
    labels = join_names((label.lower() for label in facets), MAX_NAMED_FACETS)
    return f"{amount} They can be narrowed by {labels}." if labels else amount
