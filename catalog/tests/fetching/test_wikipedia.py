"""Fetching from Wikipedia: the article on a series and those on its episodes, with their revisions."""

import pytest

from catalog.fetching import wikipedia as fetching
from catalog.fetching.fetched_text import FetchError
from catalog.fetching.services import fetch
from catalog.sources import wikipedia
from catalog.tests.fetching.local_service import LocalService, Reply
from catalog.tests.fetching.sample_services import wikipedia_reply
from catalog.tests.sources.real_files import needs_real_files, read_file
from catalog.tests.sources.wikipedia_samples import EPISODE_LIST, SEASON, SERIES

LIST = "List of Night Ferry episodes"
PAGES = {
    "Night Ferry": SERIES + "{{Main|List of Night Ferry episodes|Night Ferry (novel)}} [[Night Ferry season 9]]",
    LIST: "{{:Night Ferry season 1}}\n{{:night Ferry (season 2)}}\n{{:Night Ferry season 3}}",
    "Night Ferry season 1": EPISODE_LIST,
    "Night Ferry series 2": SEASON,
    "Fog": "'''Fog''' may be:\n* [[Fog (TV series)]]",
    "Wikipedia:Sandbox": "{{Infobox television}}",
}
REDIRECTS = {"Night Ferry (season 2)": "Night Ferry series 2", "Ferry (TV series)": "Night Ferry"}


def fetch_from(reply, reference):
    service = LocalService({"/w/api.php": reply})
    with service.running() as settings:
        return fetch("wikipedia", reference, settings), service


def fetch_sample(reference):
    return fetch_from(wikipedia_reply(PAGES, REDIRECTS, {"Fog"}), reference)


def test_a_series_with_the_articles_on_its_episodes():
    result, service = fetch_sample("https://en.wikipedia.org/wiki/Ferry_(TV_series)")
    assert [request.query["titles"].split("|") for request in service.requests] == [
        ["Ferry (TV series)"],
        [LIST],
        ["Night Ferry season 1", "night Ferry (season 2)", "Night Ferry season 3"],
    ]
    assert {request.query["maxlag"] for request in service.requests} == {"5"}
    assert [(text.name, text.url, text.revision) for text in result.texts] == [
        ("Night Ferry.wikitext", "https://en.wikipedia.org/wiki/Night_Ferry", "1011"),
        (f"{LIST}.wikitext", "https://en.wikipedia.org/wiki/List_of_Night_Ferry_episodes", "1028"),
        ("Night Ferry season 1.wikitext", "https://en.wikipedia.org/wiki/Night_Ferry_season_1", "1020"),
        ("Night Ferry series 2.wikitext", "https://en.wikipedia.org/wiki/Night_Ferry_series_2", "1020"),
    ]
    assert result.notes == ["Wikipedia has no article “Night Ferry season 3”, which is linked as one with episodes."]


def test_the_reader_reads_what_is_fetched():
    result, _ = fetch_sample("Night Ferry")
    claims = wikipedia.read_series(*(text.content for text in result.texts), title="Night Ferry")
    assert claims.values["title"] == "Night Ferry"
    assert {episode.season for episode in claims.episodes} >= {1, 2}


def test_an_article_on_a_season_is_fetched_alone():
    result, service = fetch_sample("Night Ferry season 1")
    assert [text.name for text in result.texts] == ["Night Ferry season 1.wikitext"]
    assert len(service.requests) == 1


@pytest.mark.parametrize(
    ("reference", "sentence"),
    [
        ("Nowhere", "Wikipedia has no article “Nowhere”."),
        ("Fog", "“Fog” lists several articles: give the title of one, such as “Fog (TV series)”."),
        ("Wikipedia:Sandbox", "“Wikipedia:Sandbox” is no article but another page of Wikipedia."),
    ],
)
def test_what_is_no_article(reference, sentence):
    with pytest.raises(FetchError) as caught:
        fetch_sample(reference)
    assert str(caught.value) == sentence


def test_a_limit_of_articles(monkeypatch):
    monkeypatch.setattr(fetching, "MAX_PAGES", 3)
    result, _ = fetch_sample("Night Ferry")
    assert [text.name for text in result.texts][1:] == [f"{LIST}.wikitext", "Night Ferry season 1.wikitext"]
    assert result.notes == ["3 more articles have episodes: 1 of them were fetched, to the limit."]


def test_articles_are_asked_for_in_batches(monkeypatch):
    monkeypatch.setattr(fetching, "BATCH_SIZE", 2)
    _, service = fetch_sample(LIST)
    assert [len(request.query["titles"].split("|")) for request in service.requests] == [1, 2, 1]


def test_an_answer_in_two_parts():
    def reply(request):
        answer = wikipedia_reply(PAGES)(request)
        if "rvcontinue" not in request.query:
            for page in answer["query"]["pages"]:
                page.pop("revisions", None)
            answer["continue"] = {"rvcontinue": "7|8", "continue": "||"}
        return answer

    result, service = fetch_from(reply, "Night Ferry season 1")
    assert result.texts[0].content.decode() == EPISODE_LIST
    assert [request.query.get("rvcontinue") for request in service.requests] == [None, "7|8"]


def test_an_answer_without_an_end():
    reply = {"query": {"pages": []}, "continue": {"rvcontinue": "1", "continue": "||"}}
    with pytest.raises(FetchError, match="no article"):
        fetch_from(reply, "Night Ferry")


@pytest.mark.parametrize("value", [[], {}, {"query": []}, {"query": {"pages": [{"title": "Night Ferry"}]}}, 5, None])
def test_an_answer_of_another_shape(value):
    with pytest.raises(FetchError, match="Wikipedia has no article “Night Ferry”"):
        fetch_from(Reply(value), "Night Ferry")


def real_text(name):
    return read_file(f"wikitext/{name}.mediawiki").decode()


@needs_real_files
def test_real_articles_on_black_books():
    pages = {"Black Books": real_text("Black_Books")}
    pages["List of Black Books episodes"] = real_text("List_of_Black_Books_episodes")
    result, service = fetch_from(wikipedia_reply(pages), "https://en.wikipedia.org/wiki/Black_Books")
    assert [text.name for text in result.texts] == ["Black Books.wikitext", "List of Black Books episodes.wikitext"]
    assert (len(service.requests), result.notes) == (2, [])
    claims = wikipedia.read_series(*(text.content for text in result.texts), title="Black Books")
    assert len([episode for episode in claims.episodes if episode.season]) == 18


@needs_real_files
def test_real_articles_on_buffy():
    name = "Buffy the Vampire Slayer"
    seasons = [f"{name} (season {number})" for number in (1, 2, 3)]
    pages = {title: real_text(title.replace(" ", "_")) for title in (name, *seasons)}
    pages[f"List of {name} episodes"] = "".join(f"{{{{:{title}}}}}\n" for title in seasons)
    result, _ = fetch_from(wikipedia_reply(pages), name)
    assert len(result.texts) == 5
    claims = wikipedia.read_series(*(text.content for text in result.texts), title=name)
    assert {number: sum(episode.season == number for episode in claims.episodes) for number in (1, 2, 3)} == {
        1: 13,  # with the pilot that was never aired
        2: 22,
        3: 22,
    }
