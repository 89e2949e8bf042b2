// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Tooltip } from '@mantine/core';
import { ExtensionIcon } from './ExtensionIcon';
import { runCommand } from './runCommand';
import { useContributions, useTitles } from './useExtensions';

/** What extensions can do with a camera on the wall. */
export function BroughtActions({ cameraId, cell }: { cameraId: string; cell: number }) {
  const actions = useContributions('live.tile.action');
  const title = useTitles();
  return actions.map((action) => (
    <Tooltip key={action.key} label={title(action)}>
      <ActionIcon
        size="md"
        color="gray.3"
        aria-label={title(action)}
        onClick={() => void runCommand(action, { cameraId, cell })}
        data-testid={`tile-action-${action.extension.id}-${action.name}-${cell}`}
      >
        <ExtensionIcon contribution={action} />
      </ActionIcon>
    </Tooltip>
  ));
}
