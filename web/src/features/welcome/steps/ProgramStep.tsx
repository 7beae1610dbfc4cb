import { Alert, Button, Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { IconCircleCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { api, data } from '@/lib/api';
import { currentLanguage } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { Fault } from '@/ui/Fault';

import { StepForm } from '../Frame';
import { MiniCard } from '../MiniCard';
import { type Answers, type Kind, KINDS, answersOf, campaignOf, isProgram, productOf } from '../model/offers';
import { USUAL } from '../model/palettes';
import type { StepProps } from '../step';
import styles from '../welcome.module.css';

import { Questions } from './Questions';

const AGAIN = { kind: null, answers: null, programId: null, madeId: null, designedAs: null } as const;

/** What to begin with: a gallery, then two or three questions that are answered already. */
export function ProgramStep(props: StepProps) {
  const { draft } = props;
  if (draft.programId !== null) return <AlreadyOpen {...props} />;
  return draft.kind !== null && draft.answers !== null ? <Asked {...props} kind={draft.kind} answers={draft.answers} /> : <Gallery {...props} />;
}

function AlreadyOpen({ draft, change, go }: StepProps) {
  const { t } = useTranslation('welcome');
  return (
    <StepForm title={t('program.open')} lead={t('program.openLead')} action={t('next')} onBack={() => go('shop')} onSubmit={() => go('card')}>
      <Alert color="teal" icon={<IconCircleCheck aria-hidden />} maw={640}>
        <Group>
          <Button component={Link} to={`/programs/${draft.programId ?? ''}`} size="xs" variant="light">{t('program.change')}</Button>
          <Button size="xs" variant="subtle" onClick={() => change({ ...AGAIN, key: crypto.randomUUID() })}>{t('program.another')}</Button>
        </Group>
      </Alert>
    </StepForm>
  );
}

function Gallery({ organization, draft, change, go }: StepProps) {
  const { t } = useTranslation('welcome');
  const may = useMay();
  const colour = draft.shop?.colour ?? organization.brand.background ?? USUAL[0];
  const kinds = KINDS.filter((kind) => isProgram(kind) || may(kind === 'coupon' ? 'coupons:write' : 'giftcards:write'));
  const choose = (kind: Kind) => {
    change({ kind, answers: answersOf(kind, organization.language, organization.currency), key: crypto.randomUUID() });
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

function Asked({ organization, draft, change, go, kind, answers }: AskedProps) {
  const { t } = useTranslation('welcome');
  const client = useQueryClient();
  const colour = draft.shop?.colour ?? organization.brand.background ?? USUAL[0];
  const headers = { 'Idempotency-Key': draft.key };
  const make = useMutation({
    mutationFn: async () => {
      if (kind === 'gift_card') return data(await api.POST('/api/v1/gift-card-products', { body: productOf(answers, organization.language), headers })).id;
      return data(await api.POST('/api/v1/coupon-campaigns', { body: campaignOf(answers, organization.language), headers })).id;
    },
    onSuccess: async (madeId) => {
      await client.invalidateQueries({ queryKey: [kind === 'gift_card' ? 'gift-card-products' : 'coupon-campaigns'] });
      change({ madeId });
      go('poster');
    },
  });
  const isOne = isProgram(kind);
  const isMade = draft.madeId !== null;
  return (
    <StepForm
      title={t(`kind.${kind}`)}
      lead={t('program.askLead')}
      action={t(isOne || isMade ? 'next' : `program.make.${kind}`)}
      pending={make.isPending}
      onBack={() => (isMade ? go('shop') : change({ kind: null, answers: null }))}
      onSubmit={() => (isOne ? go('card') : isMade ? go('poster') : make.mutate())}
    >
      <div className={styles.columns}>
        <Stack gap="lg" maw={560}>
          {make.isError && <Fault fault={make.error} />}
          {isMade ? (
            <Alert color="teal" icon={<IconCircleCheck aria-hidden />}>
              <Stack gap="xs" align="flex-start">
                {t('program.made')}
                <Button size="xs" variant="light" onClick={() => change({ ...AGAIN, key: crypto.randomUUID() })}>{t('program.another')}</Button>
              </Stack>
            </Alert>
          ) : (
            <Questions kind={kind} answers={answers} currency={organization.currency} onChange={(part) => change({ answers: { ...answers, ...part }, key: crypto.randomUUID() })} />
          )}
        </Stack>
        <Stack className={styles.aside ?? ''} gap="sm">
          <MiniCard kind={kind} colour={colour} name={organization.name} />
          <Text ta="center" size="lg" fw={600} aria-live="polite" dir="auto">{sentenceOf((key, values) => t(key, values), kind, answers, organization.currency)}</Text>
          {!isOne && <Text ta="center" size="sm" c="dimmed">{t(`program.noCard.${kind === 'coupon' ? 'coupon' : 'gift_card'}`)}</Text>}
        </Stack>
      </div>
    </StepForm>
  );
}

type Say = (key: string, values: Record<string, unknown>) => string;

/** What the answers come to. */
function sentenceOf(t: Say, kind: Kind, { goal, reward, stampFor, amountPerPoint, basisPoints, months }: Answers, currency: string): string {
  const language = currentLanguage();
  const share = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 2 }).format(basisPoints / 10_000);
  const format = new Intl.NumberFormat(language, { style: 'currency', currency });
  const amount = format.format(amountPerPoint / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
  const name = kind === 'stamps' ? `sentence.stamps.${stampFor}` : `sentence.${kind}`;
  return t(name, { count: kind === 'gift_card' ? months : goal, reward, amount, share });
}

