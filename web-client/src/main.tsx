import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
// First, so that what a feature says of its own parts comes after it.
import './styles/fonts.css';
import './styles/base.css';
import { App } from './app';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element #root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
