"""Forms of the staff pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from kakehashi.kernel.permissions import known_permissions
from kakehashi.people.domain.second_factors import Factor
from kakehashi.people.models import Contract, Department, Post, ProviderAudience, Role


def day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """A day, picked in the browser's own calendar; a year that nobody can have meant is refused."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=[
            MinValueValidator(date(1900, 1, 1), "1900年から後の日を書いてください。"),
            MaxValueValidator(date(2199, 12, 31), "2199年までの日を書いてください。"),
        ],
    )


class DepartmentForm(forms.Form):
    """A new department, or one that follows another."""

    code = forms.CharField(label="所属コード", max_length=20, help_text="人事異動のファイルで使う番号です。")
    name = forms.CharField(label="所属の名前", max_length=60)
    symbol = forms.CharField(label="文書記号", max_length=10, required=False, help_text="文書番号に使う字です。例：総")
    parent: forms.ModelChoiceField[Department] = forms.ModelChoiceField(
        label="上の所属", queryset=None, required=False, empty_label="なし（一番上）"
    )
    predecessor: forms.ModelChoiceField[Department] = forms.ModelChoiceField(
        label="引き継ぐ前の所属",
        queryset=None,
        required=False,
        empty_label="なし（新しい所属）",
        help_text="選ぶと、前の所属はこの所属ができる前の日で終わります。",
    )
    valid_from = day("できる日")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        departments = Department.objects.filter(valid_to__isnull=True).order_by("order", "code")
        self.fields["parent"].queryset = departments  # type: ignore[attr-defined]
        self.fields["predecessor"].queryset = departments  # type: ignore[attr-defined]


class AmendDepartmentForm(forms.Form):
    """Corrections of a department."""

    name = forms.CharField(label="所属の名前", max_length=60)
    symbol = forms.CharField(label="文書記号", max_length=10, required=False)
    parent: forms.ModelChoiceField[Department] = forms.ModelChoiceField(
        label="上の所属", queryset=None, required=False, empty_label="なし（一番上）"
    )
    order = forms.IntegerField(label="並び順", min_value=0, max_value=99999)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        departments = Department.objects.filter(valid_to__isnull=True).order_by("order", "code")
        self.fields["parent"].queryset = departments  # type: ignore[attr-defined]


