import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, IconKey, IconLock, IconLockOpen, IconShieldOff, IconUserEdit } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { useMay } from '@/lib/session';

import { ChangeRoleDialog } from './ChangeRoleDialog';
import { DisableDialog } from './DisableDialog';
import type { Operator } from './Operators';
import { ResetLinkDialog } from './ResetLinkDialog';
import { TakeOffDialog } from './TakeOffDialog';

type Dialog = 'role' | 'reset' | 'factor' | 'disable';

/** What may be done for one operator. */
export function OperatorMenu({ person, isMe }: { readonly person: Operator; readonly isMe: boolean }) {
  const { t } = useTranslation('team');
  const may = useMay();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = () => setDialog(null);
  const changes = may('operators:write');
  const helps = may('operators:reset') && !isMe;
  if (!changes && !helps && !isMe) return null;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('actionsFor', { name: person.name })}>
            <IconDots aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {isMe && (
            <Menu.Item component={Link} to="/account" leftSection={<IconUserEdit size={16} aria-hidden />}>
              {t('toAccount')}
            </Menu.Item>
          )}
          {changes && (
            <Menu.Item leftSection={<IconUserEdit size={16} aria-hidden />} onClick={() => setDialog('role')}>
              {t('changeRole')}
            </Menu.Item>
          )}
          {helps && !person.disabled && (
            <Menu.Item leftSection={<IconKey size={16} aria-hidden />} onClick={() => setDialog('reset')}>
              {t('resetPassword')}
            </Menu.Item>
          )}
          {helps && person.second_factor && (
            <Menu.Item leftSection={<IconShieldOff size={16} aria-hidden />} onClick={() => setDialog('factor')}>
              {t('takeOff')}
            </Menu.Item>
          )}
          {changes && (
            <Menu.Item
              {...(person.disabled ? {} : { c: 'var(--mantine-color-error)' })}
              leftSection={person.disabled ? <IconLockOpen size={16} aria-hidden /> : <IconLock size={16} aria-hidden />}
              onClick={() => setDialog('disable')}
            >
              {t(person.disabled ? 'enable' : 'disable')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {dialog === 'role' && <ChangeRoleDialog person={person} onClose={close} />}
      {dialog === 'reset' && <ResetLinkDialog person={person} onClose={close} />}
      {dialog === 'factor' && <TakeOffDialog person={person} onClose={close} />}
      {dialog === 'disable' && <DisableDialog person={person} onClose={close} />}
    </>
  );
}
