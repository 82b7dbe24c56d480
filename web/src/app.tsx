import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { queryClient } from './api/queryClient';
import { router } from './routes/router';
import { Direction } from './texts/Direction';
import { styleNonce } from './ui/styleNonce';
import { Tips } from './ui/Tips';
import { Toasts } from './ui/Toasts';
import { theme } from './ui/theme';

const schemes = localStorageColorSchemeManager({ key: 'wigwag-color-scheme' });

export function App() {
  return (
    <Direction>
      <MantineProvider
        theme={theme}
        colorSchemeManager={schemes}
        defaultColorScheme="auto"
        getStyleNonce={styleNonce}
        withCssVariables={false}
        withGlobalClasses={false}
      >
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
          <Toasts />
          <Tips />
        </QueryClientProvider>
      </MantineProvider>
    </Direction>
  );
}
