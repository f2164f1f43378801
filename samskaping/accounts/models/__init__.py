from samskaping.accounts.models.sign_in import SignIn
from samskaping.accounts.models.user import User
from samskaping.accounts.models.work_account import WorkAccount

__all__ = ["SignIn", "User", "WorkAccount"]
