"""Reading a file that was handed in: the intern's own, those of a unit's applicants, those of an officer's place."""

from typing import Annotated
from urllib.parse import quote

from common.contracts.words import Role
from common.decision import Actor
from common.web.command import actor
from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from applications.api.parts import Id, Parts
from applications.handlers import files

router = APIRouter(prefix="/api/v1/documents", tags=["当事各方"])


@router.get("/{id}", summary="下载附件", response_class=StreamingResponse)
async def download(parts: Parts, reader: Annotated[Actor, actor(Role.INTERN, Role.UNIT, Role.OFFICER)], id: Id) -> StreamingResponse:
    info = await files.readable(parts, id, reader)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(info.name)}",
        "Content-Length": str(info.size),
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(parts.documents.content(id), media_type=info.content_type, headers=headers)
