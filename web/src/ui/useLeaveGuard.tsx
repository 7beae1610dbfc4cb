import { Button, Group, Modal, Text } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { guardHistory } from '@/lib/leaving';

const BASE = '/app';

/**
 * Asks before unsaved work is left, by a link, the browser's buttons or a closed window. Returns the dialog to show.
 */
export function useLeaveGuard(isDirty: boolean): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [leave, setLeave] = useState<{ readonly go: () => void } | null>(null);
  const isFree = useRef(false);
  useEffect(() => {
    if (!isDirty) return undefined;
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a') : null;
      const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
      if (isFree.current || !isPlain || link?.origin !== location.origin || link.target === '_blank' || link.hash !== '') return;
      event.preventDefault();
      event.stopPropagation();
      const path = link.pathname.startsWith(BASE) ? link.pathname.slice(BASE.length) || '/' : null;
      setLeave({ go: () => (path === null ? location.assign(link.href) : void navigate(path + link.search)) });
    };
    const here = location.href;
    const onPop = (event: PopStateEvent) => {
      if (isFree.current || location.href === here) return;
      event.stopImmediatePropagation();
      const there = location.pathname.slice(BASE.length) + location.search;
      history.pushState(history.state, '', here);
      setLeave({ go: () => void navigate(there, { replace: true }) });
    };
    window.addEventListener('beforeunload', onUnload);
    document.addEventListener('click', onClick, { capture: true });
    const unguard = guardHistory(onPop);
    return () => {
      window.removeEventListener('beforeunload', onUnload);
      document.removeEventListener('click', onClick, { capture: true });
      unguard();
    };
  }, [isDirty, navigate]);
  const go = () => {
    isFree.current = true;
    leave?.go();
  };
  return (
    <Modal opened={leave !== null} onClose={() => setLeave(null)} title={t('leave.title')} centered>
      <Text>{t('leave.lead')}</Text>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={() => setLeave(null)} data-autofocus>
          {t('leave.stay')}
        </Button>
        <Button color="red" onClick={go}>
          {t('leave.go')}
        </Button>
      </Group>
    </Modal>
  );
}
