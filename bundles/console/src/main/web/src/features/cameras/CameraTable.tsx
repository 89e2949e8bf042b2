// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Checkbox, Switch, Text, Tooltip } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type MouseEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useSaveCamera } from '../../api/queries';
import type { Camera, RecordingSettings, StreamStatus } from '../../api/types';
import { wordFor } from '../../i18n';
import { codecName } from '../../player/mse/codecs';
import { CameraStateIcon, stateText } from '../../ui/CameraStateIcon';
import { mayWith } from '../../ui/permissions';
import { problemText } from '../../ui/problemText';
import { causeSentence } from '../../ui/serverText';
import { dateTime } from '../../ui/time';
import { toast } from '../../ui/toast';
import { useOpenCamera } from '../tree/useOpenCamera';
import classes from './CamerasPage.module.css';

const ROW_PX = 52;
/** Columns that a phone has no room for. */
const ROOMY = ['address', 'streams', 'recording', 'enabled'];

interface Props {
  cameras: Camera[];
  canManage: boolean;
  /** Ids of those that are to be changed together. */
  chosen: ReadonlySet<string>;
  onChoose: (ids: ReadonlySet<string>) => void;
  emptyText: string;
  onEdit: (camera: Camera) => void;
  onDelete: (camera: Camera) => void;
}

/** A second click within this time is a double click, which edits. */
const DOUBLE_CLICK_MS = 250;

/** Inside a row: what has a meaning of its own. */
const isControl = (event: MouseEvent | KeyboardEvent) =>
  event.target instanceof Element && event.target.closest('button,input,label,a') !== null;

/** A table of which only the rows in view are in the document. A click shows a camera, a double click or Enter edits it. */
export function CameraTable({ cameras, canManage, chosen, onChoose, emptyText, onEdit, onDelete }: Props) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const open = useOpenCamera();
  const clicked = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(clicked.current), []);
  const onClick = (event: MouseEvent, camera: Camera) => {
    clearTimeout(clicked.current);
    const choosingText = window.getSelection()?.type === 'Range';
    if (!isControl(event) && !choosingText && event.detail <= 1) {
      clicked.current = setTimeout(() => open(camera), canManage ? DOUBLE_CLICK_MS : 0);
    }
  };
  const onDoubleClick = (event: MouseEvent, camera: Camera) => {
    clearTimeout(clicked.current);
    if (canManage && !isControl(event)) {
      onEdit(camera);
    }
  };
  const onKeyDown = (event: KeyboardEvent, camera: Camera) => {
    if (event.key === 'Enter' && !isControl(event)) {
      event.preventDefault();
      (canManage ? onEdit : open)(camera);
    }
  };
  const virtual = useVirtualizer({
    count: cameras.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 6,
    initialRect: { width: 1000, height: 700 },
  });
  const choosable = cameras.filter((camera) => mayWith(camera, 'manage_cameras'));
  const chosenHere = choosable.filter(({ id }) => chosen.has(id)).length;
  const choose = (some: Camera[], isChosen: boolean) => {
    const ids = new Set(chosen);
    for (const { id } of some) {
      isChosen ? ids.add(id) : ids.delete(id);
    }
    onChoose(ids);
  };
  if (cameras.length === 0) {
    return (
      <Text c="dimmed" size="sm" px="lg" py="xl">
        {emptyText}
      </Text>
    );
  }
  return (
    <div ref={scroller} className={classes.scroller}>
      {/* biome-ignore lint/a11y/useSemanticElements: rows are placed by the virtualiser, which a table cannot do */}
      <div
        className={canManage ? `${classes.table} ${classes.choosing}` : classes.table}
        role="table"
        aria-rowcount={cameras.length + 1}
        aria-label={t('cameras.title')}
        data-testid="camera-table"
      >
        {/* biome-ignore lint/a11y/useSemanticElements: see above */}
        <div className={classes.head} role="row" tabIndex={-1}>
          {canManage && (
            // biome-ignore lint/a11y/useSemanticElements: see above
            <span role="columnheader" tabIndex={-1}>
              <Checkbox
                size="xs"
                aria-label={t('bulk.chooseAll')}
                checked={chosenHere > 0 && chosenHere === choosable.length}
                indeterminate={chosenHere > 0 && chosenHere < choosable.length}
                disabled={choosable.length === 0}
                onChange={(event) => choose(choosable, event.currentTarget.checked)}
                data-testid="cameras-choose"
              />
            </span>
          )}
          {['name', 'state', ...ROOMY].map((column) => (
            // biome-ignore lint/a11y/useSemanticElements: see above
            <span
              key={column}
              className={ROOMY.includes(column) ? classes.roomy : undefined}
              role="columnheader"
              tabIndex={-1}
            >
              {t(`cameras.column.${column}`)}
            </span>
          ))}
          <span className={classes.pinned} />
        </div>
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map((item) => {
            const camera = cameras[item.index];
            return (
              camera && (
                // biome-ignore lint/a11y/useSemanticElements: see above
                <div
                  key={camera.id}
                  className={classes.row}
                  role="row"
                  tabIndex={0}
                  aria-rowindex={item.index + 2}
                  onClick={(event) => onClick(event, camera)}
                  onDoubleClick={(event) => onDoubleClick(event, camera)}
                  onKeyDown={(event) => onKeyDown(event, camera)}
                  style={{ top: item.start, height: ROW_PX }}
                  data-testid={`camera-row-${camera.id}`}
                >
                  {canManage && (
                    <Cell>
                      <Checkbox
                        size="xs"
                        aria-label={t('bulk.choose', { name: camera.name })}
                        checked={chosen.has(camera.id)}
                        disabled={!mayWith(camera, 'manage_cameras')}
                        onChange={(event) => choose([camera], event.currentTarget.checked)}
                        data-testid={`camera-choose-${camera.id}`}
                      />
                    </Cell>
                  )}
                  <CameraCells camera={camera} canManage={canManage} onEdit={onEdit} onDelete={onDelete} />
                </div>
              )
            );
          })}
        </div>
      </div>
    </div>
  );
}

