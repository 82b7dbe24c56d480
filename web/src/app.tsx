import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { queryClient } from './api/queryClient';
import { router } from './routes/router';
import { Direction } from './texts/Direction';
import { styleNonce } from './ui/styleNonce';
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
          <Notifications position="bottom-center" limit={3} containerWidth={400} />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </Direction>
  );
}
