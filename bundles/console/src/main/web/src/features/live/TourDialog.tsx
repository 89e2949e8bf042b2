// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Modal, NumberInput, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  LAYOUT_NAME_MAX,
  STEP_SECONDS_MAX,
  STEP_SECONDS_MIN,
  TOUR_STEPS_MAX,
  type TourLayout,
  type TourStep,
  useSaveLayout,
} from '../../api/layouts';
import { DialogActions } from '../../ui/DialogActions';
import { useMay } from '../../ui/permissions';
import { changesOf, SharedWith } from './LayoutDialog';
import classes from './TourDialog.module.css';
import { useKeptLayouts } from './useKeptLayouts';

const SECONDS_USUAL = 10;

/** A step whose seconds may be on their way of being typed. */
interface TypedStep {
  layoutId: string;
  seconds: number | string;
}

const isWhole = (step: TypedStep): step is TourStep =>
  typeof step.seconds === 'number' && step.seconds >= STEP_SECONDS_MIN && step.seconds <= STEP_SECONDS_MAX;

/** Which walls a tour shows, in which order and how long. */
export function TourDialog({ existing, onClose }: { existing?: TourLayout; onClose: () => void }) {
  const { t } = useTranslation();
  const { walls } = useKeptLayouts();
  const save = useSaveLayout();
  const maySharing = useMay('share_layouts');
  const [text, setText] = useState(existing?.name ?? '');
  const [roles, setRoles] = useState(existing?.roles ?? []);
  const [locked, setLocked] = useState(existing?.locked ?? false);
  const [typed, setTyped] = useState<TypedStep[]>(
    existing?.tour.steps ?? walls.map(({ id }) => ({ layoutId: id, seconds: SECONDS_USUAL })),
  );
  const name = text.trim();
  const fixed = existing?.locked === true && locked;
  const steps = typed.filter(isWhole);

  function submit(event: FormEvent) {
    event.preventDefault();
    const draft = { name, tour: { steps }, locked, ...(maySharing ? { roles } : {}) };
    save.mutate(
      { existing, draft: existing ? changesOf(existing, draft) : draft },
      { onSuccess: () => onClose() },
    );
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={existing ? t('layouts.settings', { name: existing.name }) : t('layouts.tourNew')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={submit} data-testid="tour-form">
        <Stack gap="sm">
          <TextInput
            label={t('layouts.name')}
            maxLength={LAYOUT_NAME_MAX}
            value={text}
            disabled={fixed}
            onChange={(event) => setText(event.currentTarget.value)}
            data-autofocus
            data-testid="tour-name"
          />
          <Steps value={typed} onChange={setTyped} disabled={fixed} />
          {maySharing && <SharedWith value={roles} onChange={setRoles} disabled={fixed} />}
          <Switch
            label={t('layouts.lock')}
            description={t('layouts.lockHint')}
            checked={locked}
            onChange={(event) => setLocked(event.currentTarget.checked)}
            data-testid="tour-locked"
          />
          <DialogActions
            action={t('common.save')}
            testId="tour"
            busy={save.isPending}
            error={save.error}
            disabled={name === '' || steps.length === 0 || steps.length < typed.length}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}

interface StepsProps {
  value: TypedStep[];
  onChange: (steps: TypedStep[]) => void;
  disabled: boolean;
}

function Steps({ value, onChange, disabled }: StepsProps) {
  const { t } = useTranslation();
  const { walls } = useKeptLayouts();
  const id = useId();
  const nameOf = (layoutId: string) => walls.find((one) => one.id === layoutId)?.name ?? t('layouts.gone');

  function move(from: number, to: number) {
    const steps = [...value];
    steps.splice(to, 0, ...steps.splice(from, 1));
    onChange(steps);
  }

  return (
    <fieldset className={classes.group} aria-labelledby={id} disabled={disabled}>
      <Text size="sm" fw={500} id={id}>
        {t('layouts.steps')}
      </Text>
      <ol className={classes.list}>
        {value.map(({ layoutId, seconds }, index) => {
          const name = nameOf(layoutId);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a wall may be in a tour several times
            <li key={`${layoutId} ${index}`} className={classes.line} data-testid={`tour-step-${index}`}>
              <Text size="sm" className={classes.name}>
                {index + 1}. {name}
              </Text>
              <NumberInput
                aria-label={t('layouts.stepSeconds', { name })}
                className={classes.seconds}
                size="xs"
                min={STEP_SECONDS_MIN}
                max={STEP_SECONDS_MAX}
                allowDecimal={false}
                rightSection={<Text size="xs">s</Text>}
                hideControls
                value={seconds}
                onChange={(now) => onChange(value.with(index, { layoutId, seconds: now }))}
                data-testid={`tour-seconds-${index}`}
              />
              <ActionIcon
                aria-label={t('volumeOrder.up', { name })}
                disabled={index === 0}
                onClick={() => move(index, index - 1)}
              >
                <IconArrowUp size={16} />
              </ActionIcon>
              <ActionIcon
                aria-label={t('volumeOrder.down', { name })}
                disabled={index === value.length - 1}
                onClick={() => move(index, index + 1)}
              >
                <IconArrowDown size={16} />
              </ActionIcon>
              <ActionIcon
                aria-label={t('volumeOrder.remove', { name })}
                onClick={() => onChange(value.filter((_, other) => other !== index))}
                data-testid={`tour-out-${index}`}
              >
                <IconX size={16} />
              </ActionIcon>
            </li>
          );
        })}
      </ol>
      <Select
        aria-label={t('layouts.stepAdd')}
        placeholder={t('layouts.stepAdd')}
        data={walls.map((one) => ({ value: one.id, label: one.name }))}
        value={null}
        onChange={(layoutId) =>
          layoutId && onChange([...value, { layoutId, seconds: value.at(-1)?.seconds ?? SECONDS_USUAL }])
        }
        disabled={disabled || value.length >= TOUR_STEPS_MAX}
        data-testid="tour-add"
      />
    </fieldset>
  );
}
