"""When scheduled records become visible: the next and the last moment of publication."""

from django.db.models import Max, Min

from catalog.models.company import Company
from catalog.models.episode import Episode
from catalog.models.person import Person
from catalog.models.series import Season, Series

PUBLISHED_MODELS = {"series": Series, "season": Season, "episode": Episode, "person": Person, "company": Company}


def next_publication(after):
    """The next moment for which something is planned, or None."""
    return min(_publication_times(Min, published_at__gt=after), default=None)


def last_publication(until):
    """The latest moment up to ``until`` at which something came into sight, or None."""
    return max(_publication_times(Max, published_at__lte=until), default=None)


def _publication_times(which, **condition):
    for model in PUBLISHED_MODELS.values():
        moment = model._base_manager.filter(**condition).aggregate(at=which("published_at"))["at"]
        if moment is not None:
            yield moment
