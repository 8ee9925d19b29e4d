"""What whoever runs the server may set, by environment variables."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

PREFIX = "PLAYGROUND_"
"""Of each variable; the rest is the field's name in capitals."""

SWITCH = {"0": False, "1": True}


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """The README's table says what each means for users."""

    allowed_hosts: tuple[str, ...] = ()
    """Names that the server answers to besides its own and all addresses in numbers; "*." precedes any subdomain."""

    frame_ancestors: str = "'self'"
    """Pages that may embed this one, as Content-Security-Policy writes them."""

    max_sessions: int = 200
    """Browser tabs that are served at once."""

    max_session_upload_megabytes: int = 500
    """What one session may send before its script has read it."""

    max_total_upload_megabytes: int = 2000
    """Files of all sessions together, read or not."""

    metrics: bool = False
    """Whether /_stcore/metrics answers."""

    metrics_port: int = 0
    """Where figures for Prometheus are; 0 is nowhere."""

    log_runs: bool = False
    """Whether each run leaves a line in the log."""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Configuration":
        """Raises ValueError where a variable makes no sense."""
        variables = {field.name: PREFIX + field.name.upper() for field in fields(cls)}
        given = {name: environment.get(variable, "").strip() for name, variable in variables.items()}
        defaults = cls()
        return cls(
            **{name: _value(variables[name], text, getattr(defaults, name)) for name, text in given.items() if text}
        )


def _value(variable: str, text: str, default: Any) -> Any:
    """What the text says, in the default's type."""
    match default:
        case bool():
            if text not in SWITCH:
                raise ValueError(f"{variable} is “{text}”; it can be 0 or 1.")
            return SWITCH[text]
        case int():
            if not (text.isascii() and text.isdecimal() and int(text)):
                raise ValueError(f"{variable} is “{text}”; it has to be a whole number above 0.")
            return int(text)
        case tuple():
            return tuple(text.lower().replace(",", " ").split())
    if not text.isascii() or not text.isprintable() or not {*text}.isdisjoint(";,"):
        raise ValueError(f"{variable} is “{text}”; it has to be a list of sources parted by blanks, such as 'self'.")
    return text
