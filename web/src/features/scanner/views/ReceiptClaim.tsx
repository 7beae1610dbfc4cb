import { Alert, Button, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { type Booked, type Scanned, claimReceipt } from '../counter/booking';
import { useTill } from '../till/context';
import { useBooking } from './useBooking';

interface ReceiptClaimProps {
  readonly scanned: Scanned;
  readonly onBooked: (booked: Booked) => void;
}

/** A customer brings the receipt of a purchase that was made without the card. */
export function ReceiptClaim({ scanned, onBooked }: ReceiptClaimProps) {
  const { t } = useTranslation(['scanner', 'common']);
  const { counter } = useTill();
  const [opened, setOpened] = useState(false);
  const [typed, setTyped] = useState('');
  const { busy, problem, book, clear } = useBooking(onBooked);
  const close = () => {
    clear();
    setOpened(false);
  };
  return (
    <>
      <Button variant="subtle" size="md" leftSection={<IconReceipt aria-hidden />} onClick={() => setOpened(true)}>
        {t('receipt.open')}
      </Button>
      <Modal opened={opened} onClose={close} title={t('receipt.open')} centered closeButtonProps={{ 'aria-label': t('common:close') }}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            book(() => claimReceipt(counter, scanned, typed.trim()));
          }}
        >
          <Stack>
            <Text c="dimmed">{t('receipt.lead')}</Text>
            <TextInput
              size="lg"
              label={t('receipt.code')}
              required
              maxLength={100}
              dir="ltr"
              autoComplete="off"
              data-autofocus
              value={typed}
              onChange={({ currentTarget }) => setTyped(currentTarget.value)}
            />
            {problem !== null && (
              <Alert color="red" role="alert">
                {problem}
              </Alert>
            )}
            <Button type="submit" size="xl" loading={busy} disabled={typed.trim() === ''}>
              {t('receipt.book')}
            </Button>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
