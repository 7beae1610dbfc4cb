/** Under which keys answers about wallets are remembered. */
export const WALLETS = ['wallets'] as const;
export const APPLE_REQUEST = [...WALLETS, 'apple-request'] as const;
