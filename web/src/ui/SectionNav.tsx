import { NavLink } from 'react-router';

import styles from './SectionNav.module.css';

interface SectionNavProps {
  readonly label: string;
  readonly sections: readonly { readonly to: string; readonly label: string; readonly end?: boolean }[];
}

/** The sections of a page, each with an address of its own. */
export function SectionNav({ label, sections }: SectionNavProps) {
  return (
    <nav aria-label={label}>
      <ul className={styles.list}>
        {sections.map(({ to, label: text, end = false }) => (
          <li key={to}>
            <NavLink to={to} end={end} className={styles.link ?? ''}>
              {text}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
