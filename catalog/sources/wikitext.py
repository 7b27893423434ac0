"""Render wikitext as plain lines: lists, line breaks and dates stay, comments, footnotes and pictures go."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable

from mwparserfromhell.nodes import ExternalLink, Heading, HTMLEntity, Tag, Template, Text, Wikilink
from mwparserfromhell.wikicode import Wikicode

from catalog.sources.cell_values import MONTH_NAMES

BULLET = "* "  # begins the line of a list item
DATE_TEMPLATES = {"start date", "end date", "start date and age", "end date and age", "start-date", "end-date"}
DATE_TEMPLATES |= {"film date", "tv date", "dts", "date", "release date", "start date and years ago"}
LIST_TEMPLATES = {"plainlist", "plain list", "flatlist", "flat list", "ubl", "ublist", "unbulleted list", "hlist"}
LIST_TEMPLATES |= {
    "ulist",
    "unordered list",
    "bulleted list",
    "columns-list",
    "column list",
    "cast list",
    "div col list",
}
LIST_TEMPLATES |= {"collapsible list", "multicol list", "br separated entries", "ordered list", "ol", "unbullet list"}
FIRST_ARGUMENT = {"nowrap", "nobr", "nowr", "small", "smaller", "big", "nihongo", "abbr", "abbrv", "tooltip", "ill"}
FIRST_ARGUMENT |= {"interlanguage link", "linktext", "noitalic", "nobold", "va", "visible anchor", "not a typo", "sic"}
FIRST_ARGUMENT |= {"url", "center", "okay", "nihongo2", "nihongo3", "as written", "strong", "em", "resize", "val"}
LAST_ARGUMENT = {"lang", "langx", "color", "font color", "colour", "transl", "transliteration", "text", "sort", "hs"}
LITERALS = {"!": "|", "'": "'", "'s": "'s", "-": " – ", "spaced ndash": " – ", "snd": " – ", "ndash": "–", "–": "–"}
LITERALS |= {
    "nbsp": " ",
    "space": " ",
    "&": "&",
    "amp": "&",
    "br": "\n",
    "break": "\n",
    "hr": "\n",
    "crlf": "\n",
    '"': '"',
}
LITERALS |= {
    "n/a": "N/A",
    "na": "N/A",
    "tba": "TBA",
    "tbd": "TBD",
    "tabletba": "TBA",
    "unknown": "",
    "dash": "–",
    "=": "=",
}
SILENT = {"anchor", "dead link", "cn", "fact", "citation needed", "r", "rp", "sfn", "sfnp", "harvnb", "efn", "efn-ua"}
SILENT |= {"refn", "notetag", "note", "ref label", "clarify", "dubious", "when", "who", "clear", "refbegin", "reflist"}
SILENT |= {"col-begin", "col-2", "col-end", "div col", "div col end", "colbegin", "colend", "citation", "webarchive"}
HIDDEN_TAGS = {"ref", "references", "gallery", "math", "style", "script", "timeline", "imagemap", "s", "del", "strike"}
BLOCK_TAGS = {"br", "hr", "p", "div", "table", "tr", "td", "th", "dt", "dd", "center", "blockquote"}
HIDDEN_STYLE = re.compile(r"display\s*:\s*none", re.IGNORECASE)
NAMESPACE = re.compile(r":?(?:file|image|category|media|template|help|wikipedia)\s*:", re.IGNORECASE)
BULLETS = re.compile(r"^(?:\* ?)+")  # an item of a list in an item of a list
WHITE_SPACE = re.compile(r"[^\S\n]+")


def normalize(name: object) -> str:
    """The name of a template or parameter as it is compared: without comments, in lower case, with single spaces."""
    return " ".join(re.sub(r"<!--.*?-->", "", str(name), flags=re.DOTALL).replace("_", " ").casefold().split())


def parameters(template: Template) -> dict[str, Wikicode]:
    """The values of a template's parameters by normalized name; of one given twice, the last counts."""
    return {normalize(parameter.name): parameter.value for parameter in template.params}


def arguments(template: Template) -> list[Wikicode]:
    """The values of the parameters that are numbered, in order."""
    values = parameters(template)
    numbers = sorted(int(name) for name in values if name.isdecimal() and len(name) < 4)
    return [values[str(number)] for number in numbers if str(number) in values]


