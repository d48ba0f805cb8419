"""動作の状態: the probes of `site.health` in the words of somebody who runs a town, not a computer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from kakehashi.governments.models import Government
from kakehashi.indicators.selectors import snapshot_progress
from kakehashi.kernel import clock
from kakehashi.kernel.wareki import format_wareki
from kakehashi.site import health
from kakehashi.site.checks import hours_ago
from kakehashi.site.health import Probe
from kakehashi.site.open_data import late_titles

GOOD, CARE, BAD = "good", "care", "bad"
MOST_DAYS_WITHOUT_FIGURES = 2


@dataclass(frozen=True)
class Line:
    """One part of the system: what it is for, how it is, and what to do when it is not well."""

    title: str
    purpose: str
    level: str
    state: str
    advice: str = ""

    @property
    def tone(self) -> str:
        """The colour of its chip."""
        return {GOOD: "success", CARE: "waiting", BAD: "error"}[self.level]

    @property
    def word(self) -> str:
        """The word on its chip."""
        return {GOOD: "正常", CARE: "注意", BAD: "要対応"}[self.level]


def status_lines(government: Government) -> list[Line]:
    """Every line of the page; the worst come first."""
    lines = [_WORDS[probe.name](probe) for probe in health.probes(remember=False)]
    lines += [_backup_failures(), _paper_key(), _mail(), _scanner(), _open_data(), _snapshots()]
    order = (BAD, CARE, GOOD)
    return sorted(lines, key=lambda line: order.index(line.level))


def summary(lines: list[Line]) -> Line:
    """The one sentence on top."""
    bad, care = ([line for line in lines if line.level == level] for level in (BAD, CARE))
    if bad:
        return Line(
            "", "", BAD, f"直すところが{len(bad)}つあります。業務に影響するので、今日のうちに対応してください。"
        )
    if care:
        return Line("", "", CARE, f"動いています。気をつけるところが{len(care)}つあります。")
    return Line("", "", GOOD, "すべて正しく動いています。することはありません。")


_ASK = "システムを動かしている機械の担当者（情報担当または委託先）に、この行を伝えてください。"


def _database(probe: Probe) -> Line:
    purpose = "申請や起案など、すべての記録が入っています。"
    if probe.is_ok:
        return Line("データベース", purpose, GOOD, "つながっています。")
    return Line("データベース", purpose, BAD, "つながりません。", _ASK)


def _migrations(probe: Probe) -> Line:
    purpose = "プログラムを新しくしたとき、記録の入れ物も新しくします。"
    if probe.is_ok:
        return Line("更新", purpose, GOOD, "プログラムと記録の版が合っています。")
    return Line(
        "更新",
        purpose,
        BAD,
        f"適用していない更新が{probe.value:g}件あります。",
        f"{_ASK}（kakehashi upgrade を実行します）",
    )


def _worker(probe: Probe) -> Line:
    title, purpose = "裏方の仕事", "案件番号を付け、お知らせメールを送り、記録を封印し、控えを取ります。"
    if probe.is_ok:
        return Line(title, purpose, GOOD, "動いています。")
    since = (
        f"{int((probe.value or 0) // 60)}分前から止まっています。" if probe.value is not None else "動いていません。"
    )
    return Line(
        title,
        purpose,
        BAD,
        since,
        f"申請の受付は続いていますが、番号とメールが遅れます。何も失われません。{_ASK}（kakehashi serve を動かし直します）",
    )


def _failed_tasks(probe: Probe) -> Line:
    title, purpose = "失敗した仕事", "裏方の仕事のうち、何度試してもできなかったものの数です。"
    if probe.is_ok:
        return Line(title, purpose, GOOD, "ありません。")
    return Line(title, purpose, CARE, f"{probe.value:g}件あります。", f"{_ASK}（理由は裏方の記録に残っています）")


def _seal_lag(probe: Probe) -> Line:
    title, purpose = "操作の記録の封印", "だれが何をしたかの記録に、あとから書き換えられない印を付けます。"
    if probe.is_ok:
        return Line(title, purpose, GOOD, "遅れはありません。")
    minutes = int((probe.value or 0) // 60)
    return Line(
        title,
        purpose,
        CARE,
        f"{minutes}分遅れています。",
        "裏方の仕事が動けば追いつきます。何も失われません。続くときは、担当者に伝えてください。",
    )


def _disk(probe: Probe) -> Line:
    title, purpose = "空き容量", "記録や添付ファイルを置く場所の残りです。なくなると受付が止まります。"
    state = f"残り{(probe.value or 0) / 1e9:,.1f} GB です。"
    if probe.is_ok:
        return Line(title, purpose, GOOD, state)
    return Line(title, purpose, BAD, state, f"すぐに空けるか、増やしてください。{_ASK}")


def _backup_age(probe: Probe) -> Line:
    from datetime import timedelta

    title, purpose = "控え（バックアップ）", "機械が壊れたときに、記録と添付ファイルを元に戻すための写しです。"
    if probe.is_ok:
        return Line(title, purpose, GOOD, f"最新の控えは{hours_ago(timedelta(seconds=probe.value or 0))}に取りました。")
    if probe.value is None:
        return Line(
            title, purpose, CARE, "まだ一度も取っていません。", f"裏方の仕事が毎日取ります。明日も出ていたら：{_ASK}"
        )
    return Line(
        title,
        purpose,
        BAD,
        f"最新の控えは{hours_ago(timedelta(seconds=probe.value))}のものです。",
        f"{_ASK}（kakehashi backup で今すぐ取れます）",
    )


def _backup_failures() -> Line:
    from kakehashi.site.models import BackupRun, Standing

    title, purpose = "控えの取り方", "決まった時刻の控えが、最後までできたかどうかです。"
    last = BackupRun.objects.first()
    if last is None:
        # Nothing went wrong, but nothing has shown yet that it works: that is not 正常.
        return Line(title, purpose, CARE, "まだ一度も動いていません。", "最初の控えが終わると、ここに結果が出ます。")
    standing = last.standing(clock.now())
    if standing is Standing.RUNNING:
        return Line(title, purpose, GOOD, "いま取っています。")
    if standing is Standing.DONE:
        return Line(title, purpose, GOOD, "最後の控えは最後までできました。")
    return Line(
        title,
        purpose,
        BAD,
        "最後の控えは失敗しました。" if standing is Standing.FAILED else "最後の控えは途中で止まりました。",
        f"置き場所に空きがあるか、書き込めるかを確かめてください。{_ASK}",
    )


def _paper_key() -> Line:
    title, purpose = "復旧の鍵", "控えは暗号化されています。機械が壊れたとき、紙の鍵がないと読めません。"
    if (settings.CONFIG.home / "keys" / "backup.printed").exists():
        return Line(title, purpose, GOOD, "印刷して保管したと記されています。")
    return Line(
        title,
        purpose,
        CARE,
        "印刷したと記されていません。",
        f"金庫にあるか確かめてください。なければ：{_ASK}（kakehashi recovery-key を印刷します）",
    )


def _mail() -> Line:
    title, purpose = "メール", "住民と職員へのお知らせを送ります。"
    if settings.CONFIG.mail_url:
        return Line(title, purpose, GOOD, "送るサーバーが決まっています。")
    return Line(
        title,
        purpose,
        CARE,
        "送るサーバーが決まっていません。メールは送られず、機械の中に溜まっています。",
        f"{_ASK}（KAKEHASHI_MAIL_URL を入れます）",
    )


def _scanner() -> Line:
    title, purpose = "ウイルス検査", "届いた添付ファイルを、職員が開く前に調べます。"
    if settings.CONFIG.scanner:
        return Line(title, purpose, GOOD, "検査が済むまで、だれにも渡しません。")
    return Line(
        title,
        purpose,
        CARE,
        "検査していません。届いたファイルはそのまま渡されます。",
        f"開く端末のウイルス対策を確かめてください。{_ASK}（KAKEHASHI_SCANNER を入れます）",
    )


def _open_data() -> Line:
    title, purpose = "オープンデータの鮮度", "公開しているデータが、約束した頻度で更新されているかどうかです。"
    late = late_titles()
    if not late:
        return Line(title, purpose, GOOD, "遅れているものはありません。")
    return Line(
        title,
        purpose,
        CARE,
        f"{len(late)}件が遅れています：{'、'.join(late[:5])}",
        "担当課が元の台帳を見直し、オープンデータのページで公開し直してください。",
    )


def _snapshots() -> Line:
    title, purpose = "指標の記録", "終わった月の数字を、あとから変わらない形で残します。"
    found = snapshot_progress()
    state = "今日の分を、すべての団体で記録しました。"
    if not found.is_done:
        state = f"今日の分を記録しています（{found.all:,}団体のうち{found.done:,}団体が済み）。"
    last = found.own.taken_on if found.own else None
    if last is None:
        return Line(title, purpose, GOOD, f"{state}この団体は、これから初めて記録します。")
    days = (clock.today() - last).days
    state += f"この団体は{format_wareki(last)}に済みました。"
    if days <= MOST_DAYS_WITHOUT_FIGURES:
        return Line(title, purpose, GOOD, state)
    return Line(
        title,
        purpose,
        CARE,
        f"{state}{days}日たっています。",
        f"{_ASK}（kakehashi snapshot で続きから記録できます。月末の在庫の値は、三日を過ぎると残せません）",
    )


_WORDS: dict[str, Callable[[Probe], Line]] = {
    "database": _database,
    "migrations": _migrations,
    "worker": _worker,
    "failed_tasks": _failed_tasks,
    "seal_lag": _seal_lag,
    "disk": _disk,
    "backup_age": _backup_age,
}