function CameraCells({
  camera,
  canManage,
  onEdit,
  onDelete,
}: Pick<Props, 'canManage' | 'onEdit' | 'onDelete'> & { camera: Camera }) {
  const { t } = useTranslation();
  const save = useSaveCamera();
  const { status } = camera;
  const detail =
    causeSentence(status.cause, status.detail) ??
    t('cameras.since', { time: dateTime(Date.parse(status.since)) });
  const enable = (enabled: boolean) =>
    save.mutate(
      { existing: camera, draft: { enabled } },
      { onError: (error) => toast(problemText(error), 'error') },
    );
  return (
    <>
      <Cell title={camera.group ? `${camera.name} · ${camera.group}` : camera.name}>
        <span className={classes.name}>
          <strong>{camera.name}</strong>
        </span>
        <span className={classes.sub}>{camera.group ?? ' '}</span>
      </Cell>
      <Cell title={`${stateText(status)}\n${detail}`}>
        <span className={classes.state}>
          <CameraStateIcon status={status} />
          <span className={classes.line}>{stateText(status)}</span>
        </span>
        <span className={classes.sub}>{detail}</span>
      </Cell>
      <Cell title={camera.address} roomy>
        <span className={classes.line}>{camera.address}</span>
        <span className={classes.sub}>
          {camera.driver}
          {!status.driverPresent && ` · ${t('cameras.driverAbsent')}`}
        </span>
      </Cell>
      <Cell title={status.streams.map(streamText).join('\n')} roomy>
        {status.streams.map((stream) => (
          <span key={stream.role} className={classes.sub}>
            {streamText(stream)}
          </span>
        ))}
      </Cell>
      <Cell title={recordingText(camera.recording)} roomy>
        <span className={classes.line}>{recordingText(camera.recording)}</span>
        <span className={classes.sub}>
          {t('cameras.retention', { count: camera.recording.retentionDaysMax })}
        </span>
      </Cell>
      <Cell roomy>
        <Switch
          size="sm"
          checked={camera.enabled}
          disabled={!canManage || save.isPending}
          onChange={(event) => enable(event.currentTarget.checked)}
          aria-label={t('cameras.enable', { name: camera.name })}
          data-testid={`camera-enabled-${camera.id}`}
        />
      </Cell>
      {canManage && (
        // biome-ignore lint/a11y/useSemanticElements: see the table above
        <div className={`${classes.actions} ${classes.pinned}`} role="cell">
          <Tooltip label={t('cameras.edit')}>
            <ActionIcon
              aria-label={`${t('cameras.edit')}: ${camera.name}`}
              onClick={() => onEdit(camera)}
              data-testid={`camera-edit-${camera.id}`}
            >
              <IconPencil size={17} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={t('cameras.delete')}>
            <ActionIcon
              aria-label={`${t('cameras.delete')}: ${camera.name}`}
              onClick={() => onDelete(camera)}
              data-testid={`camera-delete-${camera.id}`}
            >
              <IconTrash size={17} />
            </ActionIcon>
          </Tooltip>
        </div>
      )}
    </>
  );
}

/** "main H.264 1920×1080 25 fps", or why there is none. */
function streamText(stream: StreamStatus): string {
  const size = stream.width ? `${stream.width}×${stream.height}` : wordFor('cameraState', stream.state);
  const rate = stream.framesPerSecond > 0 ? `${Math.round(stream.framesPerSecond)} fps` : '';
  return [wordFor('stream', stream.role), codecName(stream.codecs), size, rate].filter(Boolean).join(' ');
}

/** One word when all streams are recorded alike. */
function recordingText({ mode, streams, streamModes }: RecordingSettings): string {
  return streamModes && mode !== 'off'
    ? streams
        .map((role) => `${wordFor('stream', role)}: ${wordFor('recordingMode', streamModes[role] ?? mode)}`)
        .join(', ')
    : wordFor('recordingMode', mode);
}

function Cell({ title, roomy, children }: { title?: string; roomy?: boolean; children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the table above
    <div className={roomy ? `${classes.cell} ${classes.roomy}` : classes.cell} role="cell" title={title}>
      {children}
    </div>
  );
}
