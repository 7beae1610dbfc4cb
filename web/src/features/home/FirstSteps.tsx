import { Button, Card, Group, List, Progress, Text, ThemeIcon, Title, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { Schemas } from '@/lib/api';
import { useReachable } from '@/lib/areas';
import { useMay } from '@/lib/session';

type Step = Schemas['FirstStepOut'];

const PAGES: Record<Step['step'], readonly string[]> = {
  program: ['/programs', '/start'],
  location: ['/settings/locations'],
  card: ['/distribution', '/links'],
  scan: ['/scan'],
  team: ['/team'],
};

interface FirstStepsProps {
  readonly steps: readonly Step[];
  /** Once the shop is running, what is done needs no more words. */
  readonly onlyOpen?: boolean;
}

/** What to do in a new organization; the next thing to do leads to its page. */
export function FirstSteps({ steps, onlyOpen = false }: FirstStepsProps) {
  const { t } = useTranslation('home');
  const done = steps.filter((step) => step.done).length;
  const next = steps.find((step) => !step.done);
  const may = useMay();
  const canSetUp = may('organization:write') && may('programs:write') && steps.some(({ step, done: isDone }) => !isDone && (step === 'program' || step === 'location' || step === 'card'));
  return (
    <Card withBorder padding="lg">
      <Group justify="space-between" mb={4}>
        <Title order={2} size="h4">
          {t('first.title')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('first.progress', { done, all: steps.length })}
        </Text>
      </Group>
      <Progress value={(done / steps.length) * 100} mb="md" aria-label={t('first.title')} />
      {canSetUp && (
        <Group justify="space-between" p="md" mb="md" bg="var(--mantine-primary-color-light)" style={{ borderRadius: 'var(--mantine-radius-lg)' }}>
          <div style={{ flex: '1 1 240px' }}>
            <Text fw={650}>{t('first.wizard.title')}</Text>
            <Text size="sm">{t('first.wizard.hint')}</Text>
          </div>
          <Button component={Link} to="/welcome">{t('first.wizard.action')}</Button>
        </Group>
      )}
      <List listStyleType="none" spacing="sm" center={false} styles={{ itemWrapper: { width: '100%', alignItems: 'flex-start' }, itemLabel: { flex: 1 } }}>
        {steps.filter((step) => !(onlyOpen && step.done)).map((step) => (
          <FirstStep key={step.step} step={step} isNext={step === next} />
        ))}
      </List>
    </Card>
  );
}

function FirstStep({ step, isNext }: { readonly step: Step; readonly isNext: boolean }) {
  const { t } = useTranslation('home');
  const page = useReachable(PAGES[step.step]);
  const mark = (
    <ThemeIcon size={26} radius="xl" variant={step.done ? 'filled' : 'light'} {...(step.done || isNext ? {} : { color: 'gray' })}>
      {step.done ? <IconCheck size={16} aria-hidden /> : <IconCircle size={12} aria-hidden />}
    </ThemeIcon>
  );
  return (
    <List.Item icon={mark}>
      <Group justify="space-between" gap="sm">
        <div style={{ flex: '1 1 240px' }}>
          <Text fw={isNext ? 650 : 500} {...(step.done ? { c: 'dimmed' } : {})}>
            {t(`first.${step.step}.title`)}
            {step.done && <VisuallyHidden> ({t('first.done')})</VisuallyHidden>}
          </Text>
          {!step.done && (
            <Text size="sm" c="dimmed">
              {t(`first.${step.step}.hint`)}
            </Text>
          )}
        </div>
        {!step.done && page !== undefined && (
          <Button component={Link} to={page} size="xs" variant={isNext ? 'filled' : 'default'}>
            {t(`first.${step.step}.action`)}
          </Button>
        )}
      </Group>
    </List.Item>
  );
}
