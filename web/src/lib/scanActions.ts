/** What tills do by themselves after a scan. A further one is a further word here, in the API, and in the till's `start`. */
import type { Schemas } from './api';

export type ScanAction = Schemas['OrganizationOut']['scan_action'];
export const SCAN_ACTIONS: readonly ScanAction[] = ['ask', 'visit', 'amount', 'redeem', 'check_in', 'look_up'];
