"""CPU seconds for each page of a notice: the first in a cold process, then many different ones.

Run: .venv/bin/python bench/pdf.py
Goal: at most 0.2 s of CPU a page.
"""

import dataclasses
import io
import resource
import statistics

from pypdf import PdfReader

from kakehashi.kernel.documents import NoticeDocument, render_pdf

NOTICE = NoticeDocument(
    title="住宅用太陽光発電設備設置費補助金 交付決定通知書",
    document_number="8ひ環第1号",
    issued_on="令和8年11月21日",
    addressee="ひばり町中央1丁目2番3号\n髙﨑 𠮷子 様",
    issuer="ひばり町長 山田 太郎",
    issuer_name="ひばり町",
    text="令和8年11月1日付けで申請のあった補助金については、次のとおり交付することに決定しました。",
    rows=tuple((f"項目{n}", f"内容{n} を記載する欄です。") for n in range(8)),
    reason="ひばり町住宅用太陽光発電設備設置費補助金交付要綱第5条の要件を満たすため。",
    instructions=(("教示", "この処分に不服があるときは、審査請求をすることができます。" * 3),),
    contact="環境課 電話 000-000-0000",
)


def cpu() -> float:
    """User and system seconds of this process so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def measure(number: int) -> tuple[float, int, int]:
    """CPU seconds, bytes and pages of one notice whose texts nobody rendered before."""
    document = dataclasses.replace(
        NOTICE,
        document_number=f"8ひ環第{number}号",
        text=NOTICE.text + f"（第{number}号、{number * 7919}）",
    )
    before = cpu()
    pdf = render_pdf(document)
    return cpu() - before, len(pdf), len(PdfReader(io.BytesIO(pdf)).pages)


def main() -> None:
    """Print the table."""
    first, size, pages = measure(1)
    rest = sorted(measure(number)[0] for number in range(2, 102))
    print(f"first page, cold process: {first:.3f} s CPU ({pages} page, {size} bytes)")
    print(f"next 100 pages: median {statistics.median(rest):.3f} s, p95 {rest[94]:.3f} s, worst {rest[-1]:.3f} s CPU")


if __name__ == "__main__":
    main()
