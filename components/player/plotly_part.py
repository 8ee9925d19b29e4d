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
TRACE = re.compile(r'moduleType:"trace",name:"(\w+)"')
EXPORTED = re.compile(r"\.exports=([\w$]+)\(\)\}\)")


@cache
def plotly_that_draws(*traces: str) -> str:
    """A script with Plotly's core, which draws scatter traces, and these; where it finds no such modules, the whole.

    As Plotly's own partial bundles do, it registers no others; then it leaves out each module that nothing requires.
    """
    whole = PLOTLY.read_text("utf-8")
    ends = [0, *(found.start() for found in MODULE.finditer(whole)), len(whole)]
    parts = [whole[start:end] for start, end in zip(ends, ends[1:], strict=False)]
    part_of = {name: i for i, part in enumerate(parts) for name in NAME.findall(part)}
    registered = REGISTERED.search(parts[-1])
    if not registered:
        return whole
    drawn = {_trace(parts, part_of, name): name for name in REQUIRED.findall(registered[1])}
    if not drawn.keys() >= set(traces):
        return whole
    wanted = ",".join(f"{drawn[trace]}()" for trace in traces)
    parts[-1] = parts[-1].replace(registered[1], wanted)
    needed, found = set[int](), {0, len(parts) - 1}
    while found:
        needed |= found
        names = {name for i in found for name in REQUIRED.findall(parts[i])}
        found = {part_of[name] for name in names if name in part_of} - needed
    return "".join(parts[i] for i in sorted(needed))


def _trace(parts: list[str], part_of: dict[str, int], name: str) -> str:
    """The kind of trace that a registered module draws, or "": it may only hand on what another exports."""
    part = parts[part_of[name]]
    if kind := TRACE.search(part):
        return kind[1]
    exported = EXPORTED.search(part)
    return _trace(parts, part_of, exported[1]) if exported else ""
