import { Radio } from '@mantine/core';

import styles from '../welcome.module.css';

interface SwatchesProps {
  readonly labelledBy: string;
  readonly colours: readonly string[];
  readonly value: string;
  readonly onChange: (colour: string) => void;
}

/** Colours to pick from. */
export function Swatches({ labelledBy, colours, value, onChange }: SwatchesProps) {
  return (
    <Radio.Group value={value} onChange={onChange} aria-labelledby={labelledBy}>
      <div className={styles.swatches}>
        {colours.map((colour) => (
          <Radio.Card key={colour} value={colour} className={styles.swatch ?? ''} style={{ background: colour }} aria-label={colour} />
        ))}
      </div>
    </Radio.Group>
  );
}
