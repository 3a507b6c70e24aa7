"""The coach: each advice is given where its sign is measured, and is not where it is absent."""

import re
import warnings

import pytest
from scripts import TOP, output_here, replace, run_here, step_module
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

import mnist

STEP = "examples/04_improving_the_score"
FEW = 5000  # images to learn from; with batches of 20, as many steps an epoch as usual


@pytest.fixture(scope="module")
def coach():
    return step_module(STEP, "coach")


@pytest.fixture(scope="module")
def look(coach):
    """Train in a second or so, and return what the coach measures."""
    images, labels, _, _ = mnist.load(dtype="float32")
    done = {}

    def look(**settings):
        key = repr(settings)
        if key not in done:
            usual = dict(divide_pixels_by=255, batch_size=20, max_iter=5)
            settings = {**coach.scoreboard.STEP_02, **usual, **settings}
            pixels = images[: 2 * FEW] / settings["divide_pixels_by"]
            names = set(MLPClassifier().get_params()) & set(settings)
            classifier = MLPClassifier(**{name: settings[name] for name in names})
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ConvergenceWarning)
                classifier.fit(pixels[:FEW], labels[:FEW])
            run = {
                "number": 1,
                "score": classifier.score(pixels[FEW:], labels[FEW : 2 * FEW]),
                "training_score": classifier.score(pixels[:FEW], labels[:FEW]),
                "seconds": 1.0,
                "epochs": classifier.n_iter_,
                "interrupted": 0,
                "settings": settings,
            }
            done[key] = coach.look(classifier, pixels[:FEW], run)
        return dict(done[key])

    return look


def at(rate, /, **settings):
    return dict(settings, learning_rate_init=rate)


ADAM, ADAPTIVE = dict(solver="adam"), dict(learning_rate="adaptive")
WIDE = at(0.05, hidden_layer_sizes=(64,))
RELU, TANH = dict(WIDE, activation="relu"), dict(WIDE, activation="tanh")
LONG = dict(RELU, max_iter=25)
EARLY = dict(WIDE, tol=0.05, n_iter_no_change=1, max_iter=40)
SIGNS = [  # the advice; a training that shows its sign; one that does not; what is to be tried
    ("large_inputs", dict(divide_pixels_by=1), {}, "divide_pixels_by = 255"),
    ("large_inputs", dict(divide_pixels_by=99999), {}, "divide_pixels_by = 255"),
    ("weights_held_down", dict(alpha=100), {}, "alpha = 0.0001"),
    ("weights_held_down", dict(WIDE, alpha=0.05), {}, "alpha = 0.0001"),
    ("rate_ran_out", dict(learning_rate="invscaling"), ADAPTIVE, "learning_rate = constant"),
    ("steps_far_too_large", at(2, activation="relu"), RELU, "learning_rate_init = 0.02"),
    ("steps_far_too_large", at(1.0, **ADAM), ADAM, "learning_rate_init = 0.03"),
    ("nothing_comes_through", dict(hidden_layer_sizes=(14,) * 6), {}, "activation = relu"),
    ("too_few_epochs", dict(max_iter=2), {}, "max_iter = 10"),
    ("few_steps", dict(batch_size=1000), {}, "batch_size = 200"),
    ("few_steps", dict(solver="lbfgs", max_iter=3), {}, "solver = adam"),
    ("stopped_early", EARLY, dict(WIDE, max_iter=10), "tol = 0.0001"),
    ("steps_too_small", at(0.001), at(0.1), "learning_rate_init = 0.1"),
    ("no_bend", dict(activation="identity"), RELU, "activation = relu"),
    ("far_too_narrow", dict(hidden_layer_sizes=(2,)), {}, "hidden_layer_sizes = (256,)"),
    ("too_narrow", at(0.05), WIDE, "hidden_layer_sizes = (256,)"),
    ("steps_too_large", at(0.2, **RELU), RELU, "learning_rate_init = 0.04"),
    ("up_and_down", at(0.3, activation="tanh", max_iter=9), {}, "learning_rate_init = 0.06"),
    ("slow_sigmoid", WIDE, RELU, "activation = relu"),
    ("could_go_faster", at(0.001, **TANH, max_iter=6), LONG, "learning_rate_init = 0.005"),
    ("not_finished", RELU, LONG, "max_iter = 10"),
    ("by_heart", LONG, {}, "hidden_layer_sizes = (256,)"),
]


@pytest.mark.parametrize("name, shown, absent, advice", SIGNS)
def test_each_advice_follows_from_its_sign(coach, look, name, shown, absent, advice):
    function = getattr(coach, name)
    assert function in coach.ADVICE
    saw, setting, value = function(look(**shown))
    assert f"{setting} = {value}" == advice
    assert re.search(r"\d", saw), "a number that was measured"
    assert setting in coach.scoreboard.STEP_02
    assert function(look(**absent)) is None


