"""Pictures of others, made small and plain. Called only in a child process with limits."""

import io
import struct
import warnings
from pathlib import Path

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from radio.system.errors import ReaderError
from radio.system.messages import _
from radio.system.progress import Progress

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 24_000_000  # each takes 4 bytes of memory, several times
QUALITY = 85
PAPER = "#fbf6ee"  # behind transparent parts
LARGEST = 1400  # pixels of a picture, each way


def convert(path: str, _progress: Progress, target: str) -> None:
    """Write the pixels of a picture as a JPEG; raises as `shrink` does."""
    Path(target).write_bytes(shrink(Path(path).read_bytes()))


def shrink(picture: bytes, side: int = LARGEST) -> bytes:
    """Convert a JPEG, PNG or WebP to a JPEG of at most `side` pixels. Only pixels stay: no place,
    camera or author. Raises ReaderError for other formats, broken or over 24 million pixels."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            small = _opened(picture, side)
        small.thumbnail((side, side))
        plain = Image.new("RGB", small.size, PAPER)
        plain.paste(small, mask=small.getchannel("A"))
        file = io.BytesIO()
        plain.save(file, "JPEG", quality=QUALITY, optimize=True, progressive=True)
        return file.getvalue()
    except (Image.DecompressionBombError, UnidentifiedImageError) as error:
        raise ReaderError(_("pas une image acceptée ici ({error})", error=error)) from error
    except (OSError, SyntaxError, ValueError, struct.error) as error:
        raise ReaderError(_("une image abîmée ({error})", error=error)) from error


def _opened(picture: bytes, side: int) -> Image.Image:
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # what makes booklets sets it for the whole process
    with Image.open(io.BytesIO(picture), formats=FORMATS) as image:
        image.draft("RGB", (side, side))  # a JPEG is decoded at a fraction of its size
        width, height = image.size
        if width * height > MOST_PIXELS:
            message = _("une image de {width} sur {height} pixels est trop grande")
            raise ReaderError(message, width=width, height=height)
        ImageOps.exif_transpose(image, in_place=True)
        return image.convert("RGBA")
