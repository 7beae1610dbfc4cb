import { Alert, Button, Checkbox, Group, Radio, Stack } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { api, data } from '@/lib/api';
import { useDraft } from '@/lib/draft';
import { refused } from '@/lib/refusals';
import { useSaving } from '@/lib/saving';
import { useMe } from '@/lib/session';
import { Fault } from '@/ui/Fault';
import { Page } from '@/ui/Page';
import { MoneyInput, QuantityInput } from '@/ui/QuantityInput';
import { SaveBar } from '@/ui/SaveBar';
import { SentenceCard } from '@/ui/SentenceCard';
import { TranslatedInput } from '@/ui/TranslatedInput';
import { ruleSentence } from '@/ui/earning/sentence';

import { type Kind, type Opening, firstRule, openingOf, programIn, unitBefore } from './opening';

interface OpenProgramFormProps {
  readonly kind: Kind;
  readonly currency: string;
  readonly onBack: () => void;
}

/** Opens a programme: a name, what is given for what, and the first reward. Everything can be changed later. */
export function OpenProgramForm({ kind, currency, onBack }: OpenProgramFormProps) {
  const { t } = useTranslation('programs');
  const navigate = useNavigate();
  const { value, set, isDirty } = useDraft<Opening>(openingOf(kind, currency));
  const open = useSaving({
    save: async (opening: Opening) => data(await api.POST('/api/v1/programs', { body: programIn(opening) })),
    refresh: [['programs'], ['rewards']],
    told: t('open.done'),
    onSaved: ({ id }) => void navigate(`/programs/${id}`),
  });
  const faults = refused(open.error);
  return (
    <Page title={t(`kind.${kind}`)} lead={t(`kindHint.${kind}`)}>
      <form
        style={{ maxWidth: 640 }}
        onSubmit={(event) => {
          event.preventDefault();
          open.mutate(value);
        }}
      >
        <Stack>
          {faults.above !== null && <Fault fault={faults.above} />}
          <TranslatedInput
            label={t('field.name')}
            description={t('field.nameHint')}
            required
            value={value.name}
            texts={value.names}
            onChange={(name, names) => set({ name, names })}
            error={faults.at('name')}
          />
          {kind === 'stamps' && <StampFields {...{ value, set, currency }} />}
          {kind === 'points' && <StepFields {...{ value, set, currency }} word={t('unitWord.points')} />}
          {kind === 'cashback' && (
            <QuantityInput label={t('open.percent')} description={t('open.percentHint')} places={2} suffix="%" min={1} max={10_000} value={value.basisPoints} onNumber={(basisPoints) => set({ basisPoints })} />
          )}
          {kind === 'multipass' && <Alert icon={<IconInfoCircle aria-hidden />}>{t('open.multipassHint')}</Alert>}
          {kind === 'membership' && <Alert icon={<IconInfoCircle aria-hidden />}>{t('open.membershipHint')}</Alert>}
          {(kind === 'stamps' || kind === 'points') && <RewardFields {...{ value, set }} />}
          <Sentence opening={value} currency={currency} />
          <Checkbox label={t('open.draft')} description={t('open.draftHint')} checked={value.draft} onChange={({ currentTarget }) => set({ draft: currentTarget.checked })} />
        </Stack>
        <SaveBar isDirty={isDirty} pending={open.isPending} action={t('open.go')} isNew more={<Button variant="default" onClick={onBack}>{t('common:back')}</Button>} />
      </form>
    </Page>
  );
}

interface PartProps {
  readonly value: Opening;
  readonly set: (change: Partial<Opening>) => void;
}

function StampFields({ value, set, currency }: PartProps & { readonly currency: string }) {
  const { t } = useTranslation('programs');
  return (
    <>
      <QuantityInput label={t('open.stamps')} description={t('open.stampsHint')} min={1} max={100} value={value.goal} onNumber={(goal) => set({ goal })} />
      <Radio.Group label={t('open.stampFor')} value={value.stampFor} onChange={(stampFor) => set({ stampFor: stampFor })}>
        <Group mt="xs">
          {(['visit', 'item', 'amount'] as const).map((each) => (
            <Radio key={each} value={each} label={t(`open.for.${each}`)} />
          ))}
        </Group>
      </Radio.Group>
      {value.stampFor === 'visit' && (
        <Checkbox label={t('open.oncePerDay')} checked={value.oncePerDay} onChange={({ currentTarget }) => set({ oncePerDay: currentTarget.checked })} />
      )}
      {value.stampFor === 'amount' && <StepFields {...{ value, set, currency }} word={t('unitWord.stamps')} />}
    </>
  );
}

function StepFields({ value, set, currency, word }: PartProps & { readonly currency: string; readonly word: string }) {
  const { t } = useTranslation('programs');
  return (
    <Group grow preventGrowOverflow={false} align="flex-start">
      <QuantityInput label={t('open.units', { units: word })} min={1} max={1_000_000} value={value.unitsPerStep} onNumber={(unitsPerStep) => set({ unitsPerStep })} />
      <MoneyInput label={t('open.perAmount')} currency={currency} min={1} value={value.amountPerStep} onNumber={(amountPerStep) => set({ amountPerStep })} />
    </Group>
  );
}

function RewardFields({ value, set }: PartProps) {
  const { t } = useTranslation('programs');
  return (
    <>
      <TranslatedInput
        label={t('open.reward')}
        description={t('open.rewardHint')}
        value={value.rewardName}
        texts={value.rewardNames}
        onChange={(rewardName, rewardNames) => set({ rewardName, rewardNames })}
      />
      {value.kind === 'points' && value.rewardName !== '' && (
        <QuantityInput label={t('open.rewardPrice')} min={1} max={10_000_000} required value={value.goal} onChange={(goal) => set({ goal })} />
      )}
    </>
  );
}

function Sentence({ opening, currency }: { readonly opening: Opening; readonly currency: string }) {
  const { t, i18n } = useTranslation('programs');
  const { t: tell } = useTranslation('earning');
  const { data: me } = useMe();
  const rule = firstRule(opening);
  if (!rule) return null;
  const forms = t(`forms.${opening.kind === 'stamps' ? 'stamps' : 'points'}`, { returnObjects: true }) as Record<string, string>;
  const units = [unitBefore(opening.kind, currency, i18n.language, forms)];
  const words = { t: tell, language: i18n.language, currency, timeZone: me?.organization.time_zone ?? 'UTC', units, locations: new Map<string, string>(), tiers: new Map<string, string>() };
  return <SentenceCard label={tell('sentence')} sentence={ruleSentence(rule, words)} />;
}
