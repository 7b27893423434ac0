"""What is made of an uploaded picture: a clean copy of it, and the files that pages show, in three formats.

Nothing of what was uploaded is kept but its pixels: no EXIF with the place it was taken at, no comment, no profile,
nothing that stood behind the picture in the file.
"""

import hashlib
import io
import secrets
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from PIL import Image, ImageCms, ImageOps

PICTURE_FOLDER = "pictures"
RENDITION_WIDTHS = (320, 640, 1280)  # pixels; a change needs the files of all pictures made anew
MAX_STORED_PIXELS = 2560  # pixels on the longer side of the copy that is kept
MIN_SIDE_PIXELS = 64  # pixels on the shorter side
MAX_UPLOAD_PIXELS = 40_000_000  # a JPEG takes 200 MB of memory meanwhile, a WebP with transparency 600
RESIZABLE_MODES = ("RGB", "RGBA", "CMYK", "L", "LA")  # pixels that can be made fewer as they are
MAX_UPLOAD_BYTES = 15 * 1024 * 1024

# What is accepted, by what Pillow calls it, with the ending and the options under which the copy is kept. A camera's
# several pictures in one file (MPO) are a JPEG to everybody else.
STORED_FORMATS = {
    "JPEG": ("jpg", {"quality": 90, "optimize": True, "progressive": True}),
    "PNG": ("png", {"optimize": False}),
    "WEBP": ("webp", {"quality": 90}),
    "AVIF": ("avif", {"quality": 80, "speed": 7}),
}
STORED_FORMATS["MPO"] = STORED_FORMATS["JPEG"]
# What pages show. A still of 1280 by 853: AVIF 0.5 s, WebP 0.15 s, JPEG 0.03 s.
RENDITION_FORMATS = {
    "avif": ("AVIF", {"quality": 55, "speed": 6}),
    "webp": ("WEBP", {"quality": 78, "method": 4}),
    "jpg": ("JPEG", {"quality": 80, "optimize": True, "progressive": True}),
}
# What Pillow raises for files that are broken, by format and by the part that is.
DECODING_ERRORS = (
    *(OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, AttributeError, ArithmeticError),
    *(RuntimeError, MemoryError, struct.error, zlib.error, Image.DecompressionBombError),
)


@dataclass
class ProcessedUpload:
    """All files made of one upload, in memory until they are kept. ``size`` is that of the copy."""

    digest: str
    stem: str
    ending: str
    size: tuple
    files: dict

    @property
    def name(self):
        """The copy's name below MEDIA_ROOT: never used before and never again, so caches may keep it for ever."""
        return f"{self.stem}.{self.ending}"

    def save_files(self):
        """Write all files; when one cannot be written, none is left."""
        try:
            for name, content in self.files.items():
                _write_atomically(Path(default_storage.path(name)), content)
        except BaseException:
            self.delete_files()
            raise

    def delete_files(self):
        """Remove what was written."""
        for name in self.files:
            default_storage.delete(name)


