"""The WSGI application, with settings for the worker processes of granian."""

import gc
import multiprocessing
import os
import sys
import threading
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

from soundtrack_site.metrics_files import reserve_files
from soundtrack_site.observed_wsgi import ObservedWSGI
from soundtrack_site.preload import preload_pages


def exit_with(parent):
    """Wait for the server's main process to end, then exit.

    A main process that is killed cannot stop its workers; they would keep the port, and the next start would fail.
    """
    parent.join()
    os._exit(1)


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soundtrack_site.settings")
django_application = get_wsgi_application()  # sets Django up, which the wrapper needs
metrics = import_module("soundtrack_site.metrics") if settings.METRICS_ADDRESS and reserve_files() else None
application = ObservedWSGI(import_string(settings.WSGI_WRAPPER)(django_application), metrics)
preload_pages()
gc.freeze()  # what is loaded by now is never garbage; scanning it paused a worker for 40 ms now and then
sys.setswitchinterval(0.0005)  # seconds; at 0.005 a page waits so long behind an editor's save after each query
gc.set_threshold(20_000, 20, 100)  # at 700, 400 collections took a third of the time of a form with 1,800 fields
if multiprocessing.parent_process():
    # Ctrl+C in a terminal then reaches the main process only, which stops its workers: a worker of granian 2.8.7 that
    # gets both signals at once hangs.
    os.setpgrp()
    threading.Thread(target=exit_with, args=[multiprocessing.parent_process()], daemon=True).start()
