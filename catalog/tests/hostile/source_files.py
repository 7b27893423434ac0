"""Hostile files for the readers of sources, and the beginning of the sentence that refuses each.

The sentence is that of ``detect_kind``, or of the reader that it names. READ stands for files that are read: what
they state is harmless. The sizes are what an upload may have, or more.
"""

import gzip
import io
import json
import zipfile
from collections.abc import Callable

from catalog.tests.hostile.workbooks import WORKBOOKS
from catalog.tests.sources.samples import SAMPLES

READ = ""
UNKNOWN = "The file is none of the formats that can be read."
TOO_LARGE = "The file is larger than 5 MB."
COMPRESSED = "The file is compressed: unpack it first."
HAS_DTD = "The XML file has a DTD or entities, which are not read."
MANY_TAGS = "The file has more than 200,000 XML tags: split it."
BAD_XML = "The file is not valid XML: it is damaged, or ends too early."
CUT_OFF = "The JSON file ends too early: download it again."
BAD_NUMBER = "The JSON file has a number that cannot be read."
BINARY = "The file is not a text but a picture or another binary file."
NOT_UTF_8 = "The file is not UTF-8 text: save it in that encoding."
MANY_CELLS = "The table has more than 100020 cells: split it."
NO_ROWS = "The table has no rows of episodes."
# By the limit of time or of memory, whichever is reached first.
TOO_SLOW = ("The text was not read within", "This text cannot be read: its markup is damaged")
DEEP = "The file has too many lists within lists to be read."
IMDB = "tconst\ttitleType\tprimaryTitle\tstartYear\n"
SERIES_ROW = "tt0000001\ttvSeries\tNight Shift\t2001\n"
NFO = "<tvshow><title>Night Shift</title>{}</tvshow>"
JSON_LD = '<html><script type="application/ld+json">{}</script></html>'
TABLE = "season,episode,title,director,writer,date\n"
EPISODES = "{{{{Infobox television|name=Night Shift}}}}\n{}"


def nested_entities(start: str) -> str:
    """XML whose entities unpack to 10^12 letters."""
    entities = "".join(f'<!ENTITY e{number} "{f"&e{number - 1};" * 10}">' for number in range(1, 12))
    return f'{start}<!DOCTYPE x [<!ENTITY e0 "ha">{entities}]>' + NFO.format("<plot>&e11;</plot>")


