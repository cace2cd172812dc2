import { button, byId } from './dom.ts';
import { doneTable } from './done-table.ts';
import { groupsTable } from './groups-table.ts';
import { keysTable } from './keys-table.ts';
import { readBook } from './rows.ts';
import { themeButton } from './theme.ts';

/* The script of the report page. It reads what is in the page and nothing else. */

const book = readBook(byId('data').textContent);
const keys = keysTable(book);
byId('tools').append(
  themeButton(),
  button('Print', () => print()),
);
byId('keys-table').replaceChildren(keys.element);
byId('groups-table').replaceChildren(groupsTable(book, keys.go));
byId('done-table').replaceChildren(doneTable(book));

// What the page came with shows its keys, too.
addEventListener('click', ({ target }) => {
  const pressed = target instanceof Element ? target.closest<HTMLElement>('[data-view], [data-day]') : null;
  const { view, day, next } = pressed?.dataset ?? {};
  if (view !== undefined) keys.goToView(view);
  else if (day !== undefined && next !== undefined) keys.goToDay(day, next);
});
// What is folded away is no use on paper.
addEventListener('beforeprint', () => {
  for (const one of document.querySelectorAll('details')) one.open = true;
});
