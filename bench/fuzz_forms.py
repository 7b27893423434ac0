"""The data that ``bench.fuzz`` sends: forms as a browser would send them, some fields changed, and hostile values."""

import lxml.html

HOSTILE = [
    *("", " ", "0", "-1", "9" * 30, "9" * 5_000, "1e999", "NaN", "Infinity", "1.5", "x", "x" * 10_000, "None", "[]"),
    *("a\x00b", "é", "😀" * 50, "\u202eabc", "\ud800", "<script>alert(1)</script>", "{{7*7}}", "{% debug %}", "%s%n"),
    *("' OR 1=1 --", '"' * 500, "(" * 500, "[", "\\", "%", "%00", "_", "*", "../../etc/passwd", "//evil.example", "{}"),
    *("javascript:alert(1)", "2018-02-30", "9999-12-31", "0000", "٣", "1_000", "+1", "true", "on", "=1+1", "a\r\nb: c"),
]
TOKEN = "csrfmiddlewaretoken"
MAX_TYPED_CHARACTERS = 200  # of a text to which a word is added, so that it stays valid
INVENTED_FIELDS = ["post", "action", "_selected_action", "name", "title"]  # of an address without a form


def encoded(text):
    """Text as bytes for a query, lone surrogates too."""
    return text.encode("utf-8", "surrogatepass")


def clean(text):
    """Text that a header or a form can carry: no lone surrogates or line ends."""
    return text.encode("utf-8", "replace").decode().replace("\r", "").replace("\n", " ")


def largest_form(page):
    """The form of a response with most fields, apart from that for signing out; None if there is none."""
    if page.status_code != 200 or not page.headers["Content-Type"].startswith("text/html"):
        return None
    forms = lxml.html.document_fromstring(page.content).forms
    forms = [form for form in forms if form.method == "POST" and form.get("id") != "logout-form"]
    return max(forms, key=lambda form: len(form.fields), default=None)


def form_data(form, rng):
    """The values of a form, lists by name, as if one of its buttons was pressed."""
    data = {}
    for name, value in form.form_values():
        if "__prefix__" not in name:
            data.setdefault(name, []).append(value)
    buttons = form.cssselect("input[type=submit][name], button[name]")
    if buttons:
        button = rng.choice(buttons)
        data[button.get("name")] = [button.get("value", "")]
    return data


def fields_of(form):
    """The elements in which something can be typed or chosen."""
    return [
        element
        for element in form.cssselect("select[name], textarea[name], input[name]")
        if element.get("type") not in ("hidden", "file", "submit", "button", "password")
        and "__prefix__" not in element.get("name")
        and element.get("name") != "_edit_summary"
    ]


def fill_required(form, data, rng):
    """Fill the required fields that are empty."""
    for element in fields_of(form):
        name = element.get("name")
        if element.get("required") is None or any(data.get(name, [])):
            continue
        if element.tag == "select":  # without options its page fetches them; a key may be that of a record
            keys = [option.get("value") for option in element.cssselect("option") if option.get("value")]
            data[name] = [rng.choice(keys or [str(rng.randrange(1, 30))])]
        elif element.get("type") == "number":
            data[name] = [str(rng.randrange(1, 100))]
        else:
            data[name] = [f"Word {rng.randrange(10**6)}"]


def change_validly(form, data, rng):
    """Change one field of the data as an editor would: another option, a word more, another number or tick."""
    elements = fields_of(form)
    if not elements:
        return
    element = rng.choice(elements)
    name, value = element.get("name"), data.get(element.get("name"), [""])[0]
    if element.tag == "select":
        options = [option.get("value", "") for option in element.cssselect("option")]
        data[name] = [rng.choice(options)] if options else [""]
    elif element.get("type") in ("checkbox", "radio"):
        if name in data:
            del data[name]
        else:
            data[name] = [element.get("value", "on")]
    elif value.isdecimal():
        data[name] = [str(int(value[:9]) + rng.choice((-1, 1, 10)))]
    else:
        data[name] = [
            f"{value[:MAX_TYPED_CHARACTERS]} {rng.choice(('again', 'é', '2019', rng.randrange(100)))}".strip()
        ]
