"""Skeletons to start a plan from. The state's plan goes through editions, so a skeleton carries the edition it was taken from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Skeleton:
    """Policies with their programmes, and the edition they come from."""

    code: str
    label: str
    policies: tuple[tuple[str, tuple[str, ...]], ...]


SKELETONS = {
    skeleton.code: skeleton
    for skeleton in (
        Skeleton("empty", "白紙から始める", ()),
        Skeleton(
            "mic-2.3",
            "総務省 自治体DX推進計画【第2.3版】（2024-02-05）の骨組み",
            (
                (
                    "推進体制の構築",
                    (
                        "組織体制の整備",
                        "デジタル人材の確保・育成",
                        "計画的な取組",
                        "都道府県と市区町村の連携による推進体制の構築",
                    ),
                ),
                (
                    "重点取組事項",
                    (
                        "自治体フロントヤード改革の推進",
                        "自治体の情報システムの標準化・共通化",
                        "公金収納におけるeLTAXの活用",
                        "マイナンバーカードの普及促進・利用の推進",
                        "セキュリティ対策の徹底",
                        "自治体のAI・RPAの利用推進",
                        "テレワークの推進",
                    ),
                ),
            ),
        ),
    )
}
