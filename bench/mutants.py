"""Mutants of `chamber/`: one thing broken at a time. What is broken: comparisons, and/or, not, + - * /, numbers, True/False,
and the members of the ordered enumerations that the tables are made of."""

from __future__ import annotations

import ast
import copy
import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PROSE = ("texts.py", "hazards.py")  # sentences and references; a wrong one is found by reading
SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
}  # fmt: skip
_ACTIONS = ("NOTIFY", "BLOCK_NEW", "END_SESSION", "STOP_COOLING", "EVACUATE", "ESTOP", "EVACUATE")
_CLEARS = ("WHEN_CLEAR", "OPERATOR_RESET", "DOOR_OPENED_AND_RESET", "OPERATOR_RESET")
MEMBERS: dict[str, dict[str, str]] = {
    "Action": dict(itertools.pairwise(_ACTIONS)),
    "Clear": dict(itertools.pairwise(_CLEARS)) | {"PLC_RESET": "WHEN_CLEAR"},
}
"""Each member becomes its neighbour."""


class Mutant(NamedTuple):
    """``nth``: in walking order of the file's tree, ``part``: operator of a chained comparison. ``lines``: of its statement."""

    file: str
    nth: int
    part: int
    kind: str
    where: str
    what: str
    repeat: int
    lines: tuple[int, int]
    in_function: bool

    @property
    def key(self) -> tuple[str, str, str, int]:
        """Stays the same when lines move: file, function, what becomes of what, and the how-manieth of the same."""
        return (self.file, self.where, self.what, self.repeat)

    def __str__(self) -> str:
        return f"{self.file}:{self.lines[0]} {self.where}: {self.what}" + (f" (no. {self.repeat + 1})" if self.repeat else "")


def files() -> list[Path]:
    return [f for f in sorted((ROOT / "chamber").rglob("*.py")) if f.name not in PROSE]


def mutants(file: Path) -> Iterator[Mutant]:
    """Every mutant of a file; annotations and docstrings are left alone."""
    tree = ast.parse(file.read_text())
    places = _places(tree)
    skipped = _annotations(tree)
    met: Counter[tuple[str, str]] = Counter()
    for nth, node in enumerate(ast.walk(tree)):
        if id(node) in skipped:
            continue
        for part, kind in _kinds(node):
            broken = _break(copy.deepcopy(node), part)
            where, lines, in_function = places[id(node)]
            what = f"{ast.unparse(node)} -> {ast.unparse(broken)}"
            yield Mutant(str(file.relative_to(ROOT)), nth, part, kind, where, what, met[where, what], lines, in_function)
            met[where, what] += 1


def _kinds(node: ast.AST) -> Iterator[tuple[int, str]]:
    match node:
        case ast.Compare():
            yield from ((n, "compare") for n, op in enumerate(node.ops) if type(op) in SWAPS)
        case ast.BoolOp():
            yield 0, "boolean"
        case ast.BinOp() if type(node.op) in SWAPS:
            yield 0, "arithmetic"
        case ast.UnaryOp(op=ast.Not()):
            yield 0, "not"
        case ast.Constant(value=bool() | int() | float()):
            yield 0, "constant"
        case ast.Attribute(value=ast.Name(id=name)) if node.attr in MEMBERS.get(name, {}):
            yield 0, "member"
        case _:
            pass


def _break(node: ast.AST, part: int) -> ast.AST:
    match node:
        case ast.Compare():
            node.ops[part] = SWAPS[type(node.ops[part])]()  # type: ignore[assignment]
        case ast.BoolOp() | ast.BinOp():
            node.op = SWAPS[type(node.op)]()  # type: ignore[assignment]
        case ast.UnaryOp():
            node.op = ast.UAdd()  # `not x` becomes `+x`: true where it was false
        case ast.Constant(value=bool(value)):
            node.value = not value
        case ast.Constant(value=int() | float() as value):
            node.value = value + 1
        case ast.Attribute(value=ast.Name(id=name)):
            node.attr = MEMBERS[name][node.attr]
        case _:
            raise TypeError(type(node))
    return node


def broken_tree(mutant: Mutant) -> ast.Module:
    tree = ast.parse((ROOT / mutant.file).read_text())
    for n, node in enumerate(ast.walk(tree)):
        if n == mutant.nth:
            _break(node, mutant.part)
            return tree
    raise LookupError(mutant)


def changed_code(mutant: Mutant) -> dict[CodeType, CodeType]:
    """Code objects of the file that the mutant changes, old to new."""
    name = str(ROOT / mutant.file)
    old, new = compile((ROOT / mutant.file).read_text(), name, "exec"), compile(broken_tree(mutant), name, "exec")
    return {a: b for a, b in zip(_flat(old), _flat(new), strict=True) if a != b}


def _flat(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _flat(constant)


def _annotations(tree: ast.Module) -> set[int]:
    roots: list[ast.AST] = []
    for node in ast.walk(tree):
        match node:
            case ast.AnnAssign():
                roots.append(node.annotation)
            case ast.arg(annotation=ast.expr() as annotation):
                roots.append(annotation)
            case ast.FunctionDef(returns=ast.expr() as returns):
                roots.append(returns)
            case _:
                pass
    return {id(n) for root in roots for n in ast.walk(root)}


def _places(tree: ast.Module) -> dict[int, tuple[str, tuple[int, int], bool]]:
    """Of each node: name of what it stands in, lines of its statement (of a block: of its head), whether inside a function."""
    places: dict[int, tuple[str, tuple[int, int], bool]] = {}

    def visit(node: ast.AST, where: str, lines: tuple[int, int], inside: bool) -> None:
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            lines = (node.lineno, body[0].lineno - 1 if body else node.end_lineno or node.lineno)
            lines = (lines[0], max(lines))
        elif isinstance(node, ast.expr) and not inside:
            lines = (node.lineno, node.end_lineno or node.lineno)
        places[id(node)] = (where, lines, inside)
        name = f"{where}.{node.name}".removeprefix("module.") if isinstance(node, ast.FunctionDef | ast.ClassDef) else where
        own = [node.body] if isinstance(node, ast.Lambda) else node.body if isinstance(node, ast.FunctionDef) else []
        within = {id(n) for n in own}
        for child in ast.iter_child_nodes(node):
            visit(child, name, lines, inside or id(child) in within)

    visit(tree, "module", (1, 1), False)
    return places