def zip_of(name: str, size: int) -> bytes:
    """A ZIP archive of one file of zeros."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, b"0" * size)
    return stream.getvalue()


def tvmaze_episodes(total: int) -> str:
    """A show of TVmaze with the first episode many times."""
    show = json.loads(SAMPLES["tvmaze"])
    show["_embedded"]["episodes"] = show["_embedded"]["episodes"][:1] * total
    return json.dumps(show)


SOURCE_FILES: dict[str, tuple[Callable[[], bytes | str], str | tuple[str, ...]]] = {  # name: (content, sentence)
    # Size and compression
    "empty": (lambda: b"", UNKNOWN),
    "white space": (lambda: b" \r\n\t" * 250_000, UNKNOWN),
    "a line of 100 MB": (lambda: b"a" * 100_000_000, TOO_LARGE),
    "a text of 100 MB": (lambda: "a" * 100_000_000, TOO_LARGE),
    "a line of just under 5 MB": (lambda: b"a" * 4_999_999, UNKNOWN),
    "zeros": (lambda: b"\x00" * 1_000_000, UNKNOWN),
    "gzip of 100 MB": (lambda: gzip.compress(b"\x00" * 100_000_000, 1), COMPRESSED),
    "gzip in gzip": (lambda: gzip.compress(gzip.compress(b"\x00" * 100_000_000, 1)), COMPRESSED),
    "gzip cut off": (lambda: gzip.compress(SAMPLES["tvmaze"].encode())[:-20], COMPRESSED),
    "gzip of a table with a bomb": (
        lambda: gzip.compress((IMDB + SERIES_ROW).encode() + b"\x00\n" * 50_000_000, 1),
        "The file unpacks to more than 60 times its size, so it is not read.",
    ),
    "gzip of a table cut off": (
        lambda: gzip.compress((IMDB + SERIES_ROW * 9_000).encode())[:-20],
        "The file is damaged or ends too early: download it again.",
    ),
    "a table with a line of 30 MB": (
        lambda: (IMDB + SERIES_ROW).encode() + b"a" * 30_000_000,
        "The file has a line of more than 1 MB, so it is no table.",
    ),
    "ZIP of 100 MB": (lambda: zip_of("a.json", 100_000_000), "Unpacked, the file is larger than 50 MB: split it."),
    "ZIP that is no workbook": (lambda: zip_of("a.json", 100), "The file cannot be read as XLSX."),
    "bzip2": (lambda: b"BZh91AY&SY" + b"a" * 99, COMPRESSED),
    # Encodings
    "random bytes": (lambda: bytes(range(256)) * 4_000, BINARY),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", BINARY),
    "a PDF": (lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", BINARY),
    "JSON in Latin-1": (
        lambda: SAMPLES["tvmaze"].replace("{", '{"x": "é", ', 1).encode("latin-1"),
        NOT_UTF_8,
    ),
    "UTF-16 cut off": (lambda: SAMPLES["tvmaze"].encode("utf-16")[:-1], "The file is not UTF-16 text"),
    "UTF-32 of no letters": (lambda: b"\xff\xfe\x00\x00" + b"\xff" * 400, "The file is not UTF-32 text"),
    "UTF-7": (lambda: "<script>é{}".encode("utf-7"), UNKNOWN),
    "XML that says UTF-7": (lambda: b'<?xml version="1.0" encoding="utf-7"?>\xff', NOT_UTF_8),
    "XML of an unknown encoding": (
        lambda: b'<?xml version="1.0" encoding="rot13"?>\xff<tvshow/>',
        NOT_UTF_8,
    ),
    "lone surrogates": (lambda: "\ud800" * 5_000, UNKNOWN),
    "NUL in JSON": (lambda: SAMPLES["tvmaze"].replace("{", '{"\x00": 1, ', 1), "The file is not valid JSON"),
    # JSON
    "JSON, lists": (lambda: b"[[" + b"[" * 1_000_000, UNKNOWN),
    "JSON, lists in an object": (lambda: b'{"id": ' + b"[" * 1_000_000, DEEP),
    "JSON, objects": (lambda: b'{"id":' * 200_000, DEEP),
    "JSON, closed lists": (lambda: b'{"id": ' + b"[" * 300_000 + b"]" * 300_000 + b"}", DEEP),
    "JSON cut off": (lambda: SAMPLES["tmdb"][:-1], CUT_OFF),
    "JSON, a number of 1 MB": (
        lambda: '{"id": ' + "9" * 1_000_000 + "}",
        BAD_NUMBER,
    ),
    "JSON, exponents": (lambda: json.dumps({"id": 1}).replace("1", "1e999999999"), UNKNOWN),
    "JSON, not a number": (lambda: '{"id": NaN}', BAD_NUMBER),
    "JSON, 100,000 keys": (lambda: "{" + ",".join(f'"{number}": 1' for number in range(100_000)) + "}", UNKNOWN),
    "JSON, colliding numbers": (lambda: json.dumps([{"id": (2**61 - 1) * n} for n in range(60_000)]), UNKNOWN),
    "JSON, twice in one file": (lambda: SAMPLES["tvmaze"] * 2, "The file is not valid JSON"),
    "TVmaze, 5,000 episodes of one number": (lambda: tvmaze_episodes(5_000), READ),
    # XML
    "XML, nested entities": (
        lambda: nested_entities('<?xml version="1.0"?>'),
        HAS_DTD,
    ),
    "XML, an external entity": (
        lambda: '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hosts">]>' + NFO.format("<plot>&e;</plot>"),
        HAS_DTD,
    ),
    "XML, a DTD elsewhere": (
        lambda: '<!DOCTYPE tvshow SYSTEM "http://127.0.0.1:9/x.dtd">' + NFO.format(""),
        HAS_DTD,
    ),
    "XML, entities in UTF-16": (
        lambda: nested_entities("").encode("utf-16"),
        HAS_DTD,
    ),
    "XML, an entity of 1 MB 4,000 times": (
        lambda: f'<!DOCTYPE x [<!ENTITY e "{"a" * 1_000_000}">]>' + NFO.format("&e;" * 4_000),
        UNKNOWN,
    ),
    "XML, 300,000 nested elements": (
        lambda: "<tvshow>" + "<a>" * 300_000,
        MANY_TAGS,
    ),
    "XML, nested and closed": (
        lambda: NFO.format("<a>" * 100_000 + "</a>" * 100_000),
        MANY_TAGS,
    ),
    "XML, 50,000 attributes": (
        lambda: "<tvshow " + "".join(f"a{number}='' " for number in range(50_000)) + "><title>A</title></tvshow>",
        READ,
    ),
    "XML, one attribute twice": (
        lambda: '<tvshow a="" a=""/>',
        BAD_XML,
    ),
    "XML cut off": (lambda: SAMPLES["nfo"][:-9], BAD_XML),
    "XML, 150,000 actors": (
        lambda: NFO.format("<actor><name>A</name></actor>" * 150_000),
        MANY_TAGS,
    ),
    # Web pages
    "HTML, 300,000 nested elements": (
        lambda: "<div>" * 300_000 + JSON_LD.format(""),
        CUT_OFF,
    ),
    "HTML, 10,000 blocks of JSON-LD": (lambda: JSON_LD.format("{}") * 10_000, "The page has no facts about a series."),
    "HTML, a comment without end": (lambda: "<html><!--" + "-" * 1_000_000, UNKNOWN),
    "HTML, tags without end": (
        lambda: '<html><script type="application/ld+json">' + "<" * 1_000_000,
        "The page has no JSON-LD.",
    ),
    "HTML, deep JSON-LD": (lambda: JSON_LD.format('{"@type":' * 100_000), DEEP),
    "HTML, entities": (lambda: "<html>" + "&" * 1_000_000, UNKNOWN),
    # Wikitext: its parser is ended by the limit of its process
    "wikitext, templates and links": (lambda: EPISODES.format("{{a|b=[[" * 20_000), TOO_SLOW),
    "wikitext, external links": (lambda: EPISODES.format("[http://a " * 50_000), TOO_SLOW),
    "wikitext, tables": (lambda: EPISODES.format("{|\n" * 50_000), TOO_SLOW),
    "wikitext, references": (lambda: EPISODES.format("<ref>" * 50_000), TOO_SLOW),
    # Tables
    "table, quotation marks": (lambda: TABLE + '"' * 2_000_000, NO_ROWS),
    "table, opened cells": (lambda: TABLE + '"a,' * 600_000, MANY_CELLS),
    "table, empty rows": (
        lambda: TABLE + ",,,,,\n" * 300_000,
        "At most 5000 rows at once; this text has 300001 lines.",
    ),
    "table, line ends": (lambda: TABLE + "\n" * 2_000_000, "At most 5000 rows at once; this text has 2000001 lines."),
    "table, one row of 1 million cells": (
        lambda: TABLE + "," * 1_000_000,
        MANY_CELLS,
    ),
    "table, 1 million columns": (lambda: "season,episode,title" + ",a" * 1_000_000 + "\n1,1,A\n", UNKNOWN),
    "table, 100,000 rows": (
        lambda: TABLE + "1,1,A,B C,D E,2001-02-03\n" * 100_000,
        MANY_CELLS,
    ),
    "table, a cell of 1 MB": (lambda: TABLE + f"1,1,{'A' * 1_000_000},B C,D E,2001-02-03\n", READ),
    "table, 100,000 names in a cell": (lambda: TABLE + f"1,1,A,{'B C & ' * 100_000},D E,2001-02-03\n", READ),
    "table, numbers without end": (
        lambda: TABLE + f"{'9' * 5_000},{'9' * 5_000},A,B C,D E,9999-99-99\n",
        NO_ROWS,
    ),
    "table, spaces": (lambda: TABLE + f"1,1,{' ' * 1_000_000}A,B C,D E,2001-02-03\n", READ),
    "table, formulas": (lambda: TABLE + "1,1,=cmd|'/c calc'!A1,@SUM(A1),-1+1,2001-02-03\n", READ),
    "table, bars": (lambda: "| season | episode | title |\n" + "|" * 1_000_000, NO_ROWS),
    "JSON rows, 60,000": (
        lambda: json.dumps(
            [{"season": 1, "episode": number, "title": "A", "director": "B C"} for number in range(60_000)]
        ),
        "At most 5000 rows at once; this file has 60000.",
    ),
    # What texts say
    "markup in texts": (
        lambda: json.dumps(
            json.loads(SAMPLES["tvmaze"]) | {"name": "<script>alert(1)</script><img src=x onerror=alert(1)>\u202e\x00"}
        ),
        READ,
    ),
    "links that run scripts": (
        lambda: json.dumps(
            json.loads(SAMPLES["tvmaze"]) | {"url": "javascript:alert(1)", "officialSite": "javascript:alert(1)"}
        ),
        READ,
    ),
    **{f"XLSX, {name}": case for name, case in WORKBOOKS.items() if name in ("2.5 million strings", "nested entities")},
}
