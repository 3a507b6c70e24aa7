"""Which networks to train, and for how long: settings drawn by chance, and successive halving."""

import math


def draw(space, chance):
    """Draw one network's settings from the space.

    Parameters
    ----------
    space : dict, for each setting a list of choices, or a tuple (lowest, highest): a number between
        the two, drawn so that each tenfold is as likely as any other (0.001 to 0.01, 0.01 to 0.1)
    chance : random.Random

    Returns
    -------
    settings : dict of the same names, numbers rounded to two digits
    """
    settings = {}
    for name, values in space.items():
        if isinstance(values, tuple):
            lowest, highest = values
            exponent = chance.uniform(math.log10(lowest), math.log10(highest))
            settings[name] = float(f"{10**exponent:.2g}")
        else:
            settings[name] = chance.choice(values)
    return settings


def counted(number, what):
    """Return "1 epoch", "2 epochs", and so on."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def rounds(networks, epochs, finalists=9):
    """Plan the rounds: after each, the best third goes on, for three times as many epochs.

    Returns
    -------
    plan : list of (networks, epochs) for each round; in the last one there are about as many
        networks as finalists, and they get all the epochs
    """
    sizes = [networks]
    while sizes[-1] // 3 >= finalists:
        sizes.append(sizes[-1] // 3)
    last = len(sizes) - 1
    return [(size, max(1, epochs // 3 ** (last - i))) for i, size in enumerate(sizes)]
