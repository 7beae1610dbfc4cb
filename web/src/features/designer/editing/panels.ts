/** The parts of the editor, in the order of their tabs. */
import { IconBarcode, IconForms, IconLetterCase, IconMapPin, IconPalette, IconPhoto, type Icon } from '@tabler/icons-react';
import type { ComponentType } from 'react';

import { CodePanel } from './CodePanel';
import { FieldsPanel } from './FieldsPanel';
import { ImagesPanel } from './ImagesPanel';
import { LookPanel } from './LookPanel';
import { PlacesAndLinks } from './PlacesAndLinks';
import { TextsPanel } from './TextsPanel';

interface Panel {
  readonly name: string;
  readonly icon: Icon;
  readonly panel: ComponentType;
}

export const PANELS: readonly [Panel, ...Panel[]] = [
  { name: 'fields', icon: IconForms, panel: FieldsPanel },
  { name: 'look', icon: IconPalette, panel: LookPanel },
  { name: 'images', icon: IconPhoto, panel: ImagesPanel },
  { name: 'texts', icon: IconLetterCase, panel: TextsPanel },
  { name: 'code', icon: IconBarcode, panel: CodePanel },
  { name: 'places', icon: IconMapPin, panel: PlacesAndLinks },
];
