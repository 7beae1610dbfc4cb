import { TextInput, type TextInputProps } from '@mantine/core';
import { useState } from 'react';

import { useMe } from '@/lib/session';
import { instantOf, wallTime } from '@/lib/zones';

interface InstantInputProps extends Omit<TextInputProps, 'value' | 'onChange' | 'type'> {
  readonly value: string | null | undefined;
  readonly onChange: (value: string | null) => void;
  /** The organization's zone unless another is given. */
  readonly timeZone?: string;
}

/** A date and a time of day in a time zone, which stands below it. */
export function InstantInput({ value, onChange, timeZone, description, ...input }: InstantInputProps) {
  const { data: me } = useMe();
  const zone = timeZone ?? me?.organization.time_zone ?? 'UTC';
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed !== null && instantOf(typed, zone) === value ? typed : value ? wallTime(value, zone) : '';
  return (
    <TextInput
      {...input}
      type="datetime-local"
      description={description ?? zone}
      value={text}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        onChange(instantOf(currentTarget.value, zone));
      }}
    />
  );
}
