// SPDX-License-Identifier: Apache-2.0
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Motion } from '../../api/control';
import type { Camera } from '../../api/types';
import { CameraStateIcon } from '../../ui/CameraStateIcon';
import { useZoom } from '../../ui/zoom/useZoom';
import { ZoomMark } from '../../ui/zoom/ZoomMark';
import { seenAt, transformOf } from '../../ui/zoom/zoom';
import { pictureIn } from '../extensions/OverlayLayer';
import { TileBadge } from '../live/TileBadge';
import { TileNotice } from '../live/TileNotice';
import { useLivePlayer } from '../live/useLivePlayer';
import { type Frame, framed, inPicture } from './aim';
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

interface Stick extends Frame {
  /** A box is being drawn, not a stick pushed. */
  boxed: boolean;
  /** It was pushed so far that the camera moves. */
  pushed: boolean;
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
  const zooming = useZoom(stage, mover !== undefined);
  useWheelZoom(stage, mover);

  function down(event: PointerEvent<HTMLElement>) {
    // With Alt the picture is moved here, not the camera.
    if (event.altKey || (event.target instanceof Element && event.target.closest('button'))) {
      return;
    }
    if (mover && (mover.steers || mover.aims !== 'nothing') && event.button === 0) {
      event.currentTarget.setPointerCapture(event.pointerId);
      const { left, top } = event.currentTarget.getBoundingClientRect();
      const x = event.clientX - left;
      const y = event.clientY - top;
      setStick({ x0: x, y0: y, x, y, boxed: event.shiftKey && mover.aims === 'box', pushed: false });
    }
  }

  function move(event: PointerEvent<HTMLElement>) {
    if (!mover || !stick) {
      return;
    }
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    const x = event.clientX - left;
    const y = event.clientY - top;
    const motion = dragMotion(x - stick.x0, y - stick.y0, Math.min(width, height) / 2);
    const pushed = stick.pushed || motion.pan !== 0 || motion.tilt !== 0;
    setStick({ ...stick, x, y, pushed });
    if (!stick.boxed) {
      mover.steer(motion);
    }
  }

  function up() {
    setStick(undefined);
    mover?.release();
  }

  /** What was touched comes to the middle, what was framed fills the picture; what was pushed stops. */
  function lift(event: PointerEvent<HTMLElement>) {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    const last = stick && { ...stick, x: event.clientX - left, y: event.clientY - top };
    up();
    if (!mover || mover.aims === 'nothing' || !last) {
      return;
    }
    const motion = dragMotion(last.x - last.x0, last.y - last.y0, Math.min(width, height) / 2);
    const pushed = last.pushed || motion.pan !== 0 || motion.tilt !== 0;
    const frame = { width, height };
    const picture = pictureIn(frame, player?.stats() ?? { width: 0, height: 0 });
    const seen = ofWhole(last, frame);
    const aim = !pushed
      ? inPicture(seen, frame, picture)
      : last.boxed
        ? framed(seen, frame, picture)
        : undefined;
    if (aim) {
      mover.aim(aim);
    }
  }

  /** Where it would be in the picture that is not enlarged. */
  function ofWhole({ x0, y0, x, y }: Frame, { width, height }: { width: number; height: number }): Frame {
    const from = seenAt(zooming.zoom, x0 / width, y0 / height);
    const to = seenAt(zooming.zoom, x / width, y / height);
    return { x0: from.x * width, y0: from.y * height, x: to.x * width, y: to.y * height };
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
      title={mover && mover.aims !== 'nothing' ? t(`control.aims.${mover.aims}`) : undefined}
      data-steered={mover !== undefined || undefined}
      data-phase={state.phase}
      data-testid="control-stage"
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={lift}
      onPointerCancel={up}
      onLostPointerCapture={up}
      onKeyDown={keyDown}
      onKeyUp={keyUp}
      onBlur={leave}
    >
      <div ref={host} className={classes.host} style={{ transform: transformOf(zooming.zoom) }} />
      <TileNotice camera={camera} state={state} />
      <div className={classes.top}>
        <CameraStateIcon status={camera.status} />
        <strong>{camera.name}</strong>
      </div>
      {player && state.phase === 'live' && <TileBadge player={player} stream={state.stream} />}
      <ZoomMark zooming={zooming} offered={mover === undefined} />
      {stick?.boxed && (
        <svg className={classes.stick} aria-hidden="true" data-testid="control-box">
          <rect
            x={Math.min(stick.x0, stick.x)}
            y={Math.min(stick.y0, stick.y)}
            width={Math.abs(stick.x - stick.x0)}
            height={Math.abs(stick.y - stick.y0)}
            fill="rgb(105 173 240 / 15%)"
            stroke="#69adf0"
            strokeWidth="2"
          />
        </svg>
      )}
      {stick && !stick.boxed && (
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
      if (event.altKey) {
        return;
      }
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
