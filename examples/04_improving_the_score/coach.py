"""The coach: looks at a run of process_digits.py, says what it saw, and what to try next.

It judges by signs that it measures in this run: in the trained network, on a few thousand of the
images, and in the loss curve. What such signs mean is told by Google's Deep Learning Tuning
Playbook, by Andrej Karpathy's "A Recipe for Training Neural Networks", and by scikit-learn's user
guide, in the "Tips on practical use" of its neural networks.

Each function of ADVICE, at the end, looks for one sign. If it sees it, it returns what it saw, a
setting, and what to set it to; if not, None. The first that sees its sign speaks, unless what it
would say has been tried.
"""

import math
import textwrap
from itertools import pairwise

import numpy as np

import scoreboard
from workshop import network_file

WIDTH = 79  # columns
LOOKED_AT = 2000  # images
GUESSING = math.log(10)  # the loss of a network that gives each of the ten digits the same chance
FLAT = {"logistic": 6, "tanh": 3}  # sums beyond this, up or down, are where the function is flat


# 1. What is measured.


def look(classifier, images, run):
    """Measure the signs of a run.

    Parameters
    ----------
    classifier : MLPClassifier, trained, or as far as it came
    images : array (images, 784), the training images, as the network sees them
    run : dict, as the scoreboard keeps it

    Returns
    -------
    signs : dict, by the names below
    """
    some = images[:LOOKED_AT]
    losses = [float(loss) for loss in getattr(classifier, "loss_curve_", [])]
    signs = {
        **run,
        "largest_input": float(np.max(np.abs(some))),
        "losses": losses,
        "fall": fall(losses),
        "rises": rises(losses),
        "halved": halved(losses),
        "steps": steps(classifier, len(images)),
    }
    finite = all(np.isfinite(weights).all() for weights in classifier.coefs_)
    if finite and run["settings"]["hidden_layer_sizes"]:
        layers = sums(classifier, some)
        signs["flat"] = [flat_share(classifier.activation, layer) for layer in layers]
        slope = [slopes(classifier.activation, layer) for layer in layers]
        signs["dead"] = [dead_share(layer) for layer in slope]
        signs["slope"] = [float(np.mean(layer)) for layer in slope]
        signs["size"] = weight_size(classifier)
        signs["penalty"] = penalty_share(classifier, len(images) / signs["steps"])
        signs["rate_left"] = rate_left(classifier)
    return signs


def sums(classifier, images):
    """Return each hidden layer's sums, before the activation function: arrays (images, neurons)."""
    network = {
        "weights": classifier.coefs_,
        "biases": classifier.intercepts_,
        "activation": classifier.activation,
        "divide_pixels_by": 1,
    }
    return network_file.sums(network, images)[:-1]


def flat_share(activation, z):
    """Return which share of the sums, 0 to 1, lies where the sigmoid or tanh is flat."""
    return float(np.mean(np.abs(z) > FLAT.get(activation, np.inf)))


def slopes(activation, z):
    """Return the slope of the activation function at each of the sums z."""
    a = network_file.ACTIVATIONS[activation](z)
    return {"logistic": a * (1 - a), "tanh": 1 - a**2, "relu": z > 0, "identity": z**0}[activation]


def dead_share(slopes):
    """Return which share of the neurons, 0 to 1, learns from no image: its slope is 0 for each.

    For relu, these are known as dead neurons, for the sigmoid and tanh as saturated ones.
    """
    return float(np.mean(np.max(slopes, axis=0) < 0.01))


def weight_size(classifier):
    """Return how many times as large as at the start the first layer's weights are.

    scikit-learn draws them evenly between plus and minus the root of 6 (for "logistic" 2) divided
    by the number of inputs and neurons.
    """
    weights = classifier.coefs_[0]
    limit = math.sqrt((2 if classifier.activation == "logistic" else 6) / sum(weights.shape))
    return float(np.sqrt(np.mean(weights**2)) / (limit / math.sqrt(3)))


def penalty_share(classifier, batch_size):
    """Return which share of the loss, 0 to 1, is not mistakes, but alpha's penalty on weights."""
    squares = sum(float(np.sum(weights**2)) for weights in classifier.coefs_)
    return classifier.alpha / 2 * squares / batch_size / max(getattr(classifier, "loss_", 1), 1e-9)


def rate_left(classifier):
    """Return what is left of the learning rate in the end, as a share of what it was."""
    now = getattr(getattr(classifier, "_optimizer", None), "learning_rate", None)
    return 1.0 if now is None else now / classifier.learning_rate_init


def fall(losses):
    """Return by which share the loss still fell in each of its last epochs, on average."""
    last = losses[-4:]
    if len(last) < 2 or not (last[0] > 0 and last[-1] > 0):
        return 0.0
    return 1 - (last[-1] / last[0]) ** (1 / (len(last) - 1))


