"""Pictures: accepted uploads, stored files and renditions, and that rows and files stay consistent."""

import io
import os
import random
import zipfile

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, ImageCms, features

from catalog import limited_process, renditions
from catalog.limited_process import BusyError
from catalog.models import Picture
from catalog.renditions import process_upload, rendition_widths
from catalog.tests.hostile.pictures import PICTURES, POLYGLOTS, webp
from catalog.tests.sample_images import (
    BLUE,
    RED,
    encode_image,
    is_close_to,
    stored_files,
    two_colour_image,
    uploaded_file,
)

# Pillow warns about the files that these tests upload.
pytestmark = pytest.mark.filterwarnings("ignore:Corrupt EXIF data", "ignore::PIL.Image.DecompressionBombWarning")
SECRET = b"not-in-any-stored-file"
TEXTS = {"alt_text": "Two halves", "credit": "Somebody", "licence": "CC0"}


def process(content):
    """The processed upload, and its stored copy opened as an image."""
    upload = process_upload(uploaded_file(content))
    return upload, Image.open(uploaded_file(upload.files[upload.name]))


def error_code(content):
    """The code of the ValidationError that an upload raises."""
    with pytest.raises(ValidationError) as error:
        process_upload(uploaded_file(content))
    return error.value.code


def test_pillow_supports_every_format():
    assert all(features.check(name) for name in ("jpg", "webp", "avif", "freetype2", "littlecms2"))


@pytest.mark.parametrize(
    ("image_format", "ending"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp"), ("AVIF", "avif")]
)
def test_format_is_recognised_by_the_content(image_format, ending):
    upload, copy = process(encode_image(format=image_format))
    assert (upload.ending, copy.format, copy.size) == (ending, image_format, (96, 72))
    assert is_close_to(copy.convert("RGB").getpixel((10, 10)), RED)
    assert is_close_to(copy.convert("RGB").getpixel((90, 10)), BLUE)


def test_mpo_file_of_a_phone_is_stored_as_its_first_picture():
    content = encode_image(
        two_colour_image(), "MPO", save_all=True, append_images=[Image.new("RGB", (96, 72), "white")]
    )
    upload, copy = process(content)
    assert (upload.ending, copy.format) == ("jpg", "JPEG")
    assert is_close_to(copy.getpixel((10, 10)), RED)


@pytest.mark.parametrize("image_format", ["PNG", "WEBP", "AVIF"])
def test_animation_is_stored_as_its_first_frame(image_format):
    _, copy = process(
        encode_image(format=image_format, save_all=True, append_images=[Image.new("RGB", (96, 72), "white")])
    )
    assert getattr(copy, "n_frames", 1) == 1
    assert is_close_to(copy.convert("RGB").getpixel((10, 10)), RED)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_exif_rotation_is_applied_and_metadata_are_removed(image_format):
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, SECRET.decode()  # rotate by 90 degrees; the maker
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 29.0), 3: "E", 4: (2.0, 17.0, 40.0)})
    options = {"exif": exif, "icc_profile": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()}
    options |= {"xmp": SECRET} if image_format != "PNG" else {}
    upload, copy = process(encode_image(format=image_format, **options))
    assert copy.size == (72, 96)
    assert is_close_to(copy.convert("RGB").getpixel((36, 5)), RED)  # the left side is now the top
    for content in upload.files.values():
        image = Image.open(uploaded_file(content))
        assert not image.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment", "XML:com.adobe.xmp"} & image.info.keys()
        assert SECRET not in content


def test_damaged_metadata_are_ignored():
    content = encode_image(exif=b"Exif\x00\x00MM\x00\x2a\xff\xff\xff\xff", icc_profile=b"no profile", comment=SECRET)
    upload, copy = process(content)
    assert copy.size == (96, 72)
    assert not any(SECRET in content for content in upload.files.values())


def test_bytes_after_the_end_of_the_picture_are_removed():
    html = b"<script>" + SECRET + b"</script>PK\x05\x06"
    upload, _ = process(encode_image() + html)
    assert not any(SECRET in content for content in upload.files.values())


