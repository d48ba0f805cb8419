"""Tables of sign-in: administrator sessions, second-factor rules, mail codes, identity providers, counted tries."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from kakehashi.kernel.tenancy import GlobalModel, TenantForeignKey, TenantModel, tenant_index
from kakehashi.people.models.persons import Person


class AdministratorSession(TenantModel):
    """Administrator power (管理者の操作): opened with a reason, ends by itself at `ends_at` or when it is closed."""

    person = TenantForeignKey(Person, related_name="administrator_sessions")
    reason = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [tenant_index("person", "ends_at", name="administrator_by_person")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.reason}"


class SecondFactorRule(TenantModel):
    """Clients in `network` (CIDR) must show one of `factors`; none means that the password is enough there."""

    network = models.CharField(max_length=49)
    factors = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    note = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "network"), name="one_rule_per_network"),
        ]

    def __str__(self) -> str:
        return self.network


class SessionRule(TenantModel):
    """The body's own rule about sessions of its staff: after how many minutes without an act they end. None: no such end."""

    idle_minutes = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("government_id",), name="one_session_rule")]

    def __str__(self) -> str:
        return f"{self.idle_minutes} min" if self.idle_minutes else "—"


class MailCodePurpose(models.TextChoices):
    """What a mail code opens."""

    CONFIRM_ADDRESS = "confirm_address", "メールアドレスの確認"
    SECOND_FACTOR = "second_factor", "職員のサインイン"


class MailCode(TenantModel):
    """One code that was asked for. The digits are derived from a secret and `nonce`, never stored.

    `is_decoy`: nobody has that address; the row exists so that asking takes the same work. `context` is what the code opens
    (a receipt number, a person's id).
    """

    purpose = models.CharField(max_length=20, choices=MailCodePurpose.choices)
    email = models.EmailField()
    context = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=10, default="ja")
    nonce = models.BinaryField()
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    is_decoy = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [tenant_index("created_at", name="mail_code_by_time")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.created_at}"


class ProviderAudience(models.TextChoices):
    """Who signs in through a provider."""

    STAFF = "staff", "職員"
    RESIDENT = "resident", "住民・事業者"


class IdentityProvider(TenantModel):
    """An OpenID Connect provider that a town uses. The secrets are sealed with a key that is not in the database.

    デジタル認証アプリ: `signing_key_sealed` holds our private JWK (private_key_jwt). GビズID and staff directories: `client_secret_sealed`.
    """

    audience = models.CharField(max_length=10, choices=ProviderAudience.choices)
    name = models.CharField(max_length=60)
    issuer = models.URLField(max_length=200)
    client_id = models.CharField(max_length=200)
    scope = models.CharField(max_length=200, default="openid")
    acr_values = models.CharField(max_length=100, blank=True)
    signing_key_sealed = models.TextField(blank=True)
    signing_algorithm = models.CharField(max_length=10, default="ES256")
    client_secret_sealed = models.TextField(blank=True)
    is_second_factor = models.BooleanField(default=False)
    is_on = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "issuer", "client_id"), name="provider_once"),
        ]

    def __str__(self) -> str:
        return self.name


class StaffIdentity(TenantModel):
    """A person as a provider of the same government knows them."""

    person = TenantForeignKey(Person, related_name="identities")
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=255)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "issuer", "subject"), name="staff_identity_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} = {self.subject}"


class StaffDirectory(TenantModel):
    """A staff directory (LDAP, Active Directory) that checks the passwords of one government's staff."""

    name = models.CharField(max_length=60)
    url = models.CharField(max_length=200)
    base_dn = models.CharField(max_length=300)
    bind_dn = models.CharField(max_length=300, blank=True)
    bind_password_sealed = models.TextField(blank=True)
    user_filter = models.CharField(max_length=300, default="(sAMAccountName={username})")
    start_tls = models.BooleanField(default=True)
    is_on = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class TryCount(GlobalModel):
    """How often something was tried in one window of time. Shared by all processes; the key is a hash."""

    key = models.CharField(max_length=64)
    window_start = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("key", "window_start"), name="one_count_per_window"),
        ]

    def __str__(self) -> str:
        return f"{self.key[:8]}: {self.count}"


class CacheEntry(GlobalModel):
    """The table of Django's database cache, where the sign-in library keeps its rate limits for all processes alike."""

    id = None  # type: ignore[assignment]
    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "people_cache"

    def __str__(self) -> str:
        return self.cache_key
