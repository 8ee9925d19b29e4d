"""The course in order: minutes, what one can do afterwards, and how far the visitor is."""

import streamlit as st

from app import session
from app.lessons import course
from app.wording import Markdown, as_markdown
from components.offer import offer
from components.progress import progress


def show_course() -> None:
    """Every lesson, with a link that opens where the visitor left it."""
    with st.container(key="course"):
        st.title("Learn gradient descent", anchor=False)
        st.markdown(
            "Short lessons on the live page, from a line through five students to what moves neural networks. "
            "You guess first, then you play."
        )
        for number, lesson in enumerate(course(), 1):
            words = Markdown("**{:d}. [{}](./?lesson={}&step=1)** &nbsp; {:d} min  \n{}")
            said = words.format(number, lesson.title, lesson.id, lesson.minutes, lesson.after)
            st.markdown(as_markdown(said))
        progress(steps={lesson.id: len(lesson.steps) for lesson in course()})
        st.markdown("[To the playground](./)")


def offer_course() -> None:
    """The way to the course; at a first visit, and outside of any lesson, the first one in a line."""
    first = course()[0]
    if session.lesson() is None:
        offer(words="New here?", link=f"First lesson, {first.minutes} min", to=f"./?lesson={first.id}&step=1")
    st.page_link("views/learn.py", label="Learn", width="content")
