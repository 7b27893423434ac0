"""What a source states and what the catalogue has, as lines that can be compared."""

from catalog.models import Episode, Series
from catalog.sources.role_words import role_of


def claim_lines(claims):
    """The lines of the claims of a series; titles that the reader doubts are left out."""
    yield from _values("series", claims.values)
    yield f"ids {dict(claims.external_ids)}"
    yield from (f"title {title.title} {title.kind} {title.language} {title.note}" for title in claims.other_titles)
    for credit in claims.credits:
        yield from _claim_credit("series", credit.claim, credit.person)
    yield from (f"season {season.number}" for season in claims.seasons)
    for episode in claims.episodes:
        code = f"{episode.season}x{episode.claim.number}"
        doubtful = episode.claim.doubtful
        values = {name: value for name, value in episode.claim.values.items() if name not in doubtful}
        yield from _values(code, values)
        yield f"{code} ids {dict(episode.external_ids)}"
        for title in episode.other_titles:
            yield f"{code} title {title.title} {title.kind} {title.language} {title.note}"
        for claim, person in zip(episode.claim.credits, episode.people, strict=True):
            yield from _claim_credit(code, claim, person)


def _values(owner, values):
    return (f"{owner} {name} {value}" for name, value in values.items() if value)


def _claim_credit(owner, claim, person):
    facts = claim.character, claim.credited_as, claim.note, claim.for_some_episodes
    yield f"{owner} credit {role_of(claim.role)} {claim.name} {dict(person.external_ids)['imdb']} {facts}"
    yield from (f"person {claim.name} {name} {value}" for name, value in person.values)


def record_lines(series_id):
    """The same lines of the series with this IMDb id in the catalogue."""
    series = Series.objects.get(external_ids__value=series_id)
    fields = "title", "premiered", "ended", "runtime_min", "runtime_max"
    yield from _values("series", {name: getattr(series, name) for name in fields})
    yield f"ids {_ids(series)}"
    yield from (f"title {_title_line(title)}" for title in series.titles.all())
    yield from _record_credits("series", series.credits)
    yield from (f"season {number}" for number in series.seasons.values_list("number", flat=True))
    for episode in Episode.objects.filter(season__series=series):
        code = f"{episode.season.number}x{episode.number}"
        values = {name: getattr(episode, name) for name in ("title", "air_date", "runtime")}
        yield from _values(code, values)
        yield f"{code} ids {_ids(episode)}"
        yield from (f"{code} title {_title_line(title)}" for title in episode.titles.all())
        yield from _record_credits(code, episode.credits)


def _title_line(title):
    return f"{title.title} {title.kind} {title.language.code if title.language else ''} {title.note}"


def _ids(record):
    return {item.scheme: item.value for item in record.external_ids.all()}


def _record_credits(owner, credits):
    for credit in credits.select_related("person", "role", "character"):
        person, character = credit.person, credit.character.name if credit.character else ""
        facts = character, credit.credited_as, credit.note, credit.for_some_episodes
        yield f"{owner} credit {credit.role.slug} {person.name} {_ids(person)['imdb']} {facts}"
        values = {"born": person.born, "died": person.died}
        yield from _values(f"person {person.name}", values)
