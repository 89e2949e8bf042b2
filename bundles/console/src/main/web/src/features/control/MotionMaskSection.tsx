// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, Group, Loader, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Corners, type MotionMask, useMotionMask, useSaveMotionMask } from '../../api/motionMask';
import type { Camera } from '../../api/types';
import { BoxEditor } from '../../ui/boxes/BoxEditor';
import { corners, rectOf } from '../../ui/boxes/corners';
import type { Rect } from '../../ui/boxes/rects';
import { problemText } from '../../ui/problemText';
import { FormButtons } from './FormButtons';

/** As the server takes them. */
const AREAS_MAX = 16;

interface Props {
  camera: Camera;
}

/** Areas of a camera's picture in which what moves counts as no motion. */
export function MotionMaskSection({ camera }: Props) {
  const mask = useMotionMask(camera.id);
  return (
    <Stack gap="xs">
      {mask.error && (
        <Alert color="yellow" variant="light" p="xs" data-testid="motion-mask-problem">
          {problemText(mask.error)}
        </Alert>
      )}
      {/* A question that failed takes away nothing that was drawn. */}
      {mask.data && <MaskForm camera={camera} mask={mask.data} />}
      {mask.isPending && <Loader size="sm" />}
    </Stack>
  );
}

interface Drawn {
  boxes: Rect[];
  /** What is drawn otherwise than as boxes; the editor has none of these. */
  shapes: Corners[];
}

function drawnOf({ areas }: MotionMask): Drawn {
  const drawn: Drawn = { boxes: [], shapes: [] };
  for (const { points } of areas) {
    const rect = rectOf(points);
    if (rect) {
      drawn.boxes.push(rect);
    } else {
      drawn.shapes.push(points);
    }
  }
  return drawn;
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
const allOf = ({ boxes, shapes }: Drawn) => [...boxes.map(corners), ...shapes];

function MaskForm({ camera, mask }: Props & { mask: MotionMask }) {
  const { t } = useTranslation();
  const save = useSaveMotionMask(camera.id);
  /** What was drawn and is not saved yet, and the version upon which it was. */
  const [drawn, setDrawn] = useState<Drawn & { version: number }>();
  const known = drawnOf(mask);
  const { boxes, shapes } = drawn ?? known;
  const areas = allOf({ boxes, shapes });
  const changed = !same(areas, allOf(known));
  const version = drawn && changed ? drawn.version : mask.version;
  const isStale = version !== mask.version;
  const draw = (change: Partial<Drawn>) => {
    save.reset();
    const now = { boxes, shapes, version, ...change };
    setDrawn(same(allOf(now), allOf(known)) ? undefined : now);
  };
  const undo = () => {
    setDrawn(undefined);
    save.reset();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(
          { version, areas: areas.map((points) => ({ points })) },
          { onSuccess: () => setDrawn(undefined) },
        );
      }}
      noValidate
      aria-label={t('control.motionMask.title')}
      data-testid="motion-mask"
      data-unsaved={changed || undefined}
    >
      <Stack gap="xs">
        <Text size="xs" c="dimmed">
          {t('control.motionMask.hint')}
        </Text>
        <BoxEditor
          cameraId={camera.id}
          look="hatched"
          hatched={shapes.map((points) => ({ points }))}
          dashed={isStale ? allOf(known) : []}
          boxes={boxes}
          onChange={(rects) => draw({ boxes: rects })}
          max={AREAS_MAX - shapes.length}
          texts={{
            title: t('control.motionMask.areas'),
            add: t('control.motionMask.add'),
            all: t('control.motionMask.areasOf', { name: camera.name }),
            noPicture: t('control.motionMask.noPicture'),
            keys: t('motion.areaKeys'),
            full: t('motion.areaFull', { count: AREAS_MAX }),
            box: (number) => t('control.motionMask.area', { number }),
            remove: (number) => t('control.motionMask.remove', { number }),
          }}
          testId="motion-mask"
        >
          <Text size="xs" c="dimmed" mt={4}>
            {t('motion.areaKeys')}
          </Text>
        </BoxEditor>
        {shapes.length > 0 && (
          <Group gap="xs" justify="space-between" data-testid="motion-mask-shapes">
            <Text size="xs">{t('control.motionMask.otherShapes', { count: shapes.length })}</Text>
            <Button size="compact-xs" variant="default" onClick={() => draw({ shapes: [] })}>
              {t('control.motionMask.removeShapes')}
            </Button>
          </Group>
        )}
        {isStale && (
          <Stale
            isEmpty={mask.areas.length === 0}
            onKeep={() => {
              save.reset();
              setDrawn({ boxes, shapes, version: mask.version });
            }}
            onDiscard={undo}
          />
        )}
        {save.error && !isStale && (
          <Alert color="red" variant="light" p="xs" role="alert" data-testid="motion-mask-refused">
            {problemText(save.error)}
          </Alert>
        )}
        {(changed || save.isSuccess) && (
          <Text size="xs" c={changed ? 'orange' : 'teal'} role="status" data-testid="motion-mask-state">
            {t(changed ? 'control.motionMask.unsaved' : 'control.motionMask.saved')}
          </Text>
        )}
        <FormButtons
          isTouched={changed}
          isChanged={changed && !isStale}
          isPending={save.isPending}
          onReset={undo}
          testId="motion-mask-save"
        />
      </Stack>
    </form>
  );
}

interface StaleProps {
  isEmpty: boolean;
  onKeep: () => void;
  onDiscard: () => void;
}

/** Somebody else was faster: what is there now is to be seen, and then either is taken. */
function Stale({ isEmpty, onKeep, onDiscard }: StaleProps) {
  const { t } = useTranslation();
  return (
    <Alert color="yellow" variant="light" p="xs" role="alert" data-testid="motion-mask-stale">
      <Text size="xs" mb={6}>
        {t(isEmpty ? 'control.motionMask.staleEmpty' : 'control.motionMask.stale')}
      </Text>
      <Group gap="xs">
        <Button size="compact-xs" variant="default" onClick={onDiscard} data-testid="motion-mask-discard">
          {t('control.motionMask.discard')}
        </Button>
        <Button size="compact-xs" variant="default" onClick={onKeep} data-testid="motion-mask-keep">
          {t('control.motionMask.keep')}
        </Button>
      </Group>
    </Alert>
  );
}
