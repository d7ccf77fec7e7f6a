"""The tables that the web and the worker use outside any scope, each with its reason (design 8). A test holds the
database to this list: any other table without row security is a mistake."""

from __future__ import annotations

# table -> (rights of td_web, rights of td_job, reason)
OPEN_TABLES: dict[str, tuple[str, str, str]] = {
    "auth_user": ("SELECT, UPDATE", "SELECT", "sign-in comes before any scope; passwords are Argon2"),
    "auth_group": ("SELECT", "", "read by Django's sign-in; empty here"),
    "auth_permission": ("SELECT", "", "read by Django's sign-in; authority comes from posts"),
    "auth_user_groups": ("SELECT", "", "as above"),
    "auth_user_user_permissions": ("SELECT", "", "as above"),
    "auth_group_permissions": ("SELECT", "", "as above"),
    "django_content_type": ("SELECT", "", "names of tables"),
    "django_migrations": ("SELECT", "SELECT", "which migrations ran"),
    "django_session": ("SELECT, INSERT, UPDATE, DELETE", "DELETE, SELECT", "a session is found by its random key"),
    "otp_totp_totpdevice": ("SELECT, UPDATE, INSERT, DELETE", "", "second factor, by user"),
    "otp_static_staticdevice": ("SELECT, UPDATE, INSERT, DELETE", "", "second factor, by user"),
    "otp_static_statictoken": ("SELECT, UPDATE, INSERT, DELETE", "", "second factor, by user"),
    "td_person": ("SELECT", "SELECT", "officials' names, which are public"),
    "td_agency": ("SELECT", "SELECT", "the public directory of agencies"),
    "td_succession": ("SELECT", "SELECT", "what abolished units became; public"),
    "td_post": ("SELECT", "SELECT", "posts, which are public"),
    "td_appointment": ("SELECT", "SELECT", "who holds a post, by public decisions"),
    "td_delegation": ("SELECT", "SELECT", "as above"),
    "td_book": ("SELECT, INSERT, UPDATE", "", "last number of each book; no words"),
    "td_chain": ("SELECT, INSERT", "SELECT", "how an agency signs its papers; no words of any case"),
    "td_draft": ("SELECT, INSERT, UPDATE, DELETE", "SELECT, DELETE", "encrypted; found by a random id; writer not signed in"),
    "td_scan": ("SELECT, INSERT, UPDATE, DELETE", "SELECT, UPDATE, DELETE", "encrypted; found by a draft's random id"),
    "td_command_key": ("SELECT, INSERT", "SELECT, INSERT", "hashes and references only; needed before a case exists"),
    "td_cursor": ("", "SELECT, INSERT, UPDATE", "how far a reader of the trail has come"),
    "td_log_node": ("SELECT", "SELECT, INSERT", "hashes only, public by purpose"),
    "td_log_leaf": ("SELECT", "SELECT, INSERT", "which event is which leaf; ids only"),
    "td_catalogue_import": ("SELECT", "SELECT, INSERT", "which file brought which state of the public catalogue"),
    "td_procedure": ("SELECT", "SELECT, INSERT, UPDATE", "the public catalogue of procedures; no word of any person"),
    "td_process": ("SELECT, INSERT", "SELECT", "desks and hours of a procedure at an agency, by its decision; no word of any case"),
    "td_centre": ("SELECT", "SELECT", "the public directory of one-stop centres"),
    "td_centre_session": ("SELECT, INSERT", "SELECT", "when a centre is open; public"),
    "td_counter": ("SELECT, INSERT, UPDATE", "SELECT, UPDATE", "counters and what they serve; the screen in the hall shows them"),
    "td_ticket": ("SELECT, INSERT, UPDATE", "SELECT, UPDATE", "numbers without any name; kiosk and screen have nobody signed in"),
    "td_ticket_number": ("SELECT, INSERT, UPDATE", "", "last number of each line; no words"),
    "td_appointment_slot": ("SELECT, INSERT, UPDATE", "SELECT, UPDATE", "hours agreed on, no name; found by a random code"),
    "td_wait_measure": ("SELECT, INSERT, UPDATE", "SELECT", "sums of waits and visits by hour"),
    "td_waiting_entry": ("SELECT, INSERT", "SELECT, INSERT", "what was done with a number, by which post; never changed"),
    "td_checkpoint": ("SELECT", "SELECT, INSERT", "signed heads of the log, public by purpose"),
}
PREFIXES_OPEN_TO_JOBS = ("procrastinate_",)  # the queue: ids of cases, never their words


def grant_statements(existing: set[str]) -> list[str]:
    """The GRANTs for the open tables that exist."""
    out = []
    for table, (web, job, _) in OPEN_TABLES.items():
        if table in existing:
            out += [f"GRANT {rights} ON {table} TO {role}" for rights, role in ((web, "td_web"), (job, "td_job")) if rights]
    for table in sorted(existing):
        if table.startswith(PREFIXES_OPEN_TO_JOBS):
            out.append(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO td_job")
            out.append(f"GRANT INSERT, SELECT ON {table} TO td_web")
    out.append("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO td_web, td_job")
    return out
