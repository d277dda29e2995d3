"""Papers that an officer brings (văn bản): a letter's scan, an agreement's copy. Kept by their digest, never opened here.

A paper is bounded in size (HOPTAC_UPLOAD_MB), in time (HOPTAC_UPLOAD_SECONDS) and in kind: PDF, PNG, JPEG or TIFF, told by their first
bytes, whatever the file is called. It is given back as a file to save, and nothing in it ever runs or is shown inside a page.
"""

from __future__ import annotations

import hashlib
import time
from datetime import date, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from hoptac.ledger import store
from hoptac.ledger.models import Link, Source
from hoptac.ledger.statements import lock_chain
from hoptac.screens.access import desk_of, open_records, open_sources
from hoptac.text.fold import search_key

KINDS = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"II*\0", "image/tiff", "tif"),
    (b"MM\0*", "image/tiff", "tif"),
)
REFUSED = "hoptac.upload_refused"
HEAD = 1024  # a PDF may begin after so many other bytes (ISO 32000-1, annex H, note 13)


ACCEPTED = ",".join(dict.fromkeys(media_type for _magic, media_type, _ending in KINDS))


class BoundedUpload(FileUploadHandler):
    """Stops an upload that is too large or takes too long, before it fills the disk or holds a worker."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.taken = 0
        self.began = time.monotonic()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.taken += len(raw_data)
        if (
            self.taken > settings.HOPTAC_UPLOAD_MB << 20
            or time.monotonic() - self.began > settings.HOPTAC_UPLOAD_SECONDS
        ):
            if self.request is not None:
                self.request.META[REFUSED] = "1"
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def upload_refused(request: HttpRequest, form: forms.Form, field: str) -> bool:
    """Whether an upload was stopped on its way: said on the form, so that nothing is written without its paper."""
    if REFUSED not in request.META:
        return False
    most = {"most": settings.HOPTAC_UPLOAD_MB, "seconds": settings.HOPTAC_UPLOAD_SECONDS}
    form.add_error(field, _("The file is larger than %(most)s MB, or took longer than %(seconds)s s.") % most)
    return True


class PaperError(ValueError):
    """A file that is not kept; the message is for the officer."""


def kind_of(data: bytes) -> tuple[str, str] | None:
    """The media type and ending of a paper by its first bytes; None for what is not taken.

    >>> kind_of(b"%PDF-1.7 ..."), kind_of(b"<html>")
    (('application/pdf', 'pdf'), None)
    """
    head = data[:HEAD]
    for magic, media_type, ending in KINDS:
        if head.startswith(magic) or (ending == "pdf" and magic in head):
            return media_type, ending
    return None


def checked_paper(file: UploadedFile[Any]) -> tuple[bytes, str, str]:
    """The bytes of an uploaded paper, its media type and ending. Raises PaperError for what is not taken."""
    if (file.size or 0) > settings.HOPTAC_UPLOAD_MB << 20:
        raise PaperError(_("The file is larger than %(most)s MB.") % {"most": settings.HOPTAC_UPLOAD_MB})
    data = file.read()
    kind = kind_of(data)
    if kind is None:
        raise PaperError(_("Only PDF, PNG, JPEG and TIFF files are taken, by what is in them."))
    return data, *kind


class PaperForm(forms.Form):
    """A paper for a record: its number, day and scan."""

    number = forms.CharField(label=gettext_lazy("Number or name of the paper"), max_length=200)
    day = forms.DateField(
        label=gettext_lazy("Day of the paper"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )
    scan = forms.FileField(
        label=gettext_lazy("File (PDF or picture)"), widget=forms.FileInput(attrs={"accept": ACCEPTED})
    )

    def clean_scan(self) -> tuple[bytes, str, str]:
        try:
            return checked_paper(self.cleaned_data["scan"])
        except PaperError as error:
            raise forms.ValidationError(str(error)) from None


def keep_paper(
    file: tuple[bytes, str, str], *, number: str, day: date | None, issuer: str, at: datetime
) -> Source:
    """Keep a checked paper as a source without text. A file that is kept already is the source that it was.

    Called inside the transaction that says what the paper stands for, so that no paper is left that stands for nothing.
    """
    data, media_type, ending = file
    sha256 = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        lock_chain()
        known = Source.objects.filter(sha256=sha256).first()
        if known is not None:
            return known
        store.put(data, sha256)
        return Source.objects.create(
            sha256=sha256,
            name=f"{slugify(search_key(number))[:80] or 'van-ban'}.{ending}",
            media_type=media_type,
            outlet=issuer[:200] or None,
            published=day,
            title=number or None,
            size=len(data),
            text="",
            reader="",
            layout={},
            taken_at=at,
        )


def open_papers(request: HttpRequest) -> Any:
    """The sources whose bytes a user may have: those whose statements, or whose record, are open to the user."""
    desk = desk_of(request)
    tied = Link.objects.filter(record__in=open_records(desk), paper__isnull=False).values("paper")
    return Source.objects.filter(pk__in=tied) | open_sources(desk)


@require_safe
@login_required
def paper(request: HttpRequest, sha256: str) -> HttpResponse:
    """The kept bytes, as a file to save. 404 for what is not open, or is no paper but a page that was read."""
    found = open_papers(request).filter(sha256=sha256, reader="").defer("text", "layout").first()
    if found is None:
        raise Http404
    answer = HttpResponse(store.get(found.sha256), content_type=found.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{found.name}"'
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
