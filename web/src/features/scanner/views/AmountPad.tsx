import { IconBackspace } from '@tabler/icons-react';
import { useEffect, useEffectEvent } from 'react';
import { useTranslation } from 'react-i18next';

import { currencyDigits, money, whole } from '@/lib/format';

import { type PadKey, type Typed, minorOf, padKey, press } from '../input/amount';
import classes from './scanner.module.css';

interface AmountPadProps {
  readonly label: string;
  readonly currency: string;
  readonly typed: Typed;
  readonly onTyped: (typed: Typed) => void;
  readonly onEnter: () => void;
}

const DIGITS: readonly PadKey[] = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** Large keys for an amount; the keys of a keyboard work, too. */
export function AmountPad({ label, currency, typed, onTyped, onEnter }: AmountPadProps) {
  const { t } = useTranslation('scanner');
  const key = (pressed: PadKey) => onTyped(press(typed, pressed, currency));
  useKeyboard(key, onEnter);
  return (
    <div role="group" aria-label={label}>
      <output className={classes.amount} dir="auto" aria-live="polite">
        {money(minorOf(typed, currency), currency)}
      </output>
      {/* Calculators have their digits in the same order in every script. */}
      <div className={classes.keys} dir="ltr">
        {DIGITS.map((digit) => (
          <button key={digit} type="button" className={classes.key} onClick={() => key(digit)}>
            {whole(Number(digit))}
          </button>
        ))}
        <button type="button" className={classes.key} onClick={() => key(currencyDigits(currency) > 0 ? '00' : 'clear')}>
          {currencyDigits(currency) > 0 ? whole(0).repeat(2) : t('book.clear')}
        </button>
        <button type="button" className={classes.key} onClick={() => key('0')}>
          {whole(0)}
        </button>
        <button type="button" className={classes.key} aria-label={t('book.back')} onClick={() => key('back')}>
          <IconBackspace aria-hidden size={28} style={{ verticalAlign: 'middle' }} />
        </button>
      </div>
    </div>
  );
}

function useKeyboard(onKey: (key: PadKey) => void, onEnter: () => void): void {
  const hear = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = event.target instanceof HTMLElement ? event.target : null;
    // Fields take their own keys, and so does what is shown above the page; digits say nothing to a choice of two.
    if (target?.closest('input:not([type="radio"]), textarea, select, [role="dialog"]')) return;
    const pressed = padKey(event.key);
    if (pressed) onKey(pressed);
    else if (event.key === 'Enter' && !target?.closest('button, a')) onEnter();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => hear(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
