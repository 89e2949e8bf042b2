// SPDX-License-Identifier: Apache-2.0
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Motion } from '../../api/control';
import type { Camera } from '../../api/types';
import { CameraStateIcon } from '../../ui/CameraStateIcon';
import { TileBadge } from '../live/TileBadge';
import { TileNotice } from '../live/TileNotice';
import { useLivePlayer } from '../live/useLivePlayer';
import classes from './ControlPage.module.css';
import { dragMotion } from './moveLoop';
import type { Mover } from './useMove';

/** A wheel has no end of its own: so long after its last notch the zoom stops. */
const WHEEL_END_MS = 220;
const WHEEL_SPEED = 0.6;
const KEY_SPEED = 0.5;

const KEYS: Record<string, Motion> = {
  ArrowLeft: { pan: -KEY_SPEED },
  ArrowRight: { pan: KEY_SPEED },
  ArrowUp: { tilt: KEY_SPEED },
  ArrowDown: { tilt: -KEY_SPEED },
  '+': { zoom: KEY_SPEED },
  '-': { zoom: -KEY_SPEED },
};

interface Stick {
  x0: number;
  y0: number;
  x: number;
  y: number;
}

/** The live picture; of a camera that can be moved it is also the stick it is moved with. */
export function Stage({ camera, mover }: { camera: Camera; mover?: Mover }) {
  const { t } = useTranslation();
  const stage = useRef<HTMLElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const { player, state } = useLivePlayer(camera.id, 'main', host);
  const [stick, setStick] = useState<Stick>();
  /** By the key's place: what it types can change while it is held. */
  const held = useRef(new Map<string, Motion>());
  useWheelZoom(stage, mover);

  function down(event: PointerEvent<HTMLElement>) {
    if (mover?.steers && event.button === 0) {
      event.currentTarget.setPointerCapture(event.pointerId);
      const { left, top } = event.currentTarget.getBoundingClientRect();
      const x = event.clientX - left;
      const y = event.clientY - top;
      setStick({ x0: x, y0: y, x, y });
    }
  }

  function move(event: PointerEvent<HTMLElement>) {
    if (!mover || !stick) {
      return;
    }
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    const x = event.clientX - left;
    const y = event.clientY - top;
    setStick({ ...stick, x, y });
    mover.steer(dragMotion(x - stick.x0, y - stick.y0, Math.min(width, height) / 2));
  }

  function up() {
    setStick(undefined);
    mover?.release();
  }

  function steerByKeys() {
    const motion: Motion = Object.assign({}, ...held.current.values());
    if (Object.keys(motion).length > 0) {
      mover?.press(motion);
    } else {
      mover?.release();
    }
  }

  function keyDown(event: KeyboardEvent) {
    const motion = KEYS[event.key];
    if (mover && motion && event.target === stage.current) {
      event.preventDefault();
      if (!event.repeat) {
        held.current.set(event.code, motion);
        steerByKeys();
      }
    }
  }

  function keyUp(event: KeyboardEvent) {
    if (held.current.delete(event.code)) {
      steerByKeys();
    }
  }

  function leave() {
    held.current.clear();
    up();
  }

  return (
    <section
      ref={stage}
      className={classes.stage}
      tabIndex={mover ? 0 : undefined}
      aria-label={t(mover ? 'control.steer' : 'control.picture', { name: camera.name })}
      data-steered={mover !== undefined || undefined}
      data-phase={state.phase}
      data-testid="control-stage"
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={up}
      onLostPointerCapture={up}
      onKeyDown={keyDown}
      onKeyUp={keyUp}
      onBlur={leave}
    >
      <div ref={host} className={classes.host} />
      <TileNotice camera={camera} state={state} />
      <div className={classes.top}>
        <CameraStateIcon status={camera.status} />
        <strong>{camera.name}</strong>
      </div>
      {player && state.phase === 'live' && <TileBadge player={player} stream={state.stream} />}
      {stick && (
        <svg className={classes.stick} aria-hidden="true">
          <circle cx={stick.x0} cy={stick.y0} r="16" fill="none" stroke="#69adf0" strokeWidth="2" />
          <line x1={stick.x0} y1={stick.y0} x2={stick.x} y2={stick.y} stroke="#69adf0" strokeWidth="3" />
          <circle cx={stick.x} cy={stick.y} r="6" fill="#69adf0" />
        </svg>
      )}
    </section>
  );
}

/** The wheel zooms. Not by React, whose wheel listeners cannot keep the page from scrolling. */
function useWheelZoom(stage: React.RefObject<HTMLElement | null>, mover: Mover | undefined) {
  useEffect(() => {
    const element = stage.current;
    if (!element || !mover?.can('zoom')) {
      return;
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = () => {
      timer = undefined;
      mover.release();
    };
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      clearTimeout(timer);
      mover.press({ zoom: event.deltaY < 0 ? WHEEL_SPEED : -WHEEL_SPEED });
      timer = setTimeout(end, WHEEL_END_MS);
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      element.removeEventListener('wheel', onWheel);
      if (timer !== undefined) {
        clearTimeout(timer);
        end();
      }
    };
  }, [stage, mover]);
}
