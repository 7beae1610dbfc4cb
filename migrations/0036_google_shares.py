"""How processes share Google's pace for an issuer."""

from passerelle.kit.schema import run_script

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    """Create it."""
    run_script("""
CREATE TABLE google_shares (
    issuer_id TEXT NOT NULL,
    holder UUID NOT NULL,
    places INTEGER NOT NULL,
    interactive INTEGER NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_google_shares PRIMARY KEY (issuer_id, holder),
    CONSTRAINT ck_google_shares_places CHECK (places >= 0)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON google_shares TO passerelle_app;
""")
