"""Tables of rewards."""

from passerelle.kit.schema import run_script

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create them."""
    run_script("""
CREATE TABLE issued_rewards (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    reward_id UUID NOT NULL,
    membership_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    price BIGINT NOT NULL,
    unit_id UUID NOT NULL,
    reference TEXT NOT NULL,
    transfer_id UUID NOT NULL,
    state TEXT DEFAULT 'redeemed' NOT NULL,
    actor TEXT NOT NULL,
    location_id UUID,
    redeemed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    undone_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_issued_rewards PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_issued_rewards_organization_id_membership_id
        FOREIGN KEY(organization_id, membership_id) REFERENCES memberships (organization_id, id),
    CONSTRAINT uq_issued_rewards_organization_id_reference UNIQUE (organization_id, reference),
    CONSTRAINT ck_issued_rewards_state CHECK (state IN ('redeemed', 'undone')),
    CONSTRAINT ck_issued_rewards_undone_at CHECK ((state = 'undone') = (undone_at IS NOT NULL))
);
CREATE INDEX ix_issued_rewards_membership_id ON issued_rewards (organization_id, membership_id, id);
ALTER TABLE issued_rewards ENABLE ROW LEVEL SECURITY;
ALTER TABLE issued_rewards FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON issued_rewards USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE ON issued_rewards TO passerelle_app;

CREATE TABLE rewards (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    program_id UUID NOT NULL,
    unit_id UUID NOT NULL,
    price BIGINT NOT NULL,
    name TEXT NOT NULL,
    names JSONB DEFAULT '{}' NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    stock INTEGER,
    limit_per_customer INTEGER,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_rewards PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_rewards_organization_id_program_id
        FOREIGN KEY(organization_id, program_id) REFERENCES programs (organization_id, id),
    CONSTRAINT fk_rewards_organization_id_unit_id
        FOREIGN KEY(organization_id, unit_id) REFERENCES units (organization_id, id),
    CONSTRAINT ck_rewards_price CHECK (price > 0),
    CONSTRAINT ck_rewards_stock CHECK (stock >= 0),
    CONSTRAINT ck_rewards_limit_per_customer CHECK (limit_per_customer > 0)
);
CREATE INDEX ix_rewards_program_id ON rewards (organization_id, program_id, id);
CREATE INDEX ix_rewards_unit_id ON rewards (organization_id, unit_id);
ALTER TABLE rewards ENABLE ROW LEVEL SECURITY;
ALTER TABLE rewards FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON rewards USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE ON rewards TO passerelle_app;
""")
