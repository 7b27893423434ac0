"""The ASGI application; ``script/server`` uses ``wsgi.py``."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soundtrack_site.settings")
application = get_asgi_application()
