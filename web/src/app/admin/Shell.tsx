import { AppShell, Burger, Group, NavLink, ScrollArea, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconLogout } from '@tabler/icons-react';
import { Fragment, type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';

import { useMay, useMe, useSignOut } from '@/lib/session';
import { Boundary } from '@/ui/Boundary';
import { ColourSchemeButton } from '@/ui/ColourSchemeButton';
import { LanguageMenu } from '@/ui/LanguageMenu';
import { PageSkeleton } from '@/ui/Page';

import { AREAS } from './areas';
import styles from './Shell.module.css';

const isAt = (path: string, here: string): boolean => (path === '/' ? here === '/' : here.startsWith(path));

/** The frame of the dashboard: menu, who is signed in, and the page. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation();
  const [opened, { toggle, close }] = useDisclosure();
  const { data: me } = useMe();
  const may = useMay();
  const signOut = useSignOut();
  const here = useLocation().pathname;
  const shown = AREAS.filter((area) => may(area.scope) && !(area.simulated && !me?.simulator_url));
  return (
    <AppShell header={{ height: 56 }} navbar={{ width: 240, breakpoint: 'sm', collapsed: { mobile: !opened } }} padding="md">
      <AppShell.Header px="md">
        <a href="#content" className={styles.skip}>
          {t('skip')}
        </a>
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Group wrap="nowrap" gap="sm">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t('menu')} />
            <UnstyledButton component={Link} to="/">
              <Text fw={700} truncate>
                {me?.organization.name}
              </Text>
            </UnstyledButton>
          </Group>
          <Group gap={4} wrap="nowrap">
            <LanguageMenu />
            <ColourSchemeButton />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label={t('menu')}>
        <AppShell.Section grow component={ScrollArea}>
          {shown.map((area, place) => (
            <Fragment key={area.path}>
              {area.group !== undefined && area.group !== shown[place - 1]?.group && (
                <Text size="xs" c="dimmed" fw={600} mt="sm" mb={4} px="sm">
                  {t(`navGroup.${area.group}`)}
                </Text>
              )}
              <NavLink
                component={Link}
                to={area.path}
                label={t(`nav.${area.name}`)}
                leftSection={<area.icon size={20} stroke={1.6} aria-hidden />}
                {...(isAt(area.path, here) && { active: true, 'aria-current': 'page' })}
                onClick={close}
              />
            </Fragment>
          ))}
        </AppShell.Section>
        <AppShell.Section>
          <NavLink
            component="button"
            label={t('signOut')}
            description={me?.name}
            leftSection={<IconLogout size={20} stroke={1.6} aria-hidden />}
            onClick={() => void signOut()}
          />
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <Boundary at={here}>
          <Suspense fallback={<PageSkeleton />}>{children}</Suspense>
        </Boundary>
      </AppShell.Main>
    </AppShell>
  );
}
