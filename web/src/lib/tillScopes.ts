/** What a till needs, and no more: of these it gets what whoever pairs it has. */
export const TILL_SCOPES: readonly string[] = [
  'organization:read',
  'programs:read',
  'scans:write',
  'members:renew',
  'rewards:redeem',
  'giftcards:redeem',
  'tickets:admit',
  'checkins:read',
  'checkins:write',
];
