// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Alert, SegmentedControl, Text } from '@mantine/core';
import {
  IconArrowDown,
  IconArrowDownLeft,
  IconArrowDownRight,
  IconArrowLeft,
  IconArrowRight,
  IconArrowUp,
  IconArrowUpLeft,
  IconArrowUpRight,
  IconMinus,
  IconPlayerStopFilled,
  IconPlus,
} from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Axis, Motion } from '../../api/control';
import { problemText } from '../../ui/problemText';
import classes from './ControlPage.module.css';
import type { Mover } from './useMove';

const SPEEDS: Record<string, number> = { slow: 0.15, medium: 0.45, fast: 1 };

/** Buttons that move as long as they are held, by pointer or by key. */
export function PtzPad({ mover, error }: { mover: Mover; error?: Error | null }) {
  const { t } = useTranslation();
  const [pace, setPace] = useState('medium');
  const speed = SPEEDS[pace] ?? 1;
  const canMove = mover.can('pan') || mover.can('tilt');
  const arrow = (key: string, pan: number, tilt: number, icon: ReactNode) => (
    <Hold
      mover={mover}
      motion={{ ...(pan ? { pan: pan * speed } : {}), ...(tilt ? { tilt: tilt * speed } : {}) }}
      label={t(`control.move.${key}`)}
      testId={`ptz-${key}`}
    >
      {icon}
    </Hold>
  );
  const pair = (axis: Axis, less: string, more: string) =>
    mover.can(axis) && (
      <div className={classes.pair}>
        <span>{t(`control.axis.${axis}`)}</span>
        <Hold
          mover={mover}
          motion={{ [axis]: -speed }}
          label={t(`control.move.${less}`)}
          testId={`ptz-${less}`}
        >
          <IconMinus size={19} />
        </Hold>
        <Hold
          mover={mover}
          motion={{ [axis]: speed }}
          label={t(`control.move.${more}`)}
          testId={`ptz-${more}`}
        >
          <IconPlus size={19} />
        </Hold>
      </div>
    );
  const problem = error && (
    <Alert color="yellow" variant="light" p="xs" mb="xs" data-testid="ptz-problem">
      {problemText(error)}
    </Alert>
  );
  if (problem && !mover.known) {
    return problem;
  }
  return (
    <>
      {problem}
      <div className={classes.pads} data-testid="ptz-pad">
        {canMove && (
          <div className={classes.pad}>
            {arrow('upLeft', -1, 1, <IconArrowUpLeft size={19} />)}
            {arrow('up', 0, 1, <IconArrowUp size={19} />)}
            {arrow('upRight', 1, 1, <IconArrowUpRight size={19} />)}
            {arrow('left', -1, 0, <IconArrowLeft size={19} />)}
            <ActionIcon
              variant="default"
              aria-label={t('control.stop')}
              onClick={mover.halt}
              data-testid="ptz-stop"
            >
              <IconPlayerStopFilled size={16} />
            </ActionIcon>
            {arrow('right', 1, 0, <IconArrowRight size={19} />)}
            {arrow('downLeft', -1, -1, <IconArrowDownLeft size={19} />)}
            {arrow('down', 0, -1, <IconArrowDown size={19} />)}
            {arrow('downRight', 1, -1, <IconArrowDownRight size={19} />)}
          </div>
        )}
        <div>
          {pair('zoom', 'wider', 'nearer')}
          {pair('focus', 'focusNear', 'focusFar')}
        </div>
      </div>
      <SegmentedControl
        size="xs"
        mt="sm"
        aria-label={t('control.speed')}
        value={pace}
        onChange={setPace}
        data={Object.keys(SPEEDS).map((value) => ({ value, label: t(`control.pace.${value}`) }))}
      />
      <Text size="xs" c="dimmed" mt={8}>
        {t('control.hint')}
        {mover.aims !== 'nothing' && ` ${t(`control.aims.${mover.aims}`)}`}
      </Text>
    </>
  );
}

interface HoldProps {
  mover: Mover;
  motion: Motion;
  label: string;
  testId: string;
  children: ReactNode;
}

function Hold({ mover, motion, label, testId, children }: HoldProps) {
  const holding = useRef(false);
  const press = () => {
    holding.current = true;
    mover.press(motion);
  };
  const release = () => {
    if (holding.current) {
      holding.current = false;
      mover.release();
    }
  };
  // Who goes while it is held lets go.
  useEffect(
    () => () => {
      if (holding.current) {
        holding.current = false;
        mover.release();
      }
    },
    [mover],
  );
  return (
    <ActionIcon
      variant="default"
      aria-label={label}
      title={label}
      onPointerDown={(event) => {
        if (event.button === 0) {
          event.currentTarget.setPointerCapture(event.pointerId);
          press();
        }
      }}
      onPointerUp={release}
      onPointerCancel={release}
      onLostPointerCapture={release}
      onKeyDown={(event) => {
        if ((event.key === ' ' || event.key === 'Enter') && !event.repeat) {
          event.preventDefault();
          press();
        }
      }}
      onKeyUp={release}
      onBlur={release}
      onContextMenu={(event) => event.preventDefault()}
      data-testid={testId}
    >
      {children}
    </ActionIcon>
  );
}
