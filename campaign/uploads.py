"""Files that people hand in: told by their content, pictures without what they betray (docs/replies.md).

A file is a PDF or a picture whatever its name says. Pictures are written anew, so that where and with what they were
taken is gone. Content lies in UPLOADS_DIR under a random name and leaves only as an attachment that no browser runs.
"""

import hashlib
import io
import uuid
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000
_MOST_TOGETHER = 8 * MOST_BYTES  # of one request; what is longer is not read at all
_NAME = 120
PDF = "application/pdf"
_PICTURES = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
_ENDINGS = {PDF: ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp"}
ACCEPTED = ",".join(_ENDINGS)


class NotAccepted(ValueError):
    """The file cannot be taken; the text says why and what to do."""


@dataclass(frozen=True)
class Taken:
    """A file as it will be kept."""

    name: str
    kind: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def take(name: str, content: bytes) -> Taken:
    """The file as it may be kept. Raises NotAccepted."""
    kind = _kind_of(content)
    if len(content) > MOST_BYTES:
        raise NotAccepted(_("This file is larger than 10 MB. Send a smaller one, or only the pages that matter."))
    if kind is None:
        raise NotAccepted(_("This is no PDF and no PNG, JPEG or WebP picture. Save it as one of these, and send that."))
    if kind != PDF:
        content = _cleaned(content, kind)
    stem = "".join(sign for sign in Path(name.replace("\\", "/")).stem if sign.isprintable()).strip(" .") or _("file")
    return Taken(stem[: _NAME - 5] + _ENDINGS[kind], kind, content)


def keep(taken: Taken) -> uuid.UUID:
    """Write the file; answers the name under which it lies."""
    name = uuid.uuid4()
    folder: Path = settings.UPLOADS_DIR
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = folder / f".{name.hex}"
    unfinished.write_bytes(taken.content)
    unfinished.chmod(0o600)
    unfinished.rename(_path(name))
    return name


def drop(name: uuid.UUID) -> None:
    """Delete a file; nothing happens if it is gone already."""
    _path(name).unlink(missing_ok=True)


def serve(name: uuid.UUID, *, file_name: str, kind: str) -> HttpResponse:
    """The file, to be saved and never shown by the browser itself. Raises Http404."""
    try:
        content = _path(name).read_bytes()
    except FileNotFoundError as error:
        raise Http404 from error
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = content_disposition_header(True, file_name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    response.headers["Cache-Control"] = "no-store"
    return response


def _path(name: uuid.UUID) -> Path:
    folder: Path = settings.UPLOADS_DIR
    return folder / name.hex


def _kind_of(content: bytes) -> str | None:
    """What the content says it is; the name and the browser say nothing."""
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return None


def _cleaned(content: bytes, kind: str) -> bytes:
    """The picture alone: no place, no camera, no author, no thumbnail, and nothing behind its end."""
    shape = _PICTURES[kind]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[shape]) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise NotAccepted(_("This picture has more than 50 million points. Send a smaller one."))
                upright = ImageOps.exif_transpose(opened)
        mode = upright.mode if upright.mode in {"L", "RGB"} else "RGBA" if shape != "JPEG" else "RGB"
        bare = Image.new(mode, upright.size)
        bare.paste(upright.convert(mode))
        out = io.BytesIO()
        bare.save(out, shape, **({"quality": 92} if shape != "PNG" else {}))
    except NotAccepted:
        raise
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotAccepted(_("This picture cannot be read. Save it anew, and send that.")) from error
    if out.tell() > MOST_BYTES:
        raise NotAccepted(_("This picture is larger than 10 MB once it is written anew. Send a smaller one."))
    return out.getvalue()


class Limited(FileUploadHandler):
    """Throws away the rest of a file that is too large, and keeps what was typed beside it."""

    def handle_raw_input(
        self, input_data: Any, META: dict[str, str], content_length: int, boundary: str, encoding: str | None = None
    ) -> None:
        if content_length > _MOST_TOGETHER:
            raise RequestDataTooBig("more than is read at once")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._read = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self._read += len(raw_data)
        if self._read > MOST_BYTES and self.request is not None:
            self.request.META.setdefault("undersigned.too_large", set()).add(self.field_name)
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers after this one keep the file."""


def too_large(request_meta: dict[str, Any], field: str) -> bool:
    """Whether a file of this field was thrown away unread."""
    return field in request_meta.get("undersigned.too_large", ())


class _SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Some files, each as it may be kept; `cleaned_data` holds a list of Taken."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        self._most = most
        super().__init__(widget=_SeveralFiles(attrs={"accept": ACCEPTED}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        given: Sequence[UploadedFile[bytes]] = [
            one for one in (data if isinstance(data, list | tuple) else [data]) if one
        ]
        if len(given) > self._most:
            raise ValidationError(_("Send at most %(most)s files.") % {"most": self._most})
        taken, faults = [], []
        for one in given:
            try:
                taken.append(take(one.name or "", one.read()))
            except NotAccepted as error:
                faults.append(f"{one.name}: {error}")
        if faults:
            raise ValidationError(faults)
        return taken
