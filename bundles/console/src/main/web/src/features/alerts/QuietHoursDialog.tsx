// SPDX-License-Identifier: Apache-2.0
import { Chip, Group, Input, Modal, MultiSelect, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera, EventKind } from '../../api/types';
import { DialogActions } from '../../ui/DialogActions';
import { weekdayName } from '../../ui/time';
import { kindText } from '../events/kindText';
import { clockOf, minutesOf, type QuietHours } from './quiet';

const DAYS = [0, 1, 2, 3, 4, 5, 6];
const USUAL = { from: 22 * 60, to: 6 * 60 };

interface Props {
  /** Absent for new ones. */
  rule?: QuietHours;
  cameras: Camera[];
  kinds: EventKind[];
  onSave: (rule: QuietHours) => void;
  onClose: () => void;
}

/** Of which days, from when to when, and of what nothing is heard. */
export function QuietHoursDialog({ rule, cameras, kinds, onSave, onClose }: Props) {
  const { t } = useTranslation();
  const [days, setDays] = useState((rule?.days ?? DAYS).map(String));
  const [from, setFrom] = useState(clockOf(rule?.from ?? USUAL.from));
  const [to, setTo] = useState(clockOf(rule?.to ?? USUAL.to));
  const [of, setOf] = useState(rule?.cameras ?? []);
  const [what, setWhat] = useState(rule?.kinds ?? []);
  const [evenCritical, setEvenCritical] = useState(rule?.evenCritical ?? false);
  const begins = minutesOf(from);
  const ends = minutesOf(to);
  const valid = begins !== undefined && ends !== undefined && days.length > 0;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (valid) {
      onSave({
        // Of this browser alone, and to tell one from another: no server knows it.
        id: rule?.id ?? `${Date.now()}`,
        days: days.map(Number).sort(),
        from: begins,
        to: ends,
        cameras: of,
        kinds: what,
        evenCritical,
      });
    }
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={t(rule ? 'quiet.change' : 'quiet.add')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={submit} data-testid="quiet-form">
        <Stack gap="sm">
          <Input.Wrapper
            label={t('quiet.days')}
            error={days.length === 0 && t('quiet.noDay')}
            labelElement="div"
          >
            <Chip.Group multiple value={days} onChange={setDays}>
              <Group gap={6} mt={4}>
                {DAYS.map((day) => (
                  <Chip key={day} value={String(day)} size="xs" data-testid={`quiet-day-${day}`}>
                    {weekdayName(day)}
                  </Chip>
                ))}
              </Group>
            </Chip.Group>
          </Input.Wrapper>
          <SimpleGrid cols={2} spacing="md">
            <TextInput
              label={t('quiet.from')}
              dir="ltr"
              value={from}
              error={begins === undefined && t('quiet.noTime')}
              onChange={(event) => setFrom(event.currentTarget.value)}
              data-testid="quiet-from"
              data-autofocus
            />
            <TextInput
              label={t('quiet.to')}
              description={
                begins !== undefined && ends !== undefined && ends <= begins && ends > 0
                  ? t('quiet.nextDay')
                  : undefined
              }
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              dir="ltr"
              value={to}
              error={ends === undefined && t('quiet.noTime')}
              onChange={(event) => setTo(event.currentTarget.value)}
              data-testid="quiet-to"
            />
          </SimpleGrid>
          <MultiSelect
            label={t('events.camera')}
            placeholder={of.length === 0 ? t('events.allCameras') : undefined}
            data={cameras.map(({ id, name }) => ({ value: id, label: name }))}
            searchable
            clearable
            value={of}
            onChange={setOf}
            data-testid="quiet-cameras"
          />
          <MultiSelect
            label={t('events.kind')}
            placeholder={what.length === 0 ? t('events.allKinds') : undefined}
            data={kinds.map(({ kind }) => ({ value: kind, label: kindText(kind, kinds) }))}
            searchable
            clearable
            value={what}
            onChange={setWhat}
            data-testid="quiet-kinds"
          />
          <Switch
            label={t('quiet.criticalToo')}
            description={t('quiet.criticalHint')}
            checked={evenCritical}
            onChange={(event) => setEvenCritical(event.currentTarget.checked)}
            data-testid="quiet-critical"
          />
          <DialogActions
            action={t('bookmarks.save')}
            testId="quiet"
            busy={false}
            disabled={!valid}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}
