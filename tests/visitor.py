"""A browser tab without a browser: it speaks HTTP and Streamlit's protocol, and may say what no browser would."""

import json
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from app.wording import JOINER

PATIENCE_SECONDS = 30
HEAD = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    """By name in lower case."""
    text: str
    cookies: Mapping[str, str]
    """That it sets."""


def ask(server: str, path: str = "/", *, method: str = "GET", body: Any = None, **headers: str) -> Answer:
    """Ask a server as a browser would; `headers` have underscores in their names, and a "Host" may be foreign."""
    connection = HTTPConnection(urlsplit(server).netloc, timeout=PATIENCE_SECONDS)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request(method, path, body, named)
        answer = connection.getresponse()
        return Answer(
            answer.status,
            {name.lower(): value for name, value in answer.getheaders()},
            answer.read().decode(errors="replace"),
            _cookies(answer.headers.get_all("Set-Cookie", [])),
        )
    finally:
        connection.close()


def _cookies(headers: Iterable[str]) -> dict[str, str]:
    return dict(header.split(";")[0].split("=", 1) for header in headers)


class Visitor:
    """An open tab: `session` is Streamlit's name for it, `texts` what its last script said."""

    def __init__(self, server: str, socket: ClientConnection, cookie: str = "") -> None:
        self.server, self._socket, self.cookie = server, socket, cookie
        answer = socket.response
        self.cookies = _cookies(answer.headers.get_all("Set-Cookie") if answer else [])
        """That the handshake sets."""
        self.session, self.texts, self._page, self._query = "", "", "", ""
        self.errors: list[str] = []
        """Messages of the exceptions that the last script raised."""
        self.components: dict[str, tuple[str, Any]] = {}
        """The identifier and the JSON of each, by key."""

    def run(self, query: str = "") -> None:
        """Run the page's script and wait for its end."""
        self._query = query
        self._send(BackMsg())

    def tell(self, component: str, event: str, value: Any) -> None:
        """Say that something was done to a component, and wait until the script has ended."""
        message = BackMsg()
        widget = message.rerun_script.widget_states.widgets.add()
        widget.id = _make_trigger_id(self.components[component][0], "events")
        widget.json_trigger_value = json.dumps([{"event": event, "value": value}])
        self._send(message)

    def _send(self, message: BackMsg) -> None:
        message.rerun_script.page_script_hash, message.rerun_script.query_string = self._page, self._query
        self._socket.send(message.SerializeToString())
        self.wait()

    def wait(self) -> None:
        """Read what the server says until a script has ended."""
        self.texts, self.errors = "", []
        while True:
            data = self._socket.recv(PATIENCE_SECONDS)
            assert isinstance(data, bytes)
            message = ForwardMsg.FromString(data)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.session = message.new_session.initialize.session_id
            elif kind == "navigation":
                self._page = message.navigation.page_script_hash
            elif kind == "delta":
                element = message.delta.new_element
                self.errors += [element.exception.message] if element.WhichOneof("type") == "exception" else []
                words = element.alert.body or element.markdown.body
                self.texts += f"{words.replace(JOINER, '').replace(chr(92), '')}\n"
                if component := element.bidi_component:
                    key = component.id.rpartition("-")[2]
                    self.components[key] = (component.id, component.mixed.json or component.json)
            elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return

    def upload(self, size: int, file: str = "1") -> Answer:
        """Send a file of so many bytes, as Streamlit's widget would; no script reads it."""
        return self.put(HEAD + bytes(size) + b"\r\n--b--\r\n", file)

    def announce(self, size: int) -> Answer:
        """Begin to send a file of so many bytes, and see what the server says of that."""
        return self._about_file("1", "PUT", HEAD, Content_Length=str(size))

    def put(self, body: bytes | Iterator[bytes], file: str = "1") -> Answer:
        """Send a file as this body, without its length if it comes in pieces."""
        return self._about_file(file, "PUT", body)

    def withdraw(self, file: str = "1") -> Answer:
        """Take a file back."""
        return self._about_file(file, "DELETE", b"")

    def _about_file(self, file: str, method: str, body: bytes | Iterator[bytes], **headers: str) -> Answer:
        token = ask(self.server, "/_stcore/health", Cookie=self.cookie).cookies["_streamlit_xsrf"]
        return ask(
            self.server,
            f"/_stcore/upload_file/{self.session}/{file}",
            method=method,
            body=body,
            Content_Type="multipart/form-data; boundary=b",
            Cookie=f"{self.cookie}; _streamlit_xsrf={token}",
            X_Xsrftoken=token,
            **headers,
        )


@contextmanager
def visiting(server: str, *, host: str = "", **headers: str) -> Iterator[Visitor]:
    """A tab of a server that may be called by another name; raises InvalidStatus where it lets nobody in."""
    port = urlsplit(server).port
    name = host or urlsplit(server).netloc
    with (
        socket.create_connection(("127.0.0.1", port or 80)) as wire,
        connect(
            f"ws://{name}/_stcore/stream",
            sock=wire,
            subprotocols=[Subprotocol("streamlit")],
            additional_headers={"Origin": f"http://{name}", **headers},
            max_size=None,
        ) as stream,
    ):
        yield Visitor(server, stream, headers.get("Cookie", ""))
