import { ActionIcon, Badge, Button, Card, Group, Menu, Stack, Text } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconDots, IconListCheck, IconPencil, IconPlayerPause, IconPlayerPlay, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Route, Routes } from 'react-router';

import { useMay } from '@/lib/session';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Empty } from '@/ui/Empty';
import { Fault } from '@/ui/Fault';
import { PanelHead } from '@/ui/PanelHead';
import type { Rule } from '@/ui/earning/kinds';
import { ruleSentence } from '@/ui/earning/sentence';
import { useWords } from '@/ui/earning/words';

import { type Program, useProgramChange } from '../requests';
import type { PanelProps } from '../sections';

import { RuleEditor } from './RuleEditor';
import { moved } from './rule';

/** What is given for what: each rule is a sentence. */
export function RulesPanel({ program }: PanelProps) {
  return (
    <Routes>
      <Route index element={<RuleList program={program} />} />
      <Route path=":rule" element={<RuleEditor program={program} />} />
    </Routes>
  );
}

function RuleList({ program }: { readonly program: Program }) {
  const { t } = useTranslation('programs');
  const canWrite = useMay()('programs:write') && program.state !== 'ended';
  const add = canWrite && (
    <Button component={Link} to="new" leftSection={<IconPlus size={18} aria-hidden />}>{t('rules.add')}</Button>
  );
  const isEmpty = program.rules.length === 0;
  return (
    <Stack>
      <PanelHead title={t('section.rules')} lead={t(policyKey(program))} action={isEmpty ? undefined : add} />
      {isEmpty && <Empty icon={IconListCheck} title={t('rules.none')} hint={t('rules.noneHint')} action={add} />}
      {program.rules.map((rule, place) => (
        <RuleCard key={rule.id} program={program} rule={rule} place={place} canWrite={canWrite} />
      ))}
    </Stack>
  );
}

const policyKey = (program: Program) => `rules.policy.${program.units[0]?.policy ?? 'sum'}`;

interface RuleCardProps {
  readonly program: Program;
  readonly rule: Rule;
  readonly place: number;
  readonly canWrite: boolean;
}

function RuleCard({ program, rule, place, canWrite }: RuleCardProps) {
  const { t } = useTranslation('programs');
  const words = useWords(program);
  const [isRemoving, setRemoving] = useState(false);
  const change = useProgramChange(program.id, () => setRemoving(false));
  const id = rule.id ?? '';
  const isActive = rule.active !== false;
  const sentence = ruleSentence(rule, words);
  return (
    <Card withBorder component="article" aria-label={sentence}>
      {change.isError && !isRemoving && <Fault fault={change.error} />}
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <Text fw={600} c={isActive ? 'inherit' : 'dimmed'}>{sentence}</Text>
          {!isActive && <Badge color="gray" variant="light" tt="none" mt={4}>{t('rules.off')}</Badge>}
        </div>
        {canWrite && (
          <Group gap={4} wrap="nowrap">
            <ActionIcon variant="subtle" size="lg" component={Link} to={id} aria-label={t('rules.edit', { rule: sentence })}>
              <IconPencil size={18} aria-hidden />
            </ActionIcon>
            <Menu position="bottom-end">
              <Menu.Target>
                <ActionIcon variant="subtle" size="lg" color="gray" aria-label={t('rules.more', { rule: sentence })}><IconDots size={18} aria-hidden /></ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item disabled={place === 0} leftSection={<IconArrowUp size={16} aria-hidden />} onClick={() => change.mutate((now) => ({ rules: moved(now.rules, id, -1) }))}>
                  {t('rules.up')}
                </Menu.Item>
                <Menu.Item disabled={place === program.rules.length - 1} leftSection={<IconArrowDown size={16} aria-hidden />} onClick={() => change.mutate((now) => ({ rules: moved(now.rules, id, 1) }))}>
                  {t('rules.down')}
                </Menu.Item>
                <Menu.Item
                  leftSection={isActive ? <IconPlayerPause size={16} aria-hidden /> : <IconPlayerPlay size={16} aria-hidden />}
                  onClick={() => change.mutate((now) => ({ rules: now.rules.map((each) => (each.id === id ? { ...each, active: !isActive } : each)) }))}
                >
                  {t(isActive ? 'rules.turnOff' : 'rules.turnOn')}
                </Menu.Item>
                <Menu.Item c="var(--mantine-color-error)" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => setRemoving(true)}>{t('common:remove')}</Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </Group>
        )}
      </Group>
      <ConfirmDialog
        opened={isRemoving}
        title={t('rules.removeTitle')}
        action={t('common:remove')}
        danger
        pending={change.isPending}
        fault={change.error}
        onClose={() => setRemoving(false)}
        onConfirm={() => change.mutate((now) => ({ rules: now.rules.filter((each) => each.id !== id) }))}
      >
        <Text fw={600}>{sentence}</Text>
        <Text size="sm">{t('rules.removeLead')}</Text>
      </ConfirmDialog>
    </Card>
  );
}
