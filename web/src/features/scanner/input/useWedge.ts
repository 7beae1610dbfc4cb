import { useEffect, useEffectEvent } from 'react';

import { BURST_LENGTH, type Burst, SILENCE, hear } from './wedge';

type Field = HTMLInputElement | HTMLTextAreaElement;
const isField = (target: EventTarget | null): target is Field =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;

/** Puts back what stood in a field before a scanner typed into it. */
function restore(field: Field, value: string): void {
  const prototype = field instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype;
  // React watches the field's own setter; the prototype's tells it of the change.
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on the field
  const set = Object.getOwnPropertyDescriptor(prototype, 'value')?.set;
  set?.call(field, value);
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

/** Hears what a scanner types, wherever the focus is; what it typed into a field is taken out again. */
export function useWedge(onCode: (code: string) => void): void {
  const tell = useEffectEvent(onCode);
  useEffect(() => {
    let burst: Burst = SILENCE;
    let before: { field: Field; value: string } | null = null;
    const listen = (event: KeyboardEvent) => {
      if (event.isComposing || event.metaKey) return;
      const field = isField(event.target) ? event.target : null;
      if (field && before?.field !== field) before = { field, value: field.value };
      const heard = hear(burst, { key: event.key, physical: event.code, shift: event.shiftKey, at: event.timeStamp });
      // A key that begins anew: what the field holds now, before the key writes, is what may be put back.
      if (field && heard.burst.keys.length === 1) before = { field, value: field.value };
      if (heard.code !== null) {
        event.preventDefault();
        event.stopImmediatePropagation();
        if (before) restore(before.field, before.value);
        before = null;
        tell(heard.code);
      } else if (heard.burst.keys.length > BURST_LENGTH) {
        event.preventDefault();
      }
      burst = heard.burst;
    };
    window.addEventListener('keydown', listen, { capture: true });
    return () => window.removeEventListener('keydown', listen, { capture: true });
  }, []);
}
