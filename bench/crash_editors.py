"""Editors of ``bench.crashes``, who use a site by HTTP until it is killed, and what must be there afterwards.

A write is acknowledged when its answer is the redirect after a save.
"""

import io
import re
import time
from collections import Counter

import urllib3
from PIL import Image

from bench.crash_checks import CSRF_TOKEN

BUSY = "Other files are being read"  # the answer to two uploads at once
LARGE_UPLOAD = 3_000_000  # bytes, more than Django holds in memory, so that the upload is a temporary file


class Editor:
    """Somebody who is signed in, writes, and counts the answers."""

    def __init__(self, site, number):
        self.site, self.number = site, number
        self.headers = {"Cookie": site.info["cookies"][number], "Referer": site.url}
        self.pool = urllib3.PoolManager(retries=False, timeout=60)
        self.acknowledged, self.saves, self.texts = 0, Counter(), []  # last saves by episode, texts of uploads
        self.answers, self.unexpected = Counter(), []

    def write_until(self, stop):
        """Write until the event is set."""
        while not stop.is_set():
            try:
                self.write()
                self.read_list()
            except urllib3.exceptions.HTTPError:  # the process that would answer was killed
                self.answers["no answer"] += 1
                time.sleep(0.05)

    def read_list(self):
        """Open the list of episodes as a visitor."""
        response = self.pool.request("GET", f"{self.site.url}/episodes/", redirect=False)
        if response.status != 200:
            self.note(response, "GET")

    def read_form(self, path, name):
        """The fields of the form of that name, as it would be submitted unchanged; None without an answer of 200."""
        from lxml import html

        response = self.pool.request("GET", self.site.url + path, headers=self.headers, redirect=False)
        if response.status != 200:
            self.note(response, "GET")
            return None
        fields = html.fromstring(response.data.decode()).get_element_by_id(name).form_values()
        return {name: value for name, value in fields if "__prefix__" not in name} | {
            "csrfmiddlewaretoken": CSRF_TOKEN,
            "_save": "Save",
        }

    def submit(self, path, fields):
        """Submit a form. True if the answer is the redirect after a save."""
        response = self.pool.request("POST", self.site.url + path, fields=fields, headers=self.headers, redirect=False)
        if response.status == 302 and "login" not in response.headers["Location"]:
            self.acknowledged += 1
            return True
        self.note(response, "POST")
        return False

    def note(self, response, method):
        """Count an answer that acknowledges nothing. A database that was stopped is answered by status 500 or 503."""
        text = response.data.decode("utf-8", "replace")
        self.answers[f"{method} {response.status}"] += 1
        if response.status >= 500:
            time.sleep(0.05)
        elif BUSY not in text:
            errors = re.findall(r'class="errorlist[^>]*>(.*?)</ul>', text, re.DOTALL)
            self.unexpected.append(f"{method} was answered by {response.status} {errors[:2]}")

    def write(self):
        """Do one thing."""
        raise NotImplementedError


class SavingEditor(Editor):
    """Saves the forms of episodes, of which no other editor has the same.

    The n-th save of an episode gives it the title "Save n" and a citation of "place n"; its edit summary is "Save n".
    """

    def __init__(self, site, number):
        super().__init__(site, number)
        share = site.info["episodes"][number :: len(site.info["cookies"])]
        self.episodes = iter(share * 10_000)

    def write(self):
        episode = next(self.episodes)
        path = f"/admin/catalog/episode/{episode}/change/"
        if (fields := self.read_form(path, "episode_form")) is None:
            return
        number, row = int(fields["title"].split()[1]) + 1, int(fields["citations-TOTAL_FORMS"])
        citation = {"source": self.site.info["source"], "field": "runtime", "locator": f"place {number}"}
        fields |= {f"citations-{row}-{name}": str(value) for name, value in citation.items()}
        fields |= {
            f"citations-{row}-certainty": "sure",
            "citations-TOTAL_FORMS": str(row + 1),
            "title": f"Save {number}",
            "_edit_summary": f"Save {number}",
        }
        if self.submit(path, fields):
            self.saves[episode] = number


class UploadingEditor(Editor):
    """Uploads pictures by the form, each with an alternative text of its own; every third is large."""

    def write(self):
        path, number = "/admin/catalog/picture/add/", time.time_ns()
        if (fields := self.read_form(path, "picture_form")) is None:
            return
        text = f"Upload {number} by {self.number}"
        fields |= {"alt_text": text, "credit": "Somebody", "licence": "CC0", "_edit_summary": text}
        if self.submit(path, fields | {"file": ("picture.jpg", new_picture(number), "image/jpeg")}):
            self.texts.append(text)


def new_picture(number):
    """A JPEG file that was not there before."""
    target = io.BytesIO()
    Image.new("RGB", (96, 72), (number % 251, number % 241, number % 239)).save(target, "JPEG")
    return target.getvalue() + number.to_bytes(8, "big") * (LARGE_UPLOAD // 8 if number % 3 == 0 else 1)


def check_saves(database, editors):
    """(saves that are not there, episodes with a save that lacks one of its parts)."""
    acknowledged = Counter()
    for editor in editors:
        acknowledged |= editor.saves
    citations, edits = {}, {}
    for episode, locator in database.query("SELECT episode_id, locator FROM catalog_citation"):
        citations.setdefault(episode, []).append(int(locator.split()[1]))
    statement = (
        "SELECT e.id, e.reason, c.kind, c.action, c.record_id, c.belongs_to FROM catalog_edit e "
        "LEFT JOIN catalog_change c ON c.edit_id = e.id WHERE e.reason LIKE 'Save %' ORDER BY c.kind DESC"
    )
    for edit, summary, kind, action, key, owner in database.query(statement):
        edits.setdefault((edit, int(summary.split()[1])), []).append(
            (kind, action, key if kind == "episode" else owner)
        )
    numbers = {}
    for (_, number), entries in edits.items():
        episode = entries[0][2]
        is_whole = entries == [("episode", "changed", episode), ("citation", "added", f"episode:{episode}")]
        numbers.setdefault(episode, []).append(number if is_whole else 0)
    lost = half_written = 0
    for episode, title in database.query("SELECT id, title FROM catalog_episode"):
        saves = int(title.split()[1])
        expected = list(range(1, saves + 1))
        lost += max(0, acknowledged[episode] - saves)
        half_written += sorted(citations.get(episode, [])) != expected or sorted(numbers.get(episode, [])) != expected
    return lost, half_written


def check_uploads(database, editors):
    """(lost uploads, uploads without their entry in the log)."""
    texts = [text for (text,) in database.query("SELECT alt_text FROM catalog_picture")]
    logged = database.query(
        "SELECT e.reason FROM catalog_edit e JOIN catalog_change c ON c.edit_id = e.id AND c.action = 'added' "
        "JOIN catalog_picture p ON p.id = c.record_id AND p.alt_text = e.reason WHERE c.kind = 'picture'"
    )
    acknowledged = {text for editor in editors for text in editor.texts}
    is_logged_once = sorted(texts) == sorted(text for (text,) in logged)
    return len(acknowledged - set(texts)), 0 if is_logged_once else abs(len(texts) - len(logged)) or 1


KINDS = {"saves": (SavingEditor, check_saves), "uploads": (UploadingEditor, check_uploads)}