def test_what_takes_long_is_said_only_where_it_did(coach, look):
    signs = look(max_iter=31, learning_rate_init=0.05)
    assert coach.long_wait(signs) is None
    signs["seconds"] = 20
    saw, *advice = coach.long_wait(signs)
    assert advice == ["max_iter", 10] and "the score will fall at first" in saw
    signs = look(batch_size=1, max_iter=1)
    assert coach.many_steps(signs) is None
    signs["seconds"] = 20
    assert coach.many_steps(signs)[1:] == ("batch_size", 200)


def test_nobody_is_sent_back_to_what_they_have_tried(coach, look):
    first = look(learning_rate_init=0.05)
    later = dict(first, settings={**first["settings"], "hidden_layer_sizes": (256,)})
    for runs in ([later, first], [dict(later, score=None), first]):
        assert coach.tried("hidden_layer_sizes", (256,), runs)
    assert not coach.tried("hidden_layer_sizes", (128,), runs)
    smaller = dict(first, settings={**first["settings"], "learning_rate_init": 0.01}, score=0.1)
    assert not coach.tried("learning_rate_init", 0.5, [smaller, first])
    assert coach.tried("learning_rate_init", 0.5, [dict(smaller, score=0.99), first])
    assert not coach.tried("learning_rate_init", 0.02, [dict(smaller, score=0.99), first])


def test_what_ctrl_c_ended_too_early_gets_no_advice(coach, look, monkeypatch, capsys):
    signs = {**look(max_iter=2), "interrupted": 1}
    monkeypatch.setattr(coach, "look", lambda *_: signs)
    coach.advise(None, None, [signs])
    assert "ended too early to tell anything" in capsys.readouterr().out


# In the script


def test_a_network_without_hidden_layers_is_advised_too(workshop):
    script = workshop / STEP / "process_digits.py"
    output = output_here(script, max_iter=1, hidden_layer_sizes="()", learning_rate_init=0.1)
    assert "has no hidden layer" in " ".join(output.split())
    assert "Try next:   hidden_layer_sizes = (256,)" in output


def test_the_script_says_what_the_coach_saw_and_never_more_than_six_lines(workshop):
    step = workshop / STEP
    output = output_here(step / "process_digits.py", max_iter=2)
    says = output[output.index("What I saw: ") :]
    assert says.endswith("Try next:   max_iter = 10\n")
    assert len(says.splitlines()) <= 6 and max(map(len, says.splitlines())) < 80


@pytest.mark.parametrize(
    "changes, message, saw, advice",
    [
        (
            dict(activation='"identity"', learning_rate_init=0.5, max_iter=1),
            "ValueError: Solver produced non-finite parameter weights. The input data may contain "
            "large values and need to be preprocessed.",
            "grown beyond every number",
            "learning_rate_init = 0.05",
        ),
        (
            dict(activation='"sigmoid"'),
            "The 'activation' parameter of MLPClassifier must be a str among",
            "calls the sigmoid",
            'activation = "logistic"',
        ),
    ],
)
def test_a_training_that_fails_gets_its_sentence_too(workshop, changes, message, saw, advice):
    output, ending = run_here(workshop / STEP / "process_digits.py", **changes)
    assert message in f"{type(ending).__name__}: {ending}"
    readme = (TOP / STEP / "README.md").read_text(encoding="utf-8")
    assert message in " ".join(readme.split())
    assert saw in output and f"Try next:   {advice}\n" in output
    assert "This run scores" not in output


def test_whatever_goes_wrong_in_the_coach_the_score_stands(workshop):
    step = workshop / STEP
    replace(step / "coach.py", "    some = images", "    1 / 0\n    some = images")
    output = output_here(step / "process_digits.py", max_iter=1, hidden_layer_sizes="(4,)")
    assert "This run scores 0." in output
    assert "The coach could not look at this run: ZeroDivisionError" in output
    assert (step / "best_network.npz").exists()


# Followed


@pytest.mark.slow
@pytest.mark.parametrize(
    "start, target",
    [
        (dict(divide_pixels_by="1"), 0.98),
        (dict(activation='"relu"', learning_rate_init="5"), 0.975),
        (dict(hidden_layer_sizes="(2,)", max_iter="10"), 0.975),
    ],
)
def test_who_follows_the_first_advice_climbs(start, target):
    runs = list(step_module("benchmarks", "climb").climb(start))
    scores = [score or 0 for _, score, _, _ in runs[:8]]
    assert max(scores) >= target, runs
