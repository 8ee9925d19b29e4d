"""Reads the lessons' files; what is wrong in one is told with file, line and what to do."""

import math
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from app.lessons import opening
from app.lessons.conditions import Condition, Quantity
from app.lessons.lights import selector
from app.lessons.step import ACTING, LIGHTING, PRINTED, Lesson, Question, Step, as_words
from app.wording import own

FOLDER = Path(__file__).parent
MAX_WORDS_A_STEP = 60
MAX_STEPS = 8
MAX_MINUTES = 6
OPTIONS = 4
HANDLES = range(3, 6)
"""Of a sketch."""

T = TypeVar("T")


class LessonError(ValueError):
    """What is wrong with a lesson's file: where, and what to do."""


@cache
def course() -> tuple[Lesson, ...]:
    """All lessons, in the order of their files' names; raises LessonError."""
    return tuple(read(path.read_text("utf-8"), path.name) for path in sorted(FOLDER.glob("*.md")))


def read(text: str, file: str) -> Lesson:
    """A lesson from its file's text; raises LessonError."""
    parts = re.split(r"^---$\n?", text, maxsplit=2, flags=re.MULTILINE)
    if len(parts) != 3 or parts[0]:
        raise LessonError(f"{file}, line 1: begin with front matter between two lines of three hyphens.")
    return _File(file, body_line=parts[1].count("\n") + 3).lesson(parts[1], parts[2])


