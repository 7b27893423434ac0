"""Copying credits from one episode to another, usually the next one."""

from catalog.editing.credits import MAX_ORDINAL, existing_credits
from catalog.models import Credit, Episode

COPIED_FIELDS = ("person", "role", "character", "kind", "credited_as", "pilot_only", "note")


def next_episode(episode):
    """The next episode of the series in order: of its season, else the first of the next season that has one."""
    own = episode.season.episodes.filter(number__gt=episode.number)
    later = Episode.objects.filter(season__series=episode.season.series_id, season__number__gt=episode.season.number)
    chosen = own.order_by("number").first() or later.order_by("season__number", "number").first()
    return chosen and Episode.objects.select_related("season__series").get(pk=chosen.pk)


def copy_credits(credits, episode):
    """Give ``episode`` the credits that it has not. Billing and teams go on from its own. Returns how many."""
    (there, last), added = existing_credits(episode), 0
    for credit in credits:
        if (credit.person_id, credit.role_id, credit.character_id) in there:
            continue
        billing, team = last.get(credit.role_id, (0, 0))
        made = Credit(episode=episode, **{name: getattr(credit, name) for name in COPIED_FIELDS})
        made.billing = min(MAX_ORDINAL, credit.billing + billing) if credit.billing else None
        made.team = min(MAX_ORDINAL, credit.team + team) if credit.team else None
        made.save()
        added += 1
    return added
