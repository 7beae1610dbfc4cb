/** The areas of the dashboard: where each stands in the menu, what it needs, and the page that is loaded for it. */
import { IconAddressBook, IconHome, IconPalette, IconSettings, IconUserCircle, IconUsers, type Icon } from '@tabler/icons-react';
import { type ComponentType, lazy } from 'react';

export interface Area {
  /** Path below /app, and the name of the area in the texts (`nav.<name>`). */
  readonly path: string;
  readonly name: string;
  readonly icon: Icon;
  /** Shown to those who have this scope. */
  readonly scope: string;
  readonly page: ComponentType;
}

export const AREAS: readonly Area[] = [
  {
    path: '/',
    name: 'home',
    icon: IconHome,
    scope: 'organization:read',
    page: lazy(() => import('@/features/home/HomePage').then((module) => ({ default: module.HomePage }))),
  },
  {
    path: '/designs',
    name: 'designs',
    icon: IconPalette,
    scope: 'programs:read',
    page: lazy(() => import('@/features/designer/list/DesignsPage').then((module) => ({ default: module.DesignsPage }))),
  },
  {
    path: '/customers',
    name: 'customers',
    icon: IconAddressBook,
    scope: 'customers:read',
    page: lazy(() => import('@/features/customers/CustomersPage').then((module) => ({ default: module.CustomersPage }))),
  },
  {
    path: '/team',
    name: 'team',
    icon: IconUsers,
    scope: 'operators:read',
    page: lazy(() => import('@/features/team/TeamPage').then((module) => ({ default: module.TeamPage }))),
  },
  {
    path: '/settings',
    name: 'settings',
    icon: IconSettings,
    scope: 'organization:read',
    page: lazy(() => import('@/features/settings/SettingsPage').then((module) => ({ default: module.SettingsPage }))),
  },
  {
    path: '/account',
    name: 'account',
    icon: IconUserCircle,
    scope: 'organization:read',
    page: lazy(() => import('@/features/account/AccountPage').then((module) => ({ default: module.AccountPage }))),
  },
];
