"""What outlives a rerun. Only here `st.session_state` and `st.query_params` are named."""

from app.session.address import parameter
from app.session.data import (
    AUTOMATIC,
    READING,
    address_to_open,
    bring,
    bring_file,
    drop_refusal,
    drop_upload,
    features_before,
    findings,
    has_new_wishes,
    newest_upload,
    objective,
    read_upload,
    refuse_upload,
    refused_upload,
    selection,
    take_preset,
    upload,
    uploads,
)
from app.session.descents import (
    FROM_HERE,
    FROM_START,
    begin_at,
    branch,
    dragged,
    epoch_shown,
    leave_branch,
    of_the_run,
    rest,
    restore,
    run,
    set_sweep,
    sweep,
    zoom,
    zoomed,
)
from app.session.lecture import STOPS, go, page_now, went
from app.session.lessons import (
    MEMORY,
    act,
    attempt,
    attempts,
    challenges_on,
    forget,
    guess_shown,
    guess_sketch,
    last_data,
    leave_lesson,
    lesson,
    open_step,
    recall,
    see,
    sketch,
    sketch_keys,
    sketch_shown,
    suit_challenge,
    waits,
)
from app.session.link import arrive, asked_fingerprint, link_to, write_plans, write_table
from app.session.pins import follow_run, next_number, pin_run, pinned, restore_pins, restoring, set_pins
from app.session.state import assign, closed, open_sessions, session_id, value
from app.session.told import FROM_ZERO, NUMBER, told
from app.session.wishes import is_ledger_open, open_ledger, wish, wishes

__all__ = [
    "AUTOMATIC", "FROM_HERE", "FROM_START", "FROM_ZERO", "MEMORY", "NUMBER", "READING", "STOPS", "act",
    "address_to_open", "arrive", "asked_fingerprint", "assign", "attempt", "attempts", "begin_at", "branch",
    "bring", "bring_file", "challenges_on", "closed", "dragged", "drop_refusal", "drop_upload", "epoch_shown",
    "features_before", "findings", "follow_run", "forget", "go", "guess_shown", "guess_sketch", "has_new_wishes",
    "is_ledger_open", "last_data", "leave_branch", "leave_lesson", "lesson", "link_to", "newest_upload",
    "next_number", "objective", "of_the_run", "open_ledger", "open_sessions", "open_step", "page_now", "parameter",
    "pin_run", "pinned", "read_upload", "recall", "refuse_upload", "refused_upload", "rest", "restore",
    "restore_pins", "restoring", "run", "see", "selection", "session_id", "set_pins", "set_sweep", "sketch",
    "sketch_keys", "sketch_shown", "suit_challenge", "sweep", "take_preset", "told", "upload", "uploads", "value",
    "waits", "went", "wish", "wishes", "write_plans", "write_table", "zoom", "zoomed",
]  # fmt: skip
