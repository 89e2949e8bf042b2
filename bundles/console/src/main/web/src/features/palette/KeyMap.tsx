// SPDX-License-Identifier: Apache-2.0
import { Kbd, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { KEYS } from './keyMap';
import classes from './Palette.module.css';
import { PlaybackKeys } from './PlaybackKeys';

/** Which key does what, page by page. */
export function KeyMap({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  // Keys with a name of their own in each language; all others are called as they are labelled.
  const named = (key: string) => t(`keyMap.key.${key}`, { defaultValue: key });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('keyMap.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      size="lg"
    >
      <div data-testid="key-map">
        {KEYS.map(({ page, keys }) => (
          <table key={page} className={classes.keys}>
            <caption>{t(`keyMap.page.${page}`)}</caption>
            <tbody>
              {keys.map(([does, ...pressed]) => (
                <tr key={does}>
                  <th scope="row">
                    {pressed.map((one, order) => (
                      <span key={one}>
                        {order > 0 && ' · '}
                        {one.split(' ').map((key, part) => (
                          <span key={key}>
                            {part > 0 && ' + '}
                            <Kbd size="xs">{named(key)}</Kbd>
                          </span>
                        ))}
                      </span>
                    ))}
                  </th>
                  <td>{t(`keyMap.does.${does}`)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ))}
        <PlaybackKeys />
      </div>
    </Modal>
  );
}
