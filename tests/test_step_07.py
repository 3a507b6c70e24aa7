"""The network written from scratch: its derivatives, scikit-learn's numbers, and the score."""

import os
import re
import sys
import warnings

import numpy as np
import pytest
from scripts import TOP, assert_printed, blocks, interrupt, run
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

import mnist

STEP = "examples/07_backpropagation_from_scratch"
SIZES = (784, 14, 14, 10)


def number_after(text, output):
    return float(re.search(rf"{text} ([-+.\de]+)$", output, flags=re.MULTILINE)[1])


def set_at_the_top(script, **values):
    """Change hyperparameters where the script sets them (some names stand in a call once more)."""
    text = script.read_text(encoding="utf-8")
    for name, value in values.items():
        text, count = re.subn(rf"(?m)^{name} = .+?(?=  #)", f"{name} = {value}", text)
        assert count == 1, name
    script.write_text(text, encoding="utf-8")


def test_it_proves_trains_and_scores_as_the_readme_says(workshop):
    result = run("process_digits.py", cwd=workshop / STEP)
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    for layer in (1, 2, 3):
        assert number_after(f"layer {layer}: largest relative difference", result.stdout) < 1e-6
    for comparison in ("weights after 10 steps", "forward and predict_proba"):
        assert number_after(f"{comparison}: largest difference", result.stdout) < 1e-12
    assert number_after("weights after 2 epochs: largest difference", result.stdout) < 1e-8
    assert 0.84 < number_after("We have a score of", result.stdout) < 0.91
    for picture in ("derivatives.png", "loss.png"):
        assert (workshop / STEP / picture).stat().st_size > 5_000
    for block in blocks(TOP / STEP / "README.md", "text"):
        assert_printed(block, result.stdout)


def test_another_network_passes_the_proofs_too_and_runs_from_the_top(workshop):
    script = workshop / STEP / "process_digits.py"
    set_at_the_top(
        script,
        sizes="(784, 30, 10)",
        batch_size="1000",
        beta="0.5",
        alpha="2.0",
        seed="3",
        max_epochs="1",
    )
    result = run(script, cwd=workshop)
    assert result.returncode == 0, result.stderr
    assert "layer 3" not in result.stdout
    assert number_after("weights after 2 epochs: largest difference", result.stdout) < 1e-8
    assert result.stdout.count("Iteration") == 1


@pytest.mark.parametrize(
    "setting, message",
    [
        ({"sizes": "(28, 14, 10)"}, "sizes must begin with 784"),
        ({"sizes": "784"}, "sizes must begin with 784"),
        ({"mu": '"0.01"'}, "mu must be a number"),
    ],
)
def test_settings_that_cannot_work_are_met_with_a_sentence(workshop, setting, message):
    script = workshop / STEP / "process_digits.py"
    set_at_the_top(script, **setting)
    result = run(script, cwd=workshop)
    assert result.returncode == 1
    assert result.stderr.startswith(message)
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "right, wrong, layers",
    [
        ("a[last] - y  #", "y - a[last]  #", "123"),
        ("* (1 - a[layer - 1])", "* (1 + a[layer - 1])", "12"),
        ("+ alpha * w[layer]", "- alpha * w[layer]", "123"),
    ],
)
def test_the_gradient_check_finds_a_wrong_sign(workshop, right, wrong, layers):
    module = workshop / STEP / "network.py"
    text = module.read_text(encoding="utf-8")
    assert text.count(right) == 1
    module.write_text(text.replace(right, wrong), encoding="utf-8")
    result = run("process_digits.py", cwd=workshop / STEP)
    assert result.returncode == 1
    assert result.stderr.strip() == (
        "They differ: something is wrong in backward(), in network.py."
    )
    for layer in (1, 2, 3):
        difference = number_after(f"layer {layer}: largest relative difference", result.stdout)
        assert (difference > 0.001) == (str(layer) in layers)


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a whole console")
def test_ctrl_c_ends_the_training_and_still_scores(workshop):
    _, rest, errors = interrupt("process_digits.py", cwd=workshop / STEP, after="Iteration 2")
    assert errors == ""
    assert "Training interrupted." in rest
    assert 0.3 < number_after("We have a score of", rest) < 0.9


@pytest.fixture
def network(monkeypatch):
    """The step's modules network and checks."""
    monkeypatch.syspath_prepend(TOP / STEP)
    for name in ("network", "checks"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    import checks
    import network

    network.checks = checks
    return network


@pytest.fixture(scope="module")
def digits():
    images, labels, _, _ = mnist.load()
    return images[:10_000] / 255, labels[:10_000]


def classifier(**settings):
    return MLPClassifier(
        solver="sgd",
        activation="logistic",
        hidden_layer_sizes=SIZES[1:-1],
        **{"learning_rate_init": 0.01, "random_state": 0, **settings},
    )


def assert_same(arrays, others):
    for array, other in zip(arrays[1:], others[1:]):
        assert array.shape == other.shape
        np.testing.assert_allclose(array, other, rtol=0, atol=1e-10)


def test_it_begins_with_the_weights_of_mlpclassifier(network, digits):
    images, labels = digits
    theirs = classifier(learning_rate_init=1e-30)  # steps too small to move anything
    theirs.partial_fit(images[:200], labels[:200], classes=range(10))
    w, b = network.initialise(SIZES, np.random.RandomState(0), "float64")
    their_w, their_b = network.checks.from_scikit_learn(theirs)
    assert_same(w, their_w)
    assert_same(b, their_b)


def test_the_cost_is_the_loss_of_mlpclassifier(network, digits):
    images, labels = digits
    theirs = classifier(alpha=3.0).partial_fit(images[:200], labels[:200], classes=range(10))
    w, b = network.initialise(SIZES, np.random.RandomState(0), "float64")
    a = network.forward(images[:200].T, w, b)
    y = network.one_hot(labels[:200], "float64").T
    assert network.cost(a, y, w, alpha=3.0) == pytest.approx(theirs.loss_, rel=1e-12)


@pytest.mark.parametrize("settings", [{}, {"momentum": 0.5, "alpha": 5.0, "batch_size": 300}])
def test_whole_epochs_give_the_weights_of_mlpclassifier(network, digits, settings):
    images, labels = digits
    theirs = classifier(max_iter=2, **settings)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        theirs.fit(images, labels)
    random = np.random.RandomState(0)
    w, b = network.initialise(SIZES, random, "float64")
    vw, vb = network.zeros_like(w), network.zeros_like(b)
    answers = network.one_hot(labels, "float64")
    order = np.arange(len(images))
    losses = []
    for _ in range(2):
        order = order[random.permutation(len(order))]
        loss = network.train_epoch(
            images,
            answers,
            order,
            settings.get("batch_size", 200),
            w,
            b,
            vw,
            vb,
            mu=0.01,
            beta=settings.get("momentum", 0.9),
            alpha=settings.get("alpha", 0.0001),
        )
        losses.append(loss)
    their_w, their_b = network.checks.from_scikit_learn(theirs)
    assert_same(w, their_w)
    assert_same(b, their_b)
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
