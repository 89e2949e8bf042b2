// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, CloseButton, Group, Progress, Slider, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FoundMotion } from '../../api/motion';
import { useMotionMask } from '../../api/motionMask';
import { BoxEditor } from '../../ui/boxes/BoxEditor';
import type { Rect } from '../../ui/boxes/rects';
import { problemText } from '../../ui/problemText';
import { dateTime, duration, rangeText } from '../../ui/time';
import type { Selection } from '../playback/selection';
import classes from './MotionPanel.module.css';
import { HEIGHT_MAX } from './motionLane';
import { ToldList } from './ToldList';
import type { Searching } from './useMotionSearch';

const SENSITIVITY_FIRST = 50;
const SENSITIVITY_STEP = 5;
/** As the server takes them. */
const AREAS_MAX = 16;
const LONGEST_MS = 31 * 86_400_000;
/** Each has a picture; who finds more looks for something more special. */
const SHOWN_MAX = 200;
const PICTURE_PX = 160;

interface Props {
  camera: { id: string; name: string };
  /** What is searched: the chosen stretch, else what of the timeline is to be seen. */
  range: Selection;
  /** Whether it was chosen. */
  chosen: boolean;
  position: () => number;
  searching: Searching;
  /** The finding that is played. */
  current?: FoundMotion;
  onPlay: (found: FoundMotion) => void;
  onClose: () => void;
}

/** Searches footage for motion in parts of the picture, and lists what was found while it goes on. */
export function MotionPanel(props: Props) {
  const { camera, range, chosen, position, searching, onClose } = props;
  const { t } = useTranslation();
  const [areas, setAreas] = useState<Rect[]>([]);
  const [sensitivity, setSensitivity] = useState(SENSITIVITY_FIRST);
  // The picture on which areas are drawn stays while footage is played.
  const [atMs] = useState(() => Math.round(position()));
  const mask = useMotionMask(camera.id).data?.areas ?? [];
  const tooLong = range.to - range.from > LONGEST_MS;

  const begin = () =>
    searching.begin({
      cameraIds: [camera.id],
      from: new Date(range.from).toISOString(),
      to: new Date(range.to).toISOString(),
      areas: areas.map(({ x, y, width, height }) => ({
        x: rounded(x),
        y: rounded(y),
        width: Math.min(rounded(width), 1 - rounded(x)),
        height: Math.min(rounded(height), 1 - rounded(y)),
      })),
      sensitivity,
    });

  return (
    <section
      className={classes.panel}
      aria-label={t('motion.title')}
      data-testid="motion-panel"
      data-state={searching.search?.state}
    >
      <Group justify="space-between" wrap="nowrap">
        <Text fw={600}>{t('motion.title')}</Text>
        <CloseButton aria-label={t('common.close')} onClick={onClose} data-testid="motion-close" />
      </Group>
      <BoxEditor
        cameraId={camera.id}
        atMs={atMs}
        look="area"
        boxes={areas}
        hatched={mask}
        onChange={setAreas}
        max={AREAS_MAX}
        texts={{
          title: t('motion.areas'),
          add: t('motion.areaAdd'),
          all: t('motion.areasOf', { name: camera.name }),
          noPicture: t('motion.noPicture'),
          keys: t('motion.areaKeys'),
          full: t('motion.areaFull', { count: AREAS_MAX }),
          box: (number) => t('motion.area', { number }),
          remove: (number) => t('motion.areaRemove', { number }),
        }}
        testId="motion-area"
      >
        <Text size="xs" c="dimmed" mt={4}>
          {areas.length === 0 ? t('motion.wholePicture') : t('motion.areaKeys')}
          {mask.length > 0 && ` ${t('motion.hatched')}`}
        </Text>
      </BoxEditor>
      <div>
        <Text size="sm" fw={500} id="motion-sensitivity">
          {t('motion.sensitivity')}
        </Text>
        <Slider
          min={5}
          max={100}
          step={SENSITIVITY_STEP}
          value={sensitivity}
          onChange={setSensitivity}
          thumbLabel={t('motion.sensitivity')}
          label={(value) => value}
          data-testid="motion-sensitivity"
        />
      </div>
      <Text size="xs" c={tooLong ? 'red' : 'dimmed'} data-testid="motion-range">
        {tooLong
          ? t('motion.tooLong')
          : t(chosen ? 'motion.inChosen' : 'motion.inView', { range: rangeText(range.from, range.to) })}
      </Text>
      <Group gap="xs">
        <Button size="xs" onClick={begin} disabled={tooLong || searching.running} data-testid="motion-begin">
          {t('motion.begin')}
        </Button>
        {searching.running && (
          <Button size="xs" variant="default" onClick={searching.cancel} data-testid="motion-cancel">
            {t('motion.cancel')}
          </Button>
        )}
      </Group>
      {searching.problem !== undefined && (
        <Alert color="red" role="alert" data-testid="motion-problem">
          {problemText(searching.problem)}
        </Alert>
      )}
      <Findings {...props} />
    </section>
  );
}

