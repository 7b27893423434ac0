"""Helpers that read pages in tests by the marks of the contract, which do not depend on how a page looks."""

from lxml import html


def parse_page(response):
    """The page of a response, parsed."""
    return html.document_fromstring(response.content.decode())


def get_page(client, url, status=200):
    """The page at ``url``, parsed; fails unless it has ``status``."""
    response = client.get(url)
    assert response.status_code == status, f"{url} has status {response.status_code}"
    return parse_page(response)


def result_total(page):
    """The number of matching records, from ``<main data-total>``."""
    return int(page.cssselect("main")[0].get("data-total"))


def result_slugs(page):
    """The slugs of the results, in order."""
    return [article.get("data-slug") for article in page.cssselect("main article[data-slug]")]


def facet_values(page, facet):
    """The values of a facet on the page: ``{slug: count}``."""
    values = page.cssselect(f'[data-facet="{facet}"] [data-value]')
    return {value.get("data-value"): int(value.get("data-count")) for value in values}


def selected_values(page, facet):
    """The slugs of a facet's selected values."""
    values = page.cssselect(f'[data-facet="{facet}"] [data-value][aria-current="true"]')
    return {value.get("data-value") for value in values}


def text(element):
    """The text of an element with single spaces."""
    return " ".join(element.text_content().split())


def main_text(client, url):
    """The text of the main part of a page."""
    return text(get_page(client, url).cssselect("main")[0])
