// SPDX-License-Identifier: Apache-2.0
import { Button, Kbd, UnstyledButton } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  isFree,
  keyName,
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

/** The keys that are pressed at once; one may be "+" itself. */
const partsOf = (name: string): string[] => (name.length > 1 ? name.split('+') : [name]);

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
        const name = keyName(event);
        choose(keyUser(), asked, name.length === 1 ? name.toLowerCase() : name);
        setAsked(undefined);
      }
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, [asked, choose]);

  const label = (key: string) =>
    t(`keyMap.key.${LABEL[key] ?? key}`, { defaultValue: LABEL[key] ?? key.toUpperCase() });
  const labels = (name: string) => partsOf(name).map(label);
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
                      keys: keys.map((key) => labels(key).join(' + ')).join(', '),
                    })}
                    onClick={() => setAsked(action)}
                    data-testid={`key-of-${action}`}
                  >
                    {asked === action
                      ? t('keyMap.press')
                      : keys.map((key, order) => (
                          <span key={key}>
                            {order > 0 && ' · '}
                            {labels(key).map((part, place) => (
                              <span key={part}>
                                {place > 0 && ' + '}
                                <Kbd size="xs">{part}</Kbd>
                              </span>
                            ))}
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
