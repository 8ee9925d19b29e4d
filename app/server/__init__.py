"""What stands between the network and the page: who may ask, how much they may send, and what answers say."""

from app.server.configuration import Configuration
from app.server.cookies import EmbeddedCookies
from app.server.document import document
from app.server.errors import ErrorsWithAnId, report
from app.server.hall import Hall
from app.server.headers import SafeHeaders
from app.server.health import health
from app.server.hosts import KnownHosts
from app.server.housekeeping import keep_house
from app.server.internals import ClosedInternals
from app.server.messages import lose_no_message
from app.server.metrics import serve_metrics
from app.server.uploads import UploadQuotas

__all__ = [
    "ClosedInternals",
    "Configuration",
    "EmbeddedCookies",
    "ErrorsWithAnId",
    "Hall",
    "KnownHosts",
    "SafeHeaders",
    "UploadQuotas",
    "document",
    "health",
    "keep_house",
    "lose_no_message",
    "report",
    "serve_metrics",
]
