"""Run the reader's script, and keep a record of what it did.

What is watched: mnist.load, threadpool_limits, what is printed, the names that functions make, and
`fit`, `predict`, `score` of scikit-learn's estimators. They are wrapped as soon as the script has
imported them, not before: a script that needs no scikit-learn does not wait for it.
"""

import ast
import builtins
import collections
import functools
import importlib.abc
import importlib.util
import os
import sys
import time

from .images import TOGETHER, TRAINING, Images, as_digits

MANY_LINES = 2000  # a script that prints more is stuck in a loop, more likely than not
METHODS = ("fit", "partial_fit", "predict", "predict_proba", "score")
LABELLED = (
    0.99  # so many of the labels must be right: a few that were changed on purpose do not matter
)


class Record:
    """What a script did."""

    def __init__(self, script, source=b""):
        self.script = str(script)
        self.source = source.decode("utf-8", "backslashreplace").lstrip("\ufeff")
        self.lines = self.source.splitlines()
        self.tree = None  # its syntax tree, where Python can read it
        self.names = {}  # the script's names, and what they hold
        self.scopes = {}  # the same for each of its functions
        self.images = None  # what mnist.load gave
        self.learners = {}  # each estimator that learned: what, and what it answered
        self.compared = {}  # place of an == in the script: what was on its left, and on its right
        self.limited = False  # whether threadpool_limits was called
        self.last_call = None  # method, estimator, images and labels of the last fit, predict, ...
        self.inside = {}  # an estimator in a pipeline or a search: which one fitted it
        self.depth = 0
        self.error = None
        self.trouble = None  # what went wrong in the watching itself
        self.printed = Printed()

    def everything(self):
        """Return the names of the script and of its functions, and what they hold."""
        together = {}
        for scope in [*self.scopes.values(), self.names]:
            together.update(scope)
        return {name: value for name, value in together.items() if not name.startswith("__")}


class Printed:
    """Stands for sys.stdout: passes on to the screen what is printed, but not a million lines."""

    def __init__(self):
        self.count = 0
        self.first, self.last = [], collections.deque(maxlen=MANY_LINES)
        self.begun = ""  # the line that has no end yet
        self.when = time.monotonic()

    def __getattr__(self, name):
        return getattr(sys.__stdout__, name)

    def reconfigure(self, **_):
        """sys.stdout has this, except in IDLE, and a script may call it."""

    def write(self, text):
        self.when = time.monotonic()
        if self.count < MANY_LINES:
            sys.__stdout__.write(text)
        *whole, self.begun = (self.begun + text).split("\n")
        for line in whole:
            self.count += 1
            (self.first if self.count <= MANY_LINES else self.last).append(line)
            if self.count == MANY_LINES:
                words = f"(More than {MANY_LINES} lines: is a print in a loop? I show no more.)"
                print(words, file=sys.__stdout__, flush=True)
        return len(text)

    def lines(self):
        return [*self.first, *self.last, *([self.begun] if self.begun else [])]


class Learner:
    """An estimator: which images it learned from, and how many of which it read right."""

    def __init__(self, estimator):
        self.estimator = estimator
        self.shares = []  # (share of right answers, "test" or "training", what it had learned then)
        self.method = "fit"
        self.begin()

    def begin(self):
        import numpy as np

        self.seen = np.zeros(TOGETHER, bool)
        self.unknown = 0  # images that are none of MNIST's, or no longer to be recognised
        self.wrong_labels = self.text = False
        self.answers = np.full(TOGETHER, -1)

    def learned(self):
        """Return (training images, test images, others) that it has learned from."""
        return int(self.seen[:TRAINING].sum()), int(self.seen[TRAINING:].sum()), self.unknown

    def add(self, share, part):
        self.shares.append((float(share), part, self.learned(), self.wrong_labels))


