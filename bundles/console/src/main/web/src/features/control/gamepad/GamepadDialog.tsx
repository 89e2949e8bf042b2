// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button, Group, Modal, Table, Text } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  BUTTON_ACTIONS,
  type ButtonAction,
  buttonSaid,
  type Mapping,
  presetOf,
  STICK_ACTIONS,
  type StickAction,
  stickSaid,
  USUAL,
  withButton,
  withStick,
} from './mapping';
import { padsNow, useMappings } from './usePads';

const LOOK_MS = 50;

type Asked = { stick: StickAction } | { button: ButtonAction };

/** Which stick and which button does what: chosen by pushing it. Kept by this browser at once. */
export function GamepadDialog({ pad, onClose }: { pad: string; onClose: () => void }) {
  const { t } = useTranslation();
  const mapping = useMappings((state) => state.mappings[pad]) ?? USUAL;
  const { set } = useMappings.getState();
  const [asked, setAsked] = useState<Asked>();
  useAnswer(pad, asked, mapping, (answered) => {
    set(pad, answered);
    setAsked(undefined);
  });

  const line = (key: string, title: string, is: string | undefined, ask: Asked, without: Mapping) => {
    const waiting = JSON.stringify(asked) === JSON.stringify(ask);
    return (
      <Table.Tr key={key} data-testid={`gamepad-${key}`}>
        <Table.Td>{title}</Table.Td>
        <Table.Td>
          {waiting ? (
            <Text size="sm" role="status" fw={600}>
              {'stick' in ask ? t(`gamepad.push.${ask.stick}`) : t('gamepad.press')}
            </Text>
          ) : (
            (is ?? '–')
          )}
        </Table.Td>
        <Table.Td>
          <Group gap={4} justify="flex-end" wrap="nowrap">
            <Button
              size="compact-xs"
              variant={waiting ? 'filled' : 'default'}
              onClick={() => setAsked(waiting ? undefined : ask)}
              aria-label={t('gamepad.assignTo', { action: title })}
              data-testid={`gamepad-assign-${key}`}
            >
              {waiting ? t('common.cancel') : t('gamepad.assign')}
            </Button>
            <ActionIcon
              size="sm"
              disabled={is === undefined}
              onClick={() => set(pad, without)}
              aria-label={t('gamepad.clear', { action: title })}
              data-testid={`gamepad-clear-${key}`}
            >
              <IconX size={15} />
            </ActionIcon>
          </Group>
        </Table.Td>
      </Table.Tr>
    );
  };

  return (
    <Modal
      opened
      onClose={onClose}
      title={t('gamepad.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Text size="xs" c="dimmed" mb="xs">
        {pad}
      </Text>
      <Table verticalSpacing={4} aria-label={t('gamepad.title')} data-testid="gamepad-table">
        <Table.Tbody>
          {STICK_ACTIONS.map((action) => {
            const stick = mapping.sticks[action];
            const is =
              stick &&
              t(stick.inverted ? 'gamepad.stickInverted' : 'gamepad.stick', { number: stick.axis + 1 });
            return line(
              action,
              t(`control.axis.${action}`),
              is,
              { stick: action },
              withStick(mapping, action, undefined),
            );
          })}
          {BUTTON_ACTIONS.map((action) => {
            const button = mapping.buttons[action];
            const number = presetOf(action);
            const title =
              number === undefined ? t(`gamepad.action.${action}`) : t('gamepad.preset', { number });
            const is = button === undefined ? undefined : t('gamepad.button', { number: button + 1 });
            return line(action, title, is, { button: action }, withButton(mapping, action, undefined));
          })}
        </Table.Tbody>
      </Table>
      <Group justify="space-between" mt="md">
        <Button variant="subtle" color="gray" onClick={() => set(pad, undefined)} data-testid="gamepad-reset">
          {t('gamepad.reset')}
        </Button>
        <Button onClick={onClose} data-testid="gamepad-done">
          {t('common.close')}
        </Button>
      </Group>
    </Modal>
  );
}

/** Waits for what is pushed while something is asked. */
function useAnswer(
  pad: string,
  asked: Asked | undefined,
  mapping: Mapping,
  onAnswer: (mapping: Mapping) => void,
) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: begins with each question, not with each picture of the page
  useEffect(() => {
    const now = () => padsNow().find(({ id }) => id === pad);
    let before = now();
    if (!asked || !before) {
      return;
    }
    // Browsers may hand out one object that lives on.
    const copied = (state: NonNullable<typeof before>) => ({
      ...state,
      id: state.id,
      index: state.index,
      axes: [...state.axes],
      buttons: state.buttons.map(({ pressed, value }) => ({ pressed, value })),
    });
    before = copied(before);
    const timer = setInterval(() => {
      const state = now();
      if (!state || !before) {
        return;
      }
      if ('stick' in asked) {
        const stick = stickSaid(state, before);
        if (stick) {
          onAnswer(withStick(mapping, asked.stick, stick));
        }
      } else {
        const button = buttonSaid(state, before);
        if (button !== undefined) {
          onAnswer(withButton(mapping, asked.button, button));
        }
        // One that was held when it was asked counts once it is pressed anew.
        before = copied(state);
      }
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [asked, pad]);
}
