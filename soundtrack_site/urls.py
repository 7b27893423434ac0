"""Where everything is: the catalogue at the root, the editors' desk at /admin/."""

import mimetypes

from django.conf import settings
from django.contrib import admin
from django.http import Http404
from django.urls import include, path, re_path
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from django.views.static import serve

for ending in ("avif", "webp"):  # Python 3.11 asks the machine for them, and not every one knows
    mimetypes.add_type(f"image/{ending}", f".{ending}")

handler400 = "catalog.views.errors.bad_request"
handler403 = "catalog.views.errors.forbidden"
handler404 = "catalog.views.errors.not_found"
handler500 = "catalog.views.errors.server_error"


@csrf_exempt  # takes nothing in: another method is wrong (405), not a forgery (403)
@require_safe
def media(request, path):
    """An uploaded file. They are few and small here; a busy site lets the proxy in front serve MEDIA_ROOT."""
    try:
        response = serve(request, path, document_root=settings.MEDIA_ROOT)
    except OSError as error:  # longer than the file system allows
        raise Http404("No such file") from error
    patch_cache_control(response, public=True, max_age=365 * 24 * 3600, immutable=True)  # no name is used twice
    return response


urlpatterns = [
    path("admin/", admin.site.urls),
    re_path(r"^media/(?P<path>.+)\Z", media, name="media"),
    path("", include("catalog.urls")),
]
