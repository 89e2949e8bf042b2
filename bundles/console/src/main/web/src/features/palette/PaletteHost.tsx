// SPDX-License-Identifier: Apache-2.0
import { lazy, Suspense, useEffect } from 'react';
import { isForDialog, isTyping } from '../../ui/keys';
import { usePalette } from './usePalette';

const Palette = lazy(() => import('./Palette').then(({ Palette: part }) => ({ default: part })));
const KeyMap = lazy(() => import('./KeyMap').then(({ KeyMap: part }) => ({ default: part })));

/** Opens the palette (Ctrl+K) and the map of keys (?); both are loaded when they are wanted first. */
export function PaletteHost() {
  const { shown, show } = usePalette();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTyping(event.target) || isForDialog(event.target)) {
        return;
      }
      const command = event.ctrlKey || event.metaKey;
      if (command && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        show('palette');
      } else if (!command && event.key === '?') {
        event.preventDefault();
        show('keys');
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [show]);
  const close = () => show(null);
  return (
    <Suspense fallback={null}>
      {shown === 'palette' && <Palette onClose={close} />}
      {shown === 'keys' && <KeyMap onClose={close} />}
    </Suspense>
  );
}
