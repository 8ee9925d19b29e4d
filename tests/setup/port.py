"""`python tests/setup/port.py 8501 [JOB]` says in a sentence why a server cannot use the port that `make JOB` was told.

It runs before anything is installed, so it uses only the standard library.
"""

import errno
import socket
import sys

ADDRESSES = [
    (socket.AF_INET, "0.0.0.0"),
    (socket.AF_INET, "127.0.0.1"),
    (socket.AF_INET6, "::"),
    (socket.AF_INET6, "::1"),
]


def refusal(port: int) -> int | None:
    """The error number with which the system refuses the port on any address of this machine; 0 if none."""
    for family, address in ADDRESSES:
        try:
            with socket.socket(family) as probe:
                # Otherwise the remains of a server that has just stopped would count as one.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((address, port))
        except OSError as problem:
            # Without IPv6 its addresses are refused for other reasons.
            if problem.errno in (errno.EADDRINUSE, errno.EACCES):
                return problem.errno
    return None


def complaint(text: str = "", job: str = "run") -> str | None:
    """What is wrong with the port and what to type instead."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        return f"PORT={text} is not a port. Choose a number from 1024 to 65535: make {job} PORT=8501"
    port = int(text)
    reason = refusal(port)
    if reason is None:
        return None
    free = next(p for p in [*range(max(port, 1023) + 1, 65536), *range(1024, 65536)] if refusal(p) is None)
    problem = "is taken" if reason == errno.EADDRINUSE else "is kept for the administrator"
    return f"Port {port} {problem}. Choose another: make {job} PORT={free}"


if __name__ == "__main__":
    sys.exit(complaint(*sys.argv[1:]))
