"""The log of sign-ins: who, when, from which address, with what outcome. Administrators read it in the admin."""
