import { Group } from '@mantine/core';
import { IconStar, IconStarFilled } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { whole } from '@/lib/format';

/** One to five stars, said as a number to those who do not see them. */
export function Stars({ count }: { readonly count: number }) {
  const { t } = useTranslation('customers');
  return (
    <Group gap={2} wrap="nowrap" role="img" aria-label={t('feedback.stars', { number: whole(count) })}>
      {[1, 2, 3, 4, 5].map((star) => (star <= count ? <IconStarFilled key={star} size={16} aria-hidden /> : <IconStar key={star} size={16} aria-hidden />))}
    </Group>
  );
}
