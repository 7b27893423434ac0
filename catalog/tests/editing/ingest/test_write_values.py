"""Writing the values of an import."""

import pytest

from catalog.models import (
    Citation,
)
from catalog.partial_date import PartialDate
from catalog.tests import factories as make
from catalog.tests.editing.ingest.plans import (
    cell,
    plan,
    planned,
    value,
    write,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "stated", "reason"),
    [
        ("title", "T" * 201, "at most 200 characters"),
        ("runtime", 5000, "less than or equal to 1440"),
        ("air_date", PartialDate("2001-01-01"), ""),
        ("last_number", 1, "comes after its first"),
    ],
)
def test_a_value_that_breaks_a_rule_is_refused_and_the_others_are_written(name, stated, reason):
    episode = make.episode(production_code="")
    facts = value(name, cell(stated)), value("production_code", cell("A1"))
    result, _ = write(plan(episode.series, planned(episode.series), planned(episode, *facts)))
    episode.refresh_from_db()
    assert episode.production_code == "A1"
    if reason:
        assert len(result.refused) == 1
        assert result.refused[0].startswith(f"S01E01, {name.replace('_', ' ')} was not written: ")
        assert reason in result.refused[0]
        assert set(Citation.objects.values_list("field", flat=True)) == {"production_code"}
    else:
        assert (episode.air_date, result.refused) == (stated, [])
