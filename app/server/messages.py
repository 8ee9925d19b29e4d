"""What a page and its scripts say to each other is not lost while one of them is not ready for it.

Nothing public does that. Where another version of Streamlit has other names for what is used here, this raises
AttributeError, at once or with each message, and tests/browser/test_messages.py fails.
"""

from weakref import WeakKeyDictionary

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.scriptrunner import RerunData

LOOK_SECONDS = 0.002


def lose_no_message() -> None:
    """Have Streamlit wait where it would drop what it is told, or what it says; runner.fastReruns has to be off."""
    rerun, create = AppSession.request_rerun, AppSession._create_scriptrunner
    pages: WeakKeyDictionary[AppSession, str] = WeakKeyDictionary()  # That a tab asked for; "" for the first one.

    def request_rerun(self: AppSession, client_state: ClientState | None) -> None:
        """What is said of a fragment waits for the script that makes it known, started for that if none is running.

        Of a fragment on a page that was left nothing is heard: it would lead back to that page.
        """
        said = client_state
        if said and not said.fragment_id:
            pages[self] = said.page_script_hash
        elif said and not said.is_auto_rerun and not self.has_fragment(said.fragment_id):
            if pages.get(self, "") in ("", said.page_script_hash):
                if self._scriptrunner is None:
                    rerun(self, ClientState(query_string=said.query_string, page_script_hash=said.page_script_hash))
                # The script puts its own in its place.
                self._fragment_storage.register(said.fragment_id, lambda: None)
        rerun(self, said)

    def create_scriptrunner(self: AppSession, initial_rerun_data: RerunData) -> None:
        """A new thread of scripts waits until what the last one has said is sent: it would be taken for outdated."""
        if self._state == AppSessionState.SHUTDOWN_REQUESTED:
            return
        if self._scriptrunner is None:
            create(self, initial_rerun_data)
        elif not self._scriptrunner.request_rerun(initial_rerun_data):
            self._event_loop.call_later(LOOK_SECONDS, self._create_scriptrunner, initial_rerun_data)

    AppSession.request_rerun = request_rerun  # type: ignore[method-assign]
    AppSession._create_scriptrunner = create_scriptrunner  # type: ignore[method-assign]
