"""Unite what several articles state about one series: the article on the series and those on its seasons."""

from catalog.sources.series_claims import SeasonClaim, SeriesClaims, SourceError


def add_page(claims: SeriesClaims, page: SeriesClaims) -> None:
    """Add the claims of another page to ``claims``. What the pages before state already stays as it is."""
    title, page_title = claims.values.get("title"), page.values.get("title")
    if title and page_title and str(title).casefold() != str(page_title).casefold():
        raise SourceError(f"The pages are about two series: “{title}” and “{page_title}”.")
    claims.values = page.values | claims.values
    for name, values in page.lists.items():
        names = claims.lists.setdefault(name, [])
        names += [value for value in values if value not in names]
    claims.external_ids = claims.external_ids or page.external_ids
    claims.credits += [credit for credit in page.credits if credit not in claims.credits]
    _add_seasons(claims.seasons, page.seasons)
    numbers = {
        (episode.season, episode.claim.number) for episode in claims.episodes if episode.claim.number is not None
    }
    for episode in page.episodes:
        if (episode.season, episode.claim.number) not in numbers:
            claims.episodes.append(episode)
        else:
            claims.unmapped.append(
                f"Season {episode.season}, episode {episode.claim.number} is on two pages; the first is taken."
            )
    claims.other_titles += [other for other in page.other_titles if other not in claims.other_titles]
    claims.reviews += [review for review in page.reviews if review not in claims.reviews]
    claims.references += [reference for reference in page.references if reference not in claims.references]
    claims.unmapped += [sentence for sentence in page.unmapped if sentence not in claims.unmapped]


def _add_seasons(seasons: list[SeasonClaim], others: list[SeasonClaim]) -> None:
    """Add seasons; one that is there gets what it lacks."""
    by_number = {season.number: season for season in seasons}
    for other in others:
        season = by_number.setdefault(other.number, other)
        if season is not other:
            season.values = other.values | season.values
            season.credits += [credit for credit in other.credits if credit not in season.credits]
    seasons[:] = [by_number[number] for number in sorted(by_number)]
