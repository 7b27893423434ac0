"""Pictures: what is accepted, what is made of it, and that files and rows come and go together."""

import random
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, ImageCms, features

from catalog import renditions as module
from catalog.models import Picture
from catalog.renditions import process_upload, rendition_widths
from catalog.tests.sample_images import (
    BLUE,
    RED,
    encode_image,
    is_close_to,
    stored_files,
    two_colour_image,
    uploaded_file,
)

# Pillow warns of what these tests are about.
pytestmark = pytest.mark.filterwarnings("ignore:Corrupt EXIF data", "ignore::PIL.Image.DecompressionBombWarning")
SECRET = b"found-nowhere-in-what-is-kept"
SAID = {"alt_text": "Two halves", "credit": "Somebody", "licence": "CC0"}


def pressed(content):
    """What is made of some bytes, and the copy that is kept opened as a picture."""
    pressing = process_upload(uploaded_file(content))
    return pressing, Image.open(uploaded_file(pressing.files[pressing.name]))


def refusal(content):
    """Why some bytes are refused."""
    with pytest.raises(ValidationError) as caught:
        process_upload(uploaded_file(content))
    return caught.value.code


def test_pillow_reads_and_writes_every_format_that_pages_show():
    assert all(features.check(name) for name in ("jpg", "webp", "avif", "freetype2", "littlecms2"))


@pytest.mark.parametrize(("kind", "ending"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp"), ("AVIF", "avif")])
def test_each_format_is_told_by_what_is_in_the_file(kind, ending):
    pressing, copy = pressed(encode_image(format=kind))
    assert (pressing.ending, copy.format, copy.size) == (ending, kind, (96, 72))
    assert is_close_to(copy.convert("RGB").getpixel((10, 10)), RED)
    assert is_close_to(copy.convert("RGB").getpixel((90, 10)), BLUE)


def test_two_pictures_in_one_file_as_telephones_write_them_are_the_first():
    content = encode_image(
        two_colour_image(), "MPO", save_all=True, append_images=[Image.new("RGB", (96, 72), "white")]
    )
    pressing, copy = pressed(content)
    assert (pressing.ending, copy.format) == ("jpg", "JPEG")
    assert is_close_to(copy.getpixel((10, 10)), RED)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_of_an_animation_the_first_picture_is_taken(kind):
    _, copy = pressed(encode_image(format=kind, save_all=True, append_images=[Image.new("RGB", (96, 72), "white")]))
    assert getattr(copy, "n_frames", 1) == 1
    assert is_close_to(copy.convert("RGB").getpixel((10, 10)), RED)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_picture_stands_as_the_camera_was_held_and_says_nothing_of_it(kind):
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, SECRET.decode()  # turn by a quarter to the right; the maker
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 29.0), 3: "E", 4: (2.0, 17.0, 40.0)})
    options = {"exif": exif, "icc_profile": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()}
    options |= {"xmp": SECRET} if kind != "PNG" else {}
    pressing, copy = pressed(encode_image(format=kind, **options))
    assert copy.size == (72, 96)
    assert is_close_to(copy.convert("RGB").getpixel((36, 5)), RED)  # what was at the left is at the top
    for content in pressing.files.values():
        shown = Image.open(uploaded_file(content))
        assert not shown.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment", "XML:com.adobe.xmp"} & shown.info.keys()
        assert SECRET not in content


def test_metadata_that_is_broken_does_not_spoil_a_picture():
    whole = encode_image(exif=b"Exif\x00\x00MM\x00\x2a\xff\xff\xff\xff", icc_profile=b"no profile", comment=SECRET)
    pressing, copy = pressed(whole)
    assert copy.size == (96, 72)
    assert not any(SECRET in content for content in pressing.files.values())


def test_what_stands_behind_a_picture_in_its_file_is_not_kept():
    html = b"<script>" + SECRET + b"</script>PK\x05\x06"
    pressing, _ = pressed(encode_image() + html)
    assert not any(SECRET in content for content in pressing.files.values())


