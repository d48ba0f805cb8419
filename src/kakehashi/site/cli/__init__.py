"""The command line `kakehashi`. Each command's module is loaded when it is called, so that `--help` is instant."""

from __future__ import annotations

from importlib import import_module

import click

# Command → (module below this package, Japanese and English line of help).
COMMANDS = {
    "serve": ("serve", "動かす（画面・ワーカー・データベース） / Run web, worker and database"),
    "worker": ("worker", "ワーカーだけを動かす / Run the worker alone"),
    "migrate": ("migrate", "データベースを最新にする / Bring the database up to date"),
    "upgrade": ("upgrade", "新しい版に更新する（控え・適用・確認・失敗したら元へ） / Upgrade, or go back"),
    "import": ("imports", "データを取り込む / Import data"),
    "exchange": ("exchange", "公開側と職員側の受け渡し / Exchange between public and staff side"),
    "backup": ("backup", "全部を一つの暗号化ファイルに控える / Back everything up, encrypted"),
    "recovery-key": ("recovery_key", "控えを読む鍵を表示する / Show the key that reads backups"),
    "restore": ("restore", "控えから戻す / Restore a backup into an empty folder"),
    "export-government": ("export_government", "一つの団体を持ち出す / Move one government out"),
    "take-home": (
        "take_home",
        "一つの団体のすべてを開いた形式で書き出す / Everything of one government as open formats",
    ),
    "import-government": ("import_government", "持ち出した団体を迎える / Move one government in"),
    "snapshot": ("snapshot", "月ごとの指標の値を全団体ぶん記録する / Record the monthly figures of every government"),
    "certificate": ("certificate", "証明書の署名をインターネットなしで確かめる / Check a certificate without a server"),
    "verify": ("verify", "操作の記録が改ざんされていないか確かめる / Verify the journal"),
    "keys": ("keys", "鍵を見る・替える・控える・引き継ぐ / See, change, back up and hand over the keys"),
    "doctor": ("doctor", "何が悪いか、どう直すかを調べる / Say what is wrong and how to mend it"),
    "read-form": ("read_form", "Word・Excel・PDFの様式を読み取る / Read the fields of paper forms"),
    "score-forms": ("score_forms", "様式の読み取りを正解と比べる / Score the reader against labelled forms"),
    "create-admin": ("create_admin", "最初の管理者を作る / Create an administrator"),
    "eval-search": ("eval_search", "検索の質を測る / Measure how well the search finds"),
    "demo": ("demo", "見本の町で試す / Try it with a fictional town"),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one only when it runs or shows its own help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order a new operator meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command. Its function is called `command` in its module."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"kakehashi.site.cli.{COMMANDS[cmd_name][0]}").command
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command. A setting that cannot be read is said in two lines, not shown as a fault of the program."""
        try:
            return super().invoke(ctx)
        except RuntimeError as error:
            from kakehashi.site.config import BadConfiguration

            if not isinstance(error, BadConfiguration):
                raise
            message = (
                f"設定を読めません。docs/operate/settings.md と見比べてください。\nThe settings cannot be read: {error}"
            )
            raise click.ClickException(message) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("コマンド / Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kakehashi", message="%(prog)s %(version)s")
def main() -> None:
    """架け橋 Kakehashi：自治体の仕事を一つの道でつなぐ。

    One system for a local government's digital change. Settings come from the environment (KAKEHASHI_HOME, DATABASE_URL,
    …); see docs/operate. 各コマンドの説明は `kakehashi コマンド --help` で見られます。
    """


def setup() -> None:
    """Load Django. Commands that also need the database up use `console.django_and_database`."""
    from kakehashi.site.cli.console import setup as load_django

    load_django()