def _write_atomically(path, content):
    """A whole file or none: it gets its name when all of it is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    try:
        draft.write_bytes(content)
        draft.chmod(settings.FILE_UPLOAD_PERMISSIONS)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def name_prefix(digest):
    """The start of the names of all pictures made of an upload with that digest."""
    return f"{PICTURE_FOLDER}/{digest[:2]}/{digest}-"


def rendition_widths(width):
    """The widths in which a picture is shown: never wider than it is."""
    return [each for each in RENDITION_WIDTHS[:-1] if each < width] + [min(width, RENDITION_WIDTHS[-1])]


def rendition_name(name, width, ending):
    """The name of one rendition of the picture called ``name``."""
    return f"{name.rpartition('.')[0]}-{width}.{ending}"


def picture_file_names(name, width):
    """All files of the picture called ``name``: the copy and its renditions."""
    return [
        name,
        *(rendition_name(name, each, ending) for each in rendition_widths(width) for ending in RENDITION_FORMATS),
    ]


def process_upload(file):
    """The files to be kept of an open ``file``; ValidationError, in words for an editor, when it is no good."""
    file.seek(0)
    content = file.read(MAX_UPLOAD_BYTES + 1)
    file.seek(0)
    if len(content) > MAX_UPLOAD_BYTES:
        raise ValidationError(f"The file is larger than {MAX_UPLOAD_BYTES // 1024**2} MB.", code="too_large")
    image, kind = _decode(content)
    try:
        return _encode_all(image, kind, hashlib.sha256(content).hexdigest()[:16])
    except DECODING_ERRORS as error:
        raise ValidationError("This picture cannot be converted: it may be damaged.", code="broken") from error


def _decode(content):
    """The pixels of a picture as sRGB, upright, and the format it came in. Its size is judged before decoding."""
    try:
        image = Image.open(io.BytesIO(content), formats=[kind for kind in STORED_FORMATS if kind != "MPO"])
        kind, (width, height) = image.format, image.size
        if kind not in STORED_FORMATS:
            raise ValidationError("Choose a picture as JPEG, PNG, WebP or AVIF.", code="format")
        if width * height > MAX_UPLOAD_PIXELS:
            raise ValidationError(
                f"The picture has {width} × {height} pixels: more than {MAX_UPLOAD_PIXELS // 10**6} million.",
                code="too_many_pixels",
            )
        if min(width, height) < MIN_SIDE_PIXELS:
            raise ValidationError(
                f"The picture has {width} × {height} pixels: each side needs {MIN_SIDE_PIXELS} at least.",
                code="too_small",
            )
        if image.mode in RESIZABLE_MODES:
            _shrink(image)
        image.load()  # of an animation, the first frame
        return _strip_metadata(image), kind
    except Image.DecompressionBombError as error:
        raise ValidationError(
            f"The picture has more than {MAX_UPLOAD_PIXELS // 10**6} million pixels.", code="too_many_pixels"
        ) from error
    except Image.UnidentifiedImageError as error:
        raise ValidationError("Choose a picture as JPEG, PNG, WebP or AVIF.", code="format") from error
    except DECODING_ERRORS as error:
        raise ValidationError("The file is damaged: it cannot be read to its end.", code="broken") from error


def _shrink(image):
    """No larger than what is kept. A JPEG not decoded yet is decoded at that size: a quarter of time and memory."""
    image.thumbnail((MAX_STORED_PIXELS, MAX_STORED_PIXELS), Image.Resampling.LANCZOS, reducing_gap=3)


def _strip_metadata(image):
    """Nothing but pixels, in RGB or RGBA: turned as the camera was held, in the colours of the web."""
    try:
        image = ImageOps.exif_transpose(image)
    except DECODING_ERRORS:  # the picture is whole, what is said about it is not
        image = image.copy()
    profile = image.info.get("icc_profile")
    image.info = {key: value for key, value in image.info.items() if key == "transparency"}
    if image.mode.startswith("I;16"):  # converted by Pillow, all above 255 would be white
        image = image.point(lambda value: value / 256).convert("L")
    see_through = image.has_transparency_data
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        image = _to_srgb(image, profile)
    plain = image.convert("RGBA" if see_through else "RGB")
    plain.info = {}
    return plain


def _to_srgb(image, profile):
    """Colours as the profile means them; as they are when it says nothing that can be used."""
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    image = image.convert("RGB") if alpha else image
    try:
        read = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        image = ImageCms.profileToProfile(image, read, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, *DECODING_ERRORS):
        image = image.convert("RGB")
    if alpha:
        image.putalpha(alpha)
    return image


def _encode_all(image, kind, digest):
    """Encode the copy and every rendition."""
    _shrink(image)
    width, height = image.size
    ending, options = STORED_FORMATS[kind]
    stem = name_prefix(digest) + secrets.token_hex(3)
    copy = _on_white(image) if ending == "jpg" else image
    files = {f"{stem}.{ending}": _encode(copy, "JPEG" if kind == "MPO" else kind, options)}
    for each in rendition_widths(width):
        size = (each, max(1, round(height * each / width)))
        shown = image if each == width else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)
        for suffix, (encoder, how) in RENDITION_FORMATS.items():
            name = rendition_name(f"{stem}.{ending}", each, suffix)
            files[name] = _encode(_on_white(shown) if suffix == "jpg" else shown, encoder, how)
    return ProcessedUpload(digest, stem, ending, (width, height), files)


def _on_white(image):
    """JPEG knows no transparency."""
    if image.mode == "RGB":
        return image
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _encode(image, kind, options):
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()
