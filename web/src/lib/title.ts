import { useEffect } from 'react';

/** The name of the browser's tab: what is open, and in front of it how many conversations wait. */
let page = '';
let waiting = 0;

function show(): void {
  const name = page ? `${page} · Wigwag` : 'Wigwag';
  document.title = waiting > 0 ? `(${waiting}) ${name}` : name;
}

/** Names the page that is open; the name goes when the page does. */
export function usePageTitle(name: string): void {
  useEffect(() => {
    page = name;
    show();
    return () => {
      page = '';
      show();
    };
  }, [name]);
}

/** Says in the tab how many conversations wait for a person. */
export function useWaitingTitle(count: number): void {
  useEffect(() => {
    waiting = count;
    show();
    return () => {
      waiting = 0;
      show();
    };
  }, [count]);
}
