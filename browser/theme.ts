import { button } from './dom.ts';

const THEMES = ['system', 'light', 'dark'] as const;

/** A button that goes through the themes. Nothing is kept: a file has no place for it that others would not share. */
export function themeButton(): HTMLButtonElement {
  let current = 0;
  const made = button(text(), () => {
    current = (current + 1) % THEMES.length;
    document.documentElement.dataset['theme'] = THEMES[current] ?? 'system';
    made.textContent = text();
  });
  function text(): string {
    return `Theme: ${THEMES[current] ?? 'system'}`;
  }
  return made;
}
