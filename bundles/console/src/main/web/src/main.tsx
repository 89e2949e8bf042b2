// SPDX-License-Identifier: Apache-2.0
import '@mantine/core/styles.css';
import './app/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { registerWorker } from './app/worker';
import { startI18n } from './i18n';
import { startServerName } from './ui/serverName';

registerWorker();
const root = document.getElementById('root');
if (root) {
  startServerName();
  void startI18n().then(() =>
    createRoot(root).render(
      <StrictMode>
        <App />
      </StrictMode>,
    ),
  );
}
