"""Every statement of my page's two tables."""

from typing import Final

INSERT_LINK: Final = """
INSERT INTO page_links (
    organization_id, id, digest, customer_id, purpose, origin, may_erase, email, phone, created_at, expires_at
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
RECENT_LINKS: Final = """
SELECT count(*) FROM page_links WHERE organization_id = $1 AND customer_id = $2 AND created_at > $3 AND origin = $4
"""
FIND_LINK: Final = """
SELECT id, customer_id, phone FROM page_links
WHERE organization_id = $1 AND digest = $2 AND purpose = $3 AND used_at IS NULL AND expires_at > $4
"""
# Two browsers that open one link at once: the second waits for the row, and then finds it used.
USE_LINK: Final = """
UPDATE page_links SET used_at = $4
WHERE organization_id = $1 AND digest = $2 AND purpose = $3 AND used_at IS NULL AND expires_at > $4
RETURNING id, customer_id, may_erase, email, phone
"""
ADDRESS_CHANGED: Final = """
SELECT EXISTS (
    SELECT FROM page_links
    WHERE organization_id = $1 AND customer_id = $2 AND purpose = 'email' AND used_at > $3
)
"""
NUMBERS_ASKED: Final = """
SELECT count(*) FROM page_links
WHERE organization_id = $1 AND customer_id = $2 AND purpose = 'phone' AND created_at > $3
"""
INSERT_SESSION: Final = """
INSERT INTO page_sessions (organization_id, id, digest, customer_id, may_erase, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
FIND_SESSION: Final = """
SELECT id, customer_id, may_erase FROM page_sessions WHERE organization_id = $1 AND digest = $2 AND expires_at > $3
"""
END_SESSION: Final = "DELETE FROM page_sessions WHERE organization_id = $1 AND id = $2"
FORGET_LINKS: Final = "DELETE FROM page_links WHERE organization_id = $1 AND customer_id = $2"
FORGET_SESSIONS: Final = "DELETE FROM page_sessions WHERE organization_id = $1 AND customer_id = $2"
FORGET_LINK: Final = "DELETE FROM page_links WHERE organization_id = $1 AND digest = $2"
PRUNE_LINKS: Final = "DELETE FROM page_links WHERE organization_id = $1 AND expires_at < $2"
PRUNE_SESSIONS: Final = "DELETE FROM page_sessions WHERE organization_id = $1 AND expires_at < $2"
LINKS_OF: Final = """
SELECT purpose, origin, created_at, expires_at, used_at FROM page_links
WHERE organization_id = $1 AND customer_id = $2 ORDER BY id
"""
SESSIONS_OF: Final = """
SELECT created_at, expires_at FROM page_sessions WHERE organization_id = $1 AND customer_id = $2 ORDER BY id
"""
