"""The gateway's own routes: live status, the merged description of the API, the catalogue of messages."""

import json
from functools import cache
from typing import Annotated

from common.contracts.asyncapi import content
from common.contracts.words import Role
from common.decision import Actor
from common.tokens import Verified, bearer
from common.web.command import Authorization, actor
from fastapi import APIRouter, Request
from fastapi.responses import Response

from gateway.documents import Documents
from gateway.events import EventStream
from gateway.frames import NAMES
from gateway.live import Live

router = APIRouter(prefix="/api/v1")
_STREAM = f"""\
`text/event-stream`：先连上，再读取要显示的内容；收到 `resync` 时重新读取。事件名：{"、".join(f"`{name}`" for name in NAMES)}。
`data` 只有编号、状态与代码，例如 `{{"application_id": "app_…", "posting_id": "pst_…", "status": "OFFERED", "reason_code": null}}`；
`id` 是事件编号，同一事件可能出现两次。令牌到期或账号权限变更时连接结束。浏览器的 EventSource 不能带请求头，请用 fetch 读取。"""


@router.get(
    "/me/events",
    summary="实时状态（见习人员：本人；单位：本单位的投递；经办人员：本地区的事项）",
    description=_STREAM,
    response_class=Response,
    responses={200: {"description": "不会自行结束的事件流", "content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def events(
    request: Request, listener: Annotated[Actor, actor(Role.INTERN, Role.UNIT, Role.OFFICER)], authorization: Authorization = None
) -> EventStream:
    live: Live = request.app.state.live
    token: Verified = request.app.state.verifier.verify(bearer(authorization))
    request.app.state.rights.check(token)  # once more: from here to `open` nothing is heard
    return EventStream(live, live.open(listener), token.expires)


@router.get("/openapi.json", summary="接口描述（OpenAPI 3.1）", response_model=dict)
async def openapi(request: Request) -> Response:
    documents: Documents = request.app.state.documents
    merged = await documents.merged()
    caching = "no-store" if documents.missing else "public, max-age=60"
    return Response(merged, media_type="application/json", headers={"Cache-Control": caching})


@router.get("/asyncapi.json", summary="消息目录（AsyncAPI 3.0）；便于阅读的页面：/api/docs/events", response_model=dict)
async def asyncapi() -> Response:
    return Response(_messages(), media_type="application/json", headers={"Cache-Control": "public, max-age=60"})


@cache
def _messages() -> str:
    return json.dumps(content(), ensure_ascii=False)
