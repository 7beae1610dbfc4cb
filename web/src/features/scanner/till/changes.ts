/** Tells every window of this till that something was kept, sent or taken back. */
const HERE = new EventTarget();
const ELSEWHERE = new BroadcastChannel('passerelle-till');

export function announceChange(): void {
  HERE.dispatchEvent(new Event('change'));
  ELSEWHERE.postMessage('change');
}

export function onChange(listener: () => void): () => void {
  HERE.addEventListener('change', listener);
  ELSEWHERE.addEventListener('message', listener);
  return () => {
    HERE.removeEventListener('change', listener);
    ELSEWHERE.removeEventListener('message', listener);
  };
}
