import { ActionIcon, Button, Group, Input, Select, Stack } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { UnitWords } from '@/lib/units';
import { UnitsInput } from '@/ui/QuantityInput';

interface AnyCap<P extends string> {
  readonly per: P;
  readonly units: number;
  readonly action?: 'reduce' | 'refuse';
}

interface CapsFieldsProps<P extends string> {
  readonly value: readonly AnyCap<P>[];
  readonly onChange: (value: AnyCap<P>[]) => void;
  /** What may be limited, each at most once. */
  readonly scopes: readonly P[];
  readonly unit: UnitWords | undefined;
}

/** The most that may be given, per purchase or period. */
export function CapsFields<P extends string>({ value, onChange, scopes, unit }: CapsFieldsProps<P>) {
  const { t } = useTranslation('earning');
  const free = scopes.filter((scope) => value.every(({ per }) => per !== scope));
  const put = (place: number, change: Partial<AnyCap<P>>) => onChange(value.map((cap, at) => (at === place ? { ...cap, ...change } : cap)));
  const next = free[0];
  return (
    <Input.Wrapper label={t('caps.title')} description={t('caps.hint')} labelElement="div">
      <Stack gap="xs" mt={6} align="stretch">
        {value.map((cap, place) => (
          <Group key={cap.per} gap="xs" align="flex-end">
            <UnitsInput w={120} label={t('caps.most')} unit={unit} min={1} max={10 ** 9} value={cap.units} onNumber={(units) => put(place, { units })} />
            <Select
              w={150}
              label={t('caps.per')}
              data={[cap.per, ...free].map((per) => ({ value: per, label: t(`per.${per as string}`) }))}
              value={cap.per}
              allowDeselect={false}
              onChange={(per) => per && put(place, { per: per })}
            />
            <Select
              w={200}
              label={t('caps.above')}
              data={(['reduce', 'refuse'] as const).map((action) => ({ value: action, label: t(`caps.${action}`) }))}
              value={cap.action ?? 'reduce'}
              allowDeselect={false}
              onChange={(action) => put(place, { action: action === 'refuse' ? 'refuse' : 'reduce' })}
            />
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('caps.remove')} onClick={() => onChange(value.filter((_, at) => at !== place))}>
              <IconX size={18} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        {next && (
          <Button variant="light" size="compact-sm" style={{ alignSelf: 'flex-start' }} leftSection={<IconPlus size={14} aria-hidden />} onClick={() => onChange([...value, { per: next, units: 100, action: 'reduce' }])}>
            {t('caps.add')}
          </Button>
        )}
      </Stack>
    </Input.Wrapper>
  );
}
