"""Browser tests: the product on a real port over real commits, driven by headless Chromium.

`served` starts it with the cast; `page_at(width)` opens a page in it; `check(page)` runs every rule a page of ours keeps.
A message about the content security policy, or an error of a script, fails the test at its end.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test import Client
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from kakehashi.people.selectors import StaffActor
from kakehashi.people.testing import Cast, Town, sign_in

ROOT = Path(__file__).resolve().parents[5]
IMAGES = ROOT / "docs" / "municipality" / "images"
PHONE, DESK, ZOOMED = 390, 1280, 320
WIDTHS = (PHONE, DESK)
# A crowded machine may take long to answer; a page that answers is not waited for.
expect.set_options(timeout=20_000)
# The shell draws the same pages without a browser's own windows and services, for less of a processor's time.
PROGRAMS = ("chromium-headless-shell", "chromium")
# A page lives for a second or two: compiling its scripts for speed costs a fifth more of a processor than it ever saves.
FLAGS = ("--no-sandbox", "--js-flags=--no-opt --no-maglev")

_AXE_RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    # Sound and film would be fetched before the rules run. There is none in the product, and the policy lets none in.
    "preload": False,
    "elementRef": False,
}
# What axe lets pass: a field whose only name is its placeholder, which goes away as soon as somebody types.
_PLACEHOLDER_ONLY = """[...document.querySelectorAll('input, textarea, select')]
  .filter(field => field.type !== 'hidden' && field.placeholder)
  .filter(field => !(field.labels && field.labels.length) && !field.getAttribute('aria-label')
    && !field.getAttribute('aria-labelledby') && !field.title)
  .map(field => field.outerHTML)"""
_SMALL_TARGETS = """[...document.querySelectorAll('a[href], button, summary, input[type=submit]')]
  .map(each => [each, each.getBoundingClientRect()])
  .filter(([each, box]) => box.width > 1 && box.height > 1 && (box.height < 24 || box.width < 24))
  .filter(([each]) => getComputedStyle(each).display !== 'inline')
  .map(([each]) => each.outerHTML.slice(0, 200))"""
# How a text stands out from what is behind it follows from its own colour and size and from the grounds that it stands on: texts
# that share all of these are weighed once in a run. Weighing every one took half of axe's time. One letter alone is never
# judged by axe, so it does not answer for longer texts.
_TEXT_LOOKS = """() => {
  const grounds = new Map([[null, '']]);
  const ground = element => {
    if (!grounds.has(element)) {
      const {backgroundColor, backgroundImage, opacity, filter, mixBlendMode, position} = getComputedStyle(element);
      const own = [backgroundColor, backgroundImage, opacity, filter, mixBlendMode].join(' ');
      const apart = ['static', 'relative'].includes(position) ? '' : position + element.className;
      const isBare = own === 'rgba(0, 0, 0, 0) none 1 none normal' && !apart;
      grounds.set(element, ground(element.parentElement) + (isBare ? '' : own + apart + '/'));
    }
    return grounds.get(element);
  };
  const short = text => {
    let one = 5381n;
    for (const letter of text) one = BigInt.asUintN(64, one * 1099511628211n ^ BigInt(letter.codePointAt(0)));
    return one.toString(36);
  };
  const digests = new Map();
  const look = element => {
    const {color, fontSize, fontWeight, textShadow} = getComputedStyle(element);
    const letters = [...element.childNodes].map(one => one.nodeType === 3 ? one.data.trim() : '').join('').length;
    const whole = [color, fontSize, fontWeight, textShadow, letters === 1].join(' ') + ground(element);
    if (!digests.has(whole)) digests.set(whole, short(whole));
    return digests.get(whole);
  };
  const hasText = element => element.matches('input, select, textarea')
    || [...element.childNodes].some(one => one.nodeType === 3 && one.data.trim());
  return new Map([...document.querySelectorAll('body *')].filter(hasText).map(element => [element, look(element)]));
}"""
# What needs no axe, and of what a page is made, as far as axe's rules see it: elements and attributes, and whether there is a
# text. Words, addresses and numbers in names differ from one row to the next and change no verdict. First the frame around
# `main`, then the whole, each as a digest: the text itself is as long as the page. One call for all of it: every call between
# this process and the page costs more than most rules.
_LOOK = f"""async () => {{
  const told = element => element.tagName + [...element.attributes]
    .filter(({{name}}) => !['href', 'value', 'action', 'src', 'datetime', 'content', 'd'].includes(name))
    .map(({{name, value}}) => ' ' + name + '=' + value.replace(/[0-9a-f]{{8}}-[0-9a-f-]{{27}}|[0-9]+/g, '#')).join('')
    + ([...element.childNodes].some(one => one.nodeType === 3 && one.data.trim()) ? ' …' : '');
  // Rows made alike are told twice and no more: two are needed to see a name that is given twice.
  const within = root => {{
    const inner = [...root.children].map(within);
    return told(root) + '(' + inner.filter((one, at) => one !== inner[at - 1] || one !== inner[at - 2]).join('') + ')';
  }};
  const scheme = innerWidth + String(matchMedia('(prefers-color-scheme: dark)').matches);
  const frame = [...document.body.children].filter(one => one.id !== 'main').map(within).join('');
  const digest = async text => [...new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(scheme + text)))]
    .map(byte => byte.toString(16).padStart(2, '0')).join('');
  const nameless = {_PLACEHOLDER_ONLY};
  const small = {_SMALL_TARGETS};
  const whole = await digest(within(document.documentElement));
  return [await digest(frame), whole,
    [...nameless.map(html => `named by its placeholder only: ${{html}}`), ...small.map(html => `target below 24 px: ${{html}}`)]];
}}"""
# Told to the page as a script of its own house: the browser keeps it, where 600 kB through the driver cost each page 0.1 s. A
# frame that is known stands aside while axe looks: axe weighs every element of the document for each rule, whatever it is told
# to leave out.
_AXE_ADDRESS = "/axe-of-the-tests.js"
_RUN_AXE = f"""async ([address, options, frameIsKnown, knownLooks]) => {{
  const bring = () => new Promise(told => {{
    const script = document.createElement('script');
    const tell = there => {{ script.remove(); told(there); }};
    script.addEventListener('load', () => tell(true));
    script.addEventListener('error', () => tell(false));
    script.src = address;
    document.head.append(script);
  }});
  if (!('axe' in window) && !await bring()) return null;
  const aside = frameIsKnown && document.getElementById('main') ? [...document.body.children].filter(one => one.id !== 'main') : [];
  const places = aside.map(one => {{ const place = document.createComment(''); one.replaceWith(place); return place; }});
  const looks = ({_TEXT_LOOKS})();
  const known = new Set(knownLooks), weighed = new Set();
  const contrast = axe._audit.getRule('color-contrast'), scale = axe._audit.checks['color-contrast'];
  const asked = contrast.matches, weigh = scale.evaluate;
  contrast.matches = (element, ...others) => looks.has(element) && !known.has(looks.get(element)) && asked(element, ...others);
  scale.evaluate = function (element, ...others) {{
    if (weighed.has(looks.get(element))) return true;
    let isSeen = true;
    const tell = this.data;
    this.data = facts => {{ isSeen = facts?.messageKey !== 'hidden'; tell.call(this, facts); }};
    const verdict = weigh.call(this, element, ...others);
    if (verdict === true && isSeen) weighed.add(looks.get(element));
    return verdict;
  }};
  const found = (await axe.run(document, options)).violations
    .flatMap(one => one.nodes.map(node => `${{one.id}} (${{one.impact}}): ${{one.help}} — ${{node.html.slice(0, 200)}}`));
  [contrast.matches, scale.evaluate] = [asked, weigh];
  places.forEach((place, at) => place.replaceWith(aside[at]));
  return [found, [...weighed]];
}}"""
_SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


class _WithAxe(StaticFilesHandler):
    """The product with its static files, and beside them the script of axe."""

    _script = AXE_SCRIPT.encode()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        if environ["PATH_INFO"] != _AXE_ADDRESS:
            return super().__call__(environ, start_response)
        size = ("Content-Length", str(len(self._script)))
        start_response("200 OK", [("Content-Type", "text/javascript"), ("Cache-Control", "max-age=3600"), size])
        return [self._script]


@dataclass(frozen=True)
class Served:
    """The running product and who lives in it."""

    url: str
    cast: Cast

    def address(self, path: str, town: Town | None = None) -> str:
        """The full address of a path in a town (ひばり町 unless told)."""
        return f"{self.url}/{(town or self.cast.hibari).government.slug}{path}"


@pytest.fixture
def served(
    chromium: Browser,
    swept_database: str,
    django_db_blocker: Any,
    socket_enabled: None,
    monkeypatch: pytest.MonkeyPatch,
    new_cast: Callable[[], Cast],
) -> Iterator[Served]:
    """The product on a free port, over a database with nothing else in it, with both towns in it."""
    with django_db_blocker.unblock():
        cast = new_cast()
        # A thread of the server keeps its connection until the browser's own ends: a new one is a new process of PostgreSQL,
        # which knows no table yet.
        monkeypatch.setitem(settings.DATABASES["default"], "CONN_MAX_AGE", None)
        thread = LiveServerThread("127.0.0.1", _WithAxe)
        thread.daemon = True
        thread.start()
        thread.is_ready.wait()
        if thread.error:
            raise thread.error
        allowed = list(settings.ALLOWED_HOSTS)
        monkeypatch.setattr(settings, "ALLOWED_HOSTS", [*allowed, "127.0.0.1", "localhost"])
        try:
            yield Served(f"http://127.0.0.1:{thread.port}", cast)
        finally:
            thread.terminate()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of this process."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), "")
    if not path:
        pytest.skip(f"no Chromium: none of {', '.join(PROGRAMS)}")
    # Playwright keeps an event loop in this thread; the ORM is still used by one thread at a time.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


# Told by the page itself as well: a report that has no console line, such as one of a frame, is not lost.
_TELL_VIOLATIONS = """document.addEventListener('securitypolicyviolation', event => console.error(
  'Content Security Policy: ' + event.effectiveDirective + ' ' + event.blockedURI + ' on ' + location.pathname))"""


@pytest.fixture
def complaints() -> list[str]:
    """What went wrong in any page of any context of this test: script errors, and every violation of the policy."""
    return []


@pytest.fixture
def page_at(
    chromium: Browser, served: Served, django_db_blocker: Any, complaints: list[str]
) -> Iterator[Callable[..., Page]]:
    """`page_at(390)`, `page_at(1280, who=town.clerk, dark=True, javascript=False)`: a page in a context of its own."""
    contexts: list[BrowserContext] = []

    def open_page(
        width: int = DESK,
        *,
        who: StaffActor | None = None,
        javascript: bool = True,
        dark: bool = False,
        language: str = "ja",
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 844 if width < 600 else 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            locale="ja-JP",
            timezone_id="Asia/Tokyo",
            has_touch=width < 600,
        )
        contexts.append(context)
        cookies = [(settings.LANGUAGE_COOKIE_NAME, language)]
        if who is not None:
            cookies.append((settings.SESSION_COOKIE_NAME, sign_in(Client(), who).session.session_key))
        context.add_cookies([{"name": name, "value": value, "url": served.url} for name, value in cookies])
        context.add_init_script(_TELL_VIOLATIONS)
        context.on("weberror", lambda error: complaints.append(f"script error: {error.error}"))
        context.on("console", lambda message: complaints.append(message.text) if _is_csp(message.text) else None)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def arrived(page: Page) -> Page:
    """The page a click led to, whole: a click returns as soon as the first byte came, when there may be no body yet."""
    page.wait_for_load_state("load")
    return page


def resize(page: Page, width: int) -> None:
    """Give the page a width; nothing is asked of the browser where it has it already."""
    size = page.viewport_size
    if size is None or size["width"] != width:
        page.set_viewport_size({"width": width, "height": 844})


def _is_csp(text: str) -> bool:
    return "Content Security Policy" in text or "Content-Security-Policy" in text


class Passed:
    """What axe has let pass in this run, in any test process: a folder with an empty file for each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "looks").mkdir(parents=True, exist_ok=True)

    def __contains__(self, digest: str) -> bool:
        return (self.folder / digest).exists()

    def add(self, *digests: str) -> None:
        """Remember that these passed."""
        for digest in digests:
            if digest not in self:
                (self.folder / digest).touch()

    def looks(self) -> list[str]:
        """The looks of text that were weighed and stand out; some hundreds, so all are told to a page."""
        return [one.name for one in (self.folder / "looks").iterdir()]

    def add_looks(self, looks: list[str]) -> None:
        """Remember that these stand out."""
        for look in looks:
            (self.folder / "looks" / look).touch()


