/** What the pages of tills ask of the server. */
import { useQuery } from '@tanstack/react-query';

import { type Schemas, api, data } from '@/lib/api';
import { useList } from '@/lib/paging';

export type Operation = Schemas['OfflineOperationOut'];
export type Device = Schemas['DeviceOut'];

export const OPERATIONS = ['offline-operations'] as const;
export const DEVICES = ['devices'] as const;
/** What the home page says needs somebody. */
export const HOME = ['reports', 'attention'] as const;

/** What was refused when it arrived: still to be settled, or settled by somebody. */
export const useRefused = (resolved: boolean) =>
  useList<Operation>([...OPERATIONS, { resolved }], async (query) =>
    data(await api.GET('/api/v1/offline-operations', { params: { query: { ...query, status: 'rejected', resolved } } })),
  );

export const useDevices = () =>
  useList<Device>(DEVICES, async (query) => data(await api.GET('/api/v1/devices', { params: { query } })));

/** The name of a till; `undefined` until it is known. */
export function useDeviceName(id: string): string | undefined {
  const device = useQuery({
    queryKey: [...DEVICES, id],
    staleTime: 60_000,
    queryFn: async () => data(await api.GET('/api/v1/devices/{device_id}', { params: { path: { device_id: id } } })),
  });
  return device.data?.name;
}

/** Whose card it was; `undefined` where nobody knows. */
export function useCustomerId(membershipId: string | null): string | undefined {
  const member = useQuery({
    queryKey: ['members', membershipId, 'customer'],
    enabled: membershipId !== null,
    staleTime: 60_000,
    queryFn: async () =>
      data(await api.GET('/api/v1/members/{membership_id}', { params: { path: { membership_id: membershipId ?? '' } } })).customer_id,
  });
  return member.data;
}
