"""Expected rows and counts under all suffixes, roles and ranges, in plain Python on the rows of ``oracle``."""

from collections import Counter

from catalog.models import Episode, Series
from catalog.tests.facets import oracle

SUFFIXES = ("", "__all", "__not")
CREDITS, NUMBERS = "credits", "numbers"  # of a row: (role, person, whether it is of the cast), and by column


def episodes():
    """Return the rows of episodes with their roles, credits and numbers."""
    rows, credits = oracle.episodes(), oracle.visible_credits()
    for episode in Episode.objects.select_related("season__series"):
        if episode.slug in rows:
            year = episode.air_date and int(str(episode.air_date)[:4])
            rows[episode.slug][NUMBERS] = {"year": year, "runtime": episode.runtime}
            _add_credits(rows[episode.slug], [credit for credit in credits if oracle.applies_to(credit, episode)])
    return rows


def series():
    """Return the rows of series with their roles and credits."""
    rows, credits = oracle.series(), oracle.visible_credits()
    for record in Series.objects.all():
        if record.slug in rows:
            _add_credits(rows[record.slug], [credit for credit in credits if credit.parent_series == record])
    return rows


def _add_credits(row, credits):
    row[CREDITS] = {(c.role.slug, c.person.slug, c.role.department.slug == "cast") for c in credits}
    row["role"] = {role for role, _, _ in row[CREDITS]}


def values_of(row, name, selection):
    """Return the values of a facet that a row has, with people limited to the selected roles."""
    roles, credits = selection.get("role", ()), row.get(CREDITS, ())
    if name in ("crew", "person") and roles:
        return {person for role, person, is_cast in credits if role in roles and not (is_cast and name == "crew")}
    return row[name] if name in row else {person for role, person, _ in credits if role == name}


def base_names(selection):
    """Return the names of the facets of which something is selected."""
    return {parameter.partition("__")[0] for parameter in selection} - {NUMBERS}


def matches(row, selection):
    """Whether a row matches a selection by parameter."""
    names = base_names(selection)
    for name in names:
        if f"{name}__gte" in selection or f"{name}__lte" in selection:
            number = row[NUMBERS][name]
            low, high = (int(selection.get(f"{name}__{bound}", [n])[0]) for bound, n in (("gte", 0), ("lte", 9999)))
            if number is None or not low <= number <= high:
                return False
        any_of, all_of, none_of = (set(selection.get(name + suffix, ())) for suffix in SUFFIXES)
        is_missing = f"{name}__missing" in selection
        if name == "role" and any_of and CREDITS in row and names & {"crew", "person"}:
            any_of, is_missing = set(), False
        values = values_of(row, name, selection) if name in row or name != "runtime" else set()
        if (any_of or is_missing) and not values & any_of and not (is_missing and not values):
            return False
        if not all_of <= values or values & none_of:
            return False
    return True


def narrow(rows, selection):
    """Return the matching rows."""
    return {slug: row for slug, row in rows.items() if matches(row, selection)}


def without(selection, name, suffixes=("", "__missing")):
    """Return the selection without some parameters of a facet."""
    left_out = [name + suffix for suffix in suffixes]
    return {parameter: values for parameter, values in selection.items() if parameter not in left_out}


def count_values(rows, selection, name):
    """Return how many rows have each value of a facet, as its counts say."""
    if f"{name}__all" in selection:
        return Counter(value for row in narrow(rows, selection).values() for value in values_of(row, name, selection))
    others = without(selection, name)
    if name == "role" and base_names(selection) & {"crew", "person"}:
        roles = set().union(*(row["role"] for row in rows.values()))
        return +Counter({role: len(narrow(rows, others | {"role": [role]})) for role in roles})
    return Counter(value for row in narrow(rows, others).values() for value in values_of(row, name, selection))


def count_not_recorded(rows, selection, name):
    """Return how many of the rows that the other facets leave have no value of a facet."""
    others = without(selection, name, (*SUFFIXES, "__missing"))
    return len(narrow(rows, others | {f"{name}__missing": ["1"]}))


def random_selection(rng, rows):
    """Return a selection of one to four facets, roles among them, with suffixes, and ranges where rows have numbers."""
    selection, first = {}, next(iter(rows.values()))
    roles = {"editor", *oracle.ROLES} if CREDITS in first else set()
    facets = (first.keys() | roles) - {CREDITS, NUMBERS}
    for name in rng.sample(sorted(facets), rng.randint(1, 4)):
        existing = sorted(set().union(*(values_of(row, name, {}) for row in rows.values())))
        for suffix in rng.sample(SUFFIXES, rng.choice((1, 1, 2))):
            values = rng.sample(existing, rng.randint(1, min(2, len(existing)))) if existing else ["nobody"]
            selection[name + suffix] = [*values, "no-such-value"] if rng.random() < 0.1 else values
        if rng.random() < 0.2 and name != "with":
            selection[f"{name}__missing"] = ["1"]
    if NUMBERS in first and rng.random() < 0.3:
        selection |= {rng.choice(("year__gte", "year__lte")): ["2019"], "runtime__gte": [str(rng.choice((1, 30)))]}
    return selection
