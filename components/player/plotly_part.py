"""The part of the installed plotly.min.js that draws some kinds of traces: a quarter of what the browser would load."""

import re
from functools import cache
from pathlib import Path

import plotly

PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"

# Its bundler, esbuild, writes every CommonJS module as `var name=W((exports,module)=>{…})`, a function that is called
# as `name()` where the module is required; a module of another kind follows as `name=Ea(()=>{…})`.
FUNCTION = r"\((?:\([\w$,]*\)|[\w$]+)=>\{"
MODULE = re.compile(rf"(?<=[;\n])var [\w$]+=W{FUNCTION}")
NAME = re.compile(rf"(?<![\w$])([\w$]+)=(?:W|Ea){FUNCTION}")
REQUIRED = re.compile(r"(?<![\w$.])([\w$]+)\(\)")
REGISTERED = re.compile(r"\.register\(\[([\w$(),]+)\]\)")
KIND = re.compile(r'moduleType:"(?:trace|component)",name:"(\w+)"')
EXPORTED = re.compile(r"\.exports=([\w$]+)\(\)\}\)")


@cache
def plotly_with(*kinds: str) -> str:
    """A script with Plotly's core, which draws scatter traces, and these kinds of traces and components.

    As Plotly's own partial bundles do, it registers no others; then it leaves out each module that nothing requires.
    Where it finds no such modules, it is the whole.
    """
    whole = PLOTLY.read_text("utf-8")
    ends = [0, *(found.start() for found in MODULE.finditer(whole)), len(whole)]
    parts = [whole[start:end] for start, end in zip(ends, ends[1:], strict=False)]
    part_of = {name: i for i, part in enumerate(parts) for name in NAME.findall(part)}
    registered = REGISTERED.search(parts[-1])
    if not registered:
        return whole
    names = {_kind(parts, part_of, name): name for name in REQUIRED.findall(registered[1])}
    if not names.keys() >= set(kinds):
        return whole
    wanted = ",".join(f"{names[kind]}()" for kind in kinds)
    parts[-1] = parts[-1].replace(registered[1], wanted)
    needed, found = set[int](), {0, len(parts) - 1}
    while found:
        needed |= found
        required = {name for i in found for name in REQUIRED.findall(parts[i])}
        found = {part_of[name] for name in required if name in part_of} - needed
    return "".join(parts[i] for i in sorted(needed))


def _kind(parts: list[str], part_of: dict[str, int], name: str) -> str:
    """The kind of a registered module, or "": it may only hand on what another exports."""
    part = parts[part_of[name]]
    if kind := KIND.search(part):
        return kind[1]
    exported = EXPORTED.search(part)
    return _kind(parts, part_of, exported[1]) if exported else ""
