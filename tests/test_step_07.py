"""The network written from scratch: its derivatives, scikit-learn's numbers, and the score."""

import re
import warnings

import numpy as np
import pytest
from scripts import (
    assert_drawn,
    assert_printed,
    blocks,
    change,
    interrupt,
    output_here,
    output_of,
    replace,
    run_here,
    score,
    step_module,
)
from sklearn.neural_network import MLPClassifier

import mnist

STEP = "examples/07_backpropagation_from_scratch"
SIZES = (784, 14, 14, 10)


def number_after(text, output):
    return float(re.search(rf"{text} ([-+.\dena]+)$", output, flags=re.MULTILINE)[1])


def assert_checked(output, layers):
    for layer in layers:
        assert number_after(f"layer {layer}: largest relative difference", output) < 1e-6
    for what in ("forward and predict_proba", "weights after 10 steps", "weights after 2 epochs"):
        assert number_after(f"{what}: largest difference", output) < 1e-9


# The script


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_it_proves_trains_and_scores_as_the_readme_says(script, seed):
    output = output_of(script.name, cwd=script.parent, seed=seed)
    assert_checked(output, (1, 2, 3))
    assert 40 <= output.count("Iteration") <= 100
    assert 0.83 < score(output) < 0.91
    if seed == 0:
        assert_printed(blocks(script.with_name("README.md"), "text")[1], output)
        assert "hidden layers of (14, 14) neurons.\nIts loss should fall, in at most 100" in output


@pytest.mark.slow
def test_another_network_is_checked_too(script):
    settings = dict(sizes="(784, 30, 10)", batch_size=10_000, beta=0.5, alpha=2.0, seed=3)
    output = output_of(script.name, cwd=script.parent, max_epochs=1, **settings)
    assert_checked(output, (1, 2))
    assert output.count("Iteration") == 1
    assert_drawn(script.parent / "derivatives.png", script.parent / "loss.png")


def test_ctrl_c_ends_the_training_and_still_scores_and_it_runs_from_the_top(workshop, script):
    _, rest, errors = interrupt(script, cwd=workshop, after="Iteration 2")
    assert errors == ""
    assert "Training interrupted." in rest
    assert 0.3 < score(rest) < 0.9


def test_ctrl_c_in_the_second_check_ends_the_script(script):
    after = "weights after 10 steps"  # now fit begins, which ends early at Ctrl-C and goes on
    _, rest, errors = interrupt(script, cwd=script.parent, after=after, exit_status=1)
    assert "Third check" not in rest
    assert errors == "Stopped before the checks were done.\n"


@pytest.mark.parametrize(
    "setting, message",
    [
        ({"sizes": "(28, 14, 10)"}, "sizes must begin with 784"),
        ({"max_epochs": "-1"}, "max_epochs must be at least 1"),
    ],
)
def test_settings_that_cannot_work_are_met_with_a_sentence(script, setting, message):
    output, ending = run_here(script, **setting)
    assert output == "" and ending.startswith(message)


# The checks find what is wrong


SIGN_1 = ("a[last] - y  #", "y - a[last]  #", "123")
SIGN_4 = ("* (1 - a[layer - 1])", "* (1 + a[layer - 1])", "12")
DECAY = ("+ alpha * w[layer]", "- alpha * w[layer]", "123")
NO_NUMBER = ("keepdims=True) / images", "keepdims=True) * np.nan", "123")


@pytest.mark.parametrize("old, new, layers", [SIGN_1, SIGN_4, DECAY, NO_NUMBER])
def test_the_gradient_check_finds_a_wrong_line(script, old, new, layers):
    replace(script.parent / "network.py", old, new)
    output, ending = run_here(script)
    assert ending == "They differ: backward() in network.py does not fit forward() and cost()."
    for layer in (1, 2, 3):
        difference = number_after(f"layer {layer}: largest relative difference", output)
        assert (not difference < 0.001) == (str(layer) in layers)


