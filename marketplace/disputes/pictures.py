"""Pictures of a dispute drawn anew, so that they can be looked at in the page: nothing but pixels comes through."""

import io
import struct

from PIL import Image, ImageOps

#: a screen of 5K has 15 million; a PNG of so many takes some 160 MiB while it is drawn, in the process of the page
_MOST_PIXELS = 16_000_000
_SIDE = 1_600
_QUALITY = 85
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    struct.error,  # notes that are cut off
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


def redrawn(content: bytes) -> bytes | None:
    """A PNG or JPEG as a new JPEG of at most 1,600 pixels a side, turned the right way, without its notes.

    None for one that cannot be drawn or has more than 16 million pixels: that can only be saved.
    """
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
            return _drawn(picture) if picture.width * picture.height <= _MOST_PIXELS else None
    except _BROKEN:
        return None


def _drawn(picture: Image.Image) -> bytes:
    picture.draft("RGB", (_SIDE, _SIDE))  # a JPEG is read in the size in which it is wanted
    picture.thumbnail((_SIDE, _SIDE))
    turned = ImageOps.exif_transpose(picture).convert("RGBA")
    paper = Image.new("RGB", turned.size, "white")
    paper.paste(turned, mask=turned)
    target = io.BytesIO()
    paper.save(target, "JPEG", quality=_QUALITY)
    return target.getvalue()
