"""The course: its lessons in order."""

from app import tabs

tabs.show_course()
