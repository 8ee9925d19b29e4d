"""The course in order: minutes, what one can do afterwards, and how far the visitor is."""

import streamlit as st

from app import session
from app.lessons import Lesson, course
from app.wording import Markdown, as_markdown, listed
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
        made, link = _show_challenges()
        progress(
            steps={lesson.id: len(lesson.steps) for lesson in course()},
            scored=[step.scored for step in made.steps],
            made=made.name,
            link=link,
        )
        st.markdown("[To the playground](./)")


def _show_challenges() -> tuple[Lesson, str]:
    """What can be asked of the data on the playground; and the parameters of a link to these data."""
    selection, title = session.last_data()
    made, columns = session.challenges_on(selection), selection.columns
    st.subheader("Challenges", anchor=False)
    about = Markdown(
        "Made for the data on the playground: **{}**, {} from {}. Each line is a link that takes these data along."
    )
    st.markdown(as_markdown(about.format(title, columns.target, listed(columns.features))))
    for number, step in enumerate(made.steps, 1):
        words = Markdown("**{:d}. [{}](./?lesson={}&step={:d})**").format(number, step.title, made.id, number)
        misfit = Markdown("**{:d}. {}** {}").format(number, step.title, made.text(number - 1))
        st.markdown(as_markdown(words if step.question else misfit))
    return made, session.link_to(selection, title)


def offer_course() -> None:
    """The way to the course; at a first visit, and outside of any lesson, the first one in a line."""
    first = course()[0]
    if session.lesson() is None:
        offer(words="New here?", link=f"First lesson, {first.minutes} min", to=f"./?lesson={first.id}&step=1")
    st.page_link("views/learn.py", label="Learn", width="content")
