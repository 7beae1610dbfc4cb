/** A design to test with. */
import { type Content, type Design, designOf } from './model/design';
import { type FactKind, type Facts, factsFor } from './model/facts';

const CONTENT: Content = {
  kind: 'stamps',
  language: 'en',
  organization_name: 'Café Central',
  title: 'Coffee Club',
  description: 'Loyalty card',
  fields: {
    header: [{ key: 'stamps', label: 'STAMPS', value: '{{ stamps.count }}/{{ stamps.goal }}', change_message: 'You now have %@ stamps' }],
    secondary: [
      { key: 'reward', label: 'YOUR REWARD', value: '{{ reward.name }}' },
      { key: 'left', label: 'STILL TO GO', value: '{% if reward.ready %}Ready for you{% else %}{{ stamps.left }}{% endif %}' },
    ],
    auxiliary: [{ key: 'member', label: 'MEMBER', value: '{{ customer.full_name }}' }],
    back: [{ key: 'since', label: 'Member since', value: '{{ member.since }}', format: 'date', length: 'long' }],
  },
  translations: {
    fr: {
      STAMPS: 'TAMPONS',
      'YOUR REWARD': 'VOTRE CADEAU',
      'Free coffee': 'Café offert',
      '{% if reward.ready %}Ready for you{% else %}{{ stamps.left }}{% endif %}': '{% if reward.ready %}À vous !{% else %}{{ stamps.left }}{% endif %}',
    },
  },
  stamps: { goal: 8 },
};

export const sample = (changes: Partial<Content> = {}): Design => designOf({ ...CONTENT, ...changes });

const KINDS: ReadonlyMap<string, FactKind> = new Map([['member.since', 'date']]);
const WIRE = {
  'customer.full_name': 'Lina Benali',
  'reward.name': 'Free coffee',
  'reward.ready': false,
  'balance.points': 1200,
  'member.since': '2026-03-01',
  'pass.code': '7K2M-9QXD',
  'stamps.count': 7,
  'stamps.goal': 10,
  'stamps.left': 3,
};

export const sampleFacts = (design: Design, changes: Record<string, string | number | boolean | null> = {}): Facts =>
  factsFor({ ...WIRE, ...changes }, KINDS, design);
