import { Anchor, Button, Stack } from '@mantine/core';
import { IconArrowLeft, IconUserOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';

import { Problem } from '@/lib/api';
import { day } from '@/lib/format';
import { useMe } from '@/lib/session';
import { Empty } from '@/ui/Empty';
import { Loaded } from '@/ui/Loaded';
import { Page } from '@/ui/Page';

import { type Entry, nameOf, useCustomer } from '../api';
import { Consents } from './Consents';
import { ContactCard } from './ContactCard';
import classes from './CustomerPage.module.css';
import { Coupons } from './Coupons';
import { CustomerActions } from './CustomerActions';
import { Memberships } from './Memberships';
import { Messages } from './Messages';
import { Notes } from './Notes';
import { OtherCards } from './OtherCards';
import { Timeline } from './Timeline';

/** Everything about one customer. */
export function CustomerPage() {
  const { t } = useTranslation('customers');
  const { customerId = '' } = useParams();
  const customer = useCustomer(customerId);
  if (customer.error instanceof Problem && customer.error.status === 410) return <Gone fault={customer.error} />;
  return (
    <Stack gap="xs">
      <Anchor component={Link} to=".." relative="path" size="sm">
        <IconArrowLeft size={14} aria-hidden className="mantine-rotate-rtl" /> {t('title')}
      </Anchor>
      <Loaded query={customer}>{(entry) => <Person entry={entry} />}</Loaded>
    </Stack>
  );
}

function Person({ entry }: { readonly entry: Entry }) {
  const { t } = useTranslation('customers');
  const { data: me } = useMe();
  const since = t('since', { day: day(entry.customer.created_at, me?.organization.time_zone) });
  return (
    <Page title={nameOf(entry.customer) || t('nameless')} lead={since} actions={<CustomerActions entry={entry} />}>
      <div className={classes.grid}>
        <Stack gap="lg" className={classes.members}>
          <Memberships entry={entry} />
          <Coupons customerId={entry.id} />
          <OtherCards customerId={entry.id} />
        </Stack>
        <Stack gap="lg" className={classes.side}>
          <ContactCard customer={entry.customer} />
          <Messages customerId={entry.id} />
          <Notes customerId={entry.id} />
          <Consents customerId={entry.id} />
        </Stack>
        <div className={classes.history}>
          <Timeline customerId={entry.id} />
        </div>
      </div>
    </Page>
  );
}

/** Erased, or merged into another entry, which is a step away. */
function Gone({ fault }: { readonly fault: Problem }) {
  const { t } = useTranslation('customers');
  const merged = fault.code === 'customer_merged' ? String(fault.params.customer) : null;
  const action = (
    <Button component={Link} to={merged ? `../${merged}` : '..'} relative="path" variant="light">
      {t(merged ? 'gone.toOther' : 'gone.toList')}
    </Button>
  );
  return <Empty icon={IconUserOff} title={t(merged ? 'gone.merged' : 'gone.erased')} hint={fault.message} action={action} />;
}
