"""The names of folders have any letters; a file or a pipe takes few on Windows, and here ASCII."""

import pytest
from scripts import copy_workshop, edit, run

# What prints a path, and the settings with which it is soon done.
SCRIPTS = {
    "00_training_a_single_neuron/train_neuron.py": {"steps_in_film": 1},
    "01_downloading_the_mnist_database/process_digits.py": {},
    "06_reading_your_own_digits/digit_network.py": {"HIDDEN_LAYERS": "(16,)", "EPOCHS": 1},
    "06_reading_your_own_digits/read_digits.py --show samples/drawing_of_a_7.txt": {},
    "03_looking_at_the_mistakes/process_digits.py": {"max_iter": 2},
    "05_regularization/process_digits.py": {"epochs": 3},
    "05_regularization/cures.py": {"seeds": "[0, 1]", "epochs": 2, "sizes": "[200]", "steps": 5},
    "06_reading_your_own_digits/variants.py": {},
    "07_backpropagation_from_scratch/process_digits.py": {"max_epochs": 2},
    "07_backpropagation_from_scratch/draw_network.py": {},
    "08_past_99_percent/process_digits.py": {"batch_sizes": "[50]", "averaged": 1},
    "09_watching_it_think/make_page.py --no-browser": {"epochs_kept": "[1]"},
}


@pytest.mark.parametrize("which", [slice(2), pytest.param(slice(2, None), marks=pytest.mark.slow)])
def test_a_folder_may_have_letters_that_the_code_page_lacks(tmp_path, which):
    folder = copy_workshop(tmp_path / "\N{LATIN CAPITAL LETTER L WITH STROKE}ukasz \xe9 x")
    edit(folder / "examples/06_reading_your_own_digits/digit_network.py", EPOCHS=1)
    for command, settings in list(SCRIPTS.items())[which]:
        script, *arguments = command.split()
        script = folder / "examples" / script
        edit(script, **settings)
        result = run(script, *arguments, cwd=script.parent, PYTHONIOENCODING="ascii")
        assert result.returncode == 0, result.stderr
        assert r"\u0141ukasz \xe9 x" in result.stdout, result.stdout
    guide = run(folder / "guide.py", cwd=folder, PYTHONIOENCODING="ascii")
    assert guide.returncode == 0 and r"\u0141ukasz \xe9 x" in guide.stdout, guide.stderr
