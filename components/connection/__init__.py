"""What the page does while its server is out of reach, and when it is back."""

from components.connection.widget import connection

__all__ = ["connection"]
