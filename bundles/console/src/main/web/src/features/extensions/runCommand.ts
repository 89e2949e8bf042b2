// SPDX-License-Identifier: Apache-2.0
import type { TileContext } from 'nxvms-console-host';
import { toast } from '../../ui/toast';
import { addFault, type Contribution } from './useExtensions';

/** Does what an extension has registered; what goes wrong is told to who asked for it. */
export async function runCommand(contribution: Contribution, context?: TileContext): Promise<void> {
  try {
    const { registeredFor } = await import('./runtime');
    const registered = await registeredFor(contribution);
    if (registered.by === 'command') {
      await runGuarded(contribution, () => registered.command.run(context));
    }
  } catch (error) {
    toast(error instanceof Error ? error.message : String(error), 'error');
  }
}

/** What does not come up is noted where it failed to. */
async function runGuarded(contribution: Contribution, run: () => void | Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    addFault(contribution.extension, 'part', String(error));
    throw error;
  }
}
