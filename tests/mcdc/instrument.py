"""Decisions of the safety rules made visible: modules are imported with every condition of every decision recorded.

A decision is an outermost boolean expression inside a function: and/or/not, a comparison, the test of an ``if``, of a
conditional expression or of a comprehension. Its conditions are its leaves. A condition that short-circuiting skipped
is None: it can have had no influence. ``x or 0.0`` is a default, no decision; code run at import is judged by importing.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType
from typing import Any, NamedTuple

HOOK = "_mcdc"
Vector = tuple[bool | None, ...]


class Decision(NamedTuple):
    """Where a decision stands and what its conditions say."""

    module: str
    line: int
    text: str
    conditions: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.text}"


class Evaluated(NamedTuple):
    decision: int
    vector: Vector
    outcome: bool


class Recorder:
    """Called by the instrumented modules. ``numbers``: operands of comparisons, neighbours belong together; None between."""

    def __init__(self) -> None:
        self.decisions: list[Decision] = []
        self.seen: list[Evaluated] = []
        self.numbers: list[float | None] = []
        self._open: list[list[bool | None]] = []

    def clear(self) -> None:
        self.seen, self.numbers, self._open = [], [], []

    # called from instrumented code, in this order
    def begin(self, decision: int) -> None:
        self._open.append([None] * len(self.decisions[decision].conditions))

    def condition(self, index: int, value: Any) -> Any:
        self._open[-1][index] = bool(value)
        self.numbers.append(None)
        return value

    def operand(self, value: Any) -> Any:
        self.numbers.append(float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None)
        return value

    def end(self, decision: int, _begun: None, value: Any) -> Any:
        self.seen.append(Evaluated(decision, tuple(self._open.pop()), bool(value)))
        return value


class _Instrument(ast.NodeTransformer):
    def __init__(self, module: str, recorder: Recorder) -> None:
        self.module, self.recorder, self.depth = module, recorder, 0
        self._tests: set[int] = set()

    def visit(self, node: ast.AST) -> Any:
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            self.depth += 1
            result = self.generic_visit(node)
            self.depth -= 1
            return result
        if self.depth == 0:
            return self.generic_visit(node)
        if isinstance(node, ast.If | ast.IfExp | ast.While):
            self._tests.add(id(node.test))
        elif isinstance(node, ast.comprehension):
            self._tests.update(id(test) for test in node.ifs)
        elif isinstance(node, ast.expr) and (id(node) in self._tests or _boolean(node)):
            return self._decision(node)
        return self.generic_visit(node)

    def _decision(self, node: ast.expr) -> ast.expr:
        leaves: list[ast.expr] = []
        _leaves(node, leaves)
        number = len(self.recorder.decisions)
        text, conditions = ast.unparse(node), tuple(ast.unparse(leaf) for leaf in leaves)
        self.recorder.decisions.append(Decision(self.module, node.lineno, text, conditions))
        order = {id(leaf): n for n, leaf in enumerate(leaves)}
        return _call("end", ast.Constant(number), _call("begin", ast.Constant(number)), self._wrapped(node, order))

    def _wrapped(self, node: ast.expr, order: dict[int, int]) -> ast.expr:
        if isinstance(node, ast.BoolOp):
            return ast.BoolOp(node.op, [self._wrapped(v, order) for v in node.values])
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return ast.UnaryOp(node.op, self._wrapped(node.operand, order))
        index = order[id(node)]
        inner: ast.expr = self.generic_visit(node)  # decisions inside a condition are decisions of their own
        if isinstance(inner, ast.Compare):
            operands = [_call("operand", x) for x in (inner.left, *inner.comparators)]
            inner = ast.Compare(operands[0], inner.ops, operands[1:])
        return _call("condition", ast.Constant(index), inner)


def _boolean(node: ast.expr) -> bool:
    if isinstance(node, ast.BoolOp):
        return not isinstance(node.values[-1], ast.Constant | ast.JoinedStr)  # else a default
    return isinstance(node, ast.Compare) or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not))


def _leaves(node: ast.expr, into: list[ast.expr]) -> None:
    if isinstance(node, ast.BoolOp):
        for value in node.values:
            _leaves(value, into)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        _leaves(node.operand, into)
    else:
        into.append(node)


def _call(name: str, *args: ast.expr) -> ast.Call:
    return ast.Call(ast.Attribute(ast.Name(HOOK, ast.Load()), name, ast.Load()), list(args), [])


def instrumented(tree: ast.Module, module: str, recorder: Recorder) -> ast.Module:
    """``tree`` with every decision telling ``recorder``, which the module must have under the name ``HOOK``."""
    return ast.fix_missing_locations(_Instrument(module, recorder).visit(tree))


class _Loader(SourceFileLoader):
    recorder: Recorder

    def get_code(self, fullname: str) -> CodeType:
        return compile(instrumented(ast.parse(self.get_data(self.path)), fullname, self.recorder), self.path, "exec")

    def exec_module(self, module: ModuleType) -> None:
        setattr(module, HOOK, self.recorder)
        super().exec_module(module)


class Finder(MetaPathFinder):
    """Imports the modules under ``roots`` instrumented. To be installed before any of them is imported."""

    def __init__(self, recorder: Recorder, roots: Sequence[str]) -> None:
        self.recorder, self.roots = recorder, tuple(roots)

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if not any(name == root or name.startswith(root + ".") for root in self.roots):
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is None or spec.origin is None:
            return None
        loader = _Loader(name, spec.origin)
        loader.recorder = self.recorder
        spec.loader = loader
        return spec

    def install(self) -> None:
        already = [m for m in sys.modules if any(m == root or m.startswith(root + ".") for root in self.roots)]
        if already:
            raise RuntimeError(f"imported too early to be instrumented: {', '.join(already)}")
        sys.meta_path.insert(0, self)
