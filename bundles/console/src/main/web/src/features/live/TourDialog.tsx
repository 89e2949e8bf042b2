// SPDX-License-Identifier: Apache-2.0
import { NumberInput, Select, Text } from '@mantine/core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  STEP_SECONDS_MAX,
  STEP_SECONDS_MIN,
  TOUR_STEPS_MAX,
  type TourLayout,
  type TourStep,
  useSaveLayout,
} from '../../api/layouts';
import { OrderedList } from '../../ui/OrderedList';
import { changesOf, KeptDialog, useKept } from './KeptDialog';
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
  const kept = useKept(existing);
  const [typed, setTyped] = useState<TypedStep[]>(
    existing?.tour.steps ?? walls.map(({ id }) => ({ layoutId: id, seconds: SECONDS_USUAL })),
  );
  const steps = typed.filter(isWhole);

  function submit() {
    const draft = { ...kept.draft, tour: { steps } };
    save.mutate(
      { existing, draft: existing ? changesOf(existing, draft) : draft },
      { onSuccess: () => onClose() },
    );
  }

  return (
    <KeptDialog
      title={existing ? t('layouts.settingsTitle', { name: existing.name }) : t('layouts.tourNewTitle')}
      kept={kept}
      save={save}
      disabled={steps.length === 0 || steps.length < typed.length}
      onSubmit={submit}
      onClose={onClose}
      testId="tour"
    >
      <Steps value={typed} onChange={setTyped} disabled={kept.fixed} />
    </KeptDialog>
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
  const nameOf = ({ layoutId }: TypedStep) =>
    walls.find((one) => one.id === layoutId)?.name ?? t('layouts.gone');

  return (
    <fieldset className={classes.group} aria-labelledby={id} disabled={disabled}>
      <Text size="sm" fw={500} id={id}>
        {t('layouts.steps')}
      </Text>
      <OrderedList
        items={value}
        idOf={({ layoutId }) => layoutId}
        nameOf={nameOf}
        field={(step, index) => (
          <NumberInput
            aria-label={t('layouts.stepSeconds', { name: nameOf(step) })}
            className={classes.seconds}
            size="xs"
            min={STEP_SECONDS_MIN}
            max={STEP_SECONDS_MAX}
            allowDecimal={false}
            rightSection={<Text size="xs">s</Text>}
            hideControls
            value={step.seconds}
            onChange={(seconds) => onChange(value.with(index, { ...step, seconds }))}
            data-testid={`tour-seconds-${index}`}
          />
        )}
        onChange={onChange}
        testId="tour-step"
      />
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
