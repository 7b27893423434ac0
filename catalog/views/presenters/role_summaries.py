"""What people did, as a line for each role: ``Director (3)``, ``Cast: Nellie``."""

from catalog.models import Character, page_queries

MAX_SUMMARY_ROLES = 4  # roles named under a name


def credit_summaries(role_totals):
    """A line for each of the first roles of people, by primary key: ``Director (3)``, ``Cast: Nellie``.

    ``role_totals`` is what an engine's ``role_totals`` returns.
    """
    names = {pk: role.name for pk, role in page_queries.all_roles().items()}
    positions = {pk: position for position, pk in enumerate(names)}
    first_totals = {
        pk: sorted(totals, key=lambda item: positions[item.role])[:MAX_SUMMARY_ROLES]
        for pk, totals in role_totals.items()
    }
    keys = {key for totals in first_totals.values() for item in totals for key in item.characters}
    characters = Character.objects.in_bulk(keys)
    return {
        pk: [
            role_summary(names[item.role], item.total, [str(characters[key]) for key in item.characters])
            for item in totals
        ]
        for pk, totals in first_totals.items()
    }


def role_summary(role, total, characters):
    """``Director (3)``, ``Cast: Nellie``, ``Director``."""
    return f"{role}: {', '.join(characters)}" if characters else f"{role} ({total:,})" if total > 1 else role