@pytest.mark.parametrize(
    "file, old, new, meaning",
    [
        ("network.py", "w[layer] += beta * vw[layer] - push_w", "w[layer] += vw[layer]", "update"),
        ("process_digits.py", "seed = 0", "seed = None", "seed = None"),
        ("process_digits.py", '"logistic"', '"tanh"', "same activation function"),
        ("network.py", "batch = order[start", "batch = np.arange(60000)[start", "train_epoch"),
    ],
)
def test_the_second_check_stops_and_says_what_it_means(script, file, old, new, meaning):
    replace(script.parent / file, old, new)
    output, ending = run_here(script)
    assert "Third check" not in output
    assert ending.startswith("They differ: ") and meaning in ending


# The README's solutions


def test_the_network_worked_by_hand_gives_the_numbers_of_the_solution(workshop):
    output = output_here(workshop / STEP / "by_hand.py")
    assert output == blocks(workshop / STEP / "README.md", "text")[0]


@pytest.mark.slow
def test_relu_in_both_networks_is_checked(script):
    network, *process_digits = blocks(script.with_name("README.md"), "diff")[2:5]
    change(script.parent / "network.py", network)
    assert "same activation function" in run_here(script)[1]
    output = output_here(script, *process_digits, max_epochs=3)
    assert_checked(output, (1, 2, 3))
    assert score(output) > 0.9


@pytest.mark.slow
def test_without_momentum_ten_times_the_learning_rate_does_the_same(script):
    def last_loss(**settings):
        output = output_here(script, max_epochs=10, **settings)
        return float(re.findall(r"loss = ([\d.]+)", output)[-1])

    assert last_loss(beta=0) > 1.5
    assert 0.6 <= last_loss(beta=0, mu=0.1) <= 0.75
    assert 0.6 <= last_loss() <= 0.75


# Its functions, beside MLPClassifier


@pytest.fixture
def network():
    return step_module(STEP, "network")


@pytest.mark.parametrize("momentum, alpha, batch_size", [(0.9, 0.0001, 200), (0.5, 5.0, 300)])
def test_whole_epochs_give_its_weights(network, momentum, alpha, batch_size):
    images, labels, _, _ = mnist.load()
    images, labels = images[:10_000] / 255, labels[:10_000]
    same = {"solver": "sgd", "activation": "logistic", "learning_rate_init": 0.01, "max_iter": 2}
    how = {"momentum": momentum, "alpha": alpha, "batch_size": batch_size, "random_state": 0}
    theirs = MLPClassifier(SIZES[1:-1], **same, **how)
    with pytest.warns(match="Maximum iterations"):
        theirs.fit(images, labels)
    random = np.random.RandomState(0)
    w, b = network.initialise(SIZES, random, "float64")
    moves = w, b, network.zeros_like(w), network.zeros_like(b)
    how = {"mu": 0.01, "beta": momentum, "alpha": alpha}
    answers = network.one_hot(labels, "float64")
    order = np.arange(len(images))
    losses = []
    for _ in range(2):
        order = order[random.permutation(len(order))]
        losses.append(network.train_epoch(images, answers, order, batch_size, *moves, **how))
    for ours, array in zip([*w[1:], *b[1:]], [*theirs.coefs_, *theirs.intercepts_]):
        np.testing.assert_allclose(ours, np.atleast_2d(array).T, rtol=0, atol=1e-10)
    assert losses == pytest.approx(theirs.loss_curve_, rel=1e-10)
    assert (network.predict(images.T, w, b) == theirs.predict(images)).all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_sums_however_large_give_probabilities_and_no_warning(network, dtype):
    z = np.array([[1e30, -1e30, 0], [0, -1e30, 0]], dtype)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert network.sigmoid(z).tolist() == [[1, 0, 0.5], [0.5, 0, 0.5]]
        a = network.softmax(z)
        assert a.dtype == dtype
        assert a.tolist() == [[1, 0.5, 0.5], [0, 0.5, 0.5]]
        y = np.array([[0, 1, 1], [1, 0, 0]], dtype)
        assert np.isfinite(network.cost([a], y, [None], alpha=0))
