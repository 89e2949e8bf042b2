// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Tooltip } from '@mantine/core';
import type { ExportedPackage } from 'nxvms-console-host';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from '../../ui/toast';
import { ExtensionIcon } from './ExtensionIcon';
import { addFault, type Contribution, useContributions, useTitles } from './useExtensions';

interface Props {
  one: ExportedPackage;
  /** What the package is called on the page. */
  name: string;
}

/** Where extensions take a package that is ready. */
export function BroughtTargets({ one, name }: Props) {
  const { t } = useTranslation();
  const targets = useContributions('export.target');
  const title = useTitles();
  const [busy, setBusy] = useState<string>();
  const take = async (target: Contribution) => {
    setBusy(target.key);
    try {
      await hand(target, one);
      toast(t('extensions.taken', { name: title(target) }));
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error), 'error');
    } finally {
      setBusy(undefined);
    }
  };
  return targets.map((target) => (
    <Tooltip key={target.key} label={title(target)}>
      <ActionIcon
        aria-label={`${title(target)}: ${name}`}
        loading={busy === target.key}
        disabled={busy !== undefined}
        onClick={() => void take(target)}
        data-testid={`export-target-${target.extension.id}-${target.name}-${one.exportId}`}
      >
        <ExtensionIcon contribution={target} />
      </ActionIcon>
    </Tooltip>
  ));
}

async function hand(contribution: Contribution, one: ExportedPackage): Promise<void> {
  const { registeredFor } = await import('./runtime');
  const registered = await registeredFor(contribution);
  if (registered.by !== 'target') {
    return;
  }
  try {
    await registered.target.take(one);
  } catch (error) {
    addFault(contribution.extension, 'part', String(error));
    throw error;
  }
}
