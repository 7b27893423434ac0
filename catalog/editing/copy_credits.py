"""Copy credits from one episode to another, usually the next one."""

from collections.abc import Iterable

from catalog.editing.credits import MAX_ORDINAL, existing_credits
from catalog.models import Credit, Episode

COPIED_FIELDS = ("person", "role", "character", "kind", "credited_as", "pilot_only", "note")


def next_episode(episode: Episode) -> Episode | None:
    """The next episode of the season, else the first of the next season that has one; None after the last."""
    same_season = episode.season.episodes.filter(number__gt=episode.number)
    later_seasons = Episode.objects.filter(
        season__series=episode.season.series_id, season__number__gt=episode.season.number
    )
    following = same_season.order_by("number").first() or later_seasons.order_by("season__number", "number").first()
    return following and Episode.objects.select_related("season__series").get(pk=following.pk)


def copy_credits(credits: Iterable[Credit], episode: Episode) -> int:
    """Give the episode the credits that it lacks; billing and teams continue its own. Returns how many were added."""
    existing, added = existing_credits(episode), 0
    for credit in credits:
        if (credit.person_id, credit.role_id, credit.character_id) in existing.keys:
            continue
        billing, team = existing.last_numbers.get(credit.role_id, (0, 0))
        copied = {name: getattr(credit, name) for name in COPIED_FIELDS}
        copied["billing"] = min(MAX_ORDINAL, credit.billing + billing) if credit.billing else None
        copied["team"] = min(MAX_ORDINAL, credit.team + team) if credit.team else None
        Credit.objects.create(episode=episode, **copied)
        added += 1
    return added
