"""Uploads with the code of the error that each must get: no pictures, or pictures of kilobytes that take gigabytes."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from PIL import Image

from catalog.tests.sample_images import encode_image, two_colour_image

GREY, GREY_ALPHA, RGB, RGBA = 0, 4, 2, 6  # colour types of PNG
SCRIPT = b"<script>alert('stored')</script>"


def png_claiming(width: int, height: int, colour_type: int = RGB, more_chunks=(), size: int = 0) -> bytes:
    """A small PNG whose header claims that size, filled up to ``size`` bytes."""
    header = struct.pack(">IIBBBBB", width, height, 8, colour_type, 0, 0, 0)
    chunks = [(b"IHDR", header), *more_chunks, (b"IDAT", zlib.compress(b"\x00" * 1000)), (b"IEND", b"")]
    parts = [struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in chunks]
    return (b"\x89PNG\r\n\x1a\n" + b"".join(parts)).ljust(size, b"\x00")


def webp(width: int, height: int, mode: str, size: int = 0) -> bytes:
    """A picture of one colour as lossless WebP, filled up to ``size`` bytes."""
    image = Image.new(mode, (width, height), (1, 2, 3, 4)[: len(mode)])
    return encode_image(image, "WEBP", lossless=True, method=0, quality=0).ljust(size, b"\x00")


def jpeg_with_scans(total: int) -> bytes:
    """A progressive JPEG whose last scan is repeated."""
    content = encode_image(two_colour_image(1_000, 1_000), progressive=True)
    last = content.rindex(b"\xff\xda")
    return content[:last] + content[last:-2] * total + content[-2:]


def zip_after(picture: bytes) -> bytes:
    """A picture that is a ZIP archive too."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("index.html", SCRIPT)
    return picture + stream.getvalue()


PICTURES: dict[str, tuple[Callable[[], bytes], str]] = {  # name: (content, code of the error)
    "WebP with transparency, 6300 × 6300": (lambda: webp(6300, 6300, "RGBA"), "too_many_pixels"),
    "WebP with transparency, filled up": (lambda: webp(5000, 5000, "RGBA", 200_000), "too_many_pixels"),
    "WebP of one colour": (lambda: webp(6300, 6300, "RGB"), "empty_picture"),
    "PNG with transparency, 4001 × 4000": (lambda: png_claiming(4001, 4000, RGBA, size=99_000), "too_many_pixels"),
    "PNG, grey with transparency": (lambda: png_claiming(4001, 4000, GREY_ALPHA, size=99_000), "too_many_pixels"),
    "PNG with one transparent colour": (
        lambda: png_claiming(4001, 4000, RGB, [(b"tRNS", b"\x00" * 6)], 99_000),
        "too_many_pixels",
    ),
    "PNG, 8000 × 5001": (lambda: png_claiming(8000, 5001, size=99_000), "too_many_pixels"),
    "PNG, 60000 × 60000": (lambda: png_claiming(60_000, 60_000), "too_many_pixels"),
    "PNG, 2^31 × 2^31": (lambda: png_claiming(2**31 - 1, 2**31 - 1), "too_many_pixels"),
    "PNG, 1 × 40 million": (lambda: png_claiming(1, 40_000_000, size=99_000), "too_small"),
    "PNG of 501 pixels in each byte": (lambda: png_claiming(5010, 1000, size=10_000), "empty_picture"),
    "PNG without pixels": (lambda: png_claiming(0, 0), "format"),
    "PNG that ends early": (lambda: png_claiming(100, 100), "broken"),
    "JPEG of 400 scans": (lambda: jpeg_with_scans(400), "too_many_scans"),
    "16 MB": (lambda: encode_image() + b"\x00" * 2**24, "too_large"),
    "GIF": (lambda: encode_image(format="GIF"), "format"),
    "GIF that is a script": (lambda: b"GIF89a/*\x00\x00*/=1;alert(1)", "format"),
    "SVG": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "format"),
    "SVG, packed": (lambda: zlib.compress(b"<svg/>", wbits=31), "format"),
    "HTML": (lambda: b"<!doctype html>" + SCRIPT, "format"),
    "HTML before a JPEG": (lambda: SCRIPT + encode_image(), "format"),
    "PDF": (lambda: b"%PDF-1.7", "format"),
    "PostScript": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99 99\n", "format"),
    "TIFF": (lambda: encode_image(format="TIFF"), "format"),
    "ZIP": (lambda: zip_after(b""), "format"),
}

# Pictures with something else in the same file: accepted, since only their pixels are stored.
POLYGLOTS: dict[str, Callable[[], bytes]] = {
    "JPEG and HTML": lambda: encode_image() + SCRIPT,
    "JPEG and ZIP": lambda: zip_after(encode_image()),
    "JPEG with HTML as comment": lambda: encode_image(comment=SCRIPT),
    "JPEG with HTML as EXIF": lambda: encode_image(exif=b"Exif\x00\x00" + SCRIPT),
    "JPEG with HTML as colour profile": lambda: encode_image(icc_profile=SCRIPT),
    "PNG and HTML": lambda: encode_image(format="PNG") + SCRIPT,
    "PNG with HTML as text": lambda: png_with_text(),
    "WebP with HTML as XMP": lambda: encode_image(format="WEBP", xmp=SCRIPT),
    "AVIF with HTML as XMP": lambda: encode_image(format="AVIF", xmp=SCRIPT),
}


def png_with_text() -> bytes:
    """A PNG with a chunk of text."""
    content, data = encode_image(format="PNG"), b"tEXtComment\x00" + SCRIPT
    chunk = struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data))
    return content[:33] + chunk + content[33:]
