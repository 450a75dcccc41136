import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { preferredLanguage, setLanguage } from './i18n/t';
import { onKey } from './keys/listen';
import { applyTheme, preferences } from './state/preferences';
import { resume } from './state/session';
import './styles/all.css';

applyTheme(preferences.get().theme);
document.addEventListener('keydown', onKey);

async function begin() {
  await setLanguage(preferredLanguage());
  await resume();
  const root = document.getElementById('root');
  if (root)
    createRoot(root).render(
      <StrictMode>
        <App />
      </StrictMode>,
    );
}
void begin();
