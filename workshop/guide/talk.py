"""How the guide says things: lines that fit the window, a stage, a report, a hint."""

import textwrap

from .stages import FINISHED, STAGES, changes, stage_text


def say(text):
    """Print a text in lines of 78 characters; lines that begin with a space stay as they are."""
    for line in text.split("\n"):
        fold = textwrap.fill(line, 78, break_on_hyphens=False, break_long_words=False)
        print(fold if len(line) > 80 and not line.startswith(" ") else line)


def say_lines(stage, source=None):
    """Say which lines make a stage of the one before: where in the script, if they fit there."""
    here = None if source is None else {line.strip() for line in source.split("\n")}
    steps = changes(stage)
    if here is not None and not all(
        line.strip() in here for above, old, _ in steps for line in [*old, above or ""] if line
    ):
        say(f"\n{STAGES[stage - 1]['in_words']} With the names of this workshop:")
        steps = [(None, [], new) for _, _, new in steps]
    else:
        here = None
    for above, old, new in steps:
        if old:
            say("\nTake out these lines:\n")
            say("\n".join("    " + line for line in old))
            say("\nand write in their place:\n")
        elif above:
            say(f"\nBelow the line\n\n    {above}\n\nwrite\n")
        else:
            say("" if here else "\nAt the top of my_digits.py, write\n")
        print("\n".join("    " + line for line in new))


def say_stage(stage, source=None):
    if stage > 5:
        say(FINISHED)
        return
    about = STAGES[stage - 1]
    say(f"\nStage {stage} of 5: {about['goal']}")
    say_lines(stage, source)
    say("")
    for term, meaning in about["terms"].items():
        say(f"    {term:<20} {meaning}")
    say(f"\nGuess first. {about['guess']}")
    say(f"Then save it. You should see: {about['expect']}")
    say(f"I look for: {about['looks_for']}. How you write it is up to you.")
    say_help()


def say_help():
    say("\nStuck?  python guide.py --hint     Behind?  python guide.py --catch-up")


def own_way(stage, source):
    """Tell whether a script does not have most of a stage's lines, and reaches it all the same."""
    here = {line.strip() for line in source.split("\n")}
    lines = [line.strip() for line in stage_text(stage).split("\n") if line.strip()]
    return sum(line in here for line in lines) < 0.6 * len(lines)


def say_report(report):
    reached, source = report["reached"], report.get("source")
    if reached:
        own = ", in your own way" if source and own_way(reached, source) else ""
        words = report.get("praise") or STAGES[reached - 1]["reached"]
        say(f"\nStage {reached} is reached{own}: {words}")
    if report["problem"]:
        say(f"\nStage {report['stage']}, not yet:")
        say(report["problem"])
        say_help()
    else:
        say_stage(report["stage"], source)


def say_hint(report, number):
    stage = report["stage"]
    say(f"\n{report['problem']}" if report["problem"] else "")
    if stage > 5:
        say(FINISHED)
    elif number < 3:
        say(f"\nStage {stage}, hint {number} of 3:\n{STAGES[stage - 1]['hints'][number - 1]}")
        say(f"\nMore:  python guide.py --hint {number + 1}")
    else:
        say(f"\nStage {stage}, hint 3 of 3, the lines themselves:")
        say_lines(stage)
        say("\nOr the whole script, and yours is kept:  python guide.py --catch-up")
