"""The card of a lesson's step: words, a question, ways on and back."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import session
from app.lessons import UNMADE, Guess, Moment, Place, Question, course, mean_factor, printed, selector
from app.runs.run import Run
from app.wording import Markdown, as_markdown, readable
from components.lesson import lesson as memory

FIRST = "First guess; then play."


def show_lesson(run: Run, place: DeltaGenerator) -> None:
    """The step of the lesson that the URL names, if it names one."""
    here = session.lesson()
    if here is None:
        return
    step, moment = here.lesson.steps[here.step], session.see(here, run)
    with place.container(key="lesson", gap="xsmall"):
        _show_head(here)
        with st.container(key="lesson_body"):
            words, side = st.columns([3, 2], gap="medium")
            words.markdown(as_markdown(here.lesson.text(here.step)))
            if step.question:
                with side:
                    _show_question(here, step.question, moment)
                    if step.tells and moment.epoch and not session.waits():
                        st.caption(as_markdown(printed(step.tells, lambda: moment)))
        _show_memory(here)


def _show_head(here: Place) -> None:
    """Where one is, and the ways from there."""
    (lesson, k), lessons = here, (*course(), UNMADE)
    following = lessons[[one.id for one in lessons].index(lesson.id) + 1 :]
    before = Place(lesson, k - 1) if k else None
    after = Place(lesson, k + 1) if k + 1 < len(lesson.steps) else None
    if after is None and following:
        after = Place(following[0], 0)

    def go(to: Place | None) -> None:
        if to:
            session.open_step(to)
        else:
            session.leave_lesson()
        st.rerun()  # all of it, for the widgets outside the fragment that the card stands in

    done = Markdown(" :material/check:" if session.attempt(here).passes(lesson.steps[k]) else "")
    title = Markdown("**{}** &nbsp; *{}* &nbsp; {:d} of {:d}{}")
    with st.container(horizontal=True, vertical_alignment="center", key="lesson_head"):
        st.markdown(as_markdown(title.format(lesson.steps[k].title, lesson.title, k + 1, len(lesson.steps), done)))
        st.button("Back", disabled=before is None, on_click=go, args=(before,), key="lesson_back")
        if after:
            st.button(
                "Next" if after.lesson is lesson else "Next lesson",
                type="primary",
                on_click=go,
                args=(after,),
                key="lesson_next",
            )
        st.button("Leave the lesson", type="tertiary", on_click=go, args=(None,), key="lesson_leave")


def _show_question(here: Place, question: Question, moment: Moment) -> None:
    """The question until the run has answered it; then the guess beside the answer."""
    attempt = session.attempt(here)
    if attempt.is_done and attempt.guess is not None and attempt.answer is not None:
        st.markdown(as_markdown(verdict(question, attempt.guess, attempt.answer)))
        st.markdown(as_markdown(printed(question.why, lambda: moment)))
        return
    if question.sketch:
        _show_sketch(here, question, attempt.guess)
        return
    key = f"guess_{here.lesson.name}_{here.step + 1}"

    texts = [as_markdown(text) for text, _ in question.options]

    def guess() -> None:
        said = session.value(key)
        attempt.guess = None if said is None else float(texts.index(said) if texts else said)

    known = None if isinstance(attempt.guess, tuple) else attempt.guess
    if texts:
        index = None if known is None else int(known)
        options = question.options
        st.radio(as_markdown(question.ask), [as_markdown(text) for text, _ in options], index, key=key, on_change=guess)
    else:
        low, high = question.bounds
        st.number_input(
            as_markdown(question.ask),
            low,
            high,
            known,
            step=0.01,
            format="%g",
            placeholder="your guess",
            key=key,
            on_change=guess,
        )


def _show_sketch(here: Place, question: Question, known: Guess | None) -> None:
    """The losses that the handles in the chart have, which can be typed too."""
    st.markdown(as_markdown(question.ask))
    low, high = question.bounds
    keys = session.sketch_keys(here)
    if isinstance(known, tuple) and session.value(keys[0]) is None:  # the widgets were away
        session.assign(dict(zip(keys, known, strict=True)))
    with st.container(horizontal=True, gap="xsmall", key="sketch"):
        for key, epoch in zip(keys, question.sketch, strict=True):
            st.number_input(
                as_markdown(f"at {epoch:,g}"),
                low,
                high,
                None,
                format="%g",
                key=key,
                width=80,
                on_change=session.guess_sketch,
                args=(here,),
            )


def verdict(question: Question, guess: Guess, answer: Guess) -> Markdown:
    """The guess beside the answer, and how far it was off."""
    if isinstance(guess, tuple) and isinstance(answer, tuple):
        return _verdict_on_sketch(question, guess, answer)
    if isinstance(guess, tuple) or isinstance(answer, tuple):
        raise TypeError("A guess and its answer are of one kind.")
    if question.options:
        said, right = (question.options[int(i)][0] for i in (guess, answer))
        if guess == answer:
            return Markdown("You guessed **{}**, and so it is.").format(said)
        return Markdown("You guessed “{}”; the answer is **{}**.").format(said, right)
    return Markdown("You guessed **{}**; it is **{}**{}.").format(
        readable(guess), readable(answer), _gap(question, guess, answer)
    )


def _verdict_on_sketch(question: Question, drawn: tuple[float, ...], true: tuple[float, ...]) -> Markdown:
    """How far a sketch is off on average, and where most."""
    factors = [mean_factor([a], [b]) for a, b in zip(drawn, true, strict=True)]
    i = factors.index(max(factors))
    said = Markdown("Your curve is off **{} times** on average, most at epoch {}: you drew {}, it is **{}**.")
    factor = readable(mean_factor(drawn, true), 2)
    return said.format(factor, readable(question.sketch[i]), readable(drawn[i]), readable(true[i]))


def _gap(question: Question, guess: float, answer: float) -> str:
    """Such as ": 12 too low", ": 1.5 times too high"."""
    if readable(guess, 3) == readable(answer, 3):
        return ", to three digits"
    way = "high" if guess > answer else "low"
    if question.gap == "factor" and guess > 0 and answer > 0:
        return f": {readable(max(guess, answer) / min(guess, answer), 2)} times too {way}"
    return f": {readable(abs(guess - answer), 3)} too {way}"


def _show_memory(here: Place) -> None:
    """What the browser does for the card: it remembers, lets words act, and lights up what they speak of."""
    lesson, step = here.lesson, here.lesson.steps[here.step]

    def act() -> None:
        session.act(here)
        st.rerun()

    def again() -> None:
        session.forget(here)
        st.rerun()

    memory(
        key=session.MEMORY,
        lesson=lesson.name,
        step=here.step,
        attempts=session.attempts(lesson),
        to_do=[i for i, one in enumerate(lesson.steps) if one.asks_or_checks],
        lit=[selector(name) for name in step.light],
        words={name: selector(name) for name in step.lighting},
        waits=FIRST if session.waits() else "",
        options=len(step.question.options) if step.question else 0,
        on_act=act,
        on_again=again,
        on_remember=lambda: session.recall(lesson),
        on_sketch=lambda: session.sketch(here),
    )
