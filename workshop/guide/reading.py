"""What stands in the text of a script: to explain, never to judge."""

import ast
import difflib
import io
import re
import tokenize

# The words, outside of texts and comments, by which one sees how far somebody has come.
BEGUN = {
    2: r"reshape|\bpixels?\b|\bdigits?\b|\brows?\b|\b28\b|\blines?\b|\bdraw\w*",
    3: r"\w*predic?t\w*|number_?right|scores?\b|accura|correct|\banswers?\b|guess|== *\w*label",
    4: r"sklearn|MLP|\w*[Cc]las+if\w*|neural|\bfit\b|max_?iter|hidden_?layer|activation|solver",
    5: r"random_?state|thread_?pool|learning_?rate *=|max_?iter\w* *= *['\"]?\d\d",
}


def code(source):
    """Return the source without its comments and with its texts emptied."""
    try:
        kept, last = [], (1, 0)
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.start[0] > last[0]:
                kept.append("\n")
            kept.append(" " * (token.start[1] - last[1] if token.start[0] == last[0] else 1))
            text = "" if token.type == tokenize.COMMENT else token.string
            kept.append('""' if token.type == tokenize.STRING else text)
            last = token.end
        return "".join(kept)
    except (tokenize.TokenError, SyntaxError):
        return re.sub(r"#.*|\"[^\"\n]*\"|'[^'\n]*'", "", source)


NOTHING = ast.Module([], [])


def begun(source):
    """Return the furthest stage whose words stand in a script."""
    words = code(source)
    return max((stage for stage, pattern in BEGUN.items() if re.search(pattern, words)), default=1)


def statement(tree, line):
    """Return the innermost statement at a line; of a `for` or an `if`, its first line only."""
    found = None
    for node in ast.walk(tree or NOTHING):
        if isinstance(node, ast.stmt) and node.lineno <= line <= node.end_lineno:
            found = node
    return found


def parts(node):
    """Return the expressions of a statement, without the statements inside it."""
    if node is None:
        return []
    found, todo = [], [node]
    while todo:
        node = todo.pop()
        found.append(node)
        todo += [part for part in ast.iter_child_nodes(node) if not isinstance(part, ast.stmt)]
    return found


def name_of(node):
    """Return the last name in an expression: `predict` in classifier.predict."""
    return getattr(node, "attr", getattr(node, "id", ""))


def idle(record):
    """Return what is worked out and then lost: a sentence for each line that does nothing."""
    found = []
    for node in ast.walk(record.tree or NOTHING):
        if isinstance(node, ast.Assign) and isinstance(getattr(node.value, "op", None), ast.UAdd):
            found.append((node.lineno, "`=+` gives a name a new value; to add, write `+=`."))
        if not isinstance(node, ast.Expr):
            continue
        value = node.value
        if isinstance(value, (ast.Attribute, ast.Name)):
            words = f"names `{name_of(value)}`, and does nothing with it: brackets are missing, ()."
        elif isinstance(value, ast.Compare):
            words = (
                "only compares, and does nothing with the answer. To give a name a value: one =."
            )
        elif isinstance(value, (ast.BinOp, ast.IfExp)):
            words = "works something out, and does not keep it. To add to a name, write +=."
        elif isinstance(value, ast.Call) and name_of(value.func) in GIVES:
            name = name_of(value.func)
            words = f"does not keep the result of {name}: write {GIVES[name]} = ... before it."
        else:
            continue
        found.append((node.lineno, words))
    return [
        f"Line {line} of my_digits.py,\n    {record.lines[line - 1].strip()}\n{words}"
        for line, words in sorted(found)
    ]


GIVES = {
    "predict": "predictions",
    "load": "data",
    "reshape": "digit",
    "MLPClassifier": "classifier",
    "zip": "pairs",
    "len": "number",
}


def near(word, known, least=0.7, first=()):
    """Return the known word nearest to a misspelt one, if one is near; `first` before others.

    Small letters and capitals are the same here.
    """
    likeness = {}
    for name in {str(name) for name in known if not str(name).startswith("_")}:
        matcher = difflib.SequenceMatcher(None, (word or "").lower(), name.lower())
        if matcher.real_quick_ratio() > least - 0.1:
            likeness[name] = matcher.ratio() + 0.1 * (name in first)
    best = max(sorted(likeness), key=likeness.get, default=None)
    least = max(least, 0.8) if len(word or "") < 4 and len(known) > 30 else least
    return best if best and likeness[best] >= least else None


def unused(record):
    """Return the names that a script gives and never uses: one of them may be misspelt."""
    used = {
        p.id
        for p in ast.walk(record.tree or NOTHING)
        if isinstance(getattr(p, "ctx", None), ast.Load) and hasattr(p, "id")
    }
    return later(record) - used


def later(record):
    """Return the names that a script gives anywhere, also those that come too late."""
    return {
        part.id
        for part in ast.walk(record.tree or NOTHING)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    }
