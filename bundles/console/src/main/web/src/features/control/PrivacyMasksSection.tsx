// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Alert, ColorInput, Loader, Select, Stack, Switch, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type MaskSettings,
  type PrivacyMaskOptions,
  type PrivacyMasks,
  usePrivacyMasks,
} from '../../api/privacyMasks';
import { serverClock } from '../../api/serverClock';
import type { Camera } from '../../api/types';
import { wordFor } from '../../i18n';
import { BoxEditor } from '../../ui/boxes/BoxEditor';
import { mayWith } from '../../ui/permissions';
import { problemText } from '../../ui/problemText';
import classes from './ControlPage.module.css';
import { Differences } from './Differences';
import { FormButtons } from './FormButtons';
import {
  baseOf,
  carryOut,
  type Drawing,
  draftsOf,
  isEmpty,
  type MaskDraft,
  planOf,
  redrawn,
  upToDate,
} from './maskDraft';
import { usePictureSince } from './usePictureSince';

interface Props {
  camera: Camera;
  canManage: boolean;
}

/** What the camera itself hides of its picture: seen by who may see its configuration, set by who manages it. */
export function PrivacyMasksSection({ camera, canManage }: Props) {
  const masks = usePrivacyMasks(camera.id);
  return (
    <Stack gap="xs">
      {masks.error && (
        <Alert color="yellow" variant="light" p="xs" data-testid="privacy-masks-problem">
          {problemText(masks.error)}
        </Alert>
      )}
      {/* A camera that is away for a moment takes away nothing that was drawn. */}
      {masks.data && <MasksForm camera={camera} canManage={canManage} masks={masks.data} />}
      {masks.isPending && <Loader size="sm" />}
    </Stack>
  );
}

function MasksForm({ camera, canManage, masks: { options, items } }: Props & { masks: PrivacyMasks }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [drawn, setDrawn] = useState<Drawing>();
  /** The number of the row that is pointed at. */
  const [marked, setMarked] = useState<number>();
  const [changedMs, setChangedMs] = useState<number>();
  const picture = usePictureSince(camera.id, mayWith(camera, 'view_live') ? changedMs : undefined);
  const known = useMemo(() => draftsOf(items), [items]);
  const drafts = drawn ? upToDate(drawn, known) : known;
  const plan = planOf(drawn ?? { base: known, drafts: known }, known);
  const save = useMutation({
    mutationFn: () =>
      carryOut(camera.id, plan, options.masksMax - known.length, (key, token, settings) =>
        setDrawn(
          (now) =>
            now && {
              base: [...now.base, { key, token, settings }],
              drafts: now.drafts.map((one) => (one.key === key ? { ...one, token } : one)),
            },
        ),
      ),
    onSuccess: () => setDrawn(undefined),
    onSettled: () => {
      // One that failed has done a part of it, maybe.
      setChangedMs(serverClock.now());
      return client.invalidateQueries({ queryKey: ['control', camera.id, 'privacy-masks'] });
    },
  });
  const draw = (now: MaskDraft[]) => {
    save.reset();
    // By now all of what the camera has is seen beside what was drawn.
    setDrawn({ base: baseOf(known, drawn?.base), drafts: now });
  };
  const set = (key: string, some: Partial<MaskSettings>) =>
    draw(drafts.map((one) => (one.key === key ? { ...one, settings: { ...one.settings, ...some } } : one)));
  const tooMany = drafts.length > options.masksMax;
  const unmasked = ['main', 'sub'].filter((stream) => !options.streams.includes(stream));
  const boxes = drafts.flatMap(({ rect }) => (rect ? [rect] : []));
  // Rows count every mask, boxes those that are rectangles: one number for both.
  const numbers = drafts.flatMap(({ rect }, index) => (rect ? [index + 1] : []));
  const shapes = drafts.flatMap(({ rect, settings: { points } }, index) =>
    rect ? [] : [{ points, number: index + 1 }],
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
      noValidate
      aria-label={t('control.privacyMasks.title')}
      data-testid="privacy-masks"
    >
      <Stack gap="xs">
        <Text size="xs" c="dimmed">
          {t('control.privacyMasks.hint')}
        </Text>
        {unmasked.includes('sub') && (
          <Text size="xs" c="orange" data-testid="privacy-masks-unmasked">
            {t('control.privacyMasks.mainOnly')}
          </Text>
        )}
        <BoxEditor
          cameraId={camera.id}
          picture={picture}
          look="mask"
          hatched={shapes}
          boxes={boxes}
          numbers={numbers}
          marked={marked}
          onChange={canManage ? (rects) => draw(redrawn(drafts, rects, options)) : undefined}
          max={options.masksMax - shapes.length}
          texts={{
            title: t('control.privacyMasks.count', { count: drafts.length, max: options.masksMax }),
            add: t('exports.maskAdd'),
            all: t('exports.masksOf', { name: camera.name }),
            noPicture: t('control.privacyMasks.noPicture'),
            keys: t('exports.maskKeys'),
            full: t('control.privacyMasks.full', { count: options.masksMax }),
            box: (number) => t('exports.maskNumber', { number, name: camera.name }),
            remove: (number) => t('exports.maskRemove', { number, name: camera.name }),
          }}
          testId="privacy-mask"
        >
          {canManage && (
            <Text size="xs" c="dimmed" mt={4}>
              {t('exports.maskKeys')}
            </Text>
          )}
        </BoxEditor>
        <ul className={classes.rows}>
          {drafts.map((draft, index) => (
            <li
              key={draft.key}
              className={classes.row}
              onPointerEnter={() => setMarked(index + 1)}
              onPointerLeave={() => setMarked(undefined)}
              onFocus={() => setMarked(index + 1)}
              onBlur={() => setMarked(undefined)}
              data-testid={`privacy-mask-row-${index + 1}`}
            >
              <MaskRow
                number={index + 1}
                draft={draft}
                options={options}
                canManage={canManage}
                onChange={(some) => set(draft.key, some)}
                onRemove={() => draw(drafts.filter(({ key }) => key !== draft.key))}
              />
            </li>
          ))}
        </ul>
        {save.error && (
          <Alert color="red" variant="light" p="xs" role="alert" data-testid="privacy-masks-refused">
            {problemText(save.error)}
          </Alert>
        )}
        {save.data && (
          <Differences
            differences={save.data.flatMap((change) => change.differences)}
            nameOf={(field) => t(`control.privacyMasks.field.${field}`, { defaultValue: field })}
            testId={(what) => `privacy-masks-${what}`}
          />
        )}
        {canManage && (
          <FormButtons
            isTouched={drawn !== undefined}
            isChanged={!isEmpty(plan) && !tooMany}
            isPending={save.isPending}
            onReset={() => {
              setDrawn(undefined);
              save.reset();
            }}
            testId="privacy-masks-save"
          />
        )}
      </Stack>
    </form>
  );
}

