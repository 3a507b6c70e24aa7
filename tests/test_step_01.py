"""The data, looked at: the shapes, a digit in characters, the picture."""

import pytest
from scripts import assert_drawn, assert_printed, blocks, output_here, output_of

STEP = "examples/01_downloading_the_mnist_database"


@pytest.mark.parametrize("folder", [".", STEP])
def test_it_loads_prints_and_draws_from_every_folder(workshop, folder):
    script = workshop / STEP / "process_digits.py"
    output = output_of(script, cwd=workshop / folder)
    assert_drawn(script.with_name("digits.png"))
    for block in blocks(script.with_name("README.md"), "text"):
        assert_printed(block, output)


def test_another_digit_can_be_looked_at(workshop):
    output = output_here(workshop / STEP / "process_digits.py", index=7)
    assert "Training image 7 has the label 3" in output
