"""Which linked articles have the episodes of a series."""

import time

import pytest

from catalog.fetching.wikipedia_links import episode_pages


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("{{Infobox television\n| list_episodes = List of Fog episodes\n}}", ["List of Fog episodes"]),
        ("| list_episodes = [[List_of_Fog_episodes|Episodes]]\n", ["List of Fog episodes"]),
        ("{{main|List of Fog episodes}}", ["List of Fog episodes"]),
        ("{{Main article|Fog season 1#Cast|Fog season 2|l1=One}}", ["Fog season 1", "Fog season 2"]),
        ("{{:Fog (series 1)}} {{: Fog season 2 }}", ["Fog (series 1)", "Fog season 2"]),
        (
            "{{Series overview\n| link1 = Fog season 1\n| link2A = [[Fog season 2|2]]\n| linkT=Fog specials\n}}",
            ["Fog season 1", "Fog season 2"],
        ),
        ("{{main|Fog season 1}}{{main|fog season 1}}{{:Fog season 1}}", ["Fog season 1", "fog season 1"]),
        ("<!-- {{main|Fog season 1}} -->{{main|Fog<!-- x --> season 2}}", ["Fog season 2"]),
        ("[[Fog season 1]] and {{cite web|title=Fog season 2}}", []),
        ("{{main|Mist season 1|List of Ice episodes|Fog (novel)|Characters of Fog}}", []),
        ("{{main|List of Fog characters}} {{:Fog (TV series)}}", []),
        ("{{#invoke:x|main|Fog season 1}}", []),
    ],
)
def test_links_of_an_article_on_a_series(text, titles):
    assert episode_pages("Fog (TV series)", text) == titles


def test_a_list_of_episodes_has_the_same_links():
    assert episode_pages("List of Fog episodes", "{{:Fog season 1}}{{main|List of Fog episodes}}") == ["Fog season 1"]


@pytest.mark.parametrize("title", ["Fog season 1", "Fog (series 2)", "Fog season two"])
def test_an_article_on_a_season_has_none(title):
    assert episode_pages(title, "{{main|List of Fog episodes}}{{main|Fog season 2}}") == []


@pytest.mark.parametrize("text", ["{{main|" * 50_000, "<!--" * 100_000, "| link1 = " * 40_000, "{{:" * 100_000])
def test_no_text_takes_long(text):
    start = time.perf_counter()
    episode_pages("Fog", text)
    assert time.perf_counter() - start < 1
