"""How the guide says things: lines that fit the window, a stage, a report, a hint."""

import re
import textwrap

from .stages import FINISHED, STAGES, changes


def say(text):
    for line in text.split("\n"):
        indent = re.match(" *", line)[0]
        fold = textwrap.fill(line, 78, subsequent_indent=indent, break_on_hyphens=False)
        print(fold if len(line) > 80 else line)


def say_lines(stage):
    for above, old, new in changes(stage):
        if old:
            say("\nTake out these lines:\n")
            say("\n".join("    " + line for line in old))
            say("\nand write in their place:\n")
        elif above:
            say(f"\nBelow the line\n\n    {above}\n\nwrite\n")
        else:
            say("\nAt the top of my_digits.py, write\n")
        print("\n".join("    " + line for line in new))


def say_stage(stage):
    if stage > 5:
        say(FINISHED)
        return
    about = STAGES[stage - 1]
    say(f"\nStage {stage} of 5: {about['goal']}")
    say_lines(stage)
    say(f"\nGuess first. {about['guess']}")
    say(f"Then save it. You should see: {about['expect']}")
    say_help()


def say_help():
    say("\nStuck?  python guide.py --hint     Behind?  python guide.py --catch-up")


def say_report(report):
    if report["reached"]:
        say(f"\nStage {report['reached']} is reached: {STAGES[report['reached'] - 1]['reached']}")
    if report["problem"]:
        say(f"\nStage {report['stage']}, not yet:")
        say(report["problem"])
        say_help()
    else:
        say_stage(report["stage"])


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