def test_colours_are_those_that_the_profile_means():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    _, same = pressed(encode_image(format="PNG", icc_profile=lab))
    assert same.getpixel((10, 10)) == RED
    grey = two_colour_image().convert("L")
    _, wrong = pressed(encode_image(grey, "PNG", icc_profile=lab))  # a profile of colours on a picture of greys
    assert wrong.mode == "RGB"
    assert wrong.getpixel((10, 10)) == (grey.getpixel((10, 10)),) * 3


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_pixels_becomes_colours_with_or_without_transparency(mode):
    image = Image.new(mode, (96, 72), 30_000) if mode == "I;16" else two_colour_image().convert(mode)
    _, copy = pressed(encode_image(image, "JPEG" if mode == "CMYK" else "PNG"))
    assert copy.mode == ("RGBA" if "A" in mode else "RGB")
    if mode == "I;16":
        assert copy.getpixel((5, 5)) == (117, 117, 117)  # 30,000 of 65,536
    if mode in ("P", "RGBA", "CMYK"):
        assert is_close_to(copy.getpixel((10, 10)), RED, 60)


def test_what_is_see_through_stays_so_but_in_jpeg_where_it_is_white():
    image = Image.new("RGBA", (96, 72), (0, 0, 0, 0))
    pressing = process_upload(uploaded_file(encode_image(image, "PNG")))
    shown = {name.rpartition(".")[2]: Image.open(uploaded_file(content)) for name, content in pressing.files.items()}
    assert {ending: each.mode for ending, each in shown.items()} == {
        "png": "RGBA",
        "avif": "RGBA",
        "webp": "RGBA",
        "jpg": "RGB",
    }
    assert is_close_to(shown["jpg"].getpixel((5, 5)), (255, 255, 255), 3)


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (64, [64]),
        (320, [320]),
        (321, [320, 321]),
        (640, [320, 640]),
        (1000, [320, 640, 1000]),
        (4000, [320, 640, 1280]),
    ],
)
def test_widths_never_go_beyond_the_picture(width, widths):
    assert rendition_widths(width) == widths


def test_each_width_is_there_in_each_format():
    pressing = process_upload(uploaded_file(encode_image(two_colour_image(700, 350))))
    found = {}
    for name, content in pressing.files.items():
        shown = Image.open(uploaded_file(content))
        found.setdefault(shown.size, set()).add(shown.format)
        assert name.startswith(f"pictures/{pressing.digest[:2]}/{pressing.digest}-")
    shown = {"AVIF", "WEBP", "JPEG"}
    assert found == {(320, 160): shown, (640, 320): shown, (700, 350): shown}  # the copy is a JPEG itself


def test_a_copy_is_no_larger_than_it_need_be():
    pressing, copy = pressed(encode_image(two_colour_image(5000, 100)))
    assert copy.size == pressing.size == (2560, 51)


