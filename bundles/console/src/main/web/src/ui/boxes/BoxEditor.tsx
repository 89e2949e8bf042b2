// SPDX-License-Identifier: Apache-2.0
import { Button, Group, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import {
  Fragment,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useId,
  useRef,
  useState,
} from 'react';
import type { Corners } from '../../api/motionMask';
import classes from './BoxEditor.module.css';
import { between, moved, type Rect, resized } from './rects';

const WIDTH_PX = 640;
const STEP = 0.01;
const BIG_STEP = 0.1;
/** Of one camera, as the server takes them, for masks and for areas of a search. */
const BOXES_MAX = 16;
const FRESH: Rect = { x: 0.35, y: 0.35, width: 0.3, height: 0.3 };

interface Props {
  cameraId: string;
  /** Of the recorded picture on which they are drawn; undefined: the one that the camera sends now. */
  atMs?: number;
  boxes: Rect[];
  onChange: (boxes: Rect[]) => void;
  /** Whether what is within is hidden, meant, or left out. */
  look: 'mask' | 'area' | 'hatched';
  /** Parts that count as left out, whatever is drawn. */
  hatched?: Corners[];
  texts: Texts;
  /** What browser tests find it and its parts by begins so. */
  testId: string;
  children?: ReactNode;
}

/** What it says, in words of what the boxes are for. */
interface Texts {
  title: string;
  add: string;
  all: string;
  noPicture: string;
  keys: string;
  box: (number: number) => string;
  remove: (number: number) => string;
}

interface Point {
  x: number;
  y: number;
}

/**
 * Rectangles over a camera's picture: drawn and moved with a pointer, or added with the button and then moved with the arrow
 * keys, made larger and smaller with shift and removed with Delete.
 */
export function BoxEditor({
  cameraId,
  atMs,
  boxes,
  onChange,
  look,
  hatched = [],
  texts,
  testId,
  children,
}: Props) {
  const [drawn, setDrawn] = useState<Rect>();
  const [picture, setPicture] = useState<'loading' | 'there' | 'none'>('loading');
  const stage = useRef<HTMLFieldSetElement>(null);
  const begun = useRef<Point | undefined>(undefined);
  const held = useRef<{ index: number; rect: Rect; at: Point } | undefined>(undefined);
  const full = boxes.length >= BOXES_MAX;

  function pointOf(event: PointerEvent): Point | undefined {
    const box = stage.current?.getBoundingClientRect();
    return box && box.width > 0 && box.height > 0
      ? { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height }
      : undefined;
  }

  const replace = (index: number, rect: Rect) => onChange(boxes.map((one, i) => (i === index ? rect : one)));

  function remove(index: number) {
    onChange(boxes.filter((_, i) => i !== index));
    stage.current?.focus();
  }

  function onPointerDown(event: PointerEvent<HTMLFieldSetElement>) {
    const at = pointOf(event);
    if (event.button !== 0 || !at) {
      return;
    }
    event.currentTarget.setPointerCapture?.(event.pointerId);
    const box = event.target instanceof Element ? event.target.closest('[data-box]') : null;
    const index = Number(box?.getAttribute('data-box') ?? -1);
    const rect = boxes[index];
    if (rect) {
      held.current = { index, rect, at };
    } else if (!full) {
      begun.current = at;
    }
  }

  function onPointerMove(event: PointerEvent<HTMLFieldSetElement>) {
    const at = pointOf(event);
    if (at && held.current) {
      const { index, rect, at: from } = held.current;
      replace(index, moved(rect, at.x - from.x, at.y - from.y));
    } else if (at && begun.current) {
      setDrawn(between(begun.current, at));
    }
  }

  function onPointerUp() {
    if (drawn) {
      onChange([...boxes, drawn]);
    }
    onPointerCancel();
  }

  function onPointerCancel() {
    setDrawn(undefined);
    begun.current = undefined;
    held.current = undefined;
  }

  function onKeyDown(event: KeyboardEvent, index: number, rect: Rect) {
    if (event.key === 'Delete' || event.key === 'Backspace') {
      event.preventDefault();
      remove(index);
      return;
    }
    // Not with Alt: browsers go back with it.
    const step = event.ctrlKey ? BIG_STEP : STEP;
    const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[
      event.key
    ];
    if (direction && !event.altKey && !event.metaKey) {
      event.preventDefault();
      const [dx = 0, dy = 0] = direction.map((one) => one * step);
      replace(index, event.shiftKey ? resized(rect, dx, dy) : moved(rect, dx, dy));
    }
  }

  return (
    <div data-testid={`${testId}s-of-${cameraId}`}>
      <Group justify="space-between" mb={4} gap="xs">
        <Text size="sm" fw={500}>
          {texts.title}
        </Text>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          disabled={full}
          onClick={() => onChange([...boxes, FRESH])}
          aria-label={`${texts.add}: ${texts.title}`}
          data-testid={`${testId}-add-${cameraId}`}
        >
          {texts.add}
        </Button>
      </Group>
      <fieldset
        ref={stage}
        className={classes.stage}
        data-look={look}
        tabIndex={-1}
        aria-label={texts.all}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={onPointerCancel}
        data-testid={`${testId}-stage-${cameraId}`}
      >
        <img
          className={classes.picture}
          src={pictureOf(cameraId, atMs)}
          alt=""
          draggable={false}
          data-shown={picture === 'there' || undefined}
          onLoad={() => setPicture('there')}
          onError={() => setPicture('none')}
        />
        {picture === 'none' && <span className={classes.none}>{texts.noPicture}</span>}
        {hatched.length > 0 && <Hatched areas={hatched} testId={`${testId}-hatched-${cameraId}`} />}
        {boxes.map((rect, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a box has nothing but its place among them
          <Fragment key={index}>
            <button
              type="button"
              className={classes.box}
              style={placed(rect)}
              data-box={index}
              aria-label={texts.box(index + 1)}
              aria-description={texts.keys}
              onKeyDown={(event) => onKeyDown(event, index, rect)}
              data-testid={`${testId}-${cameraId}-${index + 1}`}
            />
            <button
              type="button"
              className={classes.remove}
              style={{
                left: `calc(${(rect.x + rect.width) * 100}% - 28px)`,
                top: `calc(${rect.y * 100}% + 4px)`,
              }}
              aria-label={texts.remove(index + 1)}
              onPointerDown={(event) => event.stopPropagation()}
              onClick={() => remove(index)}
              data-testid={`${testId}-remove-${cameraId}-${index + 1}`}
            >
              <IconTrash size={14} />
            </button>
          </Fragment>
        ))}
        {drawn && <div className={classes.box} style={placed(drawn)} data-drawn />}
      </fieldset>
      {children}
    </div>
  );
}

function pictureOf(cameraId: string, atMs: number | undefined): string {
  const id = encodeURIComponent(cameraId);
  return atMs === undefined
    ? `/api/v1/cameras/${id}/snapshot?stream=main&width=${WIDTH_PX}`
    : `/media/v1/archive/${id}/thumbnail.jpg?at=${atMs}&width=${WIDTH_PX}`;
}

/** Lines across parts of the picture. */
function Hatched({ areas, testId }: { areas: Corners[]; testId: string }) {
  // As part of an address.
  const lines = useId().replace(/\W/g, '');
  return (
    <svg
      className={classes.hatched}
      viewBox="0 0 1 1"
      preserveAspectRatio="none"
      aria-hidden="true"
      data-testid={testId}
    >
      <pattern
        id={lines}
        width="0.02"
        height="0.02"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <rect width="0.02" height="0.02" />
        <line y2="0.02" />
      </pattern>
      {areas.map((points) => (
        <polygon key={points.join(' ')} points={points.join(' ')} fill={`url(#${lines})`} />
      ))}
    </svg>
  );
}

function placed({ x, y, width, height }: Rect) {
  const percent = (part: number) => `${part * 100}%`;
  return { left: percent(x), top: percent(y), width: percent(width), height: percent(height) };
}
