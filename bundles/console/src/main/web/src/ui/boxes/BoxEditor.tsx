// SPDX-License-Identifier: Apache-2.0
import { Button, Group, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { Fragment, type ReactNode, useId, useRef, useState } from 'react';
import type { Corners } from '../../api/motionMask';
import classes from './BoxEditor.module.css';
import type { Rect } from './rects';
import { type Shape, Shapes } from './Shapes';
import { useDrawing } from './useDrawing';

const WIDTH_PX = 640;
/** Of its box. A picture is not turned round with the page, and its bin is at the right. */
const AT_LEFT = { left: 7, top: 6 };

interface Props {
  cameraId: string;
  /** Of the recorded picture on which they are drawn; undefined: the one that the camera sends now. */
  atMs?: number;
  /** Another picture of the camera's, where there is a better one. */
  picture?: string;
  boxes: Rect[];
  /** Undefined: they are only looked at. */
  onChange?: (boxes: Rect[]) => void;
  /** How many there is place for; it may have more of somebody else. */
  max: number;
  /** Whether what is within is hidden, meant, or left out. */
  look: 'mask' | 'area' | 'hatched';
  /** What boxes are called elsewhere on the page: it stands in them. By default they count from 1, and only for the ear. */
  numbers?: number[];
  /** The number of the one that is pointed at elsewhere. */
  marked?: number;
  /** Parts that count as left out, whatever is drawn. */
  hatched?: Shape[];
  /** What somebody else has drawn. */
  dashed?: Corners[];
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
  /** Why there can be no more. */
  full: string;
  box: (number: number) => string;
  remove: (number: number) => string;
}

/**
 * Rectangles over a camera's picture: drawn and moved with a pointer, or added with the button and then moved with the arrow
 * keys, made larger and smaller with shift and removed with Delete.
 */
export function BoxEditor({
  cameraId,
  atMs,
  picture = pictureOf(cameraId, atMs),
  boxes,
  onChange,
  max,
  look,
  numbers,
  marked,
  hatched = [],
  dashed = [],
  texts,
  testId,
  children,
}: Props) {
  const [shown, setShown] = useState<'loading' | 'there' | 'none'>('loading');
  const stage = useRef<HTMLFieldSetElement>(null);
  const fullId = useId();
  const readOnly = onChange === undefined;
  const full = !readOnly && boxes.length >= max;
  const drawing = useDrawing(stage, boxes, full, onChange ?? (() => undefined));
  const numberOf = (index: number) => numbers?.[index] ?? index + 1;
  return (
    <div data-testid={`${testId}s-of-${cameraId}`}>
      <Group justify="space-between" mb={4} gap="xs">
        <Text size="sm" fw={500}>
          {texts.title}
        </Text>
        {!readOnly && (
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<IconPlus size={14} />}
            disabled={full}
            onClick={drawing.add}
            aria-label={`${texts.add}: ${texts.title}`}
            aria-describedby={full ? fullId : undefined}
            data-testid={`${testId}-add-${cameraId}`}
          >
            {texts.add}
          </Button>
        )}
      </Group>
      <fieldset
        ref={stage}
        className={classes.stage}
        data-look={look}
        data-readonly={readOnly || undefined}
        tabIndex={-1}
        aria-label={texts.all}
        {...(readOnly ? {} : drawing.pointers)}
        data-testid={`${testId}-stage-${cameraId}`}
      >
        <img
          className={classes.picture}
          src={picture}
          alt=""
          draggable={false}
          data-shown={shown === 'there' || undefined}
          onLoad={() => setShown('there')}
          onError={() => setShown('none')}
        />
        {shown === 'none' && <span className={classes.none}>{texts.noPicture}</span>}
        {hatched.length > 0 && (
          <Shapes shapes={hatched} look="hatched" marked={marked} testId={`${testId}-hatched-${cameraId}`} />
        )}
        {boxes.map((rect, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a box has nothing but its place among them
          <Fragment key={index}>
            <button
              type="button"
              className={classes.box}
              style={placed(rect)}
              disabled={readOnly}
              data-box={index}
              data-marked={marked === numberOf(index) || undefined}
              aria-label={texts.box(numberOf(index))}
              aria-description={readOnly ? undefined : texts.keys}
              onKeyDown={(event) => drawing.onKeyDown(event, index, rect)}
              data-testid={`${testId}-${cameraId}-${index + 1}`}
            >
              {numbers && (
                <span className={classes.number} style={AT_LEFT}>
                  {numberOf(index)}
                </span>
              )}
            </button>
            {!readOnly && (
              <button
                type="button"
                className={classes.remove}
                style={{
                  left: `calc(${(rect.x + rect.width) * 100}% - 28px)`,
                  top: `calc(${rect.y * 100}% + 4px)`,
                }}
                aria-label={texts.remove(numberOf(index))}
                onPointerDown={(event) => event.stopPropagation()}
                onClick={() => drawing.remove(index)}
                data-testid={`${testId}-remove-${cameraId}-${index + 1}`}
              >
                <IconTrash size={14} />
              </button>
            )}
          </Fragment>
        ))}
        {drawing.drawn && <div className={classes.box} style={placed(drawing.drawn)} data-drawn />}
        {dashed.length > 0 && (
          <Shapes
            shapes={dashed.map((points) => ({ points }))}
            look="dashed"
            testId={`${testId}-dashed-${cameraId}`}
          />
        )}
      </fieldset>
      {full && (
        <Text
          id={fullId}
          size="xs"
          mt={4}
          c={boxes.length > max ? 'red' : 'dimmed'}
          role={boxes.length > max ? 'alert' : undefined}
          data-testid={`${testId}-full-${cameraId}`}
        >
          {texts.full}
        </Text>
      )}
      {children}
    </div>
  );
}

function pictureOf(cameraId: string, atMs: number | undefined): string {
  const id = encodeURIComponent(cameraId);
  return atMs === undefined
    ? stillOf(cameraId)
    : `/media/v1/archive/${id}/thumbnail.jpg?at=${atMs}&width=${WIDTH_PX}&stream=auto`;
}

/** The newest key picture of what a camera sends. */
export const stillOf = (cameraId: string) =>
  `/api/v1/cameras/${encodeURIComponent(cameraId)}/snapshot?stream=main&width=${WIDTH_PX}`;

function placed({ x, y, width, height }: Rect) {
  const percent = (part: number) => `${part * 100}%`;
  return { left: percent(x), top: percent(y), width: percent(width), height: percent(height) };
}
