"""The texts tell the truth: their code is the scripts' code, and what they name exists."""

import re
from urllib.parse import unquote

import pytest
from scripts import READMES, TOP, blocks, need_as_shipped

from workshop.guide import stages

STEPS = sorted((TOP / "examples").glob("[0-9]*"))
PAGES = [*READMES, *sorted(TOP.glob("examples/*.md"))]


def names(paths):
    return [str(path.relative_to(TOP)) for path in paths]


def prose(readme):
    """A README without its code."""
    text = readme.read_text(encoding="utf-8")
    text = re.sub(r"^ *```.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", "", text)


@pytest.mark.parametrize("readme", READMES, ids=names(READMES))
def test_every_python_snippet_stands_in_a_script(readme):
    snippets, changes = blocks(readme, "python"), blocks(readme, "diff")
    scripts = [*readme.parent.glob("*.py")] if snippets or changes else []
    if readme == TOP / "README.md":
        scripts += TOP.glob("examples/*/stages/*.py")
    need_as_shipped(*scripts)
    sources = [script.read_text(encoding="utf-8") for script in scripts]
    for snippet in snippets:
        assert any(snippet.strip("\n") in source for source in sources), snippet
    for change in changes:
        for line in change.splitlines():
            if line.startswith(("-", " ")) and line.strip():
                assert any(line[1:] in source.split("\n") for source in sources), line


@pytest.mark.parametrize("stage", [1, 2, 3, 4, 5])
def test_the_lines_to_type_are_those_that_make_a_stage_of_the_one_before(stage):
    text = (TOP / "README.md").read_text(encoding="utf-8")
    section = re.search(rf"^### Stage {stage}:.*?(?=^### )", text, flags=re.MULTILINE | re.DOTALL)[
        0
    ]
    typed = "".join(re.findall(r"^```python\n(.*?)^```$", section, flags=re.MULTILINE | re.DOTALL))
    new = [line for _, _, lines in stages.changes(stage) for line in lines]
    assert [line for line in typed.split("\n") if line] == new


@pytest.mark.parametrize("readme", PAGES, ids=names(PAGES))
def test_every_command_names_a_file_that_exists(readme):
    text = readme.read_text(encoding="utf-8")
    for name in re.findall(r"python(?:3)? ([\w./\\-]+\.py)", text):
        path = name.replace("\\", "/")
        assert (readme.parent / path).exists() or (TOP / path).exists(), name


@pytest.mark.parametrize("readme", PAGES, ids=names(PAGES))
def test_every_relative_link_leads_somewhere(readme):
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(readme)):
        if target.startswith(("http://", "https://")):
            continue
        path, _, anchor = target.partition("#")
        file = readme.parent / unquote(path) if path else readme
        assert file.exists(), target
        if anchor:
            page = file / "README.md" if file.is_dir() else file
            assert anchor in anchors(page), target


def anchors(page):
    """The anchors that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("readme", READMES, ids=names(READMES))
def test_every_picture_has_alt_text_that_tells_what_it_shows(readme):
    text = prose(readme)
    assert "<img" not in text
    for alt in re.findall(r"!\[([^\]]*)\]", text):
        assert len(alt.split()) >= 5, alt


def test_ci_runs_what_the_readme_tells_people_to_run():
    files = (".ci/run", ".github/workflows/tests.yml")
    ci = "".join((TOP / name).read_text(encoding="utf-8") for name in files)
    for shell in ("bash", "powershell", "bat", "sh"):
        for command in blocks(TOP / "README.md", shell)[:2]:
            assert command.strip() in ci


@pytest.mark.parametrize("step", STEPS, ids=names(STEPS))
def test_every_step_has_the_same_parts_and_shows_its_pictures(step):
    text = (step / "README.md").read_text(encoding="utf-8")
    headings = ["What you will learn", "Run it", "What you should see", "Exercises"]
    for part in ("minutes", *(f"## {name}\n" for name in (*headings, "Key points", "Next"))):
        assert part in text, part
    assert text.count("<details>") == text.count("</details>") >= 2
    for picture in (step / "images").glob("*"):
        assert f"images/{picture.name}" in text, picture.name
