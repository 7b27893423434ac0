"""What the production server calls."""

import gc
import multiprocessing
import os
import threading

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string


def end_with(parent):
    """Wait for the server's main process to end, then end too.

    Killed (kill -9, out of memory) it cannot end its workers; they would hold the port, and the next start fail.
    """
    parent.join()
    os._exit(1)


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soundtrack_site.settings")
django_application = get_wsgi_application()  # sets Django up, which what goes around it needs
application = import_string(settings.WSGI_WRAPPER)(django_application)
gc.freeze()  # what is loaded by now stays: looking through it for garbage stopped a worker for 40 ms now and then
gc.set_threshold(20_000, 20, 100)  # at 700 a form of 1,800 fields looked through itself 400 times: a third of its time
if multiprocessing.parent_process():
    # Ctrl+C in a terminal is for the main process, which ends its workers itself: a worker of granian 2.8.7 that
    # gets both signals at once hangs.
    os.setpgrp()
    threading.Thread(target=end_with, args=[multiprocessing.parent_process()], daemon=True).start()
