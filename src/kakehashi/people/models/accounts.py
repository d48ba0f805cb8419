"""Accounts: global, because one person may serve several governments with one sign-in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from kakehashi.kernel.tenancy import GlobalModel


class UserManager(BaseUserManager["User"]):
    """Makes accounts. Authority lies in role grants, never here."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A new account; without a password it can only sign in through OIDC or LDAP."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(GlobalModel, AbstractBaseUser):
    """A sign-in account. It says who signs in, not what they may do."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.email


class Membership(GlobalModel):
    """The governments an account may enter: read after sign-in, before any tenant scope is open.

    It says nothing about posts or roles; those are rows of the government itself (`Person`).
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    government = models.ForeignKey("governments.Government", on_delete=models.CASCADE, related_name="memberships")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "government"), name="one_membership_each"),)

    def __str__(self) -> str:
        return f"{self.user_id} @ {self.government_id}"
