"""Look at my_digits.py, the script that you write, and say what is next.

    python guide.py               look at this computer, run my_digits.py, say what is next
    python guide.py --watch       the same again, whenever you save my_digits.py
    python guide.py --hint        a hint for the stage you are in; --hint 2 and --hint 3 say more
    python guide.py --catch-up    put the finished script of your stage in place; yours is kept
    python guide.py --stage 3     show stage 3, wherever you are

The guide keeps no record: what you have reached is what your script does. It runs the script in a
Python of its own, as you would, and watches what is loaded, learned, answered and printed.
"""

import argparse
import sys
from pathlib import Path

from workshop.guide import run, script, talk

parser = argparse.ArgumentParser(
    description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
)
parser.add_argument("--watch", action="store_true", help="look whenever the script is saved")
parser.add_argument("--hint", nargs="?", type=int, const=1, choices=[1, 2, 3])
parser.add_argument("--catch-up", action="store_true", help="put the stage's script in place")
parser.add_argument("--stage", type=int, choices=[1, 2, 3, 4, 5])
parser.add_argument("--report", type=Path, help=argparse.SUPPRESS)


def main(options):
    if options.report:
        run.report_to(options.report)
    elif options.hint or options.catch_up:
        report = {"stage": options.stage, "problem": None} if options.stage else run.find_out()
        if options.catch_up:
            script.catch_up(report["stage"])
        else:
            talk.say_hint(report, options.hint)
    elif options.stage:
        talk.say_stage(options.stage)
    else:
        from workshop.guide import computer  # here: what it imports takes a tenth of a run

        print("Looking at this computer ...")
        problems = computer.problems_of_this_computer()
        talk.say("\n".join(problems) or "This computer is ready.")
        if problems:
            sys.exit("Does that not help? See examples/troubleshooting.md.")
        run.keep_looking() if options.watch else talk.say_report(run.find_out())


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):  # not in IDLE
        sys.stdout.reconfigure(line_buffering=True)
    try:
        main(parser.parse_args())
    except KeyboardInterrupt:
        print()
    except OSError as error:
        sys.exit(f"{error.filename or 'A file'}: {error.strerror}. Nothing of yours is lost.")
