import { Button, Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { money } from '@/lib/format';
import { currentLanguage } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import type { Offering } from '@/ui/useOwnCard';

import { StepForm } from '../Frame';
import { MiniCard } from '../MiniCard';
import { offeringOf, pageOf } from '../model/offering';
import { type Answers, type Kind, KINDS, answersOf, isProgram } from '../model/offers';
import { USUAL } from '../model/palettes';
import type { StepProps } from '../step';
import styles from '../welcome.module.css';

import { Questions } from './Questions';

const SCOPES = { coupon: 'coupons:write', gift_card: 'giftcards:write', ticket: 'tickets:write' } as const;
const AGAIN = { kind: null, answers: null, madeId: null, designedAs: null } as const;

const colourOf = ({ shop }: StepProps['draft'], { brand }: StepProps['organization']): string => shop?.colour ?? brand.background ?? USUAL[0];

/** What to begin with: a gallery, then two or three questions that are answered already. */
export function ProgramStep(props: StepProps) {
  const { draft } = props;
  const made = offeringOf(draft);
  if (made !== null) return <AlreadyMade {...props} made={made} />;
  return draft.kind !== null && draft.answers !== null ? <Asked {...props} kind={draft.kind} answers={draft.answers} /> : <Gallery {...props} />;
}

function AlreadyMade({ organization, draft, made, change, go }: StepProps & { readonly made: Offering }) {
  const { t } = useTranslation('welcome');
  return (
    <StepForm title={t(`program.open.${made.family}`)} lead={t(`program.openLead.${made.family}`)} action={t('next')} onBack={() => go('shop')} onSubmit={() => go('card')}>
      <Group gap={40} align="center">
        <div className={styles.madeCard}><MiniCard kind={draft.kind ?? 'brand'} colour={colourOf(draft, organization)} name={organization.name} /></div>
        <Stack gap="sm" align="flex-start">
          <Group gap="xs" wrap="nowrap">
            <IconCircleCheck size={26} color="var(--mantine-color-teal-filled)" aria-hidden />
            <Text fw={650} size="lg" dir="auto">{draft.answers?.name}</Text>
          </Group>
          <Button component={Link} to={pageOf(made)} variant="light">{t('program.change')}</Button>
          <Button variant="subtle" onClick={() => change({ ...AGAIN, key: crypto.randomUUID() })}>{t('program.another')}</Button>
        </Stack>
      </Group>
    </StepForm>
  );
}

function Gallery({ organization, draft, change, go }: StepProps) {
  const { t } = useTranslation('welcome');
  const may = useMay();
  const colour = colourOf(draft, organization);
  const kinds = KINDS.filter((kind) => isProgram(kind) || may(SCOPES[kind]));
  const typed = draft.shop?.place ?? '';
  const place = { name: typed === '' ? organization.name : typed, address: draft.shop?.address ?? '', timeZone: organization.time_zone };
  const choose = (kind: Kind) => {
    change({ kind, answers: answersOf(kind, organization.language, organization.currency, place), key: crypto.randomUUID() });
    window.scrollTo({ top: 0 });
  };
  return (
    <StepForm title={t('program.title')} lead={t('program.lead')} onBack={() => go('shop')}>
      <ul className={styles.gallery}>
        {kinds.map((kind) => (
          <li key={kind}>
            <UnstyledButton className={styles.offer} onClick={() => choose(kind)}>
              <MiniCard kind={kind} colour={colour} name={organization.name} />
              <span className={styles.offerText}>
                <Text span fw={650} display="block">{t(`kind.${kind}`)}</Text>
                <Text span size="sm" c="dimmed" display="block">{t(`about.${kind}`)}</Text>
              </span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </StepForm>
  );
}

interface AskedProps extends StepProps {
  readonly kind: Kind;
  readonly answers: Answers;
}

function Asked({ organization, change, go, kind, answers, draft }: AskedProps) {
  const { t } = useTranslation('welcome');
  const colour = colourOf(draft, organization);
  return (
    <StepForm title={t(`kind.${kind}`)} lead={t('program.askLead')} action={t('next')} onBack={() => change({ kind: null, answers: null })} onSubmit={() => go('card')}>
      <div className={styles.columns}>
        <Stack gap="lg" maw={560}>
          <Questions kind={kind} answers={answers} currency={organization.currency} onChange={(part) => change({ answers: { ...answers, ...part }, key: crypto.randomUUID() })} />
        </Stack>
        <Stack className={styles.aside ?? ''} gap="sm">
          <MiniCard kind={kind} colour={colour} name={organization.name} />
          <Text ta="center" size="lg" fw={600} aria-live="polite" dir="auto">{sentenceOf((key, values) => t(key, values), kind, answers, organization.currency)}</Text>
          {!isProgram(kind) && <Text ta="center" size="sm" c="dimmed">{t(`program.handed.${kind}`)}</Text>}
        </Stack>
      </div>
    </StepForm>
  );
}

type Say = (key: string, values: Record<string, unknown>) => string;

/** What the answers come to. */
function sentenceOf(t: Say, kind: Kind, answers: Answers, currency: string): string {
  if (kind === 'membership') return membershipOf(t, answers, currency);
  const { goal, reward, stampFor, amountPerPoint, basisPoints, months, capacity } = answers;
  const language = currentLanguage();
  const share = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 2 }).format(basisPoints / 10_000);
  const format = new Intl.NumberFormat(language, { style: 'currency', currency });
  const amount = format.format(amountPerPoint / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
  const name = kind === 'stamps' ? `sentence.stamps.${stampFor}` : `sentence.${kind}`;
  return t(name, { count: kind === 'gift_card' ? months : kind === 'ticket' ? capacity : goal, reward, amount, share });
}


function membershipOf(t: Say, { runs = 'open', dues = 0, endsOn = '' }: Answers, currency: string): string {
  const amount = dues > 0 ? money(dues, currency) : t('sentence.free', {});
  const day = endsOn === '' ? '…' : new Intl.DateTimeFormat(currentLanguage(), { day: 'numeric', month: 'long', timeZone: 'UTC' }).format(new Date(`${endsOn}T00:00:00Z`));
  return t(`sentence.membership.${runs}`, { amount, day });
}
