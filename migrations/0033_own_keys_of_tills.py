"""Tills know the API key that is theirs, so that it ends with them."""

from passerelle.kit.schema import run_script

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Create it."""
    run_script("""
ALTER TABLE devices ADD COLUMN api_key_id UUID;
ALTER TABLE devices ADD CONSTRAINT fk_devices_organization_id_api_key_id FOREIGN KEY(organization_id, api_key_id) REFERENCES api_keys (organization_id, id);
""")
