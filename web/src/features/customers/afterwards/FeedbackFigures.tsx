import { useTranslation } from 'react-i18next';

import { day, decimal, percent, whole } from '@/lib/format';
import { useMay } from '@/lib/session';
import { Rows } from '@/ui/Rows';
import { Section } from '@/ui/Section';

import { PlaceName } from './PlaceSelect';
import { useFeedbackFigures } from './requests';

const SHOWN = 12;

/** By week and location: how many were asked, how many answered, and the mean of their stars. */
export function FeedbackFigures() {
  const { t } = useTranslation('customers');
  const may = useMay()('reports:read');
  const figures = useFeedbackFigures().data ?? [];
  if (!may || figures.length === 0) return null;
  return (
    <Section title={t('feedback.figures.title')}>
      <Rows
        label={t('feedback.figures.title')}
        items={figures.slice(0, SHOWN)}
        keyOf={({ week, location_id }) => `${week} ${location_id ?? ''}`}
        columns={[
          { name: t('feedback.figures.week'), leads: true, cell: ({ week }) => day(week, 'UTC') },
          { name: t('after.location'), cell: ({ location_id }) => <PlaceName id={location_id} /> },
          { name: t('feedback.figures.mean'), numeric: true, cell: ({ mean_hundredths }) => (mean_hundredths === null ? '—' : decimal(mean_hundredths / 100)) },
          { name: t('feedback.figures.answered'), numeric: true, cell: ({ answered, asked }) => t('feedback.figures.of', { answered: whole(answered), asked: whole(asked), share: percent(answered / asked) }) },
          { name: t('feedback.figures.low'), numeric: true, cell: ({ low }) => whole(low) },
        ]}
      />
    </Section>
  );
}
