import { ActionIcon, Button, Group, Input, Select, Stack } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { QuantityInput } from '@/ui/QuantityInput';
import { PERIODS, type Rule } from '@/ui/earning/kinds';

interface PaceFieldsProps {
  readonly value: Rule;
  readonly onChange: (rule: Rule) => void;
}

/** How often a rule may give something, and how far apart. */
export function PaceFields({ value, onChange }: PaceFieldsProps) {
  const { t } = useTranslation('programs');
  const { t: tell } = useTranslation('earning');
  const times = value.times ?? [];
  const free = PERIODS.filter((period) => times.every(({ per }) => per !== period));
  const put = (place: number, change: Partial<(typeof times)[number]>) => onChange({ ...value, times: times.map((limit, at) => (at === place ? { ...limit, ...change } : limit)) });
  const next = free[0];
  return (
    <>
      <Input.Wrapper label={t('rule.times')} description={t('rule.timesHint')} labelElement="div">
        <Stack gap="xs" mt={6}>
          {times.map((limit, place) => (
            <Group key={limit.per} gap="xs" align="flex-end">
              <QuantityInput w={120} label={t('rule.timesMost')} min={1} max={1_000_000} value={limit.times} onNumber={(most) => put(place, { times: most })} />
              <Select
                w={150}
                label={tell('caps.per')}
                data={[limit.per, ...free].map((per) => ({ value: per, label: tell(`per.${per}`) }))}
                value={limit.per}
                allowDeselect={false}
                onChange={(per) => per && put(place, { per: per })}
              />
              <ActionIcon variant="subtle" color="gray" size="lg" aria-label={tell('caps.remove')} onClick={() => onChange({ ...value, times: times.filter((_, at) => at !== place) })}>
                <IconX size={18} aria-hidden />
              </ActionIcon>
            </Group>
          ))}
          {next && (
            <Button variant="light" size="compact-sm" style={{ alignSelf: 'flex-start' }} leftSection={<IconPlus size={14} aria-hidden />} onClick={() => onChange({ ...value, times: [...times, { per: next, times: 1 }] })}>
              {tell('caps.add')}
            </Button>
          )}
        </Stack>
      </Input.Wrapper>
      <QuantityInput
        label={t('rule.cooldown')}
        description={t('rule.cooldownHint')}
        suffix={t('rule.minutes')}
        min={1}
        max={527_040}
        value={value.cooldown_minutes}
        onChange={(cooldown_minutes) => onChange({ ...value, cooldown_minutes })}
      />
    </>
  );
}
