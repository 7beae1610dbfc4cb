import { useEffect, useEffectEvent } from 'react';

import { BURST_LENGTH, type Key, type Place, burst, listen, scanned } from './wedge';

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

/** A key, and the field that it wrote into with what stood there before. */
interface Typed extends Key {
  readonly field: Field | null;
  readonly before: string;
}

function typedKey(event: KeyboardEvent): Typed {
  const field = isField(event.target) ? event.target : null;
  return { key: event.key, physical: event.code, shift: event.shiftKey, at: event.timeStamp, field, before: field?.value ?? '' };
}

function placeOf(field: Field | null): Place {
  if (field === null) return 'page';
  return field.type === 'password' ? 'secret' : 'field';
}

/** Hears what a scanner types, wherever the focus is; what it typed into a field is taken out again. */
export function useWedge(onCode: (code: string) => void): void {
  const tell = useEffectEvent(onCode);
  useEffect(() => {
    let heard: readonly Typed[] = [];
    const onKey = (event: KeyboardEvent) => {
      if (event.isComposing || event.metaKey || (event.ctrlKey && !event.altKey)) return; // AltGr is both
      const key = typedKey(event);
      const scan = scanned(heard, key, placeOf(key.field));
      if (scan) {
        event.preventDefault();
        event.stopImmediatePropagation();
        const [first] = scan.keys;
        if (first?.field) restore(first.field, first.before);
        heard = [];
        tell(scan.code);
        return;
      }
      heard = listen(heard.at(-1)?.field === key.field ? heard : [], key);
      if (burst(heard).length > BURST_LENGTH) event.preventDefault();
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, []);
}
