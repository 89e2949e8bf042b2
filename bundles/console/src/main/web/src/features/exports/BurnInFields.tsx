// SPDX-License-Identifier: Apache-2.0
import { Checkbox, Group, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ExportDraft } from '../../api/exports';
import { BoxEditor } from '../../ui/boxes/BoxEditor';
import { corners } from '../../ui/boxes/corners';
import type { Rect } from '../../ui/boxes/rects';
import { shownZoneName } from '../../ui/zone';

/** As the server takes it. */
const TEXT_CHARS_MAX = 100;
/** More cameras beside each other nobody draws on; the others are exported without masks. */
const DRAWN_MAX = 16;
/** Of one camera, as the server takes them. */
const MASKS_MAX = 16;

/** What is written into pictures and hidden of them. */
export interface BurnIn {
  text: string;
  time: boolean;
  user: boolean;
  /** By camera. */
  masks: Record<string, Rect[]>;
  /** Whether masks are drawn at all. */
  masked: boolean;
}

export const NOTHING: BurnIn = { text: '', time: false, user: false, masks: {}, masked: false };

/** Its fields of an order of these cameras; none where nothing is burned in. */
export function burnInOf(burnIn: BurnIn, cameraIds: string[]): Pick<ExportDraft, 'overlay' | 'masks'> {
  const { text, time, user } = burnIn;
  const masks = burnIn.masked
    ? cameraIds.flatMap((cameraId) =>
        (burnIn.masks[cameraId] ?? []).map((rect) => ({ cameraId, points: corners(rect) })),
      )
    : [];
  const zone = shownZoneName();
  return {
    ...(text.trim() !== '' || time || user ? { overlay: { text: text.trim(), time, user, zone } } : {}),
    ...(masks.length > 0 ? { masks } : {}),
  };
}

interface Props {
  value: BurnIn;
  onChange: (value: BurnIn) => void;
  cameras: { id: string; name: string }[];
  /** Of the picture on which masks are drawn. */
  atMs: number;
}

/** Text, time and user in the picture, and masks over it. */
export function BurnInFields({ value, onChange, cameras, atMs }: Props) {
  const { t } = useTranslation();
  const set = (change: Partial<BurnIn>) => onChange({ ...value, ...change });
  const any = Object.keys(
    burnInOf(
      value,
      cameras.map(({ id }) => id),
    ),
  ).length;
  return (
    <Stack gap="xs">
      <TextInput
        label={t('exports.overlay')}
        placeholder={t('exports.overlayHint')}
        maxLength={TEXT_CHARS_MAX}
        value={value.text}
        onChange={(event) => set({ text: event.currentTarget.value })}
        data-testid="export-overlay"
      />
      <Group gap="lg">
        <Checkbox
          label={t('exports.overlayTime')}
          checked={value.time}
          onChange={(event) => set({ time: event.currentTarget.checked })}
          data-testid="export-overlay-time"
        />
        <Checkbox
          label={t('exports.overlayUser')}
          checked={value.user}
          onChange={(event) => set({ user: event.currentTarget.checked })}
          data-testid="export-overlay-user"
        />
        <Checkbox
          label={t('exports.masks')}
          checked={value.masked}
          disabled={cameras.length === 0}
          onChange={(event) => set({ masked: event.currentTarget.checked })}
          data-testid="export-masked"
        />
      </Group>
      {value.masked && (
        <>
          <Text size="xs" c="dimmed">
            {t('exports.masksExplained')} {t('exports.maskKeys')}
          </Text>
          <SimpleGrid cols={cameras.length > 1 ? { base: 1, sm: 2 } : 1} spacing="sm">
            {cameras.slice(0, DRAWN_MAX).map(({ id, name }) => (
              <BoxEditor
                key={id}
                cameraId={id}
                atMs={atMs}
                look="mask"
                boxes={value.masks[id] ?? []}
                onChange={(masks) => set({ masks: { ...value.masks, [id]: masks } })}
                max={MASKS_MAX}
                texts={{
                  title: name,
                  add: t('exports.maskAdd'),
                  all: t('exports.masksOf', { name }),
                  noPicture: t('exports.maskNoPicture'),
                  keys: t('exports.maskKeys'),
                  full: t('exports.maskFull', { count: MASKS_MAX }),
                  box: (number) => t('exports.maskNumber', { number, name }),
                  remove: (number) => t('exports.maskRemove', { number, name }),
                }}
                testId="export-mask"
              />
            ))}
          </SimpleGrid>
        </>
      )}
      {any > 0 && (
        <Text size="xs" c="dimmed" data-testid="export-anew">
          {t('exports.burnedExplained')}
        </Text>
      )}
    </Stack>
  );
}
