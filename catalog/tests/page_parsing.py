"""Reading pages in tests: by the marks that the contract promises, never by how a page looks."""

from lxml import html


def parse_page(response):
    """The page of a response, parsed."""
    return html.document_fromstring(response.content.decode())


def get_page(client, address, status=200):
    """The page at ``address``, parsed; it has to answer ``status``."""
    response = client.get(address)
    assert response.status_code == status, f"{address} answers {response.status_code}"
    return parse_page(response)


def result_total(page):
    """How many records match, as ``<main data-total>`` says."""
    return int(page.cssselect("main")[0].get("data-total"))


def result_slugs(page):
    """The results in their order."""
    return [article.get("data-slug") for article in page.cssselect("main article[data-slug]")]


def facet_values(page, facet):
    """The values of a facet as the page shows them: ``{slug: count}``."""
    found = page.cssselect(f'[data-facet="{facet}"] [data-value]')
    return {value.get("data-value"): int(value.get("data-count")) for value in found}


def selected_values(page, facet):
    """The values of a facet that are marked as chosen."""
    found = page.cssselect(f'[data-facet="{facet}"] [data-value][aria-current="true"]')
    return {value.get("data-value") for value in found}


def text(element):
    """The words of an element with single spaces."""
    return " ".join(element.text_content().split())
