import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';

import { Problem, api, data } from '@/lib/api';
import { decimal } from '@/lib/format';

import { contrastFaults } from '../model/colours';
import { type Design, contentOf } from '../model/design';
import { stable } from '../model/editor';

import type { Finding } from './desk';

const PAUSE_MS = 350;

/** What is wrong with the design: contrast at once, everything else as soon as the server has looked at it. */
export function useFindings(design: Design): { readonly findings: readonly Finding[]; readonly isChecking: boolean } {
  const { t, i18n } = useTranslation('designer');
  const [settled] = useDebouncedValue(design, PAUSE_MS);
  const check = useQuery({
    queryKey: ['templates', 'check', i18n.language, stable(settled)],
    queryFn: () => checked(settled, t),
    placeholderData: (before) => before,
    gcTime: 30_000,
    staleTime: Infinity,
  });
  const contrast = contrastFaults(design).map(
    ({ path, ratio, least }): Finding => ({ severity: 'warning', code: 'contrast_low', path, sentence: t('look.contrast', { ratio: decimal(ratio), least: decimal(least) }) }),
  );
  const told = (check.data ?? []).filter(({ code }) => code !== 'contrast_low');
  const findings = [...told, ...contrast].sort((one, other) => one.severity.localeCompare(other.severity));
  return { findings, isChecking: settled !== design || check.isFetching };
}

/** The server's findings; a content that it cannot even read has its faults at the fields, too. */
async function checked(design: Design, t: TFunction<'designer'>): Promise<Finding[]> {
  try {
    return data(await api.POST('/api/v1/templates/check', { body: contentOf(design) })).findings;
  } catch (fault) {
    if (!(fault instanceof Problem) || fault.status !== 422) throw fault;
    return fault.errors.map(({ path = '' }) => ({ severity: 'error', code: fault.code, path: path.replace(/^body\.(content\.)?/, ''), sentence: t(ADDRESS.test(path) ? 'unread.address' : 'unread.value') }));
  }
}

/** Where an address stands: of a link on the back, or of a field that opens one. */
const ADDRESS = /\.(url|link)$/;
