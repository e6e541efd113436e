"""Functions fit a screen and modules a sitting; every public thing is documented."""

import ast
from statistics import median, quantiles

from tests.house.code import functions, length, modules, name_of, tree


def test_modules_are_short() -> None:
    lines = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in modules()}
    assert len(lines) > 80
    assert {name: count for name, count in lines.items() if count > 400} == {}
    assert median(lines.values()) <= 120


def test_functions_fit_a_screen() -> None:
    lengths = {f"{name_of(path)}:{node.name}": length(node) for path in modules() for node in functions(path)}
    assert len(lengths) > 500
    assert {name: lines for name, lines in lengths.items() if lines > 60} == {}
    assert median(lengths.values()) <= 10
    assert quantiles(lengths.values(), n=10)[-1] <= 30


def test_every_public_thing_is_documented() -> None:
    looked, bare = 0, []
    for path in modules():
        if not ast.get_docstring(tree(path)):
            bare.append(name_of(path))
        for node in tree(path).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                looked += 1
                if not ast.get_docstring(node):
                    bare.append(f"{name_of(path)}:{node.name}")
    assert looked > 250
    assert bare == []