class AbolishDepartmentForm(forms.Form):
    """The end of a department."""

    last_day = day("最後の日")
    successor: forms.ModelChoiceField[Department] = forms.ModelChoiceField(
        label="引き継ぐ所属", queryset=None, required=False, empty_label="なし"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        departments = Department.objects.filter(valid_to__isnull=True).order_by("order", "code")
        self.fields["successor"].queryset = departments  # type: ignore[attr-defined]


class PostForm(forms.Form):
    """A new post of a department."""

    name = forms.CharField(label="職の名前", max_length=60)
    rank = forms.IntegerField(
        label="順位", min_value=1, max_value=999, help_text="小さいほど上です。例：部長30、課長40、係長50、係員60"
    )
    valid_from = day("できる日")
    is_single = forms.BooleanField(label="一人だけが就く職", required=False, initial=True)


class PersonForm(forms.Form):
    """A new member of staff."""

    staff_number = forms.CharField(label="職員番号", max_length=30, required=False)
    name = forms.CharField(label="氏名", max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    kana = forms.CharField(label="カナ", max_length=100, required=False)
    email = forms.EmailField(
        label="メールアドレス",
        required=False,
        help_text="書くとサインインできるようになります。パスワードは本人が「パスワードを忘れた」から決めます。",
    )


class AmendPersonForm(forms.Form):
    """Corrections of a member of staff."""

    staff_number = forms.CharField(label="職員番号", max_length=30, required=False)
    name = forms.CharField(label="氏名", max_length=100)
    kana = forms.CharField(label="カナ", max_length=100, required=False)


class AppointForm(forms.Form):
    """An appointment to a post."""

    post: forms.ModelChoiceField[Post] = forms.ModelChoiceField(label="職", queryset=None)
    valid_from = day("就く日")
    is_primary = forms.BooleanField(label="主務（外すと兼務）", required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posts = Post.objects.filter(valid_to__isnull=True).select_related("department")
        field = self.fields["post"]
        field.queryset = posts.order_by("department__order", "department__code", "rank")  # type: ignore[attr-defined]
        field.label_from_instance = post_label  # type: ignore[attr-defined]


def post_label(post: Post) -> str:
    """A post as it is chosen from a list: 「住民課 課長」, or the name alone where it says the department already."""
    if post.department is None or post.name.startswith(post.department.name):
        return post.name
    return f"{post.department.name} {post.name}"


class AbsenceForm(forms.Form):
    """An absence of chosen days."""

    first_day = day("最初の日")
    last_day = day("最後の日")
    reason = forms.CharField(
        label="理由", max_length=100, required=False, help_text="出張、休暇など。書かなくてもかまいません。"
    )


class DeputiesForm(forms.Form):
    """The order of deputies: three places are enough for every rule we have seen; more go through the import."""

    clause = forms.CharField(label="根拠の条項", max_length=100, required=False, help_text="例：事務決裁規程第6条")

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posts = Post.objects.filter(valid_to__isnull=True).exclude(id=post.id).select_related("department")
        for place in range(1, 6):
            field = forms.ModelChoiceField(
                label=f"第{place}順位",
                queryset=posts.order_by("department__order", "department__code", "rank"),
                required=False,
                empty_label="なし",
            )
            field.label_from_instance = post_label  # type: ignore[assignment, method-assign]
            self.fields[f"deputy_{place}"] = field
        self.order_fields([f"deputy_{place}" for place in range(1, 6)])

    @property
    def deputies(self) -> list[Post]:
        """The chosen posts in order, gaps closed."""
        chosen = [self.cleaned_data.get(f"deputy_{place}") for place in range(1, 6)]
        return [post for post in chosen if post is not None]


class PersonnelUploadForm(forms.Form):
    """The upload of an order."""

    title = forms.CharField(label="名前", max_length=100, initial="4月1日付け人事異動")
    effective_on = day("発令日")
    file = forms.FileField(
        label="ファイル",
        help_text="CSV（UTF-8またはShift_JIS）。見出し：職員番号、氏名、カナ、メール、発令、所属コード、職名、順位。",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )


class HandoverForm(forms.Form):
    """The handover note."""

    body = forms.CharField(
        label="引継事項",
        required=False,
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="毎年の行事と締切、係争中や要注意の案件、相手先と連絡先、鍵と物の場所など。",
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class RoleForm(forms.Form):
    """A role and what it may do."""

    code = forms.SlugField(label="コード", max_length=40, help_text="半角の英数字。例：reviewer")
    name = forms.CharField(label="名前", max_length=60)


class RolePermissionsForm(forms.Form):
    """The permissions of a role, from the enums that the code checks."""

    permissions = forms.MultipleChoiceField(
        label="できること",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: known_permissions().items(),
    )


class GrantForm(forms.Form):
    """A role for a person."""

    role: forms.ModelChoiceField[Role] = forms.ModelChoiceField(label="役割", queryset=None)
    valid_from = day("始まりの日")
    valid_to = day("終わりの日", required=False, help_text="空欄なら、取り消すまで続きます。")
    department: forms.ModelChoiceField[Department] = forms.ModelChoiceField(
        label="所属で限る",
        queryset=None,
        required=False,
        empty_label="限らない",
        help_text="選ぶと、その所属に職がある間だけ効きます。",
    )
    contract: forms.ModelChoiceField[Contract] = forms.ModelChoiceField(
        label="契約",
        queryset=None,
        required=False,
        empty_label="契約によらない",
        help_text="委託先の人は契約を選びます。契約が終わると役割も終わります。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].queryset = Role.objects.order_by("code")  # type: ignore[attr-defined]
        self.fields["department"].queryset = Department.objects.filter(valid_to__isnull=True)  # type: ignore[attr-defined]
        self.fields["contract"].queryset = Contract.objects.order_by("-valid_to")  # type: ignore[attr-defined]


class ContractForm(forms.Form):
    """A contract with a company."""

    name = forms.CharField(label="契約の名前", max_length=100)
    company = forms.CharField(label="会社の名前", max_length=100)
    valid_from = day("始まりの日")
    valid_to = day("終わりの日")


class AdministrationForm(forms.Form):
    """Opening administrator power."""

    reason = forms.CharField(
        label="何のために行いますか", max_length=200, help_text="記録に残ります。例：4月1日付け異動に伴う役割の変更"
    )
    minutes = forms.TypedChoiceField(
        label="時間",
        coerce=int,
        choices=[(15, "15分"), (30, "30分"), (60, "1時間"), (120, "2時間")],
        initial=30,
        widget=forms.RadioSelect,
    )


class NetworkRuleForm(forms.Form):
    """The second factors of one network."""

    network = forms.CharField(label="ネットワーク", max_length=49, help_text="例：10.20.0.0/16")
    factors = forms.MultipleChoiceField(
        label="求める二要素目（どれか一つ）",
        choices=[(factor.value, factor.label) for factor in Factor],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="一つも選ばなければ、そこではパスワードだけで入れます。",
    )
    note = forms.CharField(label="覚え書き", max_length=100, required=False, help_text="例：本庁舎のLAN")


class SessionRuleForm(forms.Form):
    """After how long a session ends by itself."""

    idle_minutes = forms.IntegerField(
        label="操作がないときにサインインを終えるまで（分）",
        required=False,
        min_value=5,
        max_value=720,
        help_text="5分から720分まで。空欄なら、操作の有無にかかわらず12時間で終わります。",
    )


class ProviderForm(forms.Form):
    """An OpenID Connect provider."""

    audience = forms.ChoiceField(label="使う人", choices=ProviderAudience.choices, widget=forms.RadioSelect)
    name = forms.CharField(label="名前", max_length=60, help_text="例：デジタル認証アプリ、GビズID")
    issuer = forms.CharField(label="発行者（issuer）", max_length=200)
    client_id = forms.CharField(label="クライアントID", max_length=200)
    scope = forms.CharField(label="scope", max_length=200, initial="openid")
    acr_values = forms.CharField(label="acr_values", max_length=100, required=False)
    signing_key = forms.CharField(
        label="署名鍵（JWKまたはPEM）",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
        help_text="デジタル認証アプリではこちらを使います。暗号化して保存し、二度と表示しません。",
    )
    client_secret = forms.CharField(
        label="クライアントシークレット", required=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )
    is_second_factor = forms.BooleanField(label="この認証だけで二要素を満たす", required=False)


class DirectoryForm(forms.Form):
    """A staff directory."""

    name = forms.CharField(label="名前", max_length=60, help_text="例：庁内のActive Directory")
    url = forms.CharField(label="アドレス", max_length=200, help_text="例：ldaps://dc1.example.lg.jp")
    base_dn = forms.CharField(label="検索の起点（base DN）", max_length=300)
    bind_dn = forms.CharField(label="検索に使う利用者（bind DN）", max_length=300, required=False)
    bind_password = forms.CharField(
        label="そのパスワード",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="暗号化して保存し、二度と表示しません。空欄なら今のままです。",
    )
    user_filter = forms.CharField(
        label="検索条件",
        max_length=300,
        initial="(sAMAccountName={username})",
        help_text="{username}に利用者名が入ります。",
    )
    start_tls = forms.BooleanField(label="StartTLSで暗号化する（ldap:// のとき）", required=False, initial=True)


class CodeForm(forms.Form):
    """Six digits from a mail."""

    code = forms.CharField(
        label="確認コード",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "size": 10}),
        help_text="メールに書かれた6桁の数字です。",
    )
