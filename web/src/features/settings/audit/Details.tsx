import { Anchor, Button, CopyButton, Group, Text } from '@mantine/core';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { Schemas } from '@/lib/api';
import { instant, money, whole } from '@/lib/format';
import { useReachable } from '@/lib/areas';
import { useMe } from '@/lib/session';
import { ActorName } from '@/ui/ActorName';
import { CustomerName } from '@/ui/CustomerName';

import { scopeText } from '../scopes';
import { Facts } from '../wallets/Facts';
import { type Detail, detailsOf } from './details';

interface DetailsProps {
  readonly event: Schemas['AuditEntryOut'];
  readonly timeZone: string;
}

/** What was recorded with a fact, each value under its name; the record itself can be copied for those who need it. */
export function Details({ event, timeZone }: DetailsProps) {
  const { t } = useTranslation('settings');
  const details = detailsOf(event.payload);
  const record = JSON.stringify({ id: event.id, event: event.name, actor: event.actor, occurred_at: event.occurred_at, ...event.payload }, null, 2);
  return (
    <>
      {details.length === 0 ? (
        <Text size="sm" mt="xs" c="dimmed">
          {t('audit.nothingMore')}
        </Text>
      ) : (
        <div style={{ marginBlockStart: 'var(--mantine-spacing-xs)' }}>
          <Facts
            facts={details.map((detail) => [
              t(`detail.${detail.name}`, { defaultValue: plain(detail.name) }),
              <Value key={detail.name} detail={detail} timeZone={timeZone} />,
            ])}
          />
        </div>
      )}
      <Group mt="xs">
        <CopyButton value={record}>
          {({ copied, copy }) => (
            <Button size="compact-xs" variant="subtle" onClick={copy}>
              {t(copied ? 'common:copied' : 'audit.copyRecord')}
            </Button>
          )}
        </CopyButton>
      </Group>
    </>
  );
}

function Value({ detail, timeZone }: { readonly detail: Detail; readonly timeZone: string }) {
  const { t } = useTranslation('settings');
  const { data: me } = useMe();
  if (detail.kind === 'thing') return <Thing name={detail.name} id={detail.id} page={detail.page} />;
  if (detail.kind === 'yesNo') return <>{t(detail.yes ? 'common:yes' : 'common:no')}</>;
  if (detail.kind === 'number') return <>{detail.name === 'year' ? detail.number : whole(detail.number)}</>;
  if (detail.kind === 'instant') return <>{instant(detail.instant, timeZone)}</>;
  if (detail.kind === 'money') return <>{money(detail.minor, detail.currency ?? me?.organization.currency ?? 'EUR')}</>;
  return <bdi>{detail.words.map((word) => wordText(t, detail.name, word)).join(' · ')}</bdi>;
}

function Thing({ name, id, page }: { readonly name: string; readonly id: string; readonly page: string }) {
  const { t } = useTranslation('settings');
  const to = useReachable([page]);
  if (id.startsWith('cus_')) return <CustomerName id={id} />;
  const text = id.startsWith('opr_') ? <ActorName actor={id} /> : t('audit.open');
  if (!to) return id.startsWith('opr_') ? text : <>—</>;
  return (
    <Anchor component={Link} to={to} size="sm" aria-label={id.startsWith('opr_') ? undefined : `${t('audit.open')}: ${t(`detail.${name}`, { defaultValue: plain(name) })}`}>
      {text}
    </Anchor>
  );
}

const plain = (name: string): string => name.replaceAll('_', ' ');

/** A recorded word: a scope, the name of a value that was changed, or one of a few states; else as it was written. */
function wordText(t: TFunction<'settings'>, name: string, word: string): string {
  if (name === 'scopes') return scopeText(t, word);
  if (name === 'fields' || name === 'columns' || name === 'filters') return t(`detail.${word}`, { defaultValue: plain(word) });
  return t(`word.${word}`, { defaultValue: word });
}