function Findings({ camera, searching, current, onPlay }: Props) {
  const { t } = useTranslation();
  const { search, running } = searching;
  const lane = search?.cameras[0];
  if (!search || !lane) {
    return null;
  }
  const percent = search.footageMs > 0 ? (100 * search.searchedMs) / search.footageMs : 100;
  const shown = lane.found.slice(0, SHOWN_MAX);
  const more = lane.found.length > SHOWN_MAX || lane.foundLeftOut;
  return (
    <>
      <div>
        <Progress
          value={percent}
          animated={running}
          aria-label={t('motion.searched', {
            searched: duration(search.searchedMs),
            footage: duration(search.footageMs),
          })}
        />
        <Text size="xs" c="dimmed" mt={4} role="status" data-testid="motion-progress">
          {t('motion.searched', {
            searched: duration(search.searchedMs),
            footage: duration(search.footageMs),
          })}
          {' · '}
          {t('motion.found', { count: lane.found.length })}
        </Text>
        {search.state === 'failed' && (
          <Text size="xs" c="red">
            {t('motion.failed')} {search.detail}
          </Text>
        )}
        {lane.unreadable > 0 && (
          <Text size="xs" c="orange">
            {t('motion.unreadable', { count: lane.unreadable })}
          </Text>
        )}
      </div>
      {(lane.masked || lane.maskedAreas.length > 0) && (
        <Alert color="yellow" variant="light" p="xs" role="status" data-testid="motion-masked">
          {lane.masked
            ? t('motion.masked')
            : t('motion.maskedAreas', {
                count: lane.maskedAreas.length,
                areas: lane.maskedAreas.map((area) => area + 1).join(', '),
              })}
        </Alert>
      )}
      {shown.length === 0 && !running && !lane.masked && search.state !== 'failed' && (
        <Text size="sm">{t('motion.nothing')}</Text>
      )}
      <ul className={classes.list} aria-label={t('motion.results')} data-testid="motion-found">
        {shown.map((found, n) => (
          <li key={found.from}>
            <button
              type="button"
              className={classes.found}
              aria-current={current?.from === found.from}
              onClick={() => onPlay(found)}
              data-testid={`motion-found-${n + 1}`}
            >
              <img
                className={classes.picture}
                loading="lazy"
                alt=""
                src={`/media/v1/archive/${encodeURIComponent(camera.id)}/thumbnail.jpg?at=${Math.round((found.from + found.to) / 2)}&width=${PICTURE_PX}&stream=auto`}
              />
              <span className={classes.words}>
                <Text component="span" size="sm">
                  {dateTime(found.from)}
                </Text>
                <Text component="span" size="xs" c="dimmed">
                  {duration(found.to - found.from)} ·{' '}
                  {t('motion.share', { percent: Math.round((100 * found.height) / HEIGHT_MAX) })}
                </Text>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {more && (
        <Text size="xs" c="dimmed">
          {t('motion.more', { count: SHOWN_MAX })}
        </Text>
      )}
      {lane.told && (lane.told.length > 0 || lane.toldLeftOut) && (
        <ToldList told={lane.told} leftOut={lane.toldLeftOut === true} current={current} onPlay={onPlay} />
      )}
    </>
  );
}

/** So that a box does not reach beyond the picture by what is lost in rounding. */
const rounded = (part: number) => Math.round(part * 10_000) / 10_000;
