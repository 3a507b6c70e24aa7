"""A network as a file: read as it was saved, refused with a sentence, never half written."""

import sys
from itertools import pairwise

import numpy as np
import pytest
from scripts import TOP

COPIES = sorted(TOP.glob("examples/*/network_file.py"))
sys.path.insert(0, str(COPIES[0].parent))
import network_file  # noqa: E402

sys.path.pop(0)
SIZES = (784, 14, 10)


@pytest.fixture
def layers():
    random = np.random.default_rng(0)
    weights = [random.normal(size=size).astype("float32") for size in pairwise(SIZES)]
    return weights, [random.normal(size=size).astype("float32") for size in SIZES[1:]]


def test_the_file_is_the_same_in_every_step():
    texts = {copy.read_text(encoding="utf-8") for copy in COPIES}
    assert len(texts) == 1


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
    with pytest.raises(FileNotFoundError):
        network_file.load(tmp_path / "none.npz")


def test_an_earlier_network_stays_whole_where_a_new_one_cannot_be_written(layers, tmp_path):
    path = tmp_path / "network.npz"
    network_file.save(path, *layers, "relu", 255)
    before = path.read_bytes()
    with pytest.raises(ValueError):
        network_file.save(path, [np.ones(3), "no numbers"], [], "relu", 255)
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]
