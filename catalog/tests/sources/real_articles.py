"""Real articles of Wikipedia, where they are."""

from catalog.sources import wikipedia
from catalog.sources.series_claims import SourceFacts
from catalog.tests.sources.real_files import read_file


def read_article(name):
    """The claims of a real article of Wikipedia, read in this process."""
    return wikipedia.read_article(read_file(f"wikitext/{name}.mediawiki").decode(), SourceFacts("Wikipedia"))
