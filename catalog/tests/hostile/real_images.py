"""What an upload of each real picture must give: (width, height, ending) of the stored copy, or the error's beginning.

The files are those of the folder ``images`` that ``SOURCE_CASES`` names, with what their list says of them.
"""

FORMAT = "Choose a picture as JPEG, PNG, WebP or AVIF."
TOO_SMALL = "The picture has {} pixels: each side must have at least 64."

REAL_IMAGES: dict[str, tuple[int, int, str] | str] = {
    "apng_blend_op_over.png": (128, 64, "png"),  # an animation: its first picture
    "broken.png": FORMAT,
    "decompression_bomb.gif": FORMAT,
    "dispose_bgnd.gif": FORMAT,
    "exif_gps.jpg": TOO_SMALL.format("8 × 8"),
    "exif_gps_typeerror.jpg": (800, 531, "jpg"),
    "flower.webp": (480, 360, "webp"),
    "heif_corrupted.heic": FORMAT,
    "heif_empty.heic": "The submitted file is empty.",
    "heif_pug.heic": FORMAT,
    "hopper.ico": FORMAT,
    "hopper.psd": FORMAT,
    "hopper.webp": (128, 128, "webp"),
    "hopper_bad_exif.jpg": (500, 500, "jpg"),
    "hopper_gray.jpg": (128, 128, "jpg"),
    "hopper_orientation_3.jpg": (128, 128, "jpg"),
    "hopper_orientation_5.jpg": (128, 128, "jpg"),
    "hopper_orientation_6.jpg": (128, 128, "jpg"),
    "hopper_orientation_6.webp": (128, 128, "webp"),
    "icc_profile.png": TOO_SMALL.format("57 × 57"),
    "iptc.jpg": (640, 480, "jpg"),
    "iss634.webp": (245, 245, "webp"),
    "multiple_exif.jpg": TOO_SMALL.format("1 × 1"),
    "orientation_rectangle.jpg": TOO_SMALL.format("2 × 1"),
    "pil_sample_cmyk.jpg": (100, 100, "jpg"),
    "pillow_hopper.avif": (128, 128, "avif"),
    "pillow_rot1mir1.avif": (640, 427, "avif"),  # stored turned
    "pillow_transparency.avif": (64, 64, "avif"),
    "sugarshack.mpo": (640, 480, "jpg"),
    "transparent.gif": FORMAT,
    "transparent.png": (200, 150, "png"),
    "truncated_end_chunk.png": (128, 128, "png"),
    "truncated_jpeg.jpg": "The file is damaged: it cannot be read to its end.",
    "unicode_extended.png": TOO_SMALL.format("100 × 60"),
    "xmp_tags_orientation.png": (326, 268, "png"),
    "zero_width.gif": FORMAT,
}

# The same picture, upright: the orientation of these is only in EXIF.
UPRIGHT = (
    "hopper_orientation_3.jpg",
    "hopper_orientation_5.jpg",
    "hopper_orientation_6.jpg",
    "hopper_orientation_6.webp",
)
