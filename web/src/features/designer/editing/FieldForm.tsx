import { Checkbox, Group, MultiSelect, Select, Stack, TextInput } from '@mantine/core';
import { memo, useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import type { Field, Format } from '../model/design';
import { type Spot, changeField } from '../model/fields';

import { useHands } from './desk';
import { Findings } from './Findings';
import { PlaceholderInput } from './PlaceholderInput';

const FORMATS = ['text', 'decimal', 'percent', 'currency', 'date', 'time', 'date_time'] as const satisfies readonly Format[];
const ALIGNMENTS = ['natural', 'left', 'center', 'right'] as const;
const LENGTHS = ['short', 'medium', 'long', 'full'] as const;
const DETECTED = ['phone', 'link', 'address', 'calendar'] as const;

interface FieldFormProps {
  readonly field: Field;
  readonly spot: Spot;
}

/** Everything about one field. */
export function FieldForm({ field, spot }: FieldFormProps) {
  const { t } = useTranslation('designer');
  const { change } = useHands();
  const path = `fields.${spot.area}.${spot.index}`;
  const { area, index } = spot;
  const { key } = field;
  // The same as long as it is the same field: typing into one input draws no other again.
  const { set, on } = useMemo(() => {
    const set = (changed: Partial<Field>, mark?: string) => change((now) => changeField(now, { area, index }, changed), mark && `${key}.${mark}`);
    const on = {
      label: (label: string) => set({ label }, 'label'),
      value: (value: string) => set({ value }, 'value'),
      message: (text: string) => set({ change_message: text === '' ? null : text }, 'message'),
      format: (format: Format) => set({ format }),
      alignment: (value: (typeof ALIGNMENTS)[number]) => set({ alignment: value === 'natural' ? null : value }),
    };
    return { set, on };
  }, [change, area, index, key]);
  const isDated = field.format === 'date' || field.format === 'time' || field.format === 'date_time';
  const isAligned = spot.area !== 'primary' && spot.area !== 'back';
  return (
    <Stack gap="sm" p="sm" pt={4}>
      <PlaceholderInput label={t('field.label')} value={field.label} path={`${path}.label`} onChange={on.label} />
      <PlaceholderInput label={t('field.value')} value={field.value} path={`${path}.value`} isLong maxLength={2000} onChange={on.value} />
      <PlaceholderInput
        label={t('field.message')}
        description={t('field.messageHint')}
        value={field.change_message ?? ''}
        path={`${path}.change_message`}
        onChange={on.message}
      />
      <Group grow align="flex-start">
        <div>
          <Choice name="format" options={FORMATS} value={field.format} onChange={on.format} />
          <Findings path={`${path}.format`} />
        </div>
        {isAligned && (
          <Choice name="alignment" options={ALIGNMENTS} value={field.alignment ?? 'natural'} onChange={on.alignment} />
        )}
      </Group>
      {field.format === 'currency' && (
        <TextInput label={t('field.currency')} placeholder="EUR" value={field.currency ?? ''} maxLength={3} onChange={({ currentTarget: { value } }) => set({ currency: value === '' ? null : value.toUpperCase() }, 'currency')} />
      )}
      {isDated && (
        <Group align="flex-end" grow>
          <Select label={t('field.length')} value={field.length} allowDeselect={false} data={LENGTHS.map((value) => ({ value, label: t(`length.${value}`) }))} onChange={(value) => value && set({ length: value })} />
          <Checkbox label={t('field.relative')} checked={field.relative} onChange={({ currentTarget: { checked } }) => set({ relative: checked })} pb={8} />
        </Group>
      )}
      {spot.area === 'back' && <BackSettings field={field} path={path} set={set} />}
      <Findings path={`${path}.alignment`} />
    </Stack>
  );
}

interface ChoiceProps<C extends string> {
  readonly name: 'format' | 'alignment';
  readonly options: readonly C[];
  readonly value: C;
  readonly onChange: (value: C) => void;
}

const Choice = memo(function Choice<C extends string>({ name, options, value, onChange }: ChoiceProps<C>) {
  const { t } = useTranslation('designer');
  const data = options.map((each) => ({ value: each, label: t(`${name}.${each as string}`) }));
  return <Select label={t(`field.${name}`)} value={value} allowDeselect={false} data={data} onChange={(chosen) => chosen && onChange(chosen)} />;
}) as <C extends string>(props: ChoiceProps<C>) => React.JSX.Element;

interface BackSettingsProps {
  readonly field: Field;
  readonly path: string;
  readonly set: (changed: Partial<Field>, mark?: string) => void;
}

/** What only fields of the back can do: be a link, and have phone numbers and addresses found in them. */
function BackSettings({ field, path, set }: BackSettingsProps) {
  const { t } = useTranslation('designer');
  return (
    <>
      <div>
        <TextInput label={t('field.link')} placeholder="https://…" dir="ltr" value={field.link ?? ''} maxLength={500} onChange={({ currentTarget: { value } }) => set({ link: value === '' ? null : value }, 'link')} />
        <Findings path={`${path}.link`} />
      </div>
      <MultiSelect label={t('field.detect')} data={DETECTED.map((value) => ({ value, label: t(`detect.${value}`) }))} value={field.detect ?? []} onChange={(found) => set({ detect: found.length === 0 ? null : (found) })} clearable />
    </>
  );
}