@pytest.fixture(scope="session")
def passed(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Passed:
    """What this run has looked at; the folder above each test process's own is shared by all of them."""
    own = tmp_path_factory.getbasetemp()
    return Passed((own if worker_id == "main" else own.parent) / "passed-axe")


@pytest.fixture
def axe(passed: Passed) -> Callable[[Page], None]:
    """`axe(page)`: no violation of WCAG 2.2 A and AA, no field named by its placeholder only, no tiny target.

    A page made of the same elements as one that passed before is not given to axe again, nor is a frame that is known. Not for
    pages opened without JavaScript: axe waits in them for ever.
    """

    def run(page: Page) -> None:
        frame, whole, told = arrived(page).evaluate(_LOOK)
        looks: list[str] = []
        if whole not in passed:
            asked = [_AXE_ADDRESS, _AXE_RULES, frame in passed, passed.looks()]
            answer = page.evaluate(_RUN_AXE, asked)
            if answer is None:
                page.evaluate(AXE_SCRIPT)
                answer = page.evaluate(_RUN_AXE, asked)
            found, looks = answer
            told = found + told
        assert told == [], "\n".join(told)
        passed.add(frame, whole)
        passed.add_looks(looks)

    return run


@pytest.fixture
def no_sideways() -> Callable[..., None]:
    """`no_sideways(page)`: at 400 % zoom (320 CSS px) the page never scrolls sideways."""

    def run(page: Page, *, then: ViewportSize | None = None) -> None:
        size = then or arrived(page).viewport_size or {"width": DESK, "height": 900}
        page.set_viewport_size({"width": ZOOMED, "height": 480})
        wide = page.evaluate(_SIDEWAYS)
        page.set_viewport_size(size)
        assert wide <= 0, f"{page.url} is {wide} px too wide at 320 px"

    return run


@pytest.fixture
def check(axe: Callable[[Page], None], no_sideways: Callable[..., None]) -> Callable[[Page], None]:
    """`check(page)`: axe and 400 % zoom together; what every page of the walk must pass."""

    def run(page: Page) -> None:
        axe(page)
        no_sideways(page)

    return run


@pytest.fixture
def every_width(axe: Callable[[Page], None], no_sideways: Callable[..., None]) -> Callable[[Page], None]:
    """`every_width(page)`: as `check`, with axe on the phone and on the desk, whatever the page was opened at."""

    def run(page: Page) -> None:
        size = page.viewport_size or {"width": DESK, "height": 900}
        for width in sorted(WIDTHS, key=lambda one: one != size["width"]):  # each change of width is a new layout
            resize(page, width)
            try:
                axe(page)
            except AssertionError as error:
                raise AssertionError(f"{page.url} at {width} px: {error}") from None
        no_sideways(page, then=size)

    return run


@pytest.fixture
def keyboard() -> Callable[[Page, str], None]:
    """`keyboard(page, "申請する")`: reach a control by its name with Tab alone and press Enter."""

    def run(page: Page, name: str, presses: int = 80) -> None:
        arrived(page)
        for _ in range(presses):
            page.keyboard.press("Tab")
            words = page.evaluate(
                "() => { const e = document.activeElement; return (e.getAttribute('aria-label') || e.textContent || e.value || '') }"
            )
            if re.sub(r"\s+", "", words or "") == re.sub(r"\s+", "", name):
                page.keyboard.press("Enter")
                return
        raise AssertionError(f"{name} cannot be reached with the Tab key on {page.url}")

    return run


@pytest.fixture
def picture() -> Callable[..., None]:
    """`picture(page, "inbox")`: a picture for the manual, only when the environment says PICTURES=1.

    `widths=WIDTHS` takes one on the phone and one on the desk; otherwise it is as the page stands.
    """

    def run(page: Page, name: str, *, widths: tuple[int, ...] = ()) -> None:
        if not os.environ.get("PICTURES"):
            return
        IMAGES.mkdir(parents=True, exist_ok=True)
        size = page.viewport_size or {"width": DESK, "height": 900}
        for width in widths or (size["width"],):
            page.set_viewport_size({"width": width, "height": 844 if width < 600 else 900})
            # Hiding the caret would add a style to the page, which its content policy reports as a fault of the page.
            page.screenshot(path=str(IMAGES / f"{name}-{width}.png"), caret="initial")
        page.set_viewport_size(size)

    return run
