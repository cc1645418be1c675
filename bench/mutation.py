"""Mutation score of `chamber/`: break one thing at a time in a copy, run its tests, count what nobody notices.

    python -m bench.mutation [N] [SEED]

A random sample of N mutants (comparisons, arithmetic, and/or, not, numbers, True/False). Survivors are printed to be read:
some are equivalent. Takes about 10 s a mutant, so it is not part of the checks.
"""

from __future__ import annotations

import ast
import copy
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
}  # fmt: skip


def places(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Index (in walking order) and kind of everything that can be broken; annotations and texts are left alone."""
    for index, node in enumerate(ast.walk(tree)):
        if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
            yield index, "compare"
        elif isinstance(node, ast.BoolOp):
            yield index, "boolean"
        elif isinstance(node, ast.BinOp) and type(node.op) in SWAPS:
            yield index, "arithmetic"
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield index, "not"
        elif isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float):
            yield index, "constant"


def broken(tree: ast.Module, index: int) -> tuple[ast.Module, str]:
    tree = copy.deepcopy(tree)
    node = list(ast.walk(tree))[index]
    before = ast.unparse(node)
    match node:
        case ast.Compare():
            node.ops[0] = SWAPS[type(node.ops[0])]()  # type: ignore[assignment]
        case ast.BoolOp() | ast.BinOp():
            node.op = SWAPS[type(node.op)]()  # type: ignore[assignment]
        case ast.UnaryOp():
            node.op = ast.UAdd()  # `not x` becomes `+x`: true where it was false
        case ast.Constant(value=bool(value)):
            node.value = not value
        case ast.Constant(value=int() | float() as value):
            node.value = value + 1
        case _:
            raise TypeError(type(node))
    return tree, f"line {getattr(node, 'lineno', 0)}: {before}  ->  {ast.unparse(node)}"


def main() -> None:
    count, seed = int(sys.argv[1]) if len(sys.argv) > 1 else 40, int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder) / "copy"
        shutil.copytree(ROOT, copied, ignore=shutil.ignore_patterns(".git", ".venv", "node_modules", "var", "run", "out", "__pycache__"))
        files = [f for f in sorted((copied / "chamber").glob("*.py")) if f.name not in ("texts.py", "hazards.py")]
        trees = {f: ast.parse(f.read_text()) for f in files}
        every = [(f, index, kind) for f, tree in trees.items() for index, kind in places(tree)]
        chosen = random.Random(seed).sample(every, min(count, len(every)))
        caught = 0
        for file, index, kind in chosen:
            text = file.read_text()
            tree, what = broken(trees[file], index)
            file.write_text(ast.unparse(tree))
            command = [
                sys.executable,
                "-m",
                "pytest",
                "-x",
                "-q",
                "-p",
                "no:cacheprovider",
                "tests/chamber",
                "tests/cryochamber/test_config.py",
            ]
            noticed = subprocess.run(command, cwd=copied, capture_output=True, timeout=300).returncode != 0
            file.write_text(text)
            caught += noticed
            if not noticed:
                print(f"survived: {file.relative_to(copied)} {kind} {what}", flush=True)
        print(f"{caught} of {len(chosen)} mutants caught ({100.0 * caught / len(chosen):.0f} %), of {len(every)} possible, seed {seed}")


if __name__ == "__main__":
    main()