def rises(losses):
    """Return in which share of the later half of the epochs the loss rose (1: a loss of nan)."""
    later = losses[len(losses) // 2 :]
    return sum(not b <= a for a, b in pairwise(later)) / max(1, len(later) - 1)


def halved(losses):
    """Return the first epoch with half the loss of pure guessing; None if there was none."""
    return next((i for i, loss in enumerate(losses, start=1) if loss < GUESSING / 2), None)


def steps(classifier, number_of_images):
    """Return how many steps the solver makes in an epoch."""
    if classifier.solver == "lbfgs":
        return 1
    size = 200 if classifier.batch_size == "auto" else classifier.batch_size
    return math.ceil(number_of_images / min(size, number_of_images))


# 2. What each sign means, and what helps.


def large_inputs(signs):
    if not 0.1 <= signs["largest_input"] <= 10:
        where = "small: next to nothing of the image reaches the first layer"
        if signs["largest_input"] > 10:
            where = "large: the first layer's sums are far too large to learn from"
        if signs.get("flat", [0])[0] > 0.3:
            share = f"{signs['flat'][0]:.0%} of the first layer's sums"
            where = f"large: {share} lie where the activation function is flat"
        return f"Inputs of up to {signs['largest_input']:.3g} are {where}.", "divide_pixels_by", 255
    return None


def broken_off(signs):
    if signs["score"] is None and signs["losses"]:
        saw = "The weights have grown beyond every number: each step leaped further than the last."
        return saw, "learning_rate_init", lower(signs, 10)
    return None


def no_hidden_layer(signs):
    saw = f"It reads {percent(signs)}, and has no hidden layer: each digit adds up the pixels by"
    return f"{saw} itself.", "hidden_layer_sizes", (256,)


def weights_held_down(signs):
    if signs["size"] < 0.5:
        saw = f"The weights have shrunk to {signs['size']:.1%} of what they were at the start"
        return f"{saw}: alpha presses them down.", "alpha", 0.0001
    if signs["penalty"] > 0.15 and signs["training_score"] < 0.99:
        saw = f"{signs['penalty']:.0%} of the loss is alpha's penalty on the weights, not mistakes."
        return saw, "alpha", 0.0001
    return None


def rate_ran_out(signs):
    adaptive = signs["settings"]["learning_rate"] == "adaptive"  # lowers it when all is learned
    if signs["rate_left"] < 0.01 and not adaptive:
        saw = f"Of the learning rate, only {signs['rate_left']:.2%} was left in the end."
        return saw, "learning_rate", "constant"
    return None


def steps_far_too_large(signs):
    losses, dead, flat = signs["losses"], max(signs["dead"]), signs["flat"][0]
    if not losses:  # lbfgs has no learning rate
        return None
    if max(losses) > 10 * GUESSING:
        saw = f"The loss went up to {max(losses):.3g}; pure guessing has {GUESSING:.1f}."
        return f"{saw} The steps are far too large.", "learning_rate_init", lower(signs, 100)
    if dead > 0.5 and signs["training_score"] < 0.93:
        saw = f"{dead:.0%} of a layer's neurons no longer learn from any image: large steps have"
        saw += " driven them to where the activation function is flat."
        return saw, "learning_rate_init", lower(signs, 30)
    if flat > 0.8:
        saw = f"{flat:.0%} of the first layer's sums lie where the activation function is flat."
        return f"{saw} Large steps have driven them there.", "learning_rate_init", lower(signs, 10)
    return None


def steps_too_large(signs):
    dead, size = max(signs["dead"]), signs["size"]
    if signs["losses"] and dead > 0.1 and size > 2:
        saw = f"{dead:.0%} of a layer's neurons no longer learn from any image, and the weights of"
        saw += f" the first layer are {size:.1f} times as large as at the start."
        return f"{saw} Large steps do that.", "learning_rate_init", lower(signs, 5)
    return None


def up_and_down(signs):
    if signs["rises"] >= 0.3 and signs["training_score"] < 0.995 and signs["epochs"] >= 5:
        saw = f"The loss goes up and down: it rose in {signs['rises']:.0%} of the later epochs."
        return f"{saw} The steps leap over the valley.", "learning_rate_init", lower(signs, 5)
    return None


def too_few_epochs(signs):
    if signs["losses"] and signs["epochs"] < 5 and used_up(signs):
        epochs = "1 epoch is" if signs["epochs"] == 1 else f"{signs['epochs']} epochs are"
        return f"{epochs} too short a training to tell anything.", "max_iter", 10
    return None


def few_steps(signs):
    if signs["settings"]["solver"] == "lbfgs" and signs["epochs"] >= signs["settings"]["max_iter"]:
        saw = f"lbfgs made {signs['epochs']} steps in {signs['seconds']:.0f} s and was not done:"
        saw += " each looks at all images. adam makes a step after every few."
        return saw, "solver", "adam"
    if signs["steps"] < 50 and signs["fall"] > 0 and signs["training_score"] < 0.985:
        saw = f"The loss was still falling in the end, from {signs['losses'][0]:.2f} to"
        saw += f" {signs['losses'][-1]:.2f}: an epoch has only {signs['steps']} steps."
        return saw, "batch_size", 200
    return None


def stopped_early(signs):
    settings = signs["settings"]
    stopped = signs["epochs"] < settings["max_iter"] and not signs["interrupted"]
    if stopped and signs["fall"] > 0.01 and signs["training_score"] < 0.995:
        saw = f"It stopped after {signs['epochs']} epochs, though the loss still fell by"
        saw += f" about {signs['fall']:.1%} an epoch."
        if settings["tol"] > 0.0001:
            return saw, "tol", 0.0001
        if settings["n_iter_no_change"] < 10:
            return saw, "n_iter_no_change", 10
    return None


def long_wait(signs):
    losses = signs["losses"]
    short = len(losses) < 30 or signs["seconds"] < 5
    if short or signs["score"] > 0.975 or signs["rises"] >= 0.3:
        return None
    early = (losses[0] - losses[9]) / max(losses[0] - min(losses), 1e-9)
    if early > 0.6:
        saw = f"It took {signs['seconds']:.0f} s, and {early:.0%} of all that the loss fell,"
        saw += " it fell in the first 10 epochs. With 10, the score will fall at first,"
        return f"{saw} but you can try more in your time.", "max_iter", 10
    return None


def many_steps(signs):
    an_epoch = signs["seconds"] / max(1, signs["epochs"])
    if signs["steps"] > 2000 and an_epoch > 3 and signs["seconds"] > 15:
        saw = f"An epoch has {signs['steps']} steps and takes {an_epoch:.0f} s."
        saw += " With fewer, the score will fall at first, but you can try more in your time."
        return saw, "batch_size", 200
    return None


def steps_too_small(signs):
    losses, halved = signs["losses"], signs["halved"] or math.inf
    if losses and losses[-1] > 0.4 and halved >= 4 and signs["fall"] > 0 and signs["rises"] < 0.3:
        saw = f"It learns slowly: in {signs['epochs']} epochs, the loss fell from {losses[0]:.2f}"
        saw += f" to {losses[-1]:.2f}, and {'rarely' if signs['rises'] else 'never'} rose."
        saw += " It can take larger steps."
        much = halved > 20 and (len(losses) > 20 or losses[0] - losses[-1] < 0.05)
        return saw, "learning_rate_init", lower(signs, 0.01 if much else 0.1)
    return None


def no_bend(signs):
    if min(signs["slope"]) == 1:
        saw = "No neuron bends its sum (the slope is 1 everywhere): so all layers together can do"
        return f"{saw} no more than one. It reads {percent(signs)}.", "activation", "relu"
    return None


def nothing_comes_through(signs):
    through = math.prod(signs["slope"])
    stuck = max(signs["dead"]) > 0.5 or signs["flat"][0] > 0.8  # that has another cause
    if through < 0.02 and signs["training_score"] < 0.5 and not stuck:
        saw = f"Of what the last layer learns, a share of {through:.1g} comes through to the first:"
        saw += f" the slopes of {len(signs['slope'])} layers, multiplied."
        return saw, "activation", "relu"
    return None


def far_too_narrow(signs):
    return too_narrow(signs, 8)


def too_narrow(signs, enough=50):
    narrowest = min(signs["settings"]["hidden_layer_sizes"])
    restless = signs["rises"] >= 0.3 and signs["training_score"] < 0.9  # that has another cause
    if narrowest < enough and signs["training_score"] < 0.985 and not (restless and enough > 8):
        saw = f"It reads only {percent(signs)}, and all that it sees"
        saw += f" must pass through {narrowest} neuron{'s' if narrowest > 1 else ''}."
        return saw, "hidden_layer_sizes", (256,)
    return None


def slow_sigmoid(signs):
    slope = min(signs["slope"])
    if slope < 0.25 and signs["fall"] > 0.01 and signs["training_score"] < 0.99:
        saw = f"The loss still falls by about {signs['fall']:.0%} an epoch, and the slope of the"
        saw += f" activation function is only {slope:.2f} on average, so little comes back through"
        saw += " it to learn from. That of relu is 1, or 0."
        return saw, "activation", "relu"
    return None


def could_go_faster(signs):
    smooth = signs["rises"] == 0 and signs["fall"] > 0.01 and len(signs["losses"]) >= 5
    if smooth and signs["size"] < 2 and signs["training_score"] < 0.985:
        saw = f"The loss still fell by about {signs['fall']:.0%} an epoch in the end, and never"
        saw += f" rose; it reads {percent(signs)}. Larger steps get there sooner."
        return saw, "learning_rate_init", lower(signs, 0.2)
    return None


def not_finished(signs):
    if used_up(signs) and signs["fall"] > 0.01 and signs["training_score"] < 0.9995:
        saw = f"The loss still fell by about {signs['fall']:.0%} an epoch in the end."
        return saw, "max_iter", 2 * signs["settings"]["max_iter"]
    return None


def by_heart(signs):
    widest = max(signs["settings"]["hidden_layer_sizes"])
    if signs["training_score"] > 0.99 and widest < 256:
        saw = f"It reads {percent(signs)}, and {signs['score']:.1%} of the others."
        saw += " More neurons find more that holds for all."
        return saw, "hidden_layer_sizes", (256,)
    return None


ADVICE = [  # what harms most comes first
    large_inputs,
    broken_off,
    weights_held_down,
    rate_ran_out,
    many_steps,
    steps_far_too_large,
    nothing_comes_through,
    too_few_epochs,
    few_steps,
    stopped_early,
    far_too_narrow,
    long_wait,
    steps_too_small,
    no_bend,
    too_narrow,
    steps_too_large,
    up_and_down,
    slow_sigmoid,
    could_go_faster,
    not_finished,
    by_heart,
]


def lower(signs, factor):
    """Return the learning rate, so many times as small, rounded to one digit."""
    return float(f"{signs['settings']['learning_rate_init'] / factor:.1g}")


def used_up(signs):
    """Tell whether the training ended because there were no more epochs."""
    return signs["epochs"] >= signs["settings"]["max_iter"] and not signs["interrupted"]


def percent(signs):
    return f"{signs['training_score']:.1%} of the images that it has learned from"


# 3. What is said.


def advise(classifier, images, runs):
    """Print what was seen in the last of the runs, and what to try next; never raise an error."""
    try:
        with np.errstate(all="ignore"):
            signs = look(classifier, images, runs[-1])
        failed = signs["score"] is None
        if signs["interrupted"] and signs["epochs"] < 5 and not failed:
            print(
                "\nWhat I saw: it was ended too early to tell anything. Let it run a little longer."
            )
            return
        if failed:
            kinds = [large_inputs, broken_off]
        elif not signs["settings"]["hidden_layer_sizes"]:
            kinds = [large_inputs, no_hidden_layer]
        else:
            kinds = ADVICE
        for advice in kinds:
            found = advice(signs)
            if found and not tried(found[1], found[2], runs):
                say(*found)
                return
        if not failed:
            say_nothing_new(signs, runs)
    except Exception as error:
        print(f"The coach could not look at this run: {error!r}")


def tried(name, value, runs):
    """Tell whether a run was like the last, but for this setting; or whether the way up is closed.

    It is if a run was like the last, but with a smaller number for this setting, and no worse.
    """
    last = runs[-1]
    alike = [run for run in runs if {**run["settings"], name: 0} == {**last["settings"], name: 0}]
    if any(run["settings"][name] == value for run in alike):
        return True
    now = last["settings"][name]
    if not isinstance(now, int | float) or value < now or last["score"] is None:
        return False
    scored = [run for run in alike if run["score"] is not None and run["settings"][name] != "auto"]
    return any(run["settings"][name] < now and run["score"] >= last["score"] for run in scored)


def say(saw, name, value):
    value = f'"{value}"' if isinstance(value, str) else value
    print()
    indent = " " * 12
    print(textwrap.fill(saw, WIDTH, initial_indent="What I saw: ", subsequent_indent=indent))
    print(f"Try next:   {name} = {value}")


def say_nothing_new(signs, runs):
    print("\nWhat I saw: no sign of anything that you have not tried. It reads")
    print(f"            {percent(signs)}, and {signs['score']:.1%} of others.")
    best = max(runs, key=lambda run: run["score"] or 0)
    if best["score"] == signs["score"]:
        print("It is your best. Step 05 is about that difference; step 08 gets past 0.99.")
    else:
        print(f"Your best is run {best['number']}: go on from its settings, with an idea of yours.")


def explain(error, classifier, images, settings):
    """Print what is to be said about an error of fit(); a run that failed is remembered."""
    if settings["activation"] == "sigmoid":
        say('scikit-learn calls the sigmoid "logistic".', "activation", "logistic")
    elif "non-finite" in str(error):
        runs = scoreboard.add(None, None, 0, getattr(classifier, "n_iter_", 0), False, settings)
        advise(classifier, images, runs)
