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
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from app.wording import JOINER

PATIENCE_SECONDS = 30
CLOSE_SECONDS = 0.2
"""For a tab that is closed while the server still has things to say."""

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
    """An open tab: `session` and `page` are Streamlit's names for it, `texts` is what its last script said."""

    def __init__(self, server: str, socket: ClientConnection, cookie: str = "") -> None:
        self.server, self._socket, self.cookie = server, socket, cookie
        answer = socket.response
        self.cookies = _cookies(answer.headers.get_all("Set-Cookie") if answer else [])
        """That the handshake sets."""
        self.session, self.texts, self.page, self._query = "", "", "", ""
        self.errors: list[str] = []
        """Messages of the exceptions that the last script raised."""
        self.components: dict[str, tuple[str, Any]] = {}
        """The identifier and the JSON of each, by key."""
        self.places: dict[str, tuple[str, str]] = {}
        """The identifier of each field, uploader and component, and its fragment, by key."""

    def take_over(self, other: "Visitor") -> None:
        """Show what another tab shows, as a page does whose server was started again and does not know it."""
        self.page, self._query = other.page, other._query
        self.places, self.components = dict(other.places), dict(other.components)

    def run(self, query: str = "") -> None:
        """Run the page's script and wait for its end."""
        self._query = query
        self.send()
        self.wait()

    def tell(self, component: str, event: str, value: Any) -> None:
        """Say that something was done to a component, and wait until the script has ended."""
        self.send(self.done(component, event, value))
        self.wait()

    def done(self, component: str, event: str, value: Any) -> WidgetState:
        """What says that something was done to a component."""
        name = _make_trigger_id(self.components[component][0], "events")
        return WidgetState(id=name, json_trigger_value=json.dumps([{"event": event, "value": value}]))

    def holding(self, uploader: str, file: str = "1") -> WidgetState:
        """What says that an uploader holds a file that was sent."""
        state = WidgetState(id=self.places[uploader][0])
        info = state.file_uploader_state_value.uploaded_file_info.add()
        info.file_id, info.name = file, "own.csv"
        info.file_urls.file_id = file
        return state

    def send(self, *states: WidgetState, fragment: str = "", page: str = "") -> None:
        """Have the script run, or a fragment of it, for these states of widgets; nobody waits for it."""
        message = BackMsg()
        asked = message.rerun_script
        asked.page_script_hash, asked.query_string = "" if page else self.page, self._query
        asked.page_name, asked.fragment_id = page, fragment
        asked.widget_states.widgets.extend(states)
        self._socket.send(message.SerializeToString())

    def wait(self, patience: float = PATIENCE_SECONDS) -> None:
        """Read what the server says until a script has ended; TimeoutError if nothing is said for so many seconds."""
        self.texts, self.errors = "", []
        while not self._read(patience):
            pass

    def wait_for(self, component: str, words: str) -> None:
        """Read what the server says until a component has these words."""
        while words not in self.components.get(component, ("", ""))[1]:
            self._read()

    def _read(self, patience: float = PATIENCE_SECONDS) -> bool:
        """Read one message; whether it is that a script has ended."""
        data = self._socket.recv(patience)
        assert isinstance(data, bytes)
        message = ForwardMsg.FromString(data)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.session = message.new_session.initialize.session_id
        elif kind == "navigation":
            self.page = message.navigation.page_script_hash
        elif kind == "delta":
            self._note(message.delta.new_element, message.delta.fragment_id)
        return bool(kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN)

    def _note(self, element: Element, fragment: str) -> None:
        self.errors += [element.exception.message] if element.WhichOneof("type") == "exception" else []
        words = element.alert.body or element.markdown.body
        self.texts += f"{words.replace(JOINER, '').replace(chr(92), '')}\n"
        if component := element.bidi_component:
            key = component.id.rpartition("-")[2]
            self.components[key] = (component.id, component.mixed.json or component.json)
        if widget := element.bidi_component.id or element.number_input.id or element.file_uploader.id:
            self.places[widget.rpartition("-")[2]] = (widget, fragment)

    def upload(self, size: int, file: str = "1") -> Answer:
        """Send a file of so many bytes, as Streamlit's widget would; no script reads it."""
        return self.send_file(bytes(size), file)

    def send_file(self, content: bytes, file: str = "1") -> Answer:
        return self.put(HEAD + content + b"\r\n--b--\r\n", file)

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
            close_timeout=CLOSE_SECONDS,
        ) as stream,
    ):
        yield Visitor(server, stream, headers.get("Cookie", ""))