class _File:
    """Knows the lines of what it reads."""

    def __init__(self, name: str, body_line: int) -> None:
        self.name, self.body_line = name, body_line

    def fault(self, line: int, words: str) -> LessonError:
        return LessonError(f"{self.name}, line {line}: {words}.")

    def lesson(self, front: str, body: str) -> Lesson:
        try:
            root = yaml.compose(front, yaml.BaseLoader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 2 if error.problem_mark else 2
            raise self.fault(line, f"this is no YAML, {error.problem}") from None
        nodes = self.mapping(root, {"id", "title", "minutes", "after", "steps"}, all_of=True)
        listed = nodes["steps"]
        if not isinstance(listed, yaml.SequenceNode):
            raise self.fault(_line(listed), "steps is a list: begin each with a hyphen")
        sections = self.sections(body)
        if len(sections) != len(listed.value):
            words = f"there are {len(listed.value)} steps above and {len(sections)} headings “## …” below"
            raise self.fault(_line(listed), f"{words}; make them one each")
        steps = [self.step(node, *section) for node, section in zip(listed.value, sections, strict=True)]
        name, minutes = self.text(nodes["id"]), self.tried(nodes["minutes"], int)
        if not re.fullmatch(r"[a-z0-9-]+", name):
            raise self.fault(_line(nodes["id"]), f"“{name}” is no id: write small letters and hyphens")
        title, after = (own(self.text(nodes[key])) for key in ("title", "after"))
        lesson = Lesson(name, title, minutes, after, tuple(steps))
        self.check_form(lesson, nodes)
        return lesson

    def sections(self, body: str) -> list[tuple[str, str, int]]:
        """Heading, text and line of each step."""
        heads = [*re.finditer(r"^## (.+)$", body, re.MULTILINE)]
        ends = [head.start() for head in heads[1:]] + [len(body)] * bool(heads)
        return [
            (head[1].strip(), body[head.end() : end].strip(), self.body_line + body[: head.start()].count("\n"))
            for head, end in zip(heads, ends, strict=True)
        ]

    def step(self, node: yaml.Node, title: str, text: str, line: int) -> Step:
        known = {"preset", "at", "light", "question", "check", "act", "promise"}
        nodes = self.mapping(node, known) if isinstance(node, yaml.MappingNode) else {}
        for name, _ in PRINTED.findall(text):
            self.tried_on(line, Quantity, name)
        for name in LIGHTING.findall(text):
            self.tried_on(line, selector, name)
        for query in ACTING.findall(text):
            for key, value in as_words(query).items():
                self.tried_on(line, opening.check, key, value)
        at = self.text(nodes["at"]) if "at" in nodes else ""
        if not re.fullmatch(r"\d*|end", at):
            raise self.fault(_line(nodes["at"]), f"“{at}” is no epoch; write a whole number, or end")
        step = Step(
            own(title),
            text,
            preset=self.words(nodes["preset"]) if "preset" in nodes else {},
            at=at,
            light=tuple(self.lights(nodes["light"])) if "light" in nodes else (),
            question=self.question(nodes["question"]) if "question" in nodes else None,
            check=self.conditions(nodes["check"]) if "check" in nodes else (),
            act=self.words(nodes["act"], also=("epoch",)) if "act" in nodes else {},
            promise=self.conditions(nodes["promise"]) if "promise" in nodes else (),
        )
        if step.question and not step.question.number and not step.check:
            words = "a question with options or a sketch needs a check: what is done to see the answer"
            raise self.fault(_line(node), words)
        if bool(step.check) != bool(step.act):
            raise self.fault(_line(node), "a check and the act that makes it true come together")
        if step.n_words > MAX_WORDS_A_STEP:
            raise self.fault(line, f"“{title}” has {step.n_words} words; {MAX_WORDS_A_STEP} are the most")
        return step

    def question(self, node: yaml.Node) -> Question:
        nodes = self.mapping(node, {"ask", "why", "options", "number", "sketch", "from", "to", "gap"})
        if missing := {"ask", "why"} - nodes.keys():
            raise self.fault(_line(node), f"the question lacks “{'” and “'.join(sorted(missing))}”")
        ask, why = own(self.text(nodes["ask"])), self.text(nodes["why"])
        if "options" in nodes:
            options = self.mapping(nodes["options"])
            if len(options) != OPTIONS:
                raise self.fault(_line(node), f"there are {len(options)} options; give {OPTIONS}")
            return Question(ask, why, tuple((own(text), self.conditions(held)) for text, held in options.items()))
        if not {"from", "to"} <= nodes.keys() or not {"number", "sketch"} & nodes.keys():
            raise self.fault(_line(node), "give four options, or a number or a sketch with “from” and “to”")
        low, high = (self.tried(nodes[key], float) for key in ("from", "to"))
        if "sketch" in nodes:
            if not 0 < low < high:
                raise self.fault(_line(nodes["from"]), "a sketch is drawn on a log axis: from above 0 to more")
            return Question(ask, why, sketch=self.epochs(nodes["sketch"]), bounds=(low, high))
        gap = self.text(nodes["gap"]) if "gap" in nodes else "distance"
        return Question(ask, why, number=self.tried(nodes["number"], Quantity), bounds=(low, high), gap=gap)

    def epochs(self, node: yaml.Node) -> tuple[float, ...]:
        """Where the handles of a sketch are."""
        epochs = tuple(self.tried(item, float) for item in node.value) if isinstance(node, yaml.SequenceNode) else ()
        if len(epochs) not in HANDLES or any(a >= b for a, b in zip((0.0, *epochs), epochs, strict=False)):
            words = f"sketch is a list of {HANDLES[0]} to {HANDLES[-1]} epochs above 0, in order, as in [5, 10, 20]"
            raise self.fault(_line(node), words)
        return epochs

    def check_form(self, lesson: Lesson, nodes: Mapping[str, yaml.Node]) -> None:
        """The rules for whole lessons."""
        line, steps = _line(nodes["steps"]), lesson.steps
        if len(steps) > MAX_STEPS:
            raise self.fault(line, f"there are {len(steps)} steps; {MAX_STEPS} are the most")
        if "dataset" not in steps[0].preset:
            raise self.fault(line, "the first step's preset names the dataset")
        if 2 * sum(step.question is not None for step in steps) < len(steps):
            raise self.fault(line, "fewer than half of the steps ask something; predicting is what teaches")
        for i, (step, after) in enumerate(zip(steps, steps[1:], strict=False)):
            if not step.asks_or_checks and not after.asks_or_checks:
                raise self.fault(
                    line, f"there is nothing to do in steps {i + 1} and {i + 2}; give one of them a question or a check"
                )
        minutes = math.ceil(lesson.seconds / 60)
        if lesson.minutes != minutes or minutes > MAX_MINUTES:
            words = f"words and actions take {lesson.seconds:.0f} s: write {minutes} minutes"
            raise self.fault(_line(nodes["minutes"]), f"{words}, of which {MAX_MINUTES} are the most")

    def mapping(
        self, node: yaml.Node | None, known: set[str] | None = None, *, all_of: bool = False
    ) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            raise self.fault(_line(node), "here stand names and values, as in “name: value”")
        found = {key.value: value for key, value in node.value}
        for key, _ in node.value:
            if known is not None and key.value not in known:
                raise self.fault(_line(key), f"“{key.value}” is not known here; there are {', '.join(sorted(known))}")
        if all_of and known and (missing := known - found.keys()):
            raise self.fault(_line(node), f"“{'”, “'.join(sorted(missing))}” is missing")
        return found

    def words(self, node: yaml.Node, also: tuple[str, ...] = ()) -> opening.Words:
        found: dict[str, str | list[str]] = {}
        for key, value in self.mapping(node).items():
            is_list = isinstance(value, yaml.SequenceNode)
            found[key] = [self.text(item) for item in value.value] if is_list else self.text(value)
            if key not in also:
                self.tried_on(_line(value), opening.check, key, found[key])
        return found

    def lights(self, node: yaml.Node) -> list[str]:
        names = node.value if isinstance(node, yaml.SequenceNode) else [node]
        return [(self.tried(name, selector), self.text(name))[1] for name in names]

    def conditions(self, node: yaml.Node) -> tuple[Condition, ...]:
        nodes = self.mapping(node)
        return tuple(self.tried_on(_line(value), Condition, key, self.text(value)) for key, value in nodes.items())

    def text(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise self.fault(_line(node), "here stands one value")
        return str(node.value)

    def tried(self, node: yaml.Node, make: Callable[[str], T]) -> T:
        return self.tried_on(_line(node), make, self.text(node))

    def tried_on(self, line: int, make: Callable[..., T], *words: Any) -> T:
        """What is made of the words, whose fault is told with its line."""
        try:
            return make(*words)
        except ValueError as error:
            raise self.fault(line, str(error)) from None


def _line(node: yaml.Node | None) -> int:
    """Of the file: the front matter begins in its second line."""
    return node.start_mark.line + 2 if node else 2
