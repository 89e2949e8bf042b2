// SPDX-License-Identifier: Apache-2.0
import { Group, Loader, Text } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import type { SearchFind, SearchWish } from 'nxvms-console-host';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Camera } from '../../api/types';
import { dateTime } from '../../ui/time';
import classes from './extensions.module.css';
import { addFault, type Contribution, useContributions, useTitles } from './useExtensions';

/** Who finds more is to be asked for something narrower. */
const FINDS_MAX = 50;

interface Props {
  /** Nothing is asked without. */
  wish: SearchWish | undefined;
  cameras: readonly Camera[];
}

/** What extensions find for the words that are looked for in events, each with the way to the moment. */
export function BroughtFinds({ wish, cameras }: Props) {
  const agents = useContributions('search.agent');
  return wish && agents.length > 0 ? <Finds wish={wish} cameras={cameras} agents={agents} /> : null;
}

async function ask(agent: Contribution, wish: SearchWish, signal: AbortSignal): Promise<SearchFind[]> {
  const { registeredFor } = await import('./runtime');
  const registered = await registeredFor(agent);
  if (registered.by !== 'agent') {
    return [];
  }
  try {
    return findable(await registered.agent.find(wish, signal));
  } catch (error) {
    if (!signal.aborted) {
      addFault(agent.extension, 'part', String(error));
    }
    throw error;
  }
}

/** What an extension answered, as far as one can go there. */
function findable(finds: unknown): SearchFind[] {
  if (!Array.isArray(finds)) {
    throw new TypeError('An agent answers with a list of finds');
  }
  return (finds as SearchFind[])
    .filter(({ cameraId, at }) => typeof cameraId === 'string' && Number.isFinite(at))
    .slice(0, FINDS_MAX);
}

function Finds({
  wish,
  cameras,
  agents,
}: {
  wish: SearchWish;
  cameras: readonly Camera[];
  agents: readonly Contribution[];
}) {
  const { t } = useTranslation();
  const title = useTitles();
  const answers = useQueries({
    queries: agents.map((agent) => ({
      queryKey: ['extension-agent', agent.key, wish],
      queryFn: ({ signal }: { signal: AbortSignal }) => ask(agent, wish, signal),
      retry: false,
      staleTime: 30_000,
    })),
  });
  return agents.map((agent, at) => {
    const { data, error, isFetching } = answers[at] ?? {};
    return (
      <section
        key={agent.key}
        className={classes.finds}
        aria-label={title(agent)}
        data-testid={`finds-${agent.extension.id}-${agent.name}`}
        data-count={data?.length}
      >
        <Group gap="xs">
          <Text fw={600} size="sm">
            {title(agent)}
          </Text>
          {isFetching && <Loader size={14} aria-label={t('events.searching')} />}
        </Group>
        {error ? (
          <Text size="sm" c="var(--mantine-color-error)">
            {error.message}
          </Text>
        ) : (
          data?.length === 0 && (
            <Text size="sm" c="dimmed">
              {t('extensions.nothingFound')}
            </Text>
          )
        )}
        {!error && data && data.length > 0 && (
          <ul>
            {data.map((find) => (
              <li key={`${find.cameraId} ${find.at} ${find.title}`}>
                <Link
                  to={`/playback/${encodeURIComponent(find.cameraId)}?t=${new Date(find.at).toISOString()}`}
                >
                  {dateTime(find.at)}
                </Link>{' '}
                {cameras.find(({ id }) => id === find.cameraId)?.name} · {String(find.title)}
                {find.detail && (
                  <Text component="span" size="sm" c="dimmed">
                    {' '}
                    {String(find.detail)}
                  </Text>
                )}
              </li>
            ))}
          </ul>
        )}
      </section>
    );
  });
}
