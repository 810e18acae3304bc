"""Reading a file that was handed in: the intern's own, those of a unit's applicants, those of an officer's place."""

from typing import Annotated

from common.contracts.words import Role
from common.decision import Actor
from common.web.command import actor
from common.web.download import download
from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from applications.api.parts import Id, Parts
from applications.handlers import files

router = APIRouter(prefix="/api/v1/documents", tags=["当事各方"])


@router.get("/{id}", summary="下载附件", response_class=StreamingResponse)
async def read(parts: Parts, reader: Annotated[Actor, actor(Role.INTERN, Role.UNIT, Role.OFFICER)], id: Id) -> StreamingResponse:
    return download(parts.documents, await files.readable(parts, id, reader))
