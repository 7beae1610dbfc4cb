/**
 * The browser's back and forward, for those who must ask first. The router listens to them as well and acts at once,
 * so this has to listen before it does: the application imports it at its start.
 */
type Guard = (event: PopStateEvent) => void;

let current: Guard | null = null;
window.addEventListener('popstate', (event) => current?.(event));

/** Has the guard see every step through the history before the router; returns how to end that. */
export function guardHistory(guard: Guard): () => void {
  current = guard;
  return () => {
    if (current === guard) current = null;
  };
}