def png_of(width, height):
    """A PNG that says it is so large, with next to nothing in it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\x00" * 1000)), (b"IEND", b"")]
    parts = [struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize("size", [(10_000, 4_001), (10_000, 10_000), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_decoded(size, monkeypatch):
    monkeypatch.setattr(module, "_strip_metadata", pytest.fail)
    assert refusal(png_of(*size)) == "too_many_pixels"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "format"),
        (b"<!doctype html><script>alert(1)</script>", "format"),
        (b"GIF89a/*\x00\x00*/=1;alert(1)", "format"),
        (b"%PDF-1.7", "format"),
        (b"\x00", "format"),
        (b"\xff\xd8\xff\xe0", "broken"),
        (png_of(100, 100), "broken"),
    ],
)
def test_what_is_no_picture_is_refused_whatever_it_is_called(content, code):
    assert refusal(content) in (code, "format")


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "BMP", "ICO", "PPM"])
def test_other_formats_are_refused(kind):
    assert refusal(encode_image(format=kind)) == "format"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_picture_that_ends_too_soon_is_refused(kind):
    noise = Image.effect_noise((96, 96), 90).convert("RGB")
    whole = encode_image(noise, kind)
    assert refusal(whole[: len(whole) // 2]) in ("broken", "format")


@pytest.mark.parametrize("size", [(63, 64), (64, 63), (3, 2), (2000, 10)])
def test_a_picture_too_small_to_be_shown_is_refused(size):
    assert refusal(encode_image(two_colour_image(*size))) == "too_small"


def test_a_file_too_large_is_refused_unread(monkeypatch):
    monkeypatch.setattr(module, "MAX_UPLOAD_BYTES", 500)
    assert refusal(encode_image()) == "too_large"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_picture_with_bytes_changed_is_pressed_or_refused_and_never_an_error(kind):
    """As many as are quick; the seed is fixed, so that a failure comes again."""
    whole, dice = bytearray(encode_image(Image.effect_noise((64, 64), 90).convert("RGB"), kind)), random.Random(kind)
    outcomes = set()
    for _ in range(60):
        spoilt = whole.copy()
        for _ in range(dice.randrange(1, 12)):
            spoilt[dice.randrange(len(spoilt))] = dice.randrange(256)
        try:
            process_upload(uploaded_file(bytes(spoilt)))
            outcomes.add("pressed")
        except ValidationError:
            outcomes.add("refused")
    assert "refused" in outcomes


def make(content=None, **fields):
    """A picture saved by code, as an import would."""
    return Picture.objects.create(file=uploaded_file(content, "camera/../IMG 1.JPG"), **SAID | fields)


@pytest.mark.django_db(transaction=True)
class TestFilesAndRows:
    """These commit."""

    def test_a_saved_picture_has_all_its_files_under_names_of_their_own(self):
        picture = make(encode_image(two_colour_image(400, 300)))
        picture = Picture.objects.get(pk=picture.pk)
        assert (picture.width, picture.height) == (400, 300)
        assert stored_files().keys() == set(picture.file_names())
        assert len(stored_files()) == 1 + 2 * 3
        assert {path.stat().st_mode & 0o777 for path in stored_files().values()} == {0o644}
        assert make(encode_image(two_colour_image(400, 300))).file.name != picture.file.name

    def test_what_is_said_changes_no_file(self):
        picture, before = make(), stored_files()
        picture = Picture.objects.get()
        picture.alt_text = "Other words"
        picture.save()
        picture.save(update_fields=["alt_text"])
        assert stored_files() == before

    def test_files_stay_when_a_picture_gets_another_or_goes_so_that_both_can_be_taken_back(self):
        make()
        picture, before = Picture.objects.get(), set(stored_files())
        picture.file = uploaded_file(encode_image(two_colour_image(80, 80)))
        picture.save(update_fields=["file"])
        assert set(stored_files()) == before | set(picture.file_names())
        assert (picture.width, picture.height) == (80, 80)
        picture.delete()
        assert before < set(stored_files())

    def test_a_picture_that_cannot_be_saved_leaves_no_file(self, monkeypatch):
        monkeypatch.setattr(Picture, "create_redirects", lambda picture: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            make()
        assert (stored_files(), Picture.objects.count()) == ({}, 0)

    def test_files_that_cannot_all_be_written_are_not_kept_at_all(self, monkeypatch):
        written = []

        def full(path, content):
            written.append(path)
            if len(written) == 3:
                raise OSError(28, "No space left on device")
            return write(path, content)

        write = module._write_atomically
        monkeypatch.setattr(module, "_write_atomically", full)
        with pytest.raises(OSError, match="No space"):
            make()
        assert (stored_files(), Picture.objects.count()) == ({}, 0)

    def test_what_is_no_picture_is_refused_to_code_too(self):
        with pytest.raises(ValidationError):
            make(b"<svg/>")
        assert (stored_files(), Picture.objects.count()) == ({}, 0)
