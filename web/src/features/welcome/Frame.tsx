import { Button, Progress, Stepper, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { IconArrowLeft, IconArrowRight } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { ColourSchemeButton } from '@/ui/ColourSchemeButton';
import { LanguageMenu } from '@/ui/LanguageMenu';

import type { StepName } from './step';
import styles from './welcome.module.css';

interface FrameProps {
  readonly steps: readonly StepName[];
  readonly step: StepName;
  readonly colour: string;
  readonly children: ReactNode;
}

/** The page around the steps: where one stands, and a way out that loses nothing. */
export function Frame({ steps, step, colour, children }: FrameProps) {
  const { t } = useTranslation('welcome');
  const at = steps.indexOf(step);
  useDocumentTitle(`${t(`step.${step}`)} · Passerelle`);
  return (
    <div className={styles.page} style={{ '--brand': colour } as React.CSSProperties}>
      <header className={styles.head}>
        <nav className={styles.steps} aria-label={t('progress')}>
          <Stepper active={at} size="xs" iconSize={28} allowNextStepsSelect={false} wrap={false}>
            {steps.map((name) => (
              <Stepper.Step key={name} label={t(`step.${name}`)} component="div" aria-current={name === step ? 'step' : undefined} />
            ))}
          </Stepper>
        </nav>
        <div className={styles.narrow}>
          <Text size="sm" fw={600}>{t('stepOf', { at: at + 1, all: steps.length })}</Text>
          <Progress value={((at + 1) / steps.length) * 100} size="sm" mt={4} aria-label={t('progress')} />
        </div>
        <div style={{ display: 'flex', alignItems: 'center', gap: 4, flex: 'none' }}>
          <LanguageMenu />
          <ColourSchemeButton />
          <Button component={Link} to="/" variant="subtle" color="gray" size="compact-sm">{t('leave')}</Button>
        </div>
      </header>
      <main className={styles.body}>{children}</main>
    </div>
  );
}

interface StepFormProps {
  readonly title: string;
  readonly lead: string;
  readonly action?: string;
  readonly onSubmit?: () => void;
  readonly onBack?: (() => void) | undefined;
  readonly pending?: boolean;
  readonly disabled?: boolean;
  readonly children: ReactNode;
}

/** One step: what it asks, and the way on and back. */
export function StepForm({ title, lead, action, onSubmit, onBack, pending = false, disabled = false, children }: StepFormProps) {
  const { t } = useTranslation('welcome');
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit?.();
      }}
    >
      <div>
        <Title order={1} fz={{ base: 26, sm: 34 }} lh={1.15}>{title}</Title>
        <Text c="dimmed" fz={{ base: 'md', sm: 'lg' }} maw={820} mt={6}>{lead}</Text>
      </div>
      {children}
      <div className={styles.bar}>
        {onBack ? <Button variant="default" size="md" onClick={onBack} leftSection={<IconArrowLeft size={18} aria-hidden className="mantine-rotate-rtl" />}>{t('common:back')}</Button> : <span />}
        {action !== undefined && <Button type="submit" size="md" loading={pending} disabled={disabled} rightSection={<IconArrowRight size={18} aria-hidden className="mantine-rotate-rtl" />}>{action}</Button>}
      </div>
    </form>
  );
}
