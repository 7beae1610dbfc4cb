import { useEffect, useState } from 'react';

const OFTEN_MS = 3_600_000;

/** Makes the till open without a network, too; `/scan/worker.js` keeps its code. Harmless where browsers have no workers. */
export function keepOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  void navigator.serviceWorker.register('/scan/worker.js', { scope: '/scan' }).catch((fault: unknown) => {
    console.warn('The till cannot be kept for when the network is gone:', fault);
  });
}

/** How to change to a version that waits; `null` while there is none. */
export function useNewVersion(): (() => void) | null {
  const [waiting, setWaiting] = useState<ServiceWorker | null>(null);
  useEffect(() => {
    if (!('serviceWorker' in navigator)) return;
    let timer: ReturnType<typeof setInterval> | undefined;
    let left = false;
    void navigator.serviceWorker.getRegistration('/scan').then((registration) => {
      if (!registration || left) return;
      const look = () => setWaiting(registration.waiting);
      look();
      registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', look));
      timer = setInterval(() => void registration.update().catch(() => undefined), OFTEN_MS);
    });
    return () => {
      left = true;
      clearInterval(timer);
    };
  }, []);
  if (!waiting) return null;
  return () => {
    navigator.serviceWorker.addEventListener('controllerchange', () => window.location.reload(), { once: true });
    waiting.postMessage('take-over');
  };
}
