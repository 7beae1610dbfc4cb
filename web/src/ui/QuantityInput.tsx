import { Text, TextInput, type TextInputProps } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { currencyDigits, fromSmallest, toSmallest } from '@/lib/format';
import type { UnitParts } from '@/lib/units';

export interface QuantityInputProps extends Omit<TextInputProps, 'value' | 'onChange' | 'min' | 'max'> {
  /** In the smallest unit: cents, hundredths of a percent. */
  readonly value: number | null | undefined;
  /** Told `null` when the field is emptied. */
  readonly onChange?: (value: number | null) => void;
  /** Instead of `onChange`, for a number that must be there: told numbers alone. */
  readonly onNumber?: (value: number) => void;
  readonly places?: number;
  readonly exact?: boolean;
  readonly suffix?: string;
  readonly min?: number;
  readonly max?: number;
}

/** A number as people write it, with their decimal sign and digits; what is none keeps the form from being sent. */
export function QuantityInput({ value, onChange, onNumber, places = 0, exact = false, suffix, min = 0, max, error, ...input }: QuantityInputProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string | null>(null);
  const meant = typed === null ? null : toSmallest(typed, places);
  const isMine = typed !== null && (meant === null && onNumber ? true : meant === (value ?? null));
  const text = isMine ? typed : value === null || value === undefined ? '' : fromSmallest(value, places, exact);
  const fault = faultOf(text, toSmallest(text, places), min, max);
  const bound = { least: fromSmallest(min, places), most: fromSmallest(max ?? 0, places) };
  const complaint = fault === null ? '' : t(`number.${fault}`, bound);
  return (
    <TextInput
      {...input}
      required={input.required ?? onNumber !== undefined}
      withAsterisk={false}
      value={text}
      inputMode={places > 0 ? 'decimal' : 'numeric'}
      autoComplete="off"
      ref={(element) => element?.setCustomValidity(complaint)}
      error={error ?? (complaint || undefined)}
      rightSection={suffix ? <Text size="sm" c="dimmed" px={8} style={{ whiteSpace: 'nowrap' }}>{suffix}</Text> : undefined}
      rightSectionWidth={suffix ? Math.max(36, 14 + suffix.length * 9) : 0}
      rightSectionPointerEvents="none"
      onChange={({ currentTarget }) => {
        const number = toSmallest(currentTarget.value, places);
        setTyped(currentTarget.value);
        onChange?.(number);
        if (number !== null) onNumber?.(number);
      }}
    />
  );
}

function faultOf(text: string, value: number | null, min: number, max?: number): 'none' | 'low' | 'high' | null {
  if (text.trim() === '') return null;
  if (value === null) return 'none';
  if (value < min) return 'low';
  return max !== undefined && value > max ? 'high' : null;
}

type AmountProps = Omit<QuantityInputProps, 'places' | 'exact' | 'suffix'>;

/** An amount of money in minor units. */
export function MoneyInput({ currency, ...input }: AmountProps & { readonly currency: string }) {
  return <QuantityInput {...input} places={currencyDigits(currency)} exact suffix={symbol(currency)} />;
}

/** An amount of a program's unit; of money, in its currency. */
export function UnitsInput({ unit, word, ...input }: AmountProps & { readonly unit: UnitParts | undefined; readonly word?: string }) {
  if (unit && unit.currency !== null) return <MoneyInput {...input} currency={unit.currency} />;
  return <QuantityInput {...input} places={unit?.decimals ?? 0} {...(word ? { suffix: word } : {})} />;
}

const symbol = (currency: string): string =>
  new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' })
    .formatToParts(0)
    .find(({ type }) => type === 'currency')?.value ?? currency;
