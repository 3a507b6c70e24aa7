"""Save the pictures that the steps draw."""


def save(figure, path, what):
    """Save a figure, and print where it is; or say in a sentence why it could not be saved.

    Parameters
    ----------
    figure : matplotlib Figure
    path : Path of the picture; its ending, such as .png, says of which kind it is
    what : str, the beginning of the sentence, such as "The points are"
    """
    try:
        figure.savefig(path)
        print(what, "in", path)
    except OSError as error:
        print(f"{path.name} could not be saved: {error.strerror or error}.")
