import { ActionIcon, Button, Group, Input, Select, Stack } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { MoneyInput, QuantityInput } from '@/ui/QuantityInput';

import { type Limit, PERIODS } from './campaign';

const SCOPES = (['customer', 'campaign'] as const).flatMap((of) => PERIODS.map((period) => ({ of, period, key: `${of}.${period}` })));
const keyOf = ({ of, period = 'ever' }: Limit) => `${of}.${period}`;

interface LimitFieldsProps {
  readonly value: readonly Limit[];
  readonly onChange: (limits: Limit[]) => void;
  readonly currency: string;
}

/** The most uses, or the most discount, of a customer or of everybody, in a period. */
export function LimitFields({ value, onChange, currency }: LimitFieldsProps) {
  const { t } = useTranslation('coupons');
  const free = SCOPES.filter(({ key }) => value.every((limit) => keyOf(limit) !== key));
  const put = (place: number, change: Partial<Limit>) => onChange(value.map((limit, at) => (at === place ? { ...limit, ...change } : limit)));
  const next = free[0];
  return (
    <Input.Wrapper label={t('limit.title')} description={t('limit.hint')} labelElement="div">
      <Stack gap="xs" mt={6}>
        {value.map((limit, place) => (
          <Group key={keyOf(limit)} gap="xs" align="flex-end">
            <Select
              w={220}
              label={t('limit.of')}
              data={[...SCOPES.filter(({ key }) => key === keyOf(limit)), ...free].map(({ key }) => ({ value: key, label: t(`per.${key}`) }))}
              value={keyOf(limit)}
              allowDeselect={false}
              onChange={(key) => {
                const scope = SCOPES.find((each) => each.key === key);
                if (scope) put(place, { of: scope.of, period: scope.period });
              }}
            />
            <QuantityInput w={110} label={t('limit.uses')} min={1} value={limit.uses} required={!limit.discount_minor} onChange={(uses) => put(place, { uses })} />
            <MoneyInput w={130} label={t('limit.discount')} currency={currency} min={1} value={limit.discount_minor} onChange={(discount_minor) => put(place, { discount_minor })} />
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('limit.remove')} onClick={() => onChange(value.filter((_, at) => at !== place))}>
              <IconX size={18} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        {next && (
          <Button variant="light" size="compact-sm" style={{ alignSelf: 'flex-start' }} leftSection={<IconPlus size={14} aria-hidden />} onClick={() => onChange([...value, { of: next.of, period: next.period, uses: 1 }])}>
            {t('limit.add')}
          </Button>
        )}
      </Stack>
    </Input.Wrapper>
  );
}
