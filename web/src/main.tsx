import './ui/mantine.css';
import './ui/global.css';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app';
import { startTexts } from './texts/texts';
import { adoptTheme } from './ui/adoptTheme';
import { styleNonce } from './ui/styleNonce';

adoptTheme();
setNonce(styleNonce());
startTexts();

const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
