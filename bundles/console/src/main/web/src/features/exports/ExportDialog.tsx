// SPDX-License-Identifier: Apache-2.0
import { Modal, MultiSelect, Select, SimpleGrid, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ExportDraft, useOrderExport } from '../../api/exports';
import { useCameras } from '../../api/queries';
import { useFootageByStream } from '../../api/timeline';
import type { StreamRole } from '../../api/types';
import { DialogActions } from '../../ui/DialogActions';
import { mayWith } from '../../ui/permissions';
import { toast } from '../../ui/toast';
import { isRange, RangeFields } from '../playback/RangeFields';
import type { Selection } from '../playback/selection';
import { BurnInFields, burnInOf, NOTHING } from './BurnInFields';
import { EstimateLine } from './EstimateLine';

/** Of one package, as the server takes them. */
const CAMERAS_MAX = 64;
const REASON_CHARS_MAX = 500;
const FORMS = ['mp4', 'mkv', 'chunks'];
const STREAMS: StreamRole[] = ['main', 'sub'];
/** While a time is typed nobody is asked. */
const CALM_MS = 400;
const CUTS = ['key_frame', 'exact'];

interface Props {
  /** Chosen at first. */
  cameraIds: string[];
  offered: Selection;
  onOrdered: () => void;
  onClose: () => void;
}

/** Which footage of which cameras is to be taken away, and why. */
export function ExportDialog({ cameraIds, offered, onOrdered, onClose }: Props) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState(cameraIds);
  const [range, setRange] = useState(offered);
  const [form, setForm] = useState('mp4');
  const [wanted, setWanted] = useState<StreamRole>();
  const [cut, setCut] = useState('key_frame');
  const [reason, setReason] = useState('');
  const [sound, setSound] = useState(true);
  const [burnIn, setBurnIn] = useState(NOTHING);
  const cameras = useCameras().data?.filter((camera) => mayWith(camera, 'export')) ?? [];
  const order = useOrderExport();

  const complete = chosen.length > 0 && isRange(range);
  const [asked] = useDebouncedValue(range, CALM_MS);
  const there = useFootageByStream(chosen, isRange(asked) ? asked : undefined).data;
  const stream = wanted ?? (there && there.main.length === 0 && there.sub.length > 0 ? 'sub' : 'main');
  const without = there ? chosen.filter((id) => !there[stream].includes(id)) : [];

  const draft = (): ExportDraft => ({
    cameraIds: chosen,
    from: new Date(range.from).toISOString(),
    to: new Date(range.to).toISOString(),
    stream,
    form,
    // The archive's own files are whole.
    cut: form === 'chunks' ? 'key_frame' : cut,
    reason,
    ...(form === 'chunks' ? {} : burnInOf(burnIn, chosen)),
    ...(form === 'chunks' || sound ? {} : { sound }),
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    order.mutate(draft(), {
      onSuccess: () => {
        toast(t('exports.ordered'));
        onOrdered();
      },
    });
  }

  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t('exports.newTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={submit} data-testid="export-form">
        <Stack gap="sm">
          <MultiSelect
            label={t('exports.cameras')}
            data={cameras.map(({ id, name }) => ({ value: id, label: name }))}
            value={chosen}
            onChange={setChosen}
            maxValues={CAMERAS_MAX}
            searchable
            hidePickedOptions
            nothingFoundMessage={t('exports.noCamera')}
            data-testid="export-cameras"
          />
          <RangeFields range={range} onChange={setRange} testId="export" />
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md" verticalSpacing="xs">
            <Select
              label={t('exports.form')}
              data={FORMS.map((one) => ({ value: one, label: t(`exports.forms.${one}`) }))}
              value={form}
              onChange={(value) => setForm(value ?? form)}
              allowDeselect={false}
              data-testid="export-form-of"
            />
            <Select
              label={t('exports.stream')}
              data={STREAMS.map((one) => ({ value: one, label: t(`exports.streams.${one}`) }))}
              value={stream}
              onChange={(value) => setWanted((value as StreamRole | null) ?? stream)}
              allowDeselect={false}
              description={
                without.length > 0 &&
                t('exports.streamMissing', {
                  names: without.map((id) => cameras.find((one) => one.id === id)?.name ?? id).join(', '),
                })
              }
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              data-testid="export-stream"
            />
          </SimpleGrid>
          {form !== 'chunks' && (
            <Select
              label={t('exports.cut')}
              description={t(`exports.cutsExplained.${cut}`)}
              data={CUTS.map((one) => ({ value: one, label: t(`exports.cuts.${one}`) }))}
              value={cut}
              onChange={(value) => setCut(value ?? cut)}
              allowDeselect={false}
              data-testid="export-cut"
            />
          )}
          {form !== 'chunks' && (
            <Switch
              label={t('exports.sound')}
              description={t('exports.soundHint')}
              checked={sound}
              onChange={(event) => setSound(event.currentTarget.checked)}
              data-testid="export-sound"
            />
          )}
          {form !== 'chunks' && (
            <BurnInFields
              value={burnIn}
              onChange={setBurnIn}
              cameras={cameras.filter(({ id }) => chosen.includes(id))}
              atMs={range.from}
            />
          )}
          <TextInput
            label={t('exports.reason')}
            description={t('exports.reasonStands')}
            placeholder={t('exports.reasonHint')}
            maxLength={REASON_CHARS_MAX}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            data-testid="export-reason"
            data-autofocus
          />
          {/* What is written into the picture does not make it larger. */}
          <EstimateLine
            draft={complete ? { ...draft(), reason: '', overlay: undefined, masks: undefined } : undefined}
          />
          <Text size="xs" c="dimmed">
            {t('exports.proof')}
          </Text>
          <DialogActions
            action={t('exports.order')}
            testId="export"
            busy={order.isPending}
            error={order.error}
            disabled={!complete}
            onCancel={onClose}
            stays
          />
        </Stack>
      </form>
    </Modal>
  );
}
