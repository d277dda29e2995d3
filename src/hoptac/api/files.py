"""Files by their addresses (tệp dữ liệu): what there is to download."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from hoptac.api.shapes import FileOut
from hoptac.exchange.listed import listed

router = Router()


@router.get("", response=list[FileOut], summary="Files to download")
def files(request: HttpRequest) -> list[FileOut]:
    """IATI files of each publisher, and tables of public records in each format."""
    return [FileOut(**one) for one in listed(request)]
