/** The areas of the dashboard: where each stands in the menu, what it needs, and the page that is loaded for it. */
import { IconAddressBook, IconCalendarEvent, IconCashRegister, IconDeviceMobile, IconDiscount, IconDoorEnter, IconGift, IconGiftCard, IconHome, IconPalette, IconQrcode, IconRosetteDiscount, IconSettings, IconUserCircle, IconUsers, type Icon } from '@tabler/icons-react';
import { type ComponentType, lazy } from 'react';

export interface Area {
  /** Path below /app, and the name of the area in the texts (`nav.<name>`). */
  readonly path: string;
  readonly name: string;
  readonly icon: Icon;
  /** Shown to those who have this scope. */
  readonly scope: string;
  readonly page: ComponentType;
  /** Shown only where the server has simulated phones. */
  readonly simulated?: boolean;
  /** Areas of one group stand together under its name (`navGroup.<group>`). */
  readonly group?: string;
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
    path: '/customers',
    name: 'customers',
    icon: IconAddressBook,
    scope: 'customers:read',
    page: lazy(() => import('@/features/customers/CustomersPage').then((module) => ({ default: module.CustomersPage }))),
  },
  {
    path: '/programs',
    name: 'programs',
    group: 'loyalty',
    icon: IconRosetteDiscount,
    scope: 'programs:read',
    page: lazy(() => import('./ProgramsArea').then((module) => ({ default: module.ProgramsArea }))),
  },
  {
    path: '/rewards',
    name: 'rewards',
    group: 'loyalty',
    icon: IconGift,
    scope: 'programs:read',
    page: lazy(() => import('@/features/rewards/RewardsPage').then((module) => ({ default: module.RewardsPage }))),
  },
  {
    path: '/coupons',
    name: 'coupons',
    group: 'loyalty',
    icon: IconDiscount,
    scope: 'coupons:read',
    page: lazy(() => import('@/features/coupons/CouponsPage').then((module) => ({ default: module.CouponsPage }))),
  },
  {
    path: '/gift-cards',
    name: 'giftcards',
    group: 'loyalty',
    icon: IconGiftCard,
    scope: 'giftcards:read',
    page: lazy(() => import('@/features/giftcards/GiftCardsPage').then((module) => ({ default: module.GiftCardsPage }))),
  },
  {
    path: '/events',
    name: 'events',
    group: 'loyalty',
    icon: IconCalendarEvent,
    scope: 'tickets:read',
    page: lazy(() => import('./EventsArea').then((module) => ({ default: module.EventsArea }))),
  },
  {
    path: '/check-ins',
    name: 'checkins',
    group: 'loyalty',
    icon: IconDoorEnter,
    scope: 'checkins:read',
    page: lazy(() => import('@/features/checkins/CheckInsPage').then((module) => ({ default: module.CheckInsPage }))),
  },
  {
    path: '/designs',
    name: 'designs',
    icon: IconPalette,
    scope: 'programs:read',
    page: lazy(() => import('@/features/designer/list/DesignsPage').then((module) => ({ default: module.DesignsPage }))),
  },
  {
    path: '/distribution',
    name: 'distribution',
    icon: IconQrcode,
    scope: 'links:read',
    page: lazy(() => import('@/features/distribution/DistributionPage').then((module) => ({ default: module.DistributionPage }))),
  },
  {
    path: '/tills',
    name: 'tills',
    icon: IconCashRegister,
    scope: 'ledger:read',
    page: lazy(() => import('@/features/tills/TillsPage').then((module) => ({ default: module.TillsPage }))),
  },
  {
    path: '/phones',
    name: 'phones',
    icon: IconDeviceMobile,
    scope: 'programs:read',
    simulated: true,
    page: lazy(() => import('@/features/phones/PhonesPage').then((module) => ({ default: module.PhonesPage }))),
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