class Renderer:
    """Renders wikitext as lines; ``unknown_templates`` are the names of those that were left out."""

    def __init__(self) -> None:
        self.unknown_templates: dict[str, None] = {}  # in order

    def text(self, code: Wikicode | None) -> str:
        """The text with single spaces and without empty lines; items of lists begin with BULLET."""
        raw_lines = self._render(code).split("\n") if code is not None else []
        lines = (WHITE_SPACE.sub(" ", line.replace("\xa0", " ")).strip() for line in raw_lines)
        lines = (BULLETS.sub(BULLET, line) for line in lines)
        return "\n".join(line for line in lines if line and line != BULLET.strip())

    def names(self, code: Wikicode | None) -> str:
        """A list of names without the marks of its items; brackets on a line of their own join the name."""
        return re.sub(r"^(?:[*#:;]+ ?)+", "", self.text(code), flags=re.MULTILINE).replace("\n(", " (")

    def line(self, code: Wikicode | None) -> str:
        """The text on one line."""
        return " ".join(self.names(code).split())

    def _render(self, code: Wikicode) -> str:
        return "".join(map(self._render_node, code.nodes))

    def _render_node(self, node: object) -> str:
        if isinstance(node, Text):
            return str(node.value)
        if isinstance(node, Wikilink):
            return self._render_link(node)
        if isinstance(node, Template):
            return self._render_template(node)
        if isinstance(node, Tag):
            return self._render_tag(node)
        if isinstance(node, ExternalLink):
            return self._render(node.title) if node.title is not None else ""
        if isinstance(node, HTMLEntity):
            return str(node.normalize())
        if isinstance(node, Heading):
            return f"\n{self._render(node.title)}\n"
        return ""  # comments and arguments of templates

    def _render_link(self, link: Wikilink) -> str:
        if NAMESPACE.match(str(link.title).strip()):
            return ""
        return self._render(link.title if link.text is None else link.text).lstrip(":")

    def _render_tag(self, tag: Tag) -> str:
        name = normalize(tag.tag)
        if name in HIDDEN_TAGS or any(HIDDEN_STYLE.search(str(attribute)) for attribute in tag.attributes):
            return ""
        if name == "li":
            return f"\n{BULLET}" + (self._render(tag.contents) if tag.contents is not None else "")
        contents = self._render(tag.contents) if tag.contents is not None else ""
        return f"\n{contents}\n" if name in BLOCK_TAGS else contents

    def _render_template(self, template: Template) -> str:
        name = normalize(template.name)
        if name in LITERALS:
            return LITERALS[name]
        if name in SILENT or name.startswith(("cite ", "ref ", "use ", "short description")):
            return ""
        values = arguments(template)
        if name in LIST_TEMPLATES:
            items = values[1:] if name == "columns-list" and len(values) > 1 else values
            return "".join(f"\n{BULLET}{self._render(item).strip()}" for item in items) + "\n"
        if name in DATE_TEMPLATES:
            return self._render_date([self._render(value).strip() for value in values])
        if name in FIRST_ARGUMENT:
            return self._render(values[0]) if values else ""
        if name in LAST_ARGUMENT or name.startswith("lang-"):
            return self._render(values[-1]) if values else ""
        if special := SPECIAL_TEMPLATES.get(name):
            return special(self, template)
        self.unknown_templates[name] = None
        return ""

    @staticmethod
    def _render_date(values: list[str]) -> str:
        """“2005-02-21”, whether or not the page shows the day first; other texts as they are."""
        if len(values) > 1 and values[1].casefold() in MONTH_NAMES:
            return " ".join(reversed(values[:3]))
        numbers: list[str] = []
        for value in values[:3]:
            if not value.isdecimal():
                break
            numbers.append(value.zfill(4 if not numbers else 2))
        return "-".join(numbers) if numbers else " ".join(values)

    def sort_name(self, template: Template) -> str:
        """{{sortname|Dave|Filoni}}"""
        return " ".join(self._render(value).strip() for value in arguments(template)[:2])

    def story_and_teleplay(self, template: Template) -> str:
        """{{StoryTeleplay|s=A|t=B}}"""
        values = parameters(template)
        labels = {"s": "Story by", "t": "Teleplay by", "sp": "Screenplay by", "st": "Story and teleplay by"}
        return "\n".join(f"{label}: {self._render(values[key])}" for key, label in labels.items() if key in values)

    def duration(self, template: Template) -> str:
        """{{Duration|h|m|s}} or {{Duration|m=45}}, in minutes."""
        values = {key: self._render(value).strip() for key, value in parameters(template).items()}
        hours, minutes = values.get("h", values.get("1", "")), values.get("m", values.get("2", ""))
        return " ".join(part for part in (f"{hours}h" if hours else "", f"{minutes} min" if minutes else "") if part)

    def review_scores(self, template: Template) -> str:
        """{{Rotten Tomatoes prose|38|4.83|8}} and {{Metacritic prose|58|4}}"""
        score, *others = [self._render(value).strip() for value in arguments(template)] or [""]
        if normalize(template.name).startswith("metacritic"):
            return f"Metacritic: {score} out of 100, {''.join(others[:1])} reviews"
        return f"Rotten Tomatoes: {score}%, {''.join(others[:1])}/10, {''.join(others[1:2])} reviews"


SPECIAL_TEMPLATES: dict[str, Callable[[Renderer, Template], str]] = {
    "sortname": Renderer.sort_name,
    "storyteleplay": Renderer.story_and_teleplay,
    "duration": Renderer.duration,
    "rotten tomatoes prose": Renderer.review_scores,
    "metacritic prose": Renderer.review_scores,
    "metacritic film prose": Renderer.review_scores,
}


def link_pages(links: Iterable[Wikilink], renderer: Renderer) -> dict[str, set[str]]:
    """For each label of a link, the titles of the pages behind it; sections of pages and files are left out."""
    pages: dict[str, set[str]] = defaultdict(set)
    for link in links:
        page = " ".join(str(link.title).replace("_", " ").split())
        if page and "#" not in page and "{" not in page and not page.startswith(":") and not NAMESPACE.match(page):
            pages[renderer.line(link.text) if link.text is not None else page].add(page)
    return dict(pages)
