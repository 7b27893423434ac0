"""Compare production servers, one worker each: ``python -m bench.servers`` (gunicorn only if it is installed).

``hello`` is the constant response of ``bench.bench_site``; ``/episodes/`` is the whole site with its middleware, over
the catalogue of the fixtures in an SQLite file. Compare the ratios: absolute figures depend on the machine.
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
        print(f"One worker, 32 threads; {http_load.CLIENT}; requests per second")
        for server in servers:
            with http_load.run_server(server, "bench.bench_site:application") as port:
                hello = http_load.median_rates(port, ["/hello/"])["/hello/"]
            with http_load.run_server(server, SITE, **environment) as port:
                rates = http_load.median_rates(port, [LIST, "/healthz"])
            print(f"  {server:10} hello {hello:6.0f}   {LIST} {rates[LIST]:6.0f}   /healthz {rates['/healthz']:6.0f}")


if __name__ == "__main__":
    main()
