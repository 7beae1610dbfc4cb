import { Button, Group, Modal, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHref, useNavigate } from 'react-router';

import { guardHistory } from '@/lib/leaving';

/**
 * Asks before what was typed is left: by a link, by the browser's buttons, by closing the window. `when` is whether
 * there is something to lose.
 */
export function LeaveGuard({ when }: { readonly when: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const base = useHref('/').replace(/\/$/, '');
  const [leave, setLeave] = useState<(() => void) | null>(null);
  const isFree = useRef(false);
  useEffect(() => {
    if (!when) return undefined;
    isFree.current = false;
    const here = location.href;
    const within = (path: string) => path.slice(base.length) || '/';
    const onUnload = (event: BeforeUnloadEvent) => {
      if (!isFree.current) event.preventDefault();
    };
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a') : null;
      const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
      const staysHere = link?.origin !== location.origin || link.target === '_blank' || link.hash !== '' || link.download !== '';
      if (isFree.current || !isPlain || staysHere) return;
      event.preventDefault();
      event.stopPropagation();
      const isOurs = link.pathname === base || link.pathname.startsWith(`${base}/`);
      setLeave(() => () => (isOurs ? void navigate(within(link.pathname) + link.search) : location.assign(link.href)));
    };
    const onPop = (event: PopStateEvent) => {
      if (isFree.current || location.href === here) return;
      event.stopImmediatePropagation();
      const there = within(location.pathname) + location.search;
      history.pushState(history.state, '', here);
      setLeave(() => () => void navigate(there, { replace: true }));
    };
    window.addEventListener('beforeunload', onUnload);
    document.addEventListener('click', onClick, { capture: true });
    const unguard = guardHistory(onPop);
    return () => {
      window.removeEventListener('beforeunload', onUnload);
      document.removeEventListener('click', onClick, { capture: true });
      unguard();
    };
  }, [when, navigate, base]);
  const go = () => {
    if (leave === null) return; // a window that is closing is still there for a moment
    isFree.current = true;
    setLeave(null);
    leave();
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
