"""検証手順.txt: how somebody without our program checks the evidence of one case, in plain Japanese."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

FILE = "検証手順.txt"


@dataclass(frozen=True)
class Instructions:
    """What the text tells: whose evidence it is, what lies in it, and what was held outside.

    `papers` are (path, what it is, SHA-256); `stamps` the paths of the time stamps, each with the file it was given for;
    `signed_papers` those that carry an electronic seal of their own; `held` what is known outside, in sentences.
    """

    title: str
    size: int
    root: str
    signed_at: str
    papers: Sequence[tuple[str, str, str]]
    stamps: Sequence[tuple[str, str]] = ()
    signed_papers: Sequence[str] = ()
    held: Sequence[str] = field(default=())

    def text(self) -> str:
        """The whole text."""
        return "\n".join([*self._head(), *self._first(), *self._second(), *self._third(), *self._outside(), ""])

    def _head(self) -> list[str]:
        papers = [f"  {path}（{label}）\n　　SHA-256 {digest}" for path, label, digest in self.papers]
        return [
            f"証明一式の検証手順　{self.title}",
            "=" * 40,
            "",
            "この一式は、当庁のシステムがなくても、ネットワークにつながっていなくても確かめられます。",
            "三つのやり方は互いに独立です。どれか一つでも結果が違えば、その記録は信用しないでください。",
            "",
            "■ 入っているもの",
            *papers,
            "  events.jsonl（この件のすべての操作と、台帳にあることの証明）",
            "  checkpoint.txt（台帳全体に付けた署名）、history/（それより前の署名）、consistency/（つながりの証明）",
            "  verify.py（検証プログラム。一つのファイルで、中身を読めます）",
            "  manifest.txt（すべてのファイルの一覧と署名）",
            "",
        ]

    def _first(self) -> list[str]:
        return [
            "■ やり方その1　付属の検証プログラム（Python 3.9 以上だけが要ります）",
            "  1. 受け取った zip を、当庁と無関係なパソコンに置きます。",
            "  2. zip から verify.py を取り出し、zip と同じ所に置きます。",
            "  3. 次のように実行します（証明.zip は、受け取った zip の名前にしてください）。",
            "",
            "    python3 verify.py 証明.zip",
            "",
            "  4. 「改ざんは見つかりませんでした」と出れば、記録も書類も封印されたときのままです。",
            "　　 [NG] の行は、どこが違うかを示します。",
            "",
        ]

    def _second(self) -> list[str]:
        lines = [
            "■ やり方その2　OpenSSL（3.0 以上。当庁のプログラムは使いません）",
            "  zip を展開し、そのフォルダーで一行ずつ実行します。",
            "",
            "  台帳の署名を確かめます（Signature Verified Successfully と出ます）。",
            "",
            "    sed '/^$/,$d' checkpoint.txt > /tmp/text.bin",
            "    sed -n '$p' checkpoint.txt | cut -d ' ' -f 3 | openssl base64 -d -A | tail -c +5 > /tmp/signature.bin",
            "    openssl pkeyutl -verify -pubin -inkey openssl/key.pem -rawin -in /tmp/text.bin -sigfile /tmp/signature.bin",
            "",
            "  書類の要約値を、上の一覧と見比べます。",
            "",
            *[f"    openssl dgst -sha256 '{path}'" for path, _, _ in self.papers],
            "",
            "  一覧のすべてのファイルと、すべての操作が台帳にあることを、まとめて確かめます（OK が4行出ます）。",
            "",
            "    sh openssl/verify.sh",
            "",
        ]
        if self.stamps:
            lines += ["  タイムスタンプ局が、その時刻に証明点を見たことを確かめます（Verification: OK と出ます）。", ""]
            lines += [
                f"    openssl ts -verify -data {data} -in {stamp} -CAfile timestamps/ca.pem"
                for stamp, data in self.stamps
            ]
            lines += [""]
        return lines

    def _third(self) -> list[str]:
        lines = [
            "■ やり方その3　PDF を開くソフト",
            "  原議の PDF は PDF/A です。どの PDF ソフトでも開けます。決裁欄・本文・添付の一覧と要約値が載っています。",
            "  「添付ファイル」の欄に、決めた内容そのもの（JSON）が入っています。",
            "  その SHA-256 は、原議の最後に印字された要約値と同じです。",
        ]
        if self.signed_papers:
            names = "、".join(self.signed_papers)
            lines.append(
                f"  {names} には電子署名があります。PDF ソフトの「署名」の欄で、署名した人と時刻を確かめられます。"
            )
        return [*lines, ""]

    def _outside(self) -> list[str]:
        groups = " ".join(self.root[at : at + 8] for at in range(0, len(self.root), 8))
        return [
            "■ 役場の外にある値との照合（いちばん大切です）",
            f"  この証明点：{self.signed_at}、{self.size} 件",
            f"  ルート：{groups}",
            "  署名の鍵を持つ人なら、台帳を丸ごと作り直せます。それを見つけられるのは、役場の外に残った値だけです。",
            "  広報などに載ったルート、ほかの団体の証人の鍵、以前に受け取った zip があれば、次のように確かめます。",
            "",
            "    python3 verify.py 証明.zip --root 広報に載ったルート",
            "    python3 verify.py 証明.zip --witness 証人の鍵",
            "    python3 verify.py 証明.zip --against 以前の.zip",
            "",
            *[f"  ・{line}" for line in self.held],
        ]
