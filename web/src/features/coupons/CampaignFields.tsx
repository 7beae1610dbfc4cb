import { Checkbox, Fieldset, MultiSelect, Select, SimpleGrid, Stack, TagsInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Refused } from '@/lib/refusals';
import { InstantInput } from '@/ui/InstantInput';
import { MoneyInput, QuantityInput } from '@/ui/QuantityInput';
import { TranslatedInput } from '@/ui/TranslatedInput';
import type { Words } from '@/ui/earning/words';

import { AfterPurchaseFields } from './AfterPurchaseFields';
import { EffectFields } from './EffectFields';
import { LimitFields } from './LimitFields';
import { OpeningHours } from './OpeningHours';
import { PatternFields } from './PatternFields';
import { CHANNELS, type Terms, type Values } from './campaign';
import { usePrograms } from './useCouponWords';

export interface FieldsProps {
  readonly value: Values;
  readonly set: (change: Partial<Values>) => void;
  readonly words: Words;
  readonly refused: Refused;
  readonly isNew: boolean;
}

/** What a campaign gives, when and for what, how often, and how its codes look. */
export function CampaignFields({ value, set, words, refused, isNew }: FieldsProps) {
  const { t } = useTranslation('coupons');
  const programs = usePrograms().data ?? [];
  const { terms } = value;
  const put = (change: Partial<Terms>) => set({ terms: { ...terms, ...change } });
  return (
    <>
      <TranslatedInput label={t('field.name')} description={t('field.nameHint')} required value={value.name} texts={value.names} onChange={(name, names) => set({ name, names })} error={refused.at('name')} />
      {isNew && programs.length > 0 && (
        <Select
          label={t('field.program')}
          description={t('field.programHint')}
          clearable={terms.effect.type !== 'grant_units'}
          data={programs.filter(({ state }) => state !== 'ended').map(({ id, name }) => ({ value: id, label: name }))}
          value={value.program_id}
          onChange={(program_id) => set({ program_id })}
          error={refused.at('program_id')}
        />
      )}
      <EffectFields value={terms.effect} onChange={(effect) => put({ effect })} words={words} refused={refused} hasProgram={value.program_id !== null} />
      <AfterPurchaseFields value={value} set={set} words={words} refused={refused} />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <InstantInput label={t('field.startsAt')} timeZone={words.timeZone} value={value.starts_at} onChange={(starts_at) => set({ starts_at })} error={refused.at('starts_at')} />
        <InstantInput label={t('field.endsAt')} timeZone={words.timeZone} value={value.ends_at} onChange={(ends_at) => set({ ends_at })} error={refused.at('ends_at')} />
      </SimpleGrid>
      <ConditionFields value={terms.conditions} onChange={(conditions) => put({ conditions })} words={words} />
      <Fieldset legend={t('howOften')}>
        <Stack>
          <Checkbox label={t('field.anyUses')} checked={terms.uses_per_code === null} onChange={({ currentTarget }) => put({ uses_per_code: currentTarget.checked ? null : 1 })} />
          {terms.uses_per_code !== null && <QuantityInput label={t('field.usesPerCode')} min={1} max={10 ** 9} value={terms.uses_per_code} onNumber={(uses_per_code) => put({ uses_per_code })} />}
          <Checkbox label={t('field.holderOnly')} description={t('field.holderOnlyHint')} checked={terms.holder_only} onChange={({ currentTarget }) => put({ holder_only: currentTarget.checked })} />
          <Checkbox label={t('field.combinable')} checked={terms.stacking === 'combinable'} onChange={({ currentTarget }) => put({ stacking: currentTarget.checked ? 'combinable' : 'exclusive' })} />
          <LimitFields value={terms.limits} onChange={(limits) => put({ limits })} currency={words.currency} />
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <QuantityInput label={t('field.startsAfter')} suffix={t('days')} max={3660} value={terms.starts_days_after_issue} onNumber={(starts_days_after_issue) => put({ starts_days_after_issue })} />
            <QuantityInput label={t('field.endsAfter')} description={t('field.endsAfterHint')} suffix={t('days')} max={3660} value={terms.ends_days_after_issue} onChange={(ends_days_after_issue) => put({ ends_days_after_issue })} error={refused.at('terms')} />
          </SimpleGrid>
        </Stack>
      </Fieldset>
      <PatternFields value={value.pattern} onChange={(pattern) => set({ pattern })} refused={refused} />
    </>
  );
}

interface ConditionFieldsProps {
  readonly value: Terms['conditions'];
  readonly onChange: (value: Terms['conditions']) => void;
  readonly words: Words;
}

function ConditionFields({ value, onChange, words }: ConditionFieldsProps) {
  const { t } = useTranslation('coupons');
  const set = (change: Partial<Terms['conditions']>) => onChange({ ...value, ...change });
  return (
    <Fieldset legend={t('whenTaken')}>
      <Stack>
        <MoneyInput label={t('field.minimum')} currency={words.currency} value={value.minimum_basket_minor || null} onChange={(amount) => set({ minimum_basket_minor: amount ?? 0 })} />
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TagsInput label={t('field.skus')} description={t('field.tagsHint')} value={value.skus} onChange={(skus) => set({ skus })} />
          <TagsInput label={t('field.categories')} description={t('field.tagsHint')} value={value.categories} onChange={(categories) => set({ categories })} />
          {words.locations.size > 0 && (
            <MultiSelect label={words.t('conditions.locations')} description={words.t('conditions.allLocations')} data={Array.from(words.locations, ([id, label]) => ({ value: id, label }))} value={value.location_ids} onChange={(location_ids) => set({ location_ids })} clearable />
          )}
          <MultiSelect
            label={words.t('conditions.channels')}
            description={words.t('conditions.allChannels')}
            data={CHANNELS.map((channel) => ({ value: channel, label: words.t(`channel.${channel}`) }))}
            value={value.channels}
            onChange={(chosen) => set({ channels: CHANNELS.filter((channel) => chosen.includes(channel)) })}
            clearable
          />
        </SimpleGrid>
        <OpeningHours value={value.hours} onChange={(hours) => set({ hours })} words={words} />
      </Stack>
    </Fieldset>
  );
}
