import { Group, Radio, Select, SimpleGrid, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { InstantInput } from '@/ui/InstantInput';
import { MoneyInput, QuantityInput } from '@/ui/QuantityInput';

import { type Answers, type Kind, RUNS } from '../model/offers';

interface QuestionsProps {
  readonly kind: Kind;
  readonly answers: Answers;
  readonly currency: string;
  readonly onChange: (part: Partial<Answers>) => void;
}

/** Two or three plain questions; every answer can be changed later. */
export function Questions({ kind, answers, currency, onChange }: QuestionsProps) {
  const { t } = useTranslation('welcome');
  const text = (label: string, value: string, field: 'name' | 'reward' | 'venue') => (
    <TextInput size="md" label={label} value={value} maxLength={100} required withAsterisk={false} dir="auto" onChange={({ currentTarget }) => onChange({ [field]: currentTarget.value })} />
  );
  return (
    <>
      {text(t('ask.name'), answers.name, 'name')}
      {kind === 'stamps' && (
        <>
          <QuantityInput size="md" label={t('ask.stamps')} min={1} max={30} value={answers.goal} onNumber={(goal) => onChange({ goal })} />
          {text(t('ask.reward'), answers.reward, 'reward')}
          <Radio.Group label={t('ask.stampFor')} value={answers.stampFor} onChange={(stampFor) => onChange({ stampFor: stampFor === 'item' ? 'item' : 'visit' })}>
            <Group mt="xs">
              <Radio value="visit" label={t('ask.visit')} />
              <Radio value="item" label={t('ask.item')} />
            </Group>
          </Radio.Group>
        </>
      )}
      {kind === 'points' && (
        <>
          <MoneyInput size="md" label={t('ask.perPoint')} currency={currency} min={1} value={answers.amountPerPoint} onNumber={(amountPerPoint) => onChange({ amountPerPoint })} />
          {text(t('ask.firstReward'), answers.reward, 'reward')}
          <QuantityInput size="md" label={t('ask.price')} min={1} max={10_000_000} value={answers.goal} onNumber={(goal) => onChange({ goal })} />
        </>
      )}
      {(kind === 'cashback' || kind === 'coupon') && (
        <QuantityInput size="md" label={t(kind === 'coupon' ? 'ask.discount' : 'ask.percent')} places={2} suffix="%" min={1} max={10_000} value={answers.basisPoints} onNumber={(basisPoints) => onChange({ basisPoints })} />
      )}
      {kind === 'membership' && <Term answers={answers} currency={currency} onChange={onChange} />}
      {kind === 'ticket' && (
        <>
          <InstantInput size="md" label={t('ask.startsAt')} required withAsterisk={false} value={answers.startsAt} onChange={(startsAt) => onChange({ startsAt })} />
          {text(t('ask.venue'), answers.venue, 'venue')}
          <QuantityInput size="md" label={t('ask.capacity')} min={1} max={1_000_000} value={answers.capacity} onNumber={(capacity) => onChange({ capacity })} />
        </>
      )}
      {kind === 'gift_card' && (
        <>
          <SimpleGrid cols={{ base: 1, xs: 3 }}>
            {answers.amounts.map((amount, place) => (
              <MoneyInput key={place} size="md" label={t('ask.amount', { number: place + 1 })} currency={currency} min={1} value={amount} onNumber={(changed) => onChange({ amounts: answers.amounts.map((known, at) => (at === place ? changed : known)) })} />
            ))}
          </SimpleGrid>
          <QuantityInput size="md" label={t('ask.months')} suffix={t('ask.monthsShort')} min={1} max={1200} value={answers.months} onNumber={(months) => onChange({ months })} />
        </>
      )}
    </>
  );
}

/** How long a membership runs, and what that costs. */
function Term({ answers: { runs = 'open', dues = 0, endsOn = '' }, currency, onChange }: Omit<QuestionsProps, 'kind'>) {
  const { t } = useTranslation('welcome');
  return (
    <>
      <Select
        size="md"
        label={t('ask.runs')}
        data={RUNS.map((each) => ({ value: each, label: t(`runs.${each}`) }))}
        value={runs}
        allowDeselect={false}
        onChange={(chosen) => onChange({ runs: RUNS.find((each) => each === chosen) ?? 'open' })}
      />
      {runs === 'day' && (
        <TextInput size="md" type="date" label={t('ask.endsOn')} description={t('ask.endsOnHint')} value={endsOn} required withAsterisk={false} onChange={({ currentTarget }) => onChange({ endsOn: currentTarget.value })} />
      )}
      {runs !== 'open' && <MoneyInput size="md" label={t('ask.dues')} description={t('ask.duesHint')} currency={currency} min={0} value={dues} onNumber={(changed) => onChange({ dues: changed })} />}
    </>
  );
}
