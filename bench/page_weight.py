"""Weigh pages in a visitor's browser, over the catalogue of the fixtures: ``python -m bench.page_weight``.

With an empty cache, in Chromium, from the site's own server: kilobytes transferred by resource type (compressed, with
headers and fonts), largest contentful paint and layout shift, at 1400x900 and at 390x844.
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
OBSERVE = """() => {
  window.metrics = {paint: 0, shift: 0};
  new PerformanceObserver(list => list.getEntries().forEach(entry => metrics.paint = entry.startTime))
    .observe({type: "largest-contentful-paint", buffered: true});
  new PerformanceObserver(list => list.getEntries().forEach(entry => {
    if (!entry.hadRecentInput) metrics.shift += entry.value;
  })).observe({type: "layout-shift", buffered: true});
}"""


def weigh(browser, url, size):
    """Open one page with an empty cache.

    Returns kilobytes by resource type, largest contentful paint in milliseconds, and layout shift.
    """
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    client = context.new_cdp_session(page)
    client.send("Network.enable")
    types, weights = {}, {}
    client.on("Network.responseReceived", lambda event: types.update({event["requestId"]: event["type"]}))

    def add_weight(event):
        resource_type = types.get(event["requestId"], "Other")
        weights[resource_type] = weights.get(resource_type, 0) + event["encodedDataLength"] / 1000

    client.on("Network.loadingFinished", add_weight)
    page.goto(url, wait_until="networkidle")
    page.evaluate(OBSERVE)
    page.wait_for_timeout(300)
    metrics = page.evaluate("metrics")
    context.close()
    return weights, metrics["paint"], metrics["shift"]


def main():
    """Print a line for each page and window size."""
    if CHROMIUM is None:
        raise SystemExit("Chromium is not installed.")
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"DATABASE_URL": f"sqlite:///{folder}/catalogue.sqlite3", "LOG_LEVEL": "ERROR"}
        subprocess.run([sys.executable, "manage.py", "setup"], env=environment, check=True, stdout=subprocess.DEVNULL)
        with http_load.run_server("granian", SITE, **environment) as port, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            base_url = f"http://{http_load.HOST}:{port}"
            weigh(browser, base_url + PAGES[0], SIZES[0])  # the first request compiles the templates
            for path in PAGES:
                for size in SIZES:
                    weights, paint, shift = weigh(browser, base_url + path, size)
                    parts = ", ".join(f"{name} {weight:.1f}" for name, weight in sorted(weights.items()))
                    print(f"{path:32} {size[0]:4} wide: {sum(weights.values()):5.1f} kB ({parts}); ", end="")
                    print(f"largest paint {paint:.0f} ms, layout shift {shift:.3f}")
            browser.close()


if __name__ == "__main__":
    main()
