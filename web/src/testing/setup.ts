import { cleanup } from '@testing-library/react';
import { afterEach } from 'vitest';

import { answerFetches } from './server';

answerFetches();
// Areas of text that grow listen for fonts, which happy-dom has none of.
if ('document' in globalThis) Object.defineProperty(document, 'fonts', { value: new EventTarget() });
afterEach(cleanup);
