"""Processes uploaded pictures: a clean copy, and renditions in three formats and up to three widths for the pages.

A file of 2 kB can have so many pixels that decoding takes seconds and gigabytes, so limits are checked before.
Only the pixels of an upload are stored: no EXIF data (which may tell the place), no comment, no colour profile, and no
bytes after the end of the picture.
"""

import hashlib
import io
import os
import secrets
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from PIL import Image, ImageCms, ImageOps

from catalog.limited_process import BusyError, ProcessError, run_limited

PICTURE_FOLDER = "pictures"
RENDITION_WIDTHS = (320, 640, 1280)  # pixels; after a change the files of all pictures must be built again
MAX_STORED_PIXELS = 2560  # longer side of the stored copy
MIN_SIDE_PIXELS = 64  # shorter side of an upload
MAX_UPLOAD_PIXELS = 40_000_000
MAX_TRANSPARENT_PIXELS = 16_000_000  # a WebP with transparency takes four times the memory of a JPEG
# A larger picture of one colour has up to 25,000 pixels in each byte of its file, photographs about 10.
FREE_PIXELS, MAX_PIXELS_PER_BYTE = 4_000_000, 500
MAX_SCANS = 100  # passes over all pixels of a progressive JPEG: cameras and programs write about 10
MAX_SECONDS = 30
MAX_MEMORY = 1_200_000_000  # bytes of address space
RESIZABLE_MODES = ("RGB", "RGBA", "CMYK", "L", "LA")  # Pillow's modes that can be resized without conversion
MAX_UPLOAD_BYTES = 15 * 1024 * 1024

# Accepted formats by Pillow's name, with the file ending and the encoder options of the stored copy. MPO is a JPEG file
# that holds several pictures of a camera.
STORED_FORMATS: dict[str, tuple[str, dict[str, Any]]] = {
    "JPEG": ("jpg", {"quality": 90, "optimize": True, "progressive": True}),
    "PNG": ("png", {"optimize": False}),
    "WEBP": ("webp", {"quality": 90}),
    "AVIF": ("avif", {"quality": 80, "speed": 7}),
}
STORED_FORMATS["MPO"] = STORED_FORMATS["JPEG"]
# Formats of renditions by file ending. Encoding 1280 × 853 pixels: AVIF 0.5 s, WebP 0.15 s, JPEG 0.03 s.
RENDITION_FORMATS: dict[str, tuple[str, dict[str, Any]]] = {
    "avif": ("AVIF", {"quality": 55, "speed": 6}),
    "webp": ("WEBP", {"quality": 78, "method": 4}),
    "jpg": ("JPEG", {"quality": 80, "optimize": True, "progressive": True}),
}
# What Pillow raises for damaged files, depending on the format and the damaged part.
DECODING_ERRORS = (
    *(OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, AttributeError, ArithmeticError),
    *(RuntimeError, MemoryError, AssertionError, struct.error, zlib.error, Image.DecompressionBombError),
)


@dataclass
class ProcessedUpload:
    """The files of one upload, in memory until ``save_files``.

    ``digest`` identifies the uploaded bytes; ``size`` is (width, height) of the copy; ``files`` maps names below
    MEDIA_ROOT to content.
    """

    digest: str
    stem: str
    ending: str
    size: tuple[int, int]
    files: dict[str, bytes]

    @property
    def name(self) -> str:
        """The copy's name below MEDIA_ROOT. Random in part, so it is never used again and caches may keep the file."""
        return f"{self.stem}.{self.ending}"

    def save_files(self) -> None:
        """Write all files to the disk, or none if one cannot be written."""
        paths = [Path(default_storage.path(name)) for name in self.files]
        folders = {folder for path in paths for folder in (path.parent, path.parent.parent)}
        try:
            for path, content in zip(paths, self.files.values(), strict=True):
                write_atomically(path, content)
            for path in (*paths, *folders):
                sync_to_disk(path)
        except BaseException:
            self.delete_files()
            raise

    def delete_files(self) -> None:
        """Delete the files that were written."""
        for name in self.files:
            default_storage.delete(name)