def note(record, method, estimator, images, labels, answers):
    """Keep what an estimator was given, and what it answered."""
    import numpy as np

    if record.images is None or images is None or not hasattr(estimator, "predict"):
        return
    mark = getattr(estimator, "_learned_as", None)  # a copy has it, too
    mark = mark or getattr(record.inside.get(id(estimator)), "_learned_as", None)
    learner = record.learners.get(mark)
    if learner is None or (method == "fit" and learner.estimator is not estimator):
        mark = estimator._learned_as = f"{os.getpid()} {len(record.learners)}"
        learner = record.learners[mark] = Learner(estimator)
    numbers = record.images.numbers(images)
    true = record.images.labels
    given = None if labels is None else as_digits(labels)
    if numbers is None or (numbers < 0).mean() > 0.5:
        numbers = in_order(record, len(images), given)
    known = numbers >= 0
    if method in ("fit", "partial_fit"):
        if method == "fit" and not getattr(estimator, "warm_start", False):
            learner.begin()
        learner.method = method
        learner.seen[numbers[known]] = True
        learner.unknown += int((~known).sum())
        if given is not None and known.any():
            learner.text = np.asarray(labels).dtype.kind in "OSU"
            right = given[known] == true[numbers[known]]
            learner.wrong_labels = bool(right.mean() < LABELLED)
        return
    if not known.any():
        return
    if method == "score":
        if given is not None and (given[known] == true[numbers[known]]).mean() >= LABELLED:
            learner.add(answers, "test" if numbers.max() >= TRAINING else "training")
        return
    digits = as_digits(answers, getattr(estimator, "classes_", None))
    learner.answers[numbers[known]] = digits[known]
    for part, here in (("training", known & (numbers < TRAINING)), ("test", numbers >= TRAINING)):
        if here.sum() >= 100:
            learner.add((digits[here] == true[numbers[here]]).mean(), part)


def in_order(record, count, given):
    """Tell by their labels, or by how many they are, which images these were before a change."""
    import numpy as np

    true = record.images.labels
    for first, last in ((0, TRAINING), (TRAINING, TOGETHER), (0, TOGETHER)):
        same = given is not None and np.array_equal(given, true[first:last][:count])
        if same or (given is None and count == last - first):
            return np.arange(first, first + count)
    return np.full(count, -1)


# Wrapping


current = None  # the record that is being written


def watched(method, name):
    """Return a method of an estimator that is recorded if it is the outermost one."""

    @functools.wraps(method)
    def call(self, *args, **kwargs):
        record = current
        if record is None:
            return method(self, *args, **kwargs)
        images = args[0] if args else kwargs.get("X")
        labels = args[1] if len(args) > 1 else kwargs.get("y")
        if record.depth:  # a pipeline or a search calls the estimators inside it
            if name == "fit":
                record.inside[id(self)] = record.last_call[1]
            return method(self, *args, **kwargs)
        record.last_call = (name, self, images, labels)
        record.depth += 1
        try:
            answers = method(self, *args, **kwargs)
        finally:
            record.depth -= 1
        guarded(record, note, record, name, self, images, labels, answers)
        return answers

    call.is_watched = True
    return call


def last_words():
    """Return when the script printed last, in seconds of time.monotonic()."""
    return current.printed.when if current else 0.0


def guarded(record, function, *args):
    """Call a function of the guide; what goes wrong in it is kept, and stops nothing."""
    try:
        return function(*args)
    except Exception as error:
        record.trouble = error


def watch_class(kind):
    """Wrap the methods of an estimator, of the classes above it, and of those below."""
    for part in kind.__mro__[:-1]:
        for name in METHODS:
            method = vars(part).get(name)
            if hasattr(method, "fn"):  # scikit-learn's available_if, which holds the function
                if not hasattr(method.fn, "is_watched"):
                    method.fn = watched(method.fn, name)
            elif callable(method) and not hasattr(method, "is_watched"):
                setattr(part, name, watched(method, name))
    for lower in kind.__subclasses__():
        watch_class(lower)


def watch_scikit_learn(base):
    """Watch every estimator there is, and every one that will be."""
    watch_class(base.BaseEstimator)
    above = base.BaseEstimator.__init_subclass__

    def new_class(cls, **kwargs):
        above.__func__(cls, **kwargs)
        watch_class(cls)

    if not hasattr(base.BaseEstimator, "is_watched"):
        base.BaseEstimator.__init_subclass__ = classmethod(new_class)
        base.BaseEstimator.is_watched = True


