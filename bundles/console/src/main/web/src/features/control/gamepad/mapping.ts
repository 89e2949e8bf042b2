// SPDX-License-Identifier: Apache-2.0
// What the sticks and buttons of a gamepad do. Pure.
import type { Axis, Motion } from '../../../api/control';

/** A stick or a lever, as far as its camera's axis goes with it or against it. */
export interface Stick {
  axis: number;
  inverted: boolean;
}

export const STICK_ACTIONS = ['pan', 'tilt', 'zoom', 'focus'] as const satisfies readonly Axis[];
export type StickAction = (typeof STICK_ACTIONS)[number];

export const BUTTON_ACTIONS = [
  'zoomIn',
  'zoomOut',
  'focusNear',
  'focusFar',
  'stop',
  'preset1',
  'preset2',
  'preset3',
  'preset4',
  'preset5',
  'preset6',
  'preset7',
  'preset8',
  'preset9',
] as const;
export type ButtonAction = (typeof BUTTON_ACTIONS)[number];

export interface Mapping {
  sticks: Partial<Record<StickAction, Stick>>;
  /** Numbers of buttons. */
  buttons: Partial<Record<ButtonAction, number>>;
}

/** A gamepad at one moment, as browsers tell it. */
export interface PadState {
  axes: readonly number[];
  buttons: readonly { pressed: boolean; value: number }[];
}

/** Worn sticks do not come back to the middle by themselves. */
export const DEAD_ZONE = 0.1;

/** For pads with the standard mapping (W3C Gamepad 8): left stick, triggers and shoulders, the four buttons at the right. */
export const USUAL: Mapping = {
  sticks: {
    pan: { axis: 0, inverted: false },
    // Browsers count downwards.
    tilt: { axis: 1, inverted: true },
    zoom: { axis: 3, inverted: true },
  },
  buttons: {
    zoomIn: 7,
    zoomOut: 6,
    focusFar: 5,
    focusNear: 4,
    stop: 1,
    preset1: 0,
    preset2: 2,
    preset3: 3,
  },
};

/** -1..1 from where the dead zone ends, by the square: fine near the middle, fast at the rim. */
export function speedOf(value: number): number {
  const share = Math.min(1, Math.max(0, (Math.abs(value) - DEAD_ZONE) / (1 - DEAD_ZONE)));
  return share === 0 ? 0 : Math.sign(value) * share * share;
}

/** How a pad moves a camera; axes that stand still are left out. */
export function motionOf(pad: PadState, mapping: Mapping): Motion {
  const motion: Motion = {};
  for (const action of STICK_ACTIONS) {
    const stick = mapping.sticks[action];
    const speed = speedOf(stick ? (pad.axes[stick.axis] ?? 0) : 0);
    if (stick && speed !== 0) {
      motion[action] = stick.inverted ? -speed : speed;
    }
  }
  const pushed = (action: ButtonAction) => speedOf(pad.buttons[mapping.buttons[action] ?? -1]?.value ?? 0);
  const zoom = pushed('zoomIn') - pushed('zoomOut');
  const focus = pushed('focusFar') - pushed('focusNear');
  return {
    ...motion,
    ...(zoom === 0 ? {} : { zoom }),
    ...(focus === 0 ? {} : { focus }),
  };
}

export const isStill = (motion: Motion): boolean => Object.values(motion).every((speed) => speed === 0);

/** Buttons that do something once each time they are pressed. */
export function pressedOf(pad: PadState, mapping: Mapping): ButtonAction[] {
  return BUTTON_ACTIONS.filter(
    (action) =>
      (action === 'stop' || action.startsWith('preset')) &&
      (pad.buttons[mapping.buttons[action] ?? -1]?.pressed ?? false),
  );
}

export const presetOf = (action: ButtonAction): number | undefined =>
  action.startsWith('preset') ? Number(action.slice('preset'.length)) : undefined;

/** So far a stick is pushed by somebody who wants to say which one. */
const SAID = 0.6;

/** The stick that is pushed, and which way; nothing while none is. */
export function stickSaid(pad: PadState, before: PadState): Stick | undefined {
  const axis = pad.axes.findIndex(
    (value, n) => Math.abs(value) > SAID && Math.abs(value - (before.axes[n] ?? 0)) > SAID / 2,
  );
  return axis < 0 ? undefined : { axis, inverted: (pad.axes[axis] ?? 0) < 0 };
}

/** The button that was pressed since; nothing while none was. */
export function buttonSaid(pad: PadState, before: PadState): number | undefined {
  const found = pad.buttons.findIndex(({ pressed }, n) => pressed && !before.buttons[n]?.pressed);
  return found < 0 ? undefined : found;
}

/** The same with one stick for an action; none takes it away. */
export function withStick(mapping: Mapping, action: StickAction, stick: Stick | undefined): Mapping {
  const { [action]: _before, ...sticks } = mapping.sticks;
  return { ...mapping, sticks: stick ? { ...sticks, [action]: stick } : sticks };
}

/** The same with one button for an action, which then does nothing else; none takes it away. */
export function withButton(mapping: Mapping, action: ButtonAction, button: number | undefined): Mapping {
  const others = Object.entries(mapping.buttons).filter(([one, at]) => one !== action && at !== button);
  return {
    ...mapping,
    buttons: { ...Object.fromEntries(others), ...(button === undefined ? {} : { [action]: button }) },
  };
}