interface RowProps {
  number: number;
  draft: MaskDraft;
  options: PrivacyMaskOptions;
  canManage: boolean;
  onChange: (some: Partial<MaskSettings>) => void;
  onRemove: () => void;
}

/** What of a mask is not where it is. */
function MaskRow({ number, draft: { rect, settings }, options, canManage, onChange, onRemove }: RowProps) {
  const { t } = useTranslation();
  const kinds = options.kinds.includes(settings.kind) ? options.kinds : [...options.kinds, settings.kind];
  const hasColor = settings.kind === 'color' && (options.anyColor || options.colors.length > 0);
  return (
    <>
      <Switch
        size="xs"
        label={t(rect ? 'control.privacyMasks.mask' : 'control.privacyMasks.shape', { number })}
        checked={settings.on}
        disabled={!canManage}
        onChange={(event) => onChange({ on: event.currentTarget.checked })}
        data-testid={`privacy-mask-on-${number}`}
      />
      {kinds.length > 1 && (
        <Select
          size="xs"
          w={104}
          aria-label={t('control.privacyMasks.kindOf', { number })}
          allowDeselect={false}
          disabled={!canManage}
          data={kinds.map((kind) => ({ value: kind, label: wordFor('control.privacyMasks.kind', kind) }))}
          value={settings.kind}
          onChange={(kind) => kind && onChange({ kind, color: undefined })}
          data-testid={`privacy-mask-kind-${number}`}
        />
      )}
      {hasColor && (
        <ColorInput
          size="xs"
          w={96}
          aria-label={t('control.privacyMasks.colorOf', { number })}
          disabled={!canManage}
          disallowInput={!options.anyColor}
          withPicker={options.anyColor}
          // It would take colours that are not listed, and the room of the field's own.
          withEyeDropper={false}
          withPreview={settings.color !== undefined}
          placeholder="–"
          swatches={options.anyColor ? undefined : options.colors}
          value={settings.color ?? ''}
          onChange={(color) => onChange({ color: color === '' ? undefined : color.toLowerCase() })}
          data-testid={`privacy-mask-color-${number}`}
        />
      )}
      {canManage && !rect && (
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          aria-label={t('control.privacyMasks.remove', { number })}
          onClick={onRemove}
          data-testid={`privacy-mask-shape-remove-${number}`}
        >
          <IconTrash size={14} />
        </ActionIcon>
      )}
    </>
  );
}