def write_atomically(path: Path, content: bytes) -> None:
    """Write a temporary file beside ``path`` and rename it, so that ``path`` is never incomplete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.draft")
    try:
        temporary.write_bytes(content)
        temporary.chmod(settings.FILE_UPLOAD_PERMISSIONS)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def sync_to_disk(path: Path) -> None:
    """Return when the content of a file, or the names in a folder, are on the disk and survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def name_prefix(digest: str) -> str:
    """The common prefix of the file names of all uploads whose content has this digest."""
    return f"{PICTURE_FOLDER}/{digest[:2]}/{digest}-"


def rendition_widths(picture_width: int) -> list[int]:
    """The widths of a picture's renditions, ascending; none is wider than the picture."""
    smaller = [width for width in RENDITION_WIDTHS[:-1] if width < picture_width]
    return [*smaller, min(picture_width, RENDITION_WIDTHS[-1])]


def rendition_name(name: str, width: int, ending: str) -> str:
    """The name of a rendition of the picture whose copy is called ``name``."""
    return f"{name.rpartition('.')[0]}-{width}.{ending}"


def picture_file_names(name: str, picture_width: int) -> list[str]:
    """The names of the copy, which is called ``name``, and of all renditions."""
    widths = rendition_widths(picture_width)
    return [name, *(rendition_name(name, width, ending) for width in widths for ending in RENDITION_FORMATS)]


def process_upload(file: File) -> ProcessedUpload:
    """Decode an open ``file`` and encode its copy and renditions, in a process with limits.

    Raises ValidationError with a message for editors.
    """
    file.seek(0)
    content = file.read(MAX_UPLOAD_BYTES + 1)
    file.seek(0)
    if len(content) > MAX_UPLOAD_BYTES:
        raise ValidationError(f"The file is larger than {MAX_UPLOAD_BYTES // 1024**2} MB.", code="too_large")
    try:
        limits: Any = {"seconds": MAX_SECONDS, "memory": MAX_MEMORY, "error": ValidationError}
        upload: ProcessedUpload = run_limited(process_content, content, **limits)
    except BusyError:
        raise ValidationError("Other files are being read: save again in a minute.", code="busy") from None
    except ProcessError as error:
        raise ValidationError("This picture cannot be converted: it may be damaged.", code="broken") from error
    return upload


def process_content(content: bytes) -> ProcessedUpload:
    """``process_upload`` in this process."""
    image, image_format = _decode(content)
    try:
        return _encode_all(image, image_format, hashlib.sha256(content).hexdigest()[:16])
    except DECODING_ERRORS as error:
        raise ValidationError("This picture cannot be converted: it may be damaged.", code="broken") from error


def _decode(content: bytes) -> tuple[Image.Image, str]:
    """The picture upright in sRGB, and Pillow's name of its format."""
    try:
        image = Image.open(io.BytesIO(content), formats=[name for name in STORED_FORMATS if name != "MPO"])
        image_format = image.format
        if image_format not in STORED_FORMATS:
            raise ValidationError("Choose a picture as JPEG, PNG, WebP or AVIF.", code="format")
        _check_limits(image, content)
        if image.mode in RESIZABLE_MODES:
            _shrink(image)
        _load(image)
        return _strip_metadata(image), image_format
    except Image.DecompressionBombError as error:
        raise ValidationError(
            f"The picture has more than {MAX_UPLOAD_PIXELS // 10**6} million pixels.", code="too_many_pixels"
        ) from error
    except Image.UnidentifiedImageError as error:
        raise ValidationError("Choose a picture as JPEG, PNG, WebP or AVIF.", code="format") from error
    except DECODING_ERRORS as error:
        raise ValidationError("The file is damaged: it cannot be read to its end.", code="broken") from error


def _load(image: Image.Image) -> None:
    """Decode the picture, of an animation the first. The file may be cut behind the last pixel, in its metadata."""
    try:
        image.load()
    except OSError as error:
        if getattr(image, "tile", None) or str(error) != "Truncated File Read":  # pixels are missing or damaged
            raise


