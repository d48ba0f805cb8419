"""The content security policy: every browser test fails on a violation, and this one shows that it would."""

import pytest

pytestmark = pytest.mark.browser

VIOLATIONS = {
    "script-src": "() => { const s = document.createElement('script'); s.textContent = 'window.x = 1'; document.body.append(s) }",
    "style-src": "() => document.body.setAttribute('style', 'color: red')",
    "img-src": "() => { const i = new Image(); i.src = 'https://elsewhere.example/x.png'; document.body.append(i) }",
    "connect-src": "() => fetch('https://elsewhere.example/').catch(() => 0)",
    "form-action": "() => { const f = document.createElement('form'); f.action = 'https://elsewhere.example/'; document.body.append(f); f.submit() }",
    "base-uri": "() => { const b = document.createElement('base'); b.href = 'https://elsewhere.example/'; document.head.append(b) }",
}


def test_what_the_policy_forbids_is_stopped_and_noticed(page_at, served, complaints):
    page = page_at(1280)
    page.goto(served.address("/"))
    assert complaints == []
    for script in VIOLATIONS.values():
        page.evaluate(script)
    page.wait_for_timeout(200)
    told = "\n".join(complaints)
    complaints.clear()
    assert [name for name in VIOLATIONS if name not in told] == []
    assert page.evaluate("() => window.x") is None
