import { DirectionProvider } from '@mantine/core';
import type { ReactNode } from 'react';
import { direction } from './texts';

export function Direction({ children }: { children: ReactNode }) {
  return (
    <DirectionProvider initialDirection={direction()} detectDirection={false}>
      {children}
    </DirectionProvider>
  );
}
