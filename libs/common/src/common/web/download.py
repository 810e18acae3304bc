"""How a stored file leaves: as an attachment that browsers neither run nor keep."""

from urllib.parse import quote

from fastapi.responses import StreamingResponse

from common.store.documents import DocumentInfo, Documents


def download(documents: Documents, info: DocumentInfo) -> StreamingResponse:
    """The content of a file that the caller may read."""
    headers = {
        "Content-Length": str(info.size),
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(info.name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(documents.content(info.id), media_type=info.content_type, headers=headers)
