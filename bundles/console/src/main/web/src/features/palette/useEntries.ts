// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate } from 'react-router';
import { useCameras } from '../../api/queries';
import { serverClock } from '../../api/serverClock';
import { useSession } from '../../api/session';
import { mayWith } from '../../ui/permissions';
import { dateTime, dateTimeOf, dateTimeText } from '../../ui/time';
import { pageOf } from '../extensions/pages';
import { runCommand } from '../extensions/runCommand';
import { useContributions, useTitles } from '../extensions/useExtensions';
import { useKeptLayouts } from '../live/useKeptLayouts';
import { useLayouts } from '../live/useLayouts';
import { useWall } from '../live/useWall';
import { MAIN_PAGES, OWN_PAGES, SPECIAL_PAGES } from '../shell/pages';
import { type Findable, ranked } from './ranking';

export interface Entry extends Findable {
  id: string;
  run: () => void;
}

const ENTRIES_MAX = 40;
const CLOCK = /^\d{1,2}:\d{2}(:\d{2})?$/;

/** A typed moment; a time of day alone is one of today. */
export function momentOf(text: string, nowMs: number): number | undefined {
  const typed = text.trim();
  return dateTimeOf(CLOCK.test(typed) ? `${dateTimeText(nowMs).slice(0, 10)} ${typed}` : typed);
}

/** What a text may mean: a moment, pages, cameras, layouts. */
export function useEntries(text: string): Entry[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const permissions = useSession((state) => state.user?.permissions) ?? [];
  const cameras = useCameras().data ?? [];
  const { walls } = useKeptLayouts();
  const broughtPages = [...useContributions('nav.page'), ...useContributions('settings.page')];
  const commands = useContributions('command');
  const title = useTitles();

  const pages = [...MAIN_PAGES, ...SPECIAL_PAGES, ...OWN_PAGES]
    .filter(({ by }) => by === undefined || permissions.includes(by))
    .map(({ to, key }) => ({ id: to, label: t(key), group: t('palette.page'), run: () => navigate(to) }));
  const brought = broughtPages.map((page) => ({
    id: pageOf(page),
    label: title(page),
    group: t('palette.page'),
    run: () => navigate(pageOf(page)),
  }));
  const actions = commands.map((command) => ({
    id: `command-${command.extension.id}-${command.name}`,
    label: title(command),
    group: t('palette.command'),
    run: () => void runCommand(command),
  }));
  const live = cameras.map(({ id, name }) => ({
    id: `live-${id}`,
    label: name,
    group: t('palette.live'),
    run: () => {
      useWall.getState().add(id);
      navigate('/live');
    },
  }));
  const seen = cameras.filter((camera) => mayWith(camera, 'view_archive'));
  const footage = seen.map(({ id, name }) => ({
    id: `playback-${id}`,
    label: name,
    group: t('palette.playback'),
    run: () => navigate(`/playback/${id}`),
  }));
  const kept = walls.map((layout) => ({
    id: `layout-${layout.id}`,
    label: layout.name,
    group: t('palette.layout'),
    run: () => {
      useLayouts.getState().open(layout);
      navigate('/live');
    },
  }));
  const found = ranked([...pages, ...brought, ...actions, ...kept, ...live, ...footage], text, ENTRIES_MAX);

  const atMs = momentOf(text, serverClock.now());
  const { cells, selected } = useWall.getState();
  const shown = [/^\/playback\/([^/]+)/.exec(pathname)?.[1], cells[selected], ...cells, seen[0]?.id];
  const camera = seen.find(({ id }) => id === shown.find((one) => seen.some((known) => known.id === one)));
  if (atMs === undefined || !camera) {
    return found;
  }
  const moment = {
    id: 'moment',
    label: dateTime(atMs),
    group: t('palette.moment', { camera: camera.name }),
    run: () => navigate(`/playback/${camera.id}?t=${new Date(atMs).toISOString()}`),
  };
  return [moment, ...found];
}
