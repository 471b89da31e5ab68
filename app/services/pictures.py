"""Pictures: whether they can be read as one, and their small copies; the original is never rewritten."""

from __future__ import annotations

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from app.domain import policy
from app.domain.media import NotAPicture
from app.domain.vocabulary import MediaKind

SMALL_SIDE = 320
FORMATS = {MediaKind.JPEG: "JPEG", MediaKind.PNG: "PNG", MediaKind.WEBP: "WEBP"}


def small_copy(content: bytes, kind: MediaKind) -> bytes:
    """A small JPEG of a picture, the right way up. Raises NotAPicture for what cannot be read as its kind."""
    try:
        with Image.open(io.BytesIO(content), formats=[FORMATS[kind]]) as picture:
            if picture.width * picture.height > policy.EVIDENCE.most_pixels:
                raise NotAPicture()
            picture.draft("RGB", (SMALL_SIDE * 2, SMALL_SIDE * 2))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((SMALL_SIDE, SMALL_SIDE))
            small = io.BytesIO()
            _on_white(upright).save(small, "JPEG", quality=80)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise NotAPicture() from None
    return small.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode == "RGB":
        return picture
    solid = picture.convert("RGBA")
    ground = Image.new("RGB", solid.size, "white")
    ground.paste(solid, mask=solid.getchannel("A"))
    return ground
