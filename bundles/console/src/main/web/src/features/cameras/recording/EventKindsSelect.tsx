// SPDX-License-Identifier: Apache-2.0
import { MultiSelect, type MultiSelectProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useEventKinds } from '../../../api/events';
import { useMay } from '../../../ui/permissions';
import { kindText } from '../../events/kindText';

const KINDS = ['camera.motion', 'camera.input', 'camera.tamper', 'camera.manual', 'camera.*'];

/** Kinds of events by their names; what is set already stays to be chosen, even when nobody describes it. */
export function EventKindsSelect({ value = [], ...field }: MultiSelectProps & { value?: string[] }) {
  const { t } = useTranslation();
  const known = useEventKinds(useMay('view_events')).data ?? [];
  const external = known.filter((kind) => kind.external).map(({ kind }) => kind);
  const kinds = [...new Set([...KINDS, ...external, ...value])];
  return (
    <MultiSelect
      label={t('cameras.field.eventKinds')}
      data={kinds.map((kind) => ({ value: kind, label: kindText(kind, known) }))}
      searchable
      hidePickedOptions
      value={value}
      {...field}
    />
  );
}
