import { CardPair } from '@/features/designer/preview/CardPair';
import { WelcomePage } from '@/features/welcome/WelcomePage';

/** The first steps, with the designer's drawing of both wallets. */
export function WelcomeArea() {
  return <WelcomePage preview={CardPair} />;
}
