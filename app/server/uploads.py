"""How much visitors may send, counted while it arrives."""

import asyncio
import errno
import re
from collections import Counter

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime import get_instance
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from app.dataset.upload import bytes_of_all_uploads
from app.session import refuse_upload

MEGABYTE = 1024 * 1024

UNREAD_SECONDS = 120
"""A file that no script has read by then is forgotten."""

DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""A large file waits on the disk for its last byte."""

ADDRESS = re.compile(r"/_stcore/upload_file/(?P<session>[^/]+)/(?P<file>[^/]+)$")


class _RefusedError(Exception):
    """Why a file is not taken."""

    def __init__(self, sentence: str, status: int = 413) -> None:
        super().__init__(sentence)
        self.status = status


class UploadQuotas:
    """ASGI middleware: what a session sends and all files together stay below so many bytes.

    A session's file that no script has read gives way to its next one, or is forgotten after two minutes. Why a file
    was refused is told to the page as well, since Streamlit's widget shows it only to a mouse.
    """

    def __init__(self, app: ASGIApp, *, megabytes_a_session: int, megabytes: int) -> None:
        self.app = app
        self.megabytes_a_session, self.megabytes = megabytes_a_session, megabytes
        self.arriving: Counter[str] = Counter()
        """Bytes by session."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = ADDRESS.search(scope["path"]) if scope["type"] == "http" and scope["method"] == "PUT" else None
        if address is None:
            await self.app(scope, receive, send)
            return
        session, came, status = address["session"], 0, 0
        _forget_files(session)

        async def count() -> Message:
            nonlocal came
            message = await receive()
            size = len(message.get("body", b""))
            came += size
            self.arriving[session] += size
            self._check(session, 0)
            return message

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if status >= 400:  # Otherwise the rest would still be taken in, only to be dropped.
                    MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        try:
            self._check(session, _announced(scope))
            await self.app(scope, count, watch)
            if status == 413:
                raise _RefusedError(f"The file is larger than {st.get_option('server.maxUploadSize'):,} MB.")
        except ClientDisconnect:
            return
        except (OSError, _RefusedError) as error:
            if isinstance(error, OSError) and error.errno not in DISK_FULL:
                raise
            refusal = error if isinstance(error, _RefusedError) else _RefusedError("The server's disk is full.", 507)
            if not status:
                await PlainTextResponse(str(refusal), refusal.status)(scope, receive, watch)
            _tell(session, str(refusal))
        finally:
            self.arriving -= Counter({session: came})
        asyncio.get_running_loop().call_later(UNREAD_SECONDS, _forget_file, session, address["file"])

    def _check(self, session: str, announced: int) -> None:
        """Raises _RefusedError if no more may come, or not as much as is announced."""
        if self.arriving[session] + announced > self.megabytes_a_session * MEGABYTE:
            raise _RefusedError(
                f"The file was refused: one visitor may send {self.megabytes_a_session:,} MB at a time."
            )
        if self.arriving.total() + announced + _kept() > self.megabytes * MEGABYTE:
            raise _RefusedError(
                f"The file was refused: the server holds {self.megabytes:,} MB of files of all visitors together, and "
                "no more. Try a smaller one, or again in a few minutes."
            )


def _announced(scope: Scope) -> int:
    size = Headers(scope=scope).get("content-length", "")
    return int(size) if size.isdecimal() else 0


def _files() -> MemoryUploadedFileManager:
    files = get_instance().uploaded_file_mgr
    assert isinstance(files, MemoryUploadedFileManager)
    return files


def _kept() -> int:
    """Bytes of all files, those that no script has read yet included."""
    unread = [file for files in list(_files().file_storage.values()) for file in list(files.values())]
    return sum(len(file.data) for file in unread) + bytes_of_all_uploads()


def _forget_files(session: str) -> None:
    _files().remove_session_files(session)


def _forget_file(session: str, file: str) -> None:
    _files().remove_file(session, file)


def _tell(session: str, sentence: str) -> None:
    """Let the page say why the file was refused."""
    if page := get_instance().get_app_session(session):
        refuse_upload(session, sentence)
        page.request_rerun(None)
