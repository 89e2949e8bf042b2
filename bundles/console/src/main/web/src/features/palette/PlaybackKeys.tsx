// SPDX-License-Identifier: Apache-2.0
import { Button, Kbd, UnstyledButton } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  isFree,
  keysOf,
  keyUser,
  PLAYBACK_ACTIONS,
  type PlaybackAction,
  useChosenKeys,
  useKeyBindings,
} from '../playback/keyBindings';
import classes from './Palette.module.css';

/** As keys are labelled; all others are called as browsers call them. */
const LABEL: Record<string, string> = {
  ' ': 'Space',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  '-': '−',
};

/** The keys of playback, each of which a user can change: a click, then the new key. */
export function PlaybackKeys() {
  const { t } = useTranslation();
  const chosen = useChosenKeys();
  const { choose, forget } = useKeyBindings.getState();
  const [asked, setAsked] = useState<PlaybackAction>();

  useEffect(() => {
    if (!asked) {
      return;
    }
    // Before the dialog, which would close at Esc, and before the page's own keys.
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Tab') {
        setAsked(undefined);
        return;
      }
      event.preventDefault();
      event.stopPropagation();
      if (event.key === 'Escape') {
        setAsked(undefined);
      } else if (isFree(event.key) && !event.ctrlKey && !event.metaKey) {
        choose(keyUser(), asked, event.key.length === 1 ? event.key.toLowerCase() : event.key);
        setAsked(undefined);
      }
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, [asked, choose]);

  const label = (key: string) =>
    t(`keyMap.key.${LABEL[key] ?? key}`, { defaultValue: LABEL[key] ?? key.toUpperCase() });
  return (
    <>
      <table className={classes.keys}>
        <caption>{t('keyMap.page.playback')}</caption>
        <tbody>
          {PLAYBACK_ACTIONS.map((action) => {
            const keys = keysOf(action, chosen);
            return (
              <tr key={action}>
                <th scope="row">
                  <UnstyledButton
                    className={classes.changeable}
                    aria-label={t('keyMap.change', {
                      does: t(`keyMap.playback.${action}`),
                      keys: keys.map(label).join(', '),
                    })}
                    onClick={() => setAsked(action)}
                    data-testid={`key-of-${action}`}
                  >
                    {asked === action
                      ? t('keyMap.press')
                      : keys.map((key, order) => (
                          <span key={key}>
                            {order > 0 && ' · '}
                            <Kbd size="xs">{label(key)}</Kbd>
                          </span>
                        ))}
                    {asked !== action && keys.length === 0 && t('keyMap.none')}
                  </UnstyledButton>
                </th>
                <td>{t(`keyMap.playback.${action}`)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className={classes.hint}>{t('keyMap.hint')}</p>
      <Button
        size="xs"
        variant="default"
        disabled={Object.keys(chosen).length === 0}
        onClick={() => forget(keyUser())}
        data-testid="keys-usual"
      >
        {t('keyMap.usual')}
      </Button>
    </>
  );
}
