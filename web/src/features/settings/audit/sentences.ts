/** Facts of the event log in words. */
import type { TFunction } from 'i18next';

import type { Schemas } from '@/lib/api';

type T = TFunction<'settings'>;

/** What facts are about, as the first half of their names. */
export const NOUNS = [
  'achievement',
  'api_key',
  'apple_identity',
  'apple_request',
  'balance',
  'birthday',
  'check_in',
  'check_in_place',
  'consent',
  'coupon',
  'coupon_campaign',
  'custom_event',
  'customer',
  'customer_import',
  'device',
  'directory',
  'feedback',
  'feedback_settings',
  'gift_card',
  'gift_card_product',
  'google_identity',
  'handout_link',
  'household',
  'image',
  'invitation',
  'join_link',
  'kiosk',
  'location',
  'member',
  'membership',
  'message',
  'note',
  'offline_operation',
  'operator',
  'organization',
  'page_link',
  'pass',
  'passkey',
  'password_reset',
  'payment',
  'program',
  'promotion',
  'purchase',
  'receipt',
  'receipt_settings',
  'recovery_code',
  'referral',
  'reward',
  'second_factor',
  'smart_link',
  'spending',
  'spending_terms',
  'template',
  'ticket',
  'ticketed_event',
  'tier',
  'tier_set',
  'units',
  'visit',
] as const;

export const nounText = (t: T, noun: string): string => t(`noun.${noun}`, { defaultValue: noun.replaceAll('_', ' ') });

/** What happened; for a fact that the texts do not know yet, its name in plain letters. */
export function sentence(t: T, name: string): string {
  const [noun = '', verb = ''] = name.split('.');
  return t(`fact.${noun}.${verb}`, { defaultValue: `${nounText(t, noun)}: ${verb.replaceAll('_', ' ')}` });
}

/** Who did it: a name, or what kind of actor it was. */
export function whoText(t: T, event: Schemas['AuditEntryOut']): string {
  if (event.actor_name) return event.actor_name;
  const kind = event.actor.split('_')[0] ?? '';
  return t(`who.${kind}`, { defaultValue: event.actor });
}