def test_colour_profile_is_applied():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    _, unchanged = process(encode_image(format="PNG", icc_profile=profile))
    assert unchanged.getpixel((10, 10)) == RED
    grey = two_colour_image().convert("L")
    _, ignored = process(encode_image(grey, "PNG", icc_profile=profile))  # an RGB profile on a greyscale picture
    assert ignored.mode == "RGB"
    assert ignored.getpixel((10, 10)) == (grey.getpixel((10, 10)),) * 3


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_mode_is_stored_as_rgb_or_rgba(mode):
    image = Image.new(mode, (96, 72), 30_000) if mode == "I;16" else two_colour_image().convert(mode)
    _, copy = process(encode_image(image, "JPEG" if mode == "CMYK" else "PNG"))
    assert copy.mode == ("RGBA" if "A" in mode else "RGB")
    if mode == "I;16":
        assert copy.getpixel((5, 5)) == (117, 117, 117)  # 30,000 of 65,536
    if mode in ("P", "RGBA", "CMYK"):
        assert is_close_to(copy.getpixel((10, 10)), RED, 60)


def test_transparency_is_kept_except_in_jpeg_where_it_is_white():
    image = Image.new("RGBA", (96, 72), (0, 0, 0, 0))
    upload = process_upload(uploaded_file(encode_image(image, "PNG")))
    images = {name.rpartition(".")[2]: Image.open(uploaded_file(content)) for name, content in upload.files.items()}
    assert {ending: image.mode for ending, image in images.items()} == {
        "png": "RGBA",
        "avif": "RGBA",
        "webp": "RGBA",
        "jpg": "RGB",
    }
    assert is_close_to(images["jpg"].getpixel((5, 5)), (255, 255, 255), 3)


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
def test_renditions_are_never_wider_than_the_picture(width, widths):
    assert rendition_widths(width) == widths


def test_every_width_has_every_format():
    upload = process_upload(uploaded_file(encode_image(two_colour_image(700, 350))))
    formats_by_size = {}
    for name, content in upload.files.items():
        image = Image.open(uploaded_file(content))
        formats_by_size.setdefault(image.size, set()).add(image.format)
        assert name.startswith(f"pictures/{upload.digest[:2]}/{upload.digest}-")
    formats = {"AVIF", "WEBP", "JPEG"}  # the copy is a JPEG too
    assert formats_by_size == {(320, 160): formats, (640, 320): formats, (700, 350): formats}


def test_stored_copy_is_at_most_2560_pixels_wide():
    upload, copy = process(encode_image(two_colour_image(5000, 100)))
    assert copy.size == upload.size == (2560, 51)


@pytest.mark.parametrize("case", PICTURES)
def test_hostile_upload_is_refused_before_decoding(case, monkeypatch):
    create, code = PICTURES[case]
    content = create()
    if code != "broken":
        monkeypatch.setattr(Image.Image, "convert", pytest.fail)
        monkeypatch.setattr(renditions, "_shrink", pytest.fail)
    assert error_code(content) == code


@pytest.mark.parametrize(
    "content", [b"\x00", b"\xff\xd8\xff\xe0", b"RIFF\x00\x00\x00\x00WEBPVP8X", b"\x00\x00\x00 ftypavif"]
)
def test_beginning_of_a_picture_is_refused(content):
    assert error_code(content) in ("broken", "format")


@pytest.mark.parametrize("case", POLYGLOTS)
def test_only_the_pixels_of_a_polyglot_are_stored(case):
    content = POLYGLOTS[case]()
    assert b"<script>" in content or b"index.html" in content
    upload = process_upload(uploaded_file(content))
    for name, stored in upload.files.items():
        assert b"script" not in stored, name
        assert b"PK\x03\x04" not in stored, name
        assert not zipfile.is_zipfile(io.BytesIO(stored)), name


def test_picture_of_one_colour_is_accepted_up_to_4_megapixels():
    assert process_upload(uploaded_file(webp(2000, 2000, "RGBA"))).size == (2000, 2000)


def test_upload_is_processed_in_a_process_with_limits(new_processes, monkeypatch):
    assert process_upload(uploaded_file()).size == (96, 72)
    assert error_code(b"<svg/>") == "format"
    monkeypatch.setattr(renditions, "MAX_SECONDS", 0.01)
    assert error_code(encode_image()) == "broken"
    monkeypatch.setattr(renditions, "MAX_SECONDS", 30)
    monkeypatch.setattr(renditions, "MAX_MEMORY", 30_000_000)
    assert error_code(encode_image()) == "broken"


def test_largest_upload_takes_its_process_less_than_the_limit_of_memory(new_processes):
    """16 million pixels with transparency, which take the most memory."""
    upload = process_upload(uploaded_file(webp(4000, 4000, "RGBA", 40_000)))
    assert upload.size == (2560, 2560)


def test_busy_worker_refuses_an_upload(monkeypatch):
    def refuse(*args):
        raise BusyError

    monkeypatch.setattr(limited_process, "call_in_new_process", refuse)
    assert error_code(encode_image()) == "busy"


