// SPDX-License-Identifier: Apache-2.0
import { Autocomplete, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { AuditQuery } from '../../api/audit';
import { serverClock } from '../../api/serverClock';
import { isRange, RangeFields } from '../playback/RangeFields';
import type { Selection } from '../playback/selection';
import classes from './AuditPage.module.css';
import { actionText, KNOWN_ACTIONS } from './actionText';

const HOUR_MS = 3_600_000;
const RANGES: Record<string, number | undefined> = {
  '24h': 24 * HOUR_MS,
  '7d': 7 * 24 * HOUR_MS,
  '30d': 30 * 24 * HOUR_MS,
  all: undefined,
};
const BETWEEN = 'between';
const TYPING_MS = 350;
const NAMES = ['user', 'action', 'address'] as const;

interface Filter {
  query: AuditQuery;
  range: string;
  /** Of the range that is typed. */
  between: Selection;
  setBetween: (between: Selection) => void;
  text: (name: string) => string;
  choose: (name: string, value: string) => void;
}

/** What is asked for; the address holds it. */
export function useAuditFilter(): Filter {
  const [search, setSearch] = useSearchParams();
  const [now] = useState(() => Math.ceil(serverClock.now() / 1000) * 1000);
  const [between, type] = useState<Selection>({ from: now - 24 * HOUR_MS, to: now });
  /** The last that was typed to its end. */
  const [whole, setWhole] = useState(between);
  const setBetween = (next: Selection) => {
    type(next);
    if (isRange(next)) {
      setWhole(next);
    }
  };
  const range = search.get('range') ?? '7d';
  const query = useMemo((): AuditQuery => {
    const lengthMs = RANGES[range];
    const times = range === BETWEEN ? whole : { from: lengthMs === undefined ? undefined : now - lengthMs };
    return { ...times, ...Object.fromEntries(NAMES.map((name) => [name, search.get(name) ?? undefined])) };
  }, [now, range, whole, search]);
  const choose = (name: string, value: string) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        if (value) {
          next.set(name, value);
        } else {
          next.delete(name);
        }
        return next;
      },
      { replace: true },
    );
  return { query, range, between, setBetween, text: (name) => search.get(name) ?? '', choose };
}

export function AuditFilter({ filter }: { filter: Filter }) {
  const { t } = useTranslation();
  const { range, between, setBetween, choose } = filter;
  return (
    <>
      <Group gap="xs" px="lg" py="sm" align="flex-end" className={classes.filter}>
        <Typed name="user" filter={filter} width={170} />
        <TypedAction filter={filter} />
        <Typed name="address" filter={filter} width={170} />
        <Select
          size="xs"
          w={170}
          allowDeselect={false}
          label={t('audit.filter.time')}
          data={[...Object.keys(RANGES), BETWEEN].map((value) => ({
            value,
            label: t(`events.range.${value}`),
          }))}
          value={range}
          onChange={(value) => value && choose('range', value)}
          data-testid="audit-range"
        />
      </Group>
      {range === BETWEEN && (
        <Group px="lg" pb="sm">
          <RangeFields range={between} onChange={setBetween} testId="audit" />
        </Group>
      )}
    </>
  );
}

/** What is typed counts when nothing was typed for a moment. */
function useTyped(filter: Filter, name: string) {
  const asked = filter.text(name);
  const [text, setText] = useState(asked);
  const [settled] = useDebouncedValue(text.trim(), TYPING_MS);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed asks anew
  useEffect(() => {
    if (settled !== asked) {
      filter.choose(name, settled);
    }
  }, [settled]);
  return { value: text, setText };
}

function Typed({ name, filter, width }: { name: 'user' | 'address'; filter: Filter; width: number }) {
  const { t } = useTranslation();
  const { value, setText } = useTyped(filter, name);
  return (
    <TextInput
      size="xs"
      w={width}
      label={t(`audit.filter.${name}`)}
      placeholder={t('audit.filter.any')}
      autoComplete="off"
      spellCheck={false}
      value={value}
      onChange={(event) => setText(event.currentTarget.value)}
      data-testid={`audit-${name}`}
    />
  );
}

/** One of the actions there are, or any that is typed: a server may have more than this console knows. */
function TypedAction({ filter }: { filter: Filter }) {
  const { t } = useTranslation();
  const { value, setText } = useTyped(filter, 'action');
  return (
    <Autocomplete
      size="xs"
      w={260}
      label={t('audit.filter.action')}
      placeholder={t('audit.filter.any')}
      data={KNOWN_ACTIONS}
      renderOption={({ option }) => (
        <span>
          {actionText(option.value)} <code>{option.value}</code>
        </span>
      )}
      value={value}
      onChange={setText}
      clearable
      clearButtonProps={{ 'aria-label': t('common.clear') }}
      data-testid="audit-action"
    />
  );
}
