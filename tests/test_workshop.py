"""What steps share: networks as files, files that are whole or not there, pictures."""

import os
import warnings
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier

import mnist
from workshop import files, network_file, pictures

SIZES = (784, 14, 10)


@pytest.fixture
def layers():
    random = np.random.default_rng(0)
    weights = [random.normal(size=size).astype("float32") for size in pairwise(SIZES)]
    return weights, [random.normal(size=size).astype("float32") for size in SIZES[1:]]


def test_a_network_comes_back_as_it_was_saved(layers, tmp_path):
    path = tmp_path / "network.npz"
    network_file.save(path, *layers, "tanh", 255, made_by="me")
    network = network_file.load(path)
    for name, arrays in zip(("weights", "biases"), layers):
        assert all(np.array_equal(*pair) for pair in zip(network[name], arrays))
    assert (network["activation"], network["divide_pixels_by"]) == ("tanh", 255)
    assert network["made_by"] == "me"
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_no_network_is_refused_with_a_sentence(layers, tmp_path):
    path = tmp_path / "network.npz"
    path.write_bytes(b"no archive")
    with pytest.raises(ValueError, match=r"network\.npz is not a network that"):
        network_file.load(path)
    np.savez(path, weights_0=np.array([{}], dtype=object))
    with pytest.raises(ValueError, match=r"network\.npz is not a network that"):
        network_file.load(path)
    weights, biases = layers
    for wrong in (
        (weights, biases, "sigmoid", 255),
        (weights, biases, "relu", 0),
        (weights[1:], biases[1:], "relu", 255),
        (weights[::-1], biases, "relu", 255),
    ):
        network_file.save(path, *wrong)
        with pytest.raises(ValueError, match="784 inputs and 10 outputs"):
            network_file.load(path)
    weights[0][3, 5] = np.nan
    network_file.save(path, weights, biases, "relu", 255)
    with pytest.raises(ValueError, match="no finite numbers"):
        network_file.load(path)
    with pytest.raises(FileNotFoundError):
        network_file.load(tmp_path / "none.npz")


def test_an_earlier_network_stays_whole_where_a_new_one_cannot_be_written(layers, tmp_path):
    path = tmp_path / "network.npz"
    network_file.save(path, *layers, "relu", 255)
    before = path.read_bytes()
    with pytest.raises(ValueError):
        network_file.save(path, [np.ones(3), "no numbers"], [], "relu", 255)
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("activation", network_file.ACTIVATIONS)
def test_any_network_answers_as_mlpclassifier_does(activation):
    images, labels, _, _ = mnist.load("float32")
    classifier = MLPClassifier((9, 8, 7), activation=activation, max_iter=1, random_state=0)
    classifier.partial_fit(images[:500] / 16, labels[:500], classes=range(10))
    network = {
        "weights": classifier.coefs_,
        "biases": classifier.intercepts_,
        "activation": activation,
        "divide_pixels_by": 16,
    }
    ours = network_file.probabilities(network, images[:20])
    assert ours == pytest.approx(classifier.predict_proba(images[:20] / 16), abs=1e-5)

    with warnings.catch_warnings():
        warnings.simplefilter("error")  # numbers as large as float32 has them overflow nowhere
        for large in (3e38, -3e38):
            network["weights"] = [np.full_like(array, large) for array in classifier.coefs_]
            assert network_file.probabilities(network, images[:20]).sum(axis=1) == pytest.approx(1)


def test_a_file_waits_where_windows_refuses_to_replace_it_while_somebody_reads(
    tmp_path, monkeypatch
):
    replace, refusals = os.replace, [PermissionError, PermissionError]

    def refuse_twice(*paths):
        if refusals:
            raise refusals.pop()
        replace(*paths)

    monkeypatch.setattr(os, "replace", refuse_twice)
    files.write(tmp_path / "scores.txt", "Zürich\n")
    assert (tmp_path / "scores.txt").read_bytes() == "Zürich\n".encode()
    assert [path.name for path in tmp_path.iterdir()] == ["scores.txt"]


def test_a_picture_that_cannot_be_saved_gets_a_sentence(tmp_path, capsys):
    figure = plt.figure()
    pictures.save(figure, tmp_path / "points.png", "The points are")
    (tmp_path / "folder.png").mkdir()
    pictures.save(figure, tmp_path / "folder.png", "The points are")
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"The points are in {tmp_path / 'points.png'}"
    assert said[1].startswith("folder.png could not be saved: ")
    assert (tmp_path / "points.png").stat().st_size > 500
