// SPDX-License-Identifier: Apache-2.0
import { Alert, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { type ExportDraft, useExportEstimate } from '../../api/exports';
import { bytes } from '../../ui/bytes';
import { problemText } from '../../ui/problemText';

/** While somebody types nobody is asked. */
const CALM_MS = 400;

/** About how large the package would be, and why it would not be taken, before it is ordered. */
export function EstimateLine({ draft }: { draft: ExportDraft | undefined }) {
  const { t } = useTranslation();
  const [asked] = useDebouncedValue(draft && JSON.stringify(draft), CALM_MS);
  const { data, error } = useExportEstimate(asked);
  if (error) {
    return (
      <Alert color="yellow" variant="light" role="status" data-testid="export-objection">
        {problemText(error)}
      </Alert>
    );
  }
  return (
    <>
      <Text size="sm" role="status" data-testid="export-estimate" data-bytes={data?.bytes}>
        {data
          ? t('exports.estimate', { size: bytes(data.bytes), count: data.segments })
          : t(draft ? 'exports.estimating' : 'exports.noEstimate')}
        {data && data.withSound.length > 0 && ` ${t('exports.withSound')}`}
      </Text>
      {data?.objection && (
        <Alert color="yellow" variant="light" role="status" data-testid="export-objection">
          {data.objection}
        </Alert>
      )}
    </>
  );
}