@pytest.mark.parametrize("image_format", ["GIF", "TIFF", "BMP", "ICO", "PPM"])
def test_other_formats_are_rejected(image_format):
    assert error_code(encode_image(format=image_format)) == "format"


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_truncated_picture_is_rejected(image_format):
    noise = Image.effect_noise((96, 96), 90).convert("RGB")
    content = encode_image(noise, image_format)
    assert error_code(content[: len(content) // 2]) in ("broken", "format")


@pytest.mark.parametrize("size", [(63, 64), (64, 63), (3, 2), (2000, 10)])
def test_too_small_picture_is_rejected(size):
    assert error_code(encode_image(two_colour_image(*size))) == "too_small"


def test_too_large_file_is_rejected_unread(monkeypatch):
    monkeypatch.setattr(renditions, "MAX_UPLOAD_BYTES", 500)
    assert error_code(encode_image()) == "too_large"


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_damaged_picture_is_processed_or_rejected_without_other_errors(image_format):
    """The seed is fixed, so that a failure can be repeated."""
    original, dice = (
        bytearray(encode_image(Image.effect_noise((64, 64), 90).convert("RGB"), image_format)),
        random.Random(image_format),
    )
    outcomes = set()
    for _ in range(60):
        damaged = original.copy()
        for _ in range(dice.randrange(1, 12)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        try:
            process_upload(uploaded_file(bytes(damaged)))
            outcomes.add("processed")
        except ValidationError:
            outcomes.add("rejected")
    assert "rejected" in outcomes


def create_picture(content=None, **fields):
    """Save a picture without a form, as an import would."""
    return Picture.objects.create(file=uploaded_file(content, "camera/../IMG 1.JPG"), **TEXTS | fields)


@pytest.mark.django_db(transaction=True)
class TestFilesAndRows:
    """Tests that commit."""

    def test_saved_picture_has_all_files_under_unique_names(self):
        picture = create_picture(encode_image(two_colour_image(400, 300)))
        picture = Picture.objects.get(pk=picture.pk)
        assert (picture.width, picture.height) == (400, 300)
        assert stored_files().keys() == set(picture.file_names())
        assert len(stored_files()) == 1 + 2 * 3
        assert {path.stat().st_mode & 0o777 for path in stored_files().values()} == {0o644}
        assert create_picture(encode_image(two_colour_image(400, 300))).file.name != picture.file.name

    def test_changed_texts_change_no_file(self):
        picture, before = create_picture(), stored_files()
        picture = Picture.objects.get()
        picture.alt_text = "Other words"
        picture.save()
        picture.save(update_fields=["alt_text"])
        assert stored_files() == before

    def test_files_remain_after_replacement_and_deletion_for_undo(self):
        create_picture()
        picture, before = Picture.objects.get(), set(stored_files())
        picture.file = uploaded_file(encode_image(two_colour_image(80, 80)))
        picture.save(update_fields=["file"])
        assert set(stored_files()) == before | set(picture.file_names())
        assert (picture.width, picture.height) == (80, 80)
        picture.delete()
        assert before < set(stored_files())

    def test_failed_save_leaves_no_file(self, monkeypatch):
        monkeypatch.setattr(Picture, "create_redirects", lambda picture: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            create_picture()
        assert (stored_files(), Picture.objects.count()) == ({}, 0)

    def test_failed_write_leaves_no_file(self, monkeypatch):
        paths = []
        write = renditions.write_atomically

        def write_two_files(path, content):
            paths.append(path)
            if len(paths) == 3:
                raise OSError(28, "No space left on device")
            return write(path, content)

        monkeypatch.setattr(renditions, "write_atomically", write_two_files)
        with pytest.raises(OSError, match="No space"):
            create_picture()
        assert (stored_files(), Picture.objects.count()) == ({}, 0)

    def test_files_are_on_the_disk_before_the_row(self, monkeypatch):
        """The row is written to the disk when it is committed, so a power cut cannot leave it without its files."""
        rows_at_sync = {}

        def sync(descriptor):
            rows_at_sync[os.fstat(descriptor).st_ino] = Picture.objects.count()

        monkeypatch.setattr(os, "fsync", sync)
        create_picture()
        files = stored_files().values()
        assert len(files) == 4
        folders = {folder for path in files for folder in (path.parent, path.parent.parent)}
        assert rows_at_sync == {path.stat().st_ino: 0 for path in (*files, *folders)}

    def test_save_without_a_form_rejects_other_content(self):
        with pytest.raises(ValidationError):
            create_picture(b"<svg/>")
        assert (stored_files(), Picture.objects.count()) == ({}, 0)