def watch_mnist(mnist):
    load = getattr(mnist, "load", None)
    if load is None or hasattr(load, "is_watched"):
        return

    @functools.wraps(load)
    def call(*args, **kwargs):
        four = load(*args, **kwargs)
        if current is not None:
            current.images = guarded(current, Images, load, four)
        return four

    call.is_watched = True
    mnist.load = call


def watch_threads(threadpoolctl):
    begin = threadpoolctl.threadpool_limits.__init__
    if hasattr(begin, "is_watched"):
        return

    @functools.wraps(begin)
    def call(self, *args, **kwargs):
        begin(self, *args, **kwargs)
        if current is not None and sys._getframe(1).f_code.co_filename == current.script:
            current.limited = True

    call.is_watched = True
    threadpoolctl.threadpool_limits.__init__ = call


WATCHED = {
    "mnist": watch_mnist,
    "sklearn.base": watch_scikit_learn,
    "threadpoolctl": watch_threads,
}


class WhenImported(importlib.abc.MetaPathFinder):
    """Wraps what is to be watched when a module has been imported."""

    def find_spec(self, name, path=None, target=None):
        if name not in WATCHED:
            return None
        for finder in sys.meta_path:
            if finder is not self and (spec := finder.find_spec(name, path, target)):
                break
        else:
            return None
        run = spec.loader.exec_module

        def run_and_watch(module):
            run(module)
            guarded(current or Record(""), WATCHED[name], module)

        spec.loader.exec_module = run_and_watch
        return spec


class Shown(ast.NodeTransformer):
    """Lets functions of the script show their names when they end, and == what it compares."""

    def visit_FunctionDef(self, node):
        self.generic_visit(node)
        show = here(node, "__guide_sees__()")
        node.body = [ast.Try(body=node.body, handlers=[], orelse=[], finalbody=[show])]
        return node

    def visit_Compare(self, node):
        self.generic_visit(node)
        if len(node.ops) > 1 or not isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
            return node
        equal = isinstance(node.ops[0], ast.Eq)
        call = here(node, f"__guide_compares__({node.lineno, node.col_offset}, {equal})").value
        call.args += [node.left, *node.comparators]
        return call


def here(node, text):
    """Return a statement, as if it stood in the script where a node is."""
    statement = ast.parse(text).body[0]
    for part in ast.walk(statement):
        ast.copy_location(part, node)
    return statement


def sees():
    frame = sys._getframe(1)
    if current is not None:
        current.scopes[frame.f_code.co_name] = dict(frame.f_locals)


def compares(place, equal, left, right):
    if current is not None:
        lefts, rights = current.compared.setdefault(place, ([], []))
        if len(lefts) < TOGETHER:
            lefts.append(left)
            rights.append(right)
    return left == right if equal else left != right


def run(script):
    """Run a script as `python my_digits.py` does; return the record of it."""
    global current
    source = script.read_bytes()
    current = record = Record(script, source)
    record.names.update(__name__="__main__", __file__=record.script)
    finder = WhenImported()
    sys.meta_path.insert(0, finder)
    for name in WATCHED:
        if name in sys.modules:
            WATCHED[name](sys.modules[name])
    builtins.__guide_sees__, builtins.__guide_compares__ = sees, compares
    screen, sys.stdout, sys.argv = sys.stdout, record.printed, [record.script]
    try:
        record.tree = ast.parse(source, record.script)
        compile(source, record.script, "exec", dont_inherit=True)
        seen = ast.fix_missing_locations(Shown().visit(ast.parse(source, record.script)))
        exec(compile(seen, record.script, "exec", dont_inherit=True), record.names)
    except BaseException as error:  # sys.exit and Ctrl-C, too
        record.error = error
        frame = error.__traceback__
        while frame:
            if frame.tb_frame.f_code.co_filename == record.script:
                record.scopes.setdefault("", {}).update(frame.tb_frame.f_locals)
            frame = frame.tb_next
    if record.printed.last:
        print("...", *list(record.printed.last)[-3:], sep="\n", file=sys.__stdout__, flush=True)
    sys.stdout = screen
    sys.meta_path.remove(finder)
    current = None
    return record
