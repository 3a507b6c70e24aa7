"""The tests know every script as it is shipped; see shipped.py."""

import json

from scripts import SHIPPED, TOP, need_as_shipped
from shipped import scripts


def test_every_script_is_known_as_it_is_shipped():
    names = {path.relative_to(TOP).as_posix() for path in scripts()}
    missing = set(json.loads(SHIPPED.read_text(encoding="utf-8"))) ^ names
    assert not missing, "run python tests/shipped.py"
    need_as_shipped(*scripts())
