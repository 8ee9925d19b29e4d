"""`python -m tests.lessons` prints the course as a table: minutes, words, and what each lesson asks."""

from app.lessons import Lesson, course
from app.lessons.step import count_words

COLUMNS = (
    "lesson",
    "minutes",
    "seconds",
    "steps",
    "words",
    "most a step",
    "questions",
    "options",
    "numbers",
    "sketches",
)


def row(lesson: Lesson) -> tuple[str | int, ...]:
    """What a learner of this lesson reads and answers; the words are those of the steps and of their questions."""
    questions = [step.question for step in lesson.steps if step.question]
    asked = sum(count_words(" ".join([one.ask, *(text for text, _ in one.options)])) for one in questions)
    return (
        str(lesson.title),
        lesson.minutes,
        round(lesson.seconds),
        len(lesson.steps),
        sum(step.n_words for step in lesson.steps) + asked,
        max(step.n_words for step in lesson.steps),
        len(questions),
        sum(bool(one.options) for one in questions),
        sum(bool(one.number) for one in questions),
        sum(bool(one.sketch) for one in questions),
    )


def table() -> str:
    """All lessons and their sums, as Markdown."""
    rows = [row(lesson) for lesson in course()]
    totals = [sum(int(one[i]) for one in rows) for i in range(1, len(COLUMNS))]
    totals[COLUMNS.index("most a step") - 1] = max(int(one[COLUMNS.index("most a step")]) for one in rows)
    lines = [COLUMNS, ["---"] * len(COLUMNS), *rows, ("all", *totals)]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


if __name__ == "__main__":
    print(table())
