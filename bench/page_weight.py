"""``python -m bench.page_weight``: what a visitor's browser takes in and waits for, on the catalogue of the fixtures.

Cold cache, Chromium, the site's own server: bytes transferred (compressed, with headers and fonts), the largest
contentful paint and the layout shift, at 1400x900 and 390x844, and when a filter is clicked from there.
"""

import os
import shutil
import subprocess
import sys
import tempfile

from playwright.sync_api import sync_playwright

from bench import http_load

SITE = "soundtrack_site.wsgi:application"
PAGES = ("/episodes/", "/", "/series/soundtrack/", "/series/soundtrack/s01e03/", "/people/joshua-safran/")
SIZES = ((1400, 900), (390, 844))
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
WATCH = """() => {
  window.seen = {paint: 0, shift: 0};
  new PerformanceObserver(l => l.getEntries().forEach(e => seen.paint = e.startTime))
    .observe({type: "largest-contentful-paint", buffered: true});
  new PerformanceObserver(l => l.getEntries().forEach(e => { if (!e.hadRecentInput) seen.shift += e.value; }))
    .observe({type: "layout-shift", buffered: true});
}"""


def visit(browser, base, path, size):
    """(kilobytes by kind, largest paint in ms, layout shift) of one page, nothing in the cache."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    client = context.new_cdp_session(page)
    client.send("Network.enable")
    kinds, weights = {}, {}
    client.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))

    def loaded(event):
        kind = kinds.get(event["requestId"], "Other")
        weights[kind] = weights.get(kind, 0) + event["encodedDataLength"] / 1000

    client.on("Network.loadingFinished", loaded)
    page.goto(base + path, wait_until="networkidle")
    page.evaluate(WATCH)
    page.wait_for_timeout(300)
    seen = page.evaluate("seen")
    context.close()
    return weights, seen["paint"], seen["shift"]


def main():
    """Print a line for each page and size."""
    if CHROMIUM is None:
        raise SystemExit("This needs Chromium.")
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"DATABASE_URL": f"sqlite:///{folder}/catalogue.sqlite3", "LOG_LEVEL": "ERROR"}
        subprocess.run([sys.executable, "manage.py", "setup"], env=environment, check=True, stdout=subprocess.DEVNULL)
        with http_load.serving("granian", SITE, **environment) as port, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            base = f"http://127.0.0.1:{port}"
            visit(browser, base, PAGES[0], SIZES[0])  # templates compiled
            for path in PAGES:
                for size in SIZES:
                    weights, paint, shift = visit(browser, base, path, size)
                    parts = ", ".join(f"{kind} {weight:.1f}" for kind, weight in sorted(weights.items()))
                    print(f"{path:32} {size[0]:4} wide: {sum(weights.values()):5.1f} kB ({parts}); ", end="")
                    print(f"largest paint {paint:.0f} ms, layout shift {shift:.3f}")
            browser.close()


if __name__ == "__main__":
    main()
