"""Pictures that people send: drawn anew, so that nothing of camera, place or file is left."""

import io

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MOST_BYTES = 10 * 1024 * 1024
_FORMATS = ("JPEG", "PNG", "WEBP")
_MOST_PIXELS = {"JPEG": 60_000_000}  # a JPEG is read at the size that is needed
_MOST_PIXELS_OTHERWISE = 20_000_000
_LONGEST_SIDE = 2400


class NotAPicture(ValueError):
    """What was sent cannot be taken; the text says why and what to do."""


class InMemory(FileUploadHandler):
    """Takes one file into memory and never onto a disk; what is too large is let go while it arrives."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.too_large = False
        self._parts: list[bytes] = []
        self._length = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self._length += len(raw_data)
        if self._length > MOST_BYTES:
            self.too_large = True
            self._parts = []
            raise StopUpload(connection_reset=False)
        self._parts.append(raw_data)
        return None

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        content, self._parts, self._length = b"".join(self._parts), [], 0
        return UploadedFile(io.BytesIO(content), name="picture", size=len(content)) if content else None


def clean(content: bytes) -> bytes:
    """The picture as a new JPEG without any metadata, at most 2,400 pixels a side. Raises NotAPicture."""
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            most = _MOST_PIXELS.get(picture.format or "", _MOST_PIXELS_OTHERWISE)
            if picture.width * picture.height > most:
                raise NotAPicture(
                    _("This picture has too many pixels. Make it smaller, or take a picture of the part.")
                )
            picture.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        if isinstance(error, NotAPicture):
            raise
        raise NotAPicture(_("This is no picture that can be read. Send a JPEG, PNG or WebP.")) from error
    upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    paper = Image.new("RGB", upright.size, "white")
    paper.paste(upright, mask=upright.getchannel("A"))
    drawn = io.BytesIO()
    paper.save(drawn, "JPEG", quality=85)
    return drawn.getvalue()
