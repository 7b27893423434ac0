"""What two production servers answer on one worker: ``python -m bench.servers`` (gunicorn where it is installed).

``hello`` is the bare view of ``bench.bench_site``; ``/episodes/`` is the whole site with its middleware, over the
catalogue of the fixtures in an SQLite file. Trust the ratios.
"""

import importlib.util
import os
import subprocess
import sys
import tempfile

from bench import http_load

SITE = "soundtrack_site.wsgi:application"
LIST = "/episodes/?director=ti-west"


def main():
    """Print a row for each server."""
    servers = [name for name in ("granian", "gunicorn") if importlib.util.find_spec(name)]
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"DATABASE_URL": f"sqlite:///{folder}/catalogue.sqlite3", "LOG_LEVEL": "ERROR"}
        subprocess.run([sys.executable, "manage.py", "setup"], env=environment, check=True, stdout=subprocess.DEVNULL)
        print(f"One worker, 4 threads; {http_load.CLIENT}; requests a second")
        for server in servers:
            with http_load.serving(server, "bench.bench_site:application") as port:
                hello = http_load.rates(port, ["/hello/"])["/hello/"]
            with http_load.serving(server, SITE, **environment) as port:
                found = http_load.rates(port, [LIST, "/healthz"])
            print(f"  {server:10} hello {hello:6.0f}   {LIST} {found[LIST]:6.0f}   /healthz {found['/healthz']:6.0f}")


if __name__ == "__main__":
    main()
