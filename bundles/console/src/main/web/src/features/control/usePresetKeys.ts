// SPDX-License-Identifier: Apache-2.0
import { useCallback, useEffect } from 'react';
import { usePresets, usePresetTask } from '../../api/control';
import { isForDialog, isTyping } from '../../ui/keys';
import { problemText } from '../../ui/problemText';
import { toast } from '../../ui/toast';

/** Digits go to the presets of a camera, in the order in which they are listed. */
export function usePresetKeys(cameraId: string, has: boolean): (number: number) => void {
  const presets = usePresets(cameraId, has).data;
  const { mutate } = usePresetTask(cameraId);
  const go = useCallback(
    (number: number) => {
      const preset = presets?.filter(({ home }) => !home)[number - 1];
      if (has && preset) {
        mutate(
          { kind: 'go', token: preset.token },
          { onError: (error) => toast(problemText(error), 'error') },
        );
      }
    },
    [has, presets, mutate],
  );
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const modified = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
      if (!modified && !event.repeat && /^[1-9]$/.test(event.key)) {
        if (!isTyping(event.target) && !isForDialog(event.target)) {
          go(Number(event.key));
        }
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [go]);
  return go;
}
