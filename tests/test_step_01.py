"""The data, looked at: the shapes, a digit in characters, the picture."""

import pytest
from scripts import TOP, assert_printed, blocks, edit, run, run_here

STEP = "examples/01_downloading_the_mnist_database"


@pytest.mark.parametrize("folder", [".", STEP])
def test_it_loads_prints_and_draws_from_every_folder(workshop, folder):
    script = workshop / STEP / "process_digits.py"
    result = run(script, cwd=workshop / folder)
    assert result.returncode == 0, result.stderr
    assert "We have successfully loaded the MNIST data!" in result.stdout
    assert "(60000, 784)" in result.stdout
    assert "has the label 5" in result.stdout
    assert (workshop / STEP / "digits.png").stat().st_size > 10_000
    for block in blocks(TOP / STEP / "README.md", "text"):
        assert_printed(block, result.stdout)


def test_another_digit_can_be_looked_at(workshop):
    script = workshop / STEP / "process_digits.py"
    edit(script, index=7)
    output, ending = run_here(script)
    assert ending is None
    assert "Training image 7 has the label 3" in output
