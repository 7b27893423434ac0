"""Small pictures for tests, drawn when they are needed."""

import io

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

RED, BLUE = (220, 30, 30), (30, 30, 220)


def two_colour_image(width=96, height=72):
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image


def encode_image(image=None, format="JPEG", **options):
    """The bytes of an image file."""
    target = io.BytesIO()
    (image or two_colour_image()).save(target, format, **options)
    return target.getvalue()


def uploaded_file(content=None, name="picture.jpg"):
    """A file as a form receives it."""
    return SimpleUploadedFile(name, encode_image() if content is None else content)


def stored_files():
    """``{path below MEDIA_ROOT: path}`` of every file there, those of drafts included."""
    root = settings.MEDIA_ROOT
    return {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}


def is_close_to(pixel, colour, tolerance=40):
    """Whether a pixel has a colour, except for the changes that lossy formats make."""
    return all(abs(a - b) <= tolerance for a, b in zip(pixel[:3], colour, strict=True))
