import { SimpleGrid, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { Section } from '@/ui/Section';

import { ROLES } from './RolePicker';

/** What each role may do, in words. */
export function Roles() {
  const { t } = useTranslation('team');
  return (
    <Section title={t('rolesTitle')} lead={t('rolesLead')}>
      <SimpleGrid component="dl" cols={{ base: 1, sm: 2 }} m={0}>
        {ROLES.map((role) => (
          <div key={role}>
            <Text component="dt" fw={600}>
              {t(`roles.${role}.name`)}
            </Text>
            <Text component="dd" size="sm" c="dimmed" m={0}>
              {t(`roles.${role}.may`)}
            </Text>
          </div>
        ))}
      </SimpleGrid>
    </Section>
  );
}
