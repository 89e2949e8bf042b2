// SPDX-License-Identifier: Apache-2.0
import { Notification } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { create } from 'zustand';
import classes from './toast.module.css';

interface Toast {
  id: number;
  text: string;
  kind: 'info' | 'error';
}

const SHOWN_MS = 5_000;
const SHOWN_MAX = 4;
let lastId = 0;

const useToasts = create<{ toasts: Toast[] }>(() => ({ toasts: [] }));

export function toast(text: string, kind: Toast['kind'] = 'info'): void {
  const id = ++lastId;
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts, { id, text, kind }].slice(-SHOWN_MAX) }));
  setTimeout(() => dismiss(id), SHOWN_MS);
}

function dismiss(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((entry) => entry.id !== id) }));
}

/** Short messages in the corner; read aloud politely. */
export function Toasts() {
  const { t } = useTranslation();
  const toasts = useToasts((state) => state.toasts);
  return (
    <div className={classes.corner} role="status" aria-live="polite">
      {toasts.map((entry) => (
        <Notification
          key={entry.id}
          color={entry.kind === 'error' ? 'red' : 'signal'}
          withBorder
          onClose={() => dismiss(entry.id)}
          closeButtonProps={{ 'aria-label': t('common.close') }}
        >
          {entry.text}
        </Notification>
      ))}
    </div>
  );
}
