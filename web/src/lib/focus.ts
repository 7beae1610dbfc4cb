/** Focus that does not get lost. */
import { useEffect } from 'react';

const OVER = '[role=dialog], [role=menu]';

/**
 * When the last window or menu is gone and focus with it, it goes back to where it was before. Mantine does so for
 * windows that are told to close, but not for those that vanish at once, nor for what an entry of a menu opened.
 */
export function useFocusGivenBack(): void {
  useEffect(() => {
    let last: HTMLElement | null = null;
    const remember = ({ target }: FocusEvent) => {
      if (target instanceof HTMLElement && !target.closest(OVER)) last = target;
    };
    const watcher = new MutationObserver((changes) => {
      if (document.activeElement !== document.body || !last?.isConnected || document.querySelector(OVER)) return;
      const isClosed = changes.some(({ removedNodes }) => [...removedNodes].some((node) => node instanceof Element && (node.matches(OVER) || node.querySelector(OVER))));
      if (isClosed) last.focus({ preventScroll: true });
    });
    document.addEventListener('focusin', remember);
    watcher.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener('focusin', remember);
      watcher.disconnect();
    };
  }, []);
}
