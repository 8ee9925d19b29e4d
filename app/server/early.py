"""What a page says of a fragment that the server has not come to, as after a restart, is heeded once it has."""

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession


def keep_what_comes_early() -> None:
    """Streamlit drops messages for fragments that it does not know, before a script that is running makes them known.

    So they wait behind that script, or behind one that is started for them. Nothing public does that. Raises
    AttributeError, here or at each message, where another version of Streamlit has other names for it.
    """
    rerun = AppSession.request_rerun

    def request_rerun(self: AppSession, client_state: ClientState | None) -> None:
        said = client_state
        if said and said.fragment_id and not said.is_auto_rerun and not self.has_fragment(said.fragment_id):
            if self._scriptrunner is None:
                rerun(self, ClientState(query_string=said.query_string, page_script_hash=said.page_script_hash))
            self._fragment_storage.register(said.fragment_id, lambda: None)  # The script puts its own in its place.
        rerun(self, said)

    AppSession.request_rerun = request_rerun  # type: ignore[method-assign]
