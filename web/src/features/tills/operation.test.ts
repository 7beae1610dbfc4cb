import { describe, expect, it } from 'vitest';

import { minutesOff, toldBy } from './operation';
import type { Operation } from './requests';

const RECEIVED = '2026-11-22T12:00:00Z';
const operation = (fields: Partial<Operation>): Operation => ({
  id: 'ofo_1', device_id: 'dev_1', operation_id: null, sequence: 1, kind: 'purchase', status: 'rejected', reason: null, flags: [],
  payload: {}, told_at: null, occurred_at: null, received_at: RECEIVED, applied_at: null, membership_id: null, booked: null,
  resolution: null, resolution_reason: null, resolved_by: null, resolved_at: null, ...fields,
});

describe('what an operation says', () => {
  it('is read where it is as documented', () => {
    const told = toldBy(operation({ payload: { amount_minor: 450, currency: 'EUR', code: 'k7v4m2q9x1c8' }, told_at: '2026-11-22T11:00:00Z' }));
    expect(told).toEqual({ kind: 'purchase', amountMinor: 450, currency: 'EUR', cardEnd: '9x1c8'.padStart(6, 'q'), at: '2026-11-22T11:00:00Z' });
  });

  it.each([{}, { amount_minor: '450', currency: 'euros', code: 12 }, { amount_minor: 4.5, currency: null, code: '' }])('is left out where it is not: %o', (payload) => {
    expect(toldBy(operation({ kind: null, payload }))).toEqual({ kind: 'unknown', amountMinor: null, currency: null, cardEnd: null, at: RECEIVED });
  });
});

describe('a clock', () => {
  it.each([
    [null, null],
    [0, null],
    [300, null],
    [-300, null],
    [301, 5],
    [-7200, -120],
  ])('%o seconds behind ours', (seconds, minutes) => {
    expect(minutesOff(seconds)).toBe(minutes);
  });
});
