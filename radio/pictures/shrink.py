"""Foreign pictures, made small. Called only in a child process with limits."""

import io
import struct
import warnings

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from radio.system.errors import ReaderError
from radio.system.messages import _

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 24_000_000  # each takes 4 bytes of memory, several times
QUALITY = 85
PAPER = "#fbf6ee"  # behind transparent parts


def shrink(picture: bytes, side: int) -> bytes:
    """Convert a JPEG, PNG or WebP to a JPEG at most `side` pixels wide and high.

    Only pixels are kept: no place, camera or author. Raises ReaderError if the picture is of
    another format, broken, or has more than 24 million pixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return _shrink(picture, side)
    except (Image.DecompressionBombError, UnidentifiedImageError) as error:
        raise ReaderError(_("no picture that we take ({error})").format(error=error)) from error
    except (OSError, SyntaxError, ValueError, struct.error) as error:
        raise ReaderError(_("a broken picture ({error})").format(error=error)) from error


def _shrink(picture: bytes, side: int) -> bytes:
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # what makes booklets sets it for the whole process
    with Image.open(io.BytesIO(picture), formats=FORMATS) as image:
        image.draft("RGB", (side, side))  # a JPEG is decoded at a fraction of its size
        if image.width * image.height > MOST_PIXELS:
            raise ReaderError(
                _("a picture of {width} by {height} pixels is too large").format(
                    width=image.width, height=image.height
                )
            )
        ImageOps.exif_transpose(image, in_place=True)
        small = image.convert("RGBA")
    small.thumbnail((side, side))
    plain = Image.new("RGB", small.size, PAPER)
    plain.paste(small, mask=small.getchannel("A"))
    file = io.BytesIO()
    plain.save(file, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return file.getvalue()