def _check_limits(image: Image.Image, content: bytes) -> None:
    """ValidationError for an opened picture that is too small, or would take too long to decode."""
    width, height = image.size
    pixels, size = width * height, f"The picture has {width} × {height} pixels"
    if image.has_transparency_data and pixels > MAX_TRANSPARENT_PIXELS:
        raise _too_many_pixels(f"{size} with transparency", MAX_TRANSPARENT_PIXELS)
    if pixels > MAX_UPLOAD_PIXELS:
        raise _too_many_pixels(size, MAX_UPLOAD_PIXELS)
    if pixels > max(FREE_PIXELS, MAX_PIXELS_PER_BYTE * len(content)):
        raise ValidationError(f"{size} in a file of {len(content):,} bytes: it is nearly empty.", code="empty_picture")
    if min(width, height) < MIN_SIDE_PIXELS:
        raise ValidationError(f"{size}: each side must have at least {MIN_SIDE_PIXELS}.", code="too_small")
    if image.format in ("JPEG", "MPO") and content.count(b"\xff\xda") > MAX_SCANS:
        raise ValidationError("The JPEG file has too many scans: save it again in a usual way.", code="too_many_scans")


def _too_many_pixels(subject: str, limit: int) -> ValidationError:
    return ValidationError(f"{subject}: more than {limit // 10**6} million.", code="too_many_pixels")


def _shrink(image: Image.Image) -> None:
    """Limit the size to MAX_STORED_PIXELS, in place.

    A JPEG that is not decoded yet is decoded at that size, in a quarter of the time and memory.
    """
    image.thumbnail((MAX_STORED_PIXELS, MAX_STORED_PIXELS), Image.Resampling.LANCZOS, reducing_gap=3)


def _strip_metadata(image: Image.Image) -> Image.Image:
    """The picture in RGB or RGBA without metadata, rotated as its EXIF says, converted to sRGB."""
    try:
        image = ImageOps.exif_transpose(image)
    except DECODING_ERRORS:  # the pixels are intact, the metadata are not
        image = image.copy()
    profile = image.info.get("icc_profile")
    image.info = {key: value for key, value in image.info.items() if key == "transparency"}
    if image.mode.startswith("I;16"):  # Pillow's own conversion would turn all values above 255 white
        image = image.point(lambda value: value / 256).convert("L")
    has_alpha = image.has_transparency_data
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        image = _to_srgb(image, profile)
    image = image.convert("RGBA" if has_alpha else "RGB")
    image.info = {}
    return image


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """The picture converted from its colour profile; unchanged colours if the profile is unusable."""
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    image = image.convert("RGB") if alpha else image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        image = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB") or image
    except (ImageCms.PyCMSError, *DECODING_ERRORS):
        image = image.convert("RGB")
    if alpha:
        image.putalpha(alpha)
    return image


def _encode_all(image: Image.Image, image_format: str, digest: str) -> ProcessedUpload:
    """Encode the copy and every rendition."""
    _shrink(image)
    width, height = image.size
    ending, options = STORED_FORMATS[image_format]
    stem = name_prefix(digest) + secrets.token_hex(3)
    copy = _on_white(image) if ending == "jpg" else image
    files = {f"{stem}.{ending}": _encode(copy, "JPEG" if image_format == "MPO" else image_format, options)}
    for rendition_width in rendition_widths(width):
        size = (rendition_width, max(1, round(height * rendition_width / width)))
        is_full_size = rendition_width == width
        resized = image if is_full_size else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)
        for suffix, (encoder, encoder_options) in RENDITION_FORMATS.items():
            rendition = _on_white(resized) if suffix == "jpg" else resized
            files[rendition_name(f"{stem}.{ending}", rendition_width, suffix)] = _encode(
                rendition, encoder, encoder_options
            )
    return ProcessedUpload(digest, stem, ending, (width, height), files)


def _on_white(image: Image.Image) -> Image.Image:
    """The picture without transparency, which JPEG does not have."""
    if image.mode == "RGB":
        return image
    background = Image.new("RGB", image.size, "white")
    background.paste(image, mask=image.getchannel("A"))
    return background


def _encode(image: Image.Image, image_format: str, options: dict[str, Any]) -> bytes:
    content = io.BytesIO()
    image.save(content, image_format, **options)
    return content.getvalue()
