import { useTranslation } from 'react-i18next';
import { Route, Routes } from 'react-router';

import { useMay } from '@/lib/session';
import { Page } from '@/ui/Page';
import { SectionNav } from '@/ui/SectionNav';

import { CardPage } from './CardPage';
import { CardsPanel } from './CardsPanel';
import { ImportPanel } from './ImportPanel';
import { EditProduct, NewProduct } from './ProductEditor';
import { ProductsPanel } from './ProductsPanel';
import { SellPage } from './SellPage';

/** Gift cards: those that are out, what is sold, and cards that were printed before. */
export function GiftCardsPage() {
  return (
    <Routes>
      <Route path="sell" element={<SellPage />} />
      <Route path="products/new" element={<NewProduct />} />
      <Route path="products/:id" element={<EditProduct />} />
      <Route path="cards/:id" element={<CardPage />} />
      <Route path="*" element={<Sections />} />
    </Routes>
  );
}

function Sections() {
  const { t } = useTranslation('giftcards');
  const mayWrite = useMay()('giftcards:write');
  const sections = [
    { to: '/gift-cards', label: t('cards.title'), end: true },
    { to: '/gift-cards/products', label: t('products.title') },
    ...(mayWrite ? [{ to: '/gift-cards/import', label: t('import.title') }] : []),
  ];
  return (
    <Page title={t('title')} lead={t('lead')}>
      <SectionNav label={t('title')} sections={sections} />
      <Routes>
        <Route index element={<CardsPanel />} />
        <Route path="products" element={<ProductsPanel />} />
        <Route path="import" element={<ImportPanel />} />
      </Routes>
    </Page>
  );
}
