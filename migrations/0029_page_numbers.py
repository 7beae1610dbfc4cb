"""A new phone number that waits to be confirmed by a link."""

from passerelle.kit.schema import run_script

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Let links hold one."""
    run_script("""
ALTER TABLE page_links ADD COLUMN phone BYTEA;
ALTER TABLE page_links DROP CONSTRAINT ck_page_links_purpose;
ALTER TABLE page_links ADD CONSTRAINT ck_page_links_purpose CHECK (purpose IN ('page', 'email', 'phone'));
ALTER TABLE page_links ADD CONSTRAINT ck_page_links_phone CHECK ((purpose = 'phone') = (phone IS NOT NULL));
""")
