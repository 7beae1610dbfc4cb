import { Badge, Group, Select, Stack, Text } from '@mantine/core';
import { IconMessageStar } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

import { instant } from '@/lib/format';
import { useMe } from '@/lib/session';
import { BackLink } from '@/ui/BackLink';
import { CustomerName } from '@/ui/CustomerName';
import { Empty } from '@/ui/Empty';
import { Listed } from '@/ui/Listed';
import { Page } from '@/ui/Page';
import { Rows } from '@/ui/Rows';

import { FeedbackActions } from './FeedbackActions';
import { FeedbackFigures } from './FeedbackFigures';
import { FeedbackSettings } from './FeedbackSettings';
import { PlaceName, PlaceSelect } from './PlaceSelect';
import { type Feedback, type Which, useFeedback } from './requests';
import { Stars } from './Stars';

const FILTERS: readonly Which[] = ['answered', 'low_open', 'low', 'waiting'];

/** How customers found their visits; what was bad waits until somebody has dealt with it. */
export function FeedbackPage() {
  const { t } = useTranslation('customers');
  const [query, setQuery] = useSearchParams();
  const which = FILTERS.find((each) => each === query.get('which')) ?? null;
  const [location, setLocation] = useState<string | null>(null);
  const list = useFeedback({ which, location });
  return (
    <Stack gap="xs">
      <BackLink to="/customers" label={t('title')} />
      <Page title={t('feedback.title')} lead={t('feedback.lead')}>
        <FeedbackFigures />
        <Group align="flex-end">
          <Select
            label={t('feedback.show')}
            placeholder={t('filters.any')}
            data={FILTERS.map((each) => ({ value: each, label: t(`feedback.which.${each}`) }))}
            value={which}
            clearable
            onChange={(chosen) => setQuery(chosen ? { which: chosen } : {}, { replace: true })}
          />
          <PlaceSelect value={location} onChange={setLocation} />
        </Group>
        <Listed list={list} empty={<Empty icon={IconMessageStar} title={t('feedback.none')} hint={t(which !== null || location !== null ? 'after.filtered' : 'feedback.noneHint')} />}>
          {(items) => (
            <Rows
              label={t('feedback.title')}
              items={items}
              keyOf={({ id }) => id}
              columns={[
                { name: t('feedback.answer'), leads: true, cell: (item) => <Answer feedback={item} /> },
                { name: t('after.location'), cell: (item) => <PlaceName id={item.location_id} /> },
                { name: t('feedback.visit'), cell: (item) => <Visit feedback={item} /> },
                { name: t('common:actions'), cell: (item) => <FeedbackActions feedback={item} /> },
              ]}
            />
          )}
        </Listed>
        <FeedbackSettings />
      </Page>
    </Stack>
  );
}

function Answer({ feedback }: { readonly feedback: Feedback }) {
  const { t } = useTranslation('customers');
  if (feedback.stars === null) {
    return (
      <Text size="sm" c="dimmed">
        {t('feedback.unanswered')}
      </Text>
    );
  }
  return (
    <div>
      <Stars count={feedback.stars} />
      {feedback.words && (
        <Text size="sm" dir="auto" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {feedback.words}
        </Text>
      )}
      {feedback.reply && (
        <Text size="xs" c="dimmed" dir="auto">
          {t('feedback.replied', { text: feedback.reply })}
        </Text>
      )}
      {feedback.dealt_at !== null && (
        <Badge variant="light" tt="none" color="teal">
          {t('feedback.dealt')}
        </Badge>
      )}
    </div>
  );
}

function Visit({ feedback }: { readonly feedback: Feedback }) {
  const zone = useMe().data?.organization.time_zone;
  return (
    <div>
      <CustomerName id={feedback.customer_id} />
      <Text size="xs" c="dimmed">
        {instant(feedback.happened_at, zone)}
      </Text>
    </div>
  );
}
