import { ColorInput, ColorSwatch } from '@mantine/core';
import { useState } from 'react';

import { isColour } from '../qr/look';

interface ColourChoiceProps {
  readonly label: string;
  readonly value: string | null;
  /** What is used while nothing is chosen. */
  readonly otherwise: string;
  readonly onChange: (colour: string | null) => void;
}

/** A colour, or none of its own; what is typed counts once it is one. */
export function ColourChoice({ label, value, otherwise, onChange }: ColourChoiceProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed !== null && !isColour(typed) && typed !== '' ? typed : (value ?? '');
  return (
    <ColorInput
      label={label}
      dir="ltr"
      format="hex"
      withEyeDropper={false}
      placeholder={otherwise}
      leftSection={<ColorSwatch size={18} color={isColour(shown) ? shown : otherwise} aria-hidden />}
      value={shown}
      onChange={(colour) => {
        setTyped(colour);
        if (colour === '') onChange(null);
        else if (isColour(colour)) onChange(colour.toLowerCase());
      }}
    />
  );
}
