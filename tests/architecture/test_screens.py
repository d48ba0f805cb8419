"""Templates keep to the frame: nothing inline, known blocks, known icons, nothing fetched from elsewhere, one h1."""

import re
from pathlib import Path

import pytest

from kakehashi.kernel.navigation import resident_links, staff_links
from tests.architecture.floors import PACKAGE

TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))
# Mails are read outside a browser: they carry their style with them.
PAGES = [path for path in TEMPLATES if "/mail/" not in path.as_posix()]
STYLES = "\n".join(path.read_text() for path in PACKAGE.rglob("static/**/*.css"))
SPRITE = (PACKAGE / "kernel" / "static" / "kernel" / "icons.svg").read_text()
# Hooks for tests and scripts; the element below them carries the look.
BARE = re.compile(r"^dads-(description-list|checkbox__input|radio__input|select__select|file-upload__input)$")


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def source(path: Path) -> str:
    """A template without its comments."""
    return re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.DOTALL)


def inline(text: str) -> list[str]:
    """What a strict content security policy would refuse."""
    return re.findall(
        r"\sstyle=\"[^\"]*\"|\son[a-z]+=\"|<style\b|<script(?![^>]*\b(?:src=|type=\"application/json\"))[^>]*>|javascript:",
        text,
    )


def classes(text: str) -> set[str]:
    """Our blocks among the classes of a template."""
    found = " ".join(re.findall(r'class="([^"]*)"', text))
    return {word for word in re.sub(r"{[%{].*?[%}]}", " ", found).split() if word.startswith("dads-")}


def lost_names(text: str) -> set[str]:
    """Names that one block of a template sets with `as` and another block reads: there they are empty, and a link leads nowhere."""
    block, depth = "", 0
    tags = dict[str, list[str]]()
    for tag in re.findall(r"{%.*?%}|{{.*?}}", text, re.DOTALL):
        if opened := re.match(r"{%\s*block\s+(\w+)", tag):
            block, depth = block or opened[1], depth + 1
        elif re.match(r"{%\s*endblock", tag):
            depth -= 1
            block = block if depth else ""
        else:
            tags.setdefault(block, []).append(tag)
    lost = set()
    for inside, written in tags.items():
        for name_ in {found[1] for tag in written if (found := re.search(r"\bas (\w+)\s*%}$", tag))}:
            reads = re.compile(rf"[\s({{|:=]{name_}\b(?!=)")
            elsewhere = [tag for other, each in tags.items() if other != inside for tag in each]
            own = [
                other
                for other, each in tags.items()
                if other != inside and any(tag.endswith(f"as {name_} %}}") for tag in each)
            ]
            if not own and any(reads.search(re.sub(r"\"[^\"]*\"|'[^']*'", "", tag)) for tag in elsewhere):
                lost.add(name_)
    return lost


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_name_is_read_in_the_block_that_sets_it(path):
    assert lost_names(source(path)) == set()


def test_the_check_of_names_can_fail():
    crumbs = '{% block breadcrumb %}{% url "a" b.id as back %}{% breadcrumb "x" back %}{% endblock %}'
    assert lost_names(crumbs + '{% block content %}<a href="{{ back }}">{% endblock %}') == {"back"}
    assert lost_names(crumbs + '{% block content %}{% url "a" as back %}<a href="{{ back }}">{% endblock %}') == set()


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_nothing_is_inline(path):
    assert inline(source(path)) == []


def test_the_check_for_inline_code_can_fail():
    assert len(inline('<p style="color:red" onclick="x()"><script>1</script>')) == 3
    assert inline('<script defer src="/a.js"></script>') == []


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_blocks_have_a_look(path):
    known = set(re.findall(r"\.(dads-[\w-]+)", STYLES))
    assert {block for block in classes(source(path)) - known if not BARE.match(block)} == set()


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_icons_are_drawn(path):
    wanted = set(re.findall(r'{% icon "([^"]+)"', source(path)))
    assert {icon for icon in wanted if f'id="{icon}"' not in SPRITE} == set()


def test_menu_icons_are_drawn():
    links = [*staff_links(), *resident_links()]
    assert {link.icon for link in links if f'id="{link.icon}"' not in SPRITE} == set()


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_the_frame_writes_the_heading(path):
    text = source(path)
    if re.search(r'{% extends "kernel/(staff|resident|public)\.html" %}', text) and "block page_head" not in text:
        assert "<h1" not in text


def test_nothing_is_fetched_from_elsewhere():
    assert re.findall(r"url\(\s*['\"]?https?:|@import", STYLES) == []
    wrong = [name(path) for path in PAGES if re.search(r'(src|href)="https?://[^"]+\.(css|js|woff2?)"', source(path))]
    assert wrong == []
