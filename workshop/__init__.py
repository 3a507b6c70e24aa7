"""What the steps and the guide share."""

import sys

# On Windows, a file or a pipe takes only the letters of its code page, and the name of a folder may
# have others: they are written as \u0141 there, and end no script.
if hasattr(sys.stdout, "reconfigure"):  # not in IDLE
    sys.stdout.reconfigure(errors="backslashreplace")
